"""``scrapy status``: last good run, result and age of every section."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from jiji.site.sections import SECTIONS

if TYPE_CHECKING:
    from jiji.output import OutputDir


class Command(ScrapyCommand):
    """Prints a table of the sections; exits with 0 only if none is stale or bad."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments of the command."""
        return "[options] [section ...]"

    def short_desc(self) -> str:
        """Return the description of the command."""
        return "Show the health of every section: last good run, last result, warnings, newest article"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --json and --prometheus."""
        super().add_options(parser)
        parser.add_argument(
            "--prometheus", metavar="FILE", help="write a textfile for node_exporter instead of the table"
        )
        parser.add_argument("--json", action="store_true", help="print a JSON list instead of a table")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the table; raises UsageError for an unknown section or an invalid setting."""
        from jiji.configuration import Configuration, ConfigurationError, output_dir
        from jiji.runs.prometheus import textfile
        from jiji.runs.status import Limits, all_good, section_status, table

        if self.settings is None:
            raise RuntimeError("run as a command of scrapy")
        if unknown := [name for name in args if name not in SECTIONS]:
            raise UsageError(f"unknown section {unknown[0]!r}; name some of: {', '.join(SECTIONS)}", print_help=False)
        try:
            configuration = Configuration.from_settings(self.settings)
        except ConfigurationError as error:
            raise UsageError(str(error), print_help=False) from None
        output, now = output_dir(self.settings), datetime.now(UTC)
        limits = Limits(configuration.stale_hours, configuration.frozen_hours)
        sections = [section_status(output, name, now, limits) for name in args or SECTIONS]
        self.exitcode = 0 if all_good(sections, args) else 1
        if opts.json:
            print(json.dumps([asdict(each) for each in sections], indent=2))
        elif not opts.prometheus:
            print(table(sections))
        if opts.prometheus:
            self._write_textfile(Path(opts.prometheus), textfile(sections, now), output)

    def _write_textfile(self, path: Path, text: str, output: OutputDir) -> None:
        """Write the textfile; raises UsageError for a file of the project."""
        from jiji.feed.errors import FeedError
        from jiji.runs.prometheus import write_textfile
        from jiji.runs.result import judge_refusal

        if output.owns(path, SECTIONS):
            raise UsageError(f"{path} belongs to the project, which alone writes it; name another file")
        try:
            write_textfile(path, text)
        except FeedError as error:
            print(f"scrapy status: {error}", file=sys.stderr)
            self.exitcode = judge_refusal(error).status
