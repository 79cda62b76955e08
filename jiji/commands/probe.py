"""``scrapy probe``: a look at the site that shows what the crawl would understand of it."""

import argparse

from scrapy.commands import ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES

from jiji.probe.without_files import WITHOUT_FILES


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
        from jiji.probe.process import probe

        if self.settings is None or not isinstance(self.crawler_process, AsyncCrawlerProcess):
            raise UsageError("the project needs Scrapy's asyncio reactor: leave TWISTED_REACTOR at its default")
        self.exitcode = probe(self.settings, self.crawler_process, args, keep=opts.keep, as_json=opts.json)
