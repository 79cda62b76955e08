"""``scrapy savecase``: a page and its result as a test case, and the renewal of results after a rule changed."""

import argparse

from scrapy.commands import ScrapyCommand
from scrapy.settings import SETTINGS_PRIORITIES

from jiji.probe.without_files import WITHOUT_FILES


class Command(ScrapyCommand):
    """Writes a test case below tests/pages/cases, or renews the expected results there."""

    requires_project = True

    def syntax(self) -> str:
        """Return the arguments of the command."""
        return "[options] <URL or FILE> | --reparse [CASE ...]"

    def short_desc(self) -> str:
        """Return the description of the command."""
        return "Save a page and its parsed result as a test case, perhaps scrambled; or renew expected results"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument("--name", help="name of the case (default: its kind and ID)")
        parser.add_argument("--url", help="URL of the page in FILE, if it was not kept by scrapy probe --keep")
        parser.add_argument("--content-type", default="text/html", help="Content-Type of FILE (default: text/html)")
        parser.add_argument("--force", action="store_true", help="overwrite a case with this name")
        parser.add_argument(
            "--scramble", action="store_true", help="replace the words of the text by invented ones of the same shape"
        )
        parser.add_argument(
            "--reparse", action="store_true", help="renew the expected results of all cases, or of CASE"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Process the options; keep the log short, and files of a crawl unwritten."""
        super().process_options(args, opts)
        if self.settings is not None:
            self.settings.setdict(WITHOUT_FILES, priority="cmdline")
            if (self.settings.getpriority("LOG_LEVEL") or 0) < SETTINGS_PRIORITIES["cmdline"]:
                self.settings.set("LOG_LEVEL", "CRITICAL", priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Save or renew; raises UsageError for arguments that make no sense."""
        from jiji.cases.process import save_or_renew

        self.exitcode = save_or_renew(self.settings or {}, self.crawler_process, args, opts)
