"""``scrapy status``: how the sections stand."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from jiji.configuration import Configuration, ConfigurationError
from jiji.feedexport import output_dir
from jiji.runs.status import is_well, standing, table
from jiji.site.sections import SECTIONS


class Command(ScrapyCommand):
    """Print a table of the sections; exit with 0 only if none is stale or bad."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Say what follows the command."""
        return "[options] [section ...]"

    def short_desc(self) -> str:
        """Say what the command does."""
        return "Say of each section when its last good run was and how the last one went"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the form for programs."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print a JSON list instead of a table")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print; raises UsageError for an unknown section or a setting that is no number."""
        if self.settings is None:
            raise RuntimeError("run as a command of scrapy")
        if unknown := [name for name in args if name not in SECTIONS]:
            raise UsageError(f"unknown section {unknown[0]!r}; name some of: {', '.join(SECTIONS)}", print_help=False)
        try:
            stale_hours = Configuration.from_settings(self.settings).stale_hours
        except ConfigurationError as error:
            raise UsageError(str(error), print_help=False) from None
        output, now = output_dir(self.settings), datetime.now(UTC)
        sections = [standing(output, name, now, stale_hours) for name in args or SECTIONS]
        if opts.json:
            print(json.dumps([asdict(each) for each in sections], indent=2))
        else:
            print(table(sections))
        self.exitcode = 0 if is_well(sections, args) else 1
