"""Process of ``scrapy probe``: one probe, run to its end, its findings printed, and its exit status."""

import json
import sys
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError
from scrapy.http import Response
from scrapy.settings import BaseSettings

from jiji.configuration import Configuration, ConfigurationError, output_dir
from jiji.feed.errors import FeedError, named_os_errors
from jiji.probe.findings import PageFindings
from jiji.probe.kept_pages import KeptPages
from jiji.probe.site_findings import SiteFindings
from jiji.probe.spider import ProbeSpider
from jiji.probe.table import console, print_page, print_result, print_robots, printable
from jiji.runs.result import Exit, judge_refusal
from jiji.site.sections import SECTIONS
from jiji.site.urls import offsite_cause
from jiji.stats import RunStats


def probe(
    settings: BaseSettings, process: AsyncCrawlerProcess, args: list[str], *, keep: str | None, as_json: bool
) -> Exit:
    """Probe the site or one URL, and return the exit status; raises UsageError for other arguments."""
    try:
        configuration = Configuration.from_settings(settings)
    except ConfigurationError as error:
        return _refuse(error)
    if len(args) > 1:
        raise UsageError("name one URL, or none for the whole site", print_help=False)
    url = args[0] if args else None
    if url and (cause := offsite_cause(url, configuration.base_url)):
        root = configuration.base_url
        raise UsageError(f"{url!a}: the {cause} is not that of the site; JIJI_BASE_URL is {root}", print_help=False)
    try:
        kept = _kept_pages(settings, keep)
        findings = SiteFindings(configuration.base_url)
        status = _probe(process, url, findings, kept, as_json=as_json)
        if kept:
            kept.finish()
    except FeedError as error:
        return _refuse(error)
    return status


def _refuse(error: BaseException) -> Exit:
    """Print why nothing was probed, and return the exit status."""
    result = judge_refusal(error)
    print(f"scrapy probe: {result}", file=sys.stderr)
    return result.status


def _kept_pages(settings: BaseSettings, folder: str | None) -> KeptPages | None:
    """Return the folder for pages; raises UsageError for one that belongs to the project."""
    if folder is None:
        return None
    path = Path(folder)
    if output_dir(settings).owns(path / "page.html", SECTIONS):
        raise UsageError(f"{folder} belongs to the project, which alone writes it; name another folder")
    with named_os_errors(path):
        path.mkdir(parents=True, exist_ok=True)
    return KeptPages(path)


def _probe(
    process: AsyncCrawlerProcess, url: str | None, findings: SiteFindings, kept: KeptPages | None, *, as_json: bool
) -> Exit:
    """Run the spider to its end, print, and return the exit status."""
    out = console()
    seen: list[FeedError] = []

    def report(page: PageFindings, response: Response | None) -> None:
        findings.pages.append(page)
        if not as_json:
            print_page(out, page)
        if kept and response is not None and not seen:
            try:
                kept.add(page.name, response)
            except FeedError as error:
                seen.append(error)

    crawler = process.create_crawler(ProbeSpider)
    crawl = process.crawl(crawler, report=report, url=url)
    if not as_json:
        out.print(f"Probe of {printable(url or findings.site)}", style="bold")
    process.start()
    if crawl.done() and not crawl.cancelled() and (error := crawl.exception()):
        return _refuse(error)
    stats = RunStats.of(crawler)
    if isinstance(crawler.spider, ProbeSpider) and crawler.settings.getbool("ROBOTSTXT_OBEY"):
        findings.robots = crawler.spider.robots
    findings.conclude(stats, is_whole_site=url is None)
    if as_json:
        print(json.dumps(findings.as_json(), indent=2))
    else:
        out.print()
        print_robots(out, findings.robots)
        print_result(out, findings)
    if seen:
        raise seen[0]
    if crawler.stats and crawler.stats.get_value("finish_reason") == "shutdown":
        return Exit.INTERRUPTED
    return Exit.INTERNAL_ERROR if stats.internal_errors else findings.result.status
