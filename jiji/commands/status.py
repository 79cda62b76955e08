"""``scrapy status``: last good run, result and age of every section."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from jiji.configuration import Configuration, ConfigurationError
from jiji.runs.status import all_good, section_status, table
from jiji.section_run import output_dir
from jiji.site.sections import SECTIONS


class Command(ScrapyCommand):
    """Prints a table of the sections; exits with 0 only if none is stale or bad."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments of the command."""
        return "[options] [section ...]"

    def short_desc(self) -> str:
        """Return the description of the command."""
        return "Show the last good run and the last result of every section"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --json."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print a JSON list instead of a table")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the table; raises UsageError for an unknown section or an invalid setting."""
        if self.settings is None:
            raise RuntimeError("run as a command of scrapy")
        if unknown := [name for name in args if name not in SECTIONS]:
            raise UsageError(f"unknown section {unknown[0]!r}; name some of: {', '.join(SECTIONS)}", print_help=False)
        try:
            stale_hours = Configuration.from_settings(self.settings).stale_hours
        except ConfigurationError as error:
            raise UsageError(str(error), print_help=False) from None
        output, now = output_dir(self.settings), datetime.now(UTC)
        sections = [section_status(output, name, now, stale_hours) for name in args or SECTIONS]
        print(json.dumps([asdict(each) for each in sections], indent=2) if opts.json else table(sections))
        self.exitcode = 0 if all_good(sections, args) else 1
