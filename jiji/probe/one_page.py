"""One page of the site, fetched as a crawl would fetch it."""

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response

from jiji.probe.findings import PageFindings
from jiji.probe.spider import ProbeSpider


class NotFetched(Exception):
    """The page could not be fetched."""


def fetch(process: AsyncCrawlerProcess, url: str) -> Response:
    """Run a probe of one page to its end, and return the response; raises NotFetched, and any refusal of a setting."""
    responses: list[Response] = []
    causes: list[str] = []

    def report(page: PageFindings, response: Response | None) -> None:
        responses.extend([response] if response is not None else [])
        causes.extend(problem.cause for problem in page.problems)

    crawler: Crawler = process.create_crawler(ProbeSpider)
    crawl = process.crawl(crawler, report=report, url=url)
    process.start()
    if crawl.done() and not crawl.cancelled() and (error := crawl.exception()):
        raise error
    if not responses:
        raise NotFetched(f"{url}: {'; '.join(causes) or 'no response'}")
    return responses[0]
