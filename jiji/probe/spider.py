"""Spider of a probe: home, the index pages of all sections, and a few articles, at the rate limit of a crawl.

The spider has no section, so the components of a crawl that write files are left out. The transport is that of a
crawl: robots.txt, rate limit, off-site check, complete responses.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from itertools import chain, zip_longest
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from jiji.configuration import Configuration
from jiji.exceptions import PageRejected, RunEnding
from jiji.network.offsite import OffsiteRequest
from jiji.network.rate_limit import RateLimiter
from jiji.pages import IndexPage
from jiji.probe.findings import PageFindings, PageKind, RobotsFindings
from jiji.probe.inspect import inspect
from jiji.probe.problems import Problem, ProblemKind
from jiji.site.sections import SECTIONS, Section
from jiji.site.urls import on_root
from jiji.stats import RunStats

MOST_ARTICLES = 3
"""Articles that a probe reads: one of each kind of section first."""

_HOME = "home"

Report = Callable[[PageFindings, Response | None], None]


class ProbeSpider(Spider):
    """Reads a few pages of the site, or the one at ``url``, and reports the findings about each."""

    name = "probe"
    handle_httpstatus_list = list(range(400, 600))

    def __init__(self, base_url: str, report: Report, url: str | None = None) -> None:
        super().__init__()
        self._base_url = base_url
        self._report = report
        self._url = url
        self._requested: set[str] = set()
        self._listed: dict[str, list[str]] = {}
        """URLs of articles by the section of their list."""
        self._disallowed = 0
        self._has_read_articles = False
        self.robots = RobotsFindings(urljoin(base_url, "/robots.txt"))

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider, connected."""
        base_url = Configuration.from_settings(crawler.settings).base_url
        spider = super().from_crawler(crawler, base_url, *args, **kwargs)
        crawler.signals.connect(spider.response_received, signals.response_received)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Request home, or the one page."""
        name = "page" if self._url else _HOME
        yield self._request(self._url or self._base_url, name, None)

    def parse_page(self, response: Response, name: str, section: Section | None) -> Iterator[Request]:
        """Report a page; follow the labels of an index page to the sections' index pages."""
        found = inspect(name, response, section)
        self._report(found, response)
        if found.kind is not PageKind.INDEX or self._url:
            return
        self._list(response, section)
        for each in found.sections:
            if each.url:
                yield from self._index_request(each.url, SECTIONS[each.name])

    def page_failed(self, failure: Failure) -> None:
        """Report a page without a response."""
        request: Request = failure.request  # type: ignore[attr-defined] # set by Scrapy, documented for errbacks
        is_over = isinstance(failure.value, RunEnding) or RunStats.of(self.crawler).end_reason is not None
        if not is_over:  # the reason of the end is reported once, for the whole site
            kind, problem = self._problem(failure.value)
            cause = Problem(problem, failure.getErrorMessage())
            self._report(PageFindings(request.cb_kwargs["name"], request.url, kind, problems=[cause]), None)

    def response_received(self, request: Request, response: Response) -> None:
        """Record robots.txt, which is read before the first page."""
        if urlsplit(request.url).path == "/robots.txt":
            self.robots.status, self.robots.size = response.status, len(response.body)

    def idle(self) -> None:
        """Request the articles, once all index pages are read."""
        self.robots.seconds_between_requests = RateLimiter.of(self.crawler).interval
        if self._has_read_articles:
            return
        self._has_read_articles = True
        lists = [self._listed.get(name, []) for name in SECTIONS] + [self._listed.get(_HOME, [])]
        rounds = zip_longest(*(urls[:MOST_ARTICLES] for urls in filter(None, lists)))
        urls = [url for url in dict.fromkeys(chain.from_iterable(rounds)) if url][:MOST_ARTICLES]
        for number, url in enumerate(urls, start=1):
            self.crawler.engine.crawl(self._request(url, f"article-{number}", None))
        if urls:
            raise DontCloseSpider

    def _problem(self, error: BaseException | None) -> tuple[PageKind, ProblemKind]:
        stats = RunStats.of(self.crawler)
        if isinstance(error, OffsiteRequest):
            return PageKind.NOT_REQUESTED, ProblemKind.OFFSITE
        if isinstance(error, IgnoreRequest) and stats.robots_disallowed > self._disallowed:
            self._disallowed += 1
            return PageKind.NOT_REQUESTED, ProblemKind.DISALLOWED
        return PageKind.NO_RESPONSE, ProblemKind.NO_RESPONSE

    def _list(self, response: Response, section: Section | None) -> None:
        """Remember the articles of a list: of a group of NATIONAL as NATIONAL's."""
        try:
            entries = [entry for entry in IndexPage(response).entries if not entry.in_headline_box]
        except PageRejected:
            return
        for entry in entries:
            own = entry.section or section
            name = (own.parent or own.name) if own else _HOME
            self._listed.setdefault(name, []).append(on_root(entry.url, self._base_url))

    def _index_request(self, url: str, section: Section) -> Iterator[Request]:
        if url not in self._requested:
            self._requested.add(url)
            yield self._request(url, f"index-{section.name}", section)

    def _request(self, url: str, name: str, section: Section | None) -> Request:
        cb_kwargs = {"name": name, "section": section}
        return Request(url, self.parse_page, errback=self.page_failed, dont_filter=True, cb_kwargs=cb_kwargs)
