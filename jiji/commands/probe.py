"""``scrapy probe``: a look at the site that shows what the crawl would understand of it."""

import argparse
import json
import sys
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError
from scrapy.http import Response
from scrapy.settings import SETTINGS_PRIORITIES

from jiji.configuration import Configuration, ConfigurationError
from jiji.feed.errors import FeedError, named_os_errors
from jiji.probe.findings import PageFindings
from jiji.probe.kept_pages import KeptPages
from jiji.probe.site_findings import SiteFindings
from jiji.probe.spider import ProbeSpider
from jiji.probe.table import console, print_page, print_result, print_robots, printable
from jiji.probe.without_files import WITHOUT_FILES
from jiji.runs.result import Exit, RunResult, judge_refusal
from jiji.section_run import output_dir
from jiji.site.sections import SECTIONS
from jiji.site.urls import offsite_cause
from jiji.stats import RunStats


class Command(ScrapyCommand):
    """Reads a few pages politely and prints the findings; exits with 0 if all of them are understood."""

    requires_project = True

    def syntax(self) -> str:
        """Return the arguments of the command."""
        return "[options] [URL]"

    def short_desc(self) -> str:
        """Return the description of the command."""
        return "Show what a crawl would understand of the live site, or of one page, and what to do about the rest"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --json and --keep."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print a JSON object instead of tables")
        parser.add_argument("--keep", metavar="DIR", help="keep the pages as received in a folder")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Process the options; keep the log short, and files unwritten."""
        super().process_options(args, opts)
        if self.settings is not None:
            self.settings.setdict(WITHOUT_FILES, priority="cmdline")
            if (self.settings.getpriority("LOG_LEVEL") or 0) < SETTINGS_PRIORITIES["cmdline"]:
                self.settings.set("LOG_LEVEL", "CRITICAL", priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Probe; raises UsageError for anything but at most one URL of the site."""
        if self.settings is None or not isinstance(self.crawler_process, AsyncCrawlerProcess):
            raise UsageError("the project needs Scrapy's asyncio reactor: leave TWISTED_REACTOR at its default")
        try:
            configuration = Configuration.from_settings(self.settings)
        except ConfigurationError as error:
            self._refuse(judge_refusal(error))
            return
        if len(args) > 1:
            raise UsageError("name one URL, or none for the whole site", print_help=False)
        url = args[0] if args else None
        if url and (cause := offsite_cause(url, configuration.base_url)):
            root = configuration.base_url
            raise UsageError(f"{url!a}: the {cause} is not that of the site; JIJI_BASE_URL is {root}", print_help=False)
        try:
            kept = self._kept_pages(opts.keep)
            findings = SiteFindings(configuration.base_url)
            status = self._probe(self.crawler_process, url, findings, kept, as_json=opts.json)
            if kept:
                kept.finish()
        except FeedError as error:
            self._refuse(judge_refusal(error))
            return
        self.exitcode = status

    def _refuse(self, result: RunResult) -> None:
        print(f"scrapy probe: {result}", file=sys.stderr)
        self.exitcode = result.status

    def _kept_pages(self, folder: str | None) -> KeptPages | None:
        """Return the folder for pages; raises UsageError for one that belongs to the project."""
        if folder is None:
            return None
        path = Path(folder)
        if self.settings is not None and output_dir(self.settings).owns(path / "page.html", SECTIONS):
            raise UsageError(f"{folder} belongs to the project, which alone writes it; name another folder")
        with named_os_errors(path):
            path.mkdir(parents=True, exist_ok=True)
        return KeptPages(path)

    def _probe(
        self,
        process: AsyncCrawlerProcess,
        url: str | None,
        findings: SiteFindings,
        kept: KeptPages | None,
        *,
        as_json: bool,
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
            self._refuse(judge_refusal(error))
            return judge_refusal(error).status
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
