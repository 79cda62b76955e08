"""``scrapy report``: one HTML file that shows how all sections stand."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from jiji.site.sections import SECTIONS

DEFAULT_NAME = "report.html"
STREAM = "-"


class Command(ScrapyCommand):
    """Writes the report."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments of the command."""
        return "[-o FILE]"

    def short_desc(self) -> str:
        """Return the description of the command."""
        return "Write one HTML page about all sections: health, runs, articles, extraction"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the file."""
        super().add_options(parser)
        parser.add_argument(
            "-o",
            "--output",
            default=DEFAULT_NAME,
            metavar="FILE",
            help="file to write (default: %(default)s), - for standard output",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the page; raises UsageError for arguments, invalid settings and a file of the project."""
        from jiji.configuration import Configuration, ConfigurationError, output_dir
        from jiji.formats.output_file import replaced
        from jiji.reader.articles import Selection, feeds
        from jiji.report.content import gather
        from jiji.report.page import render
        from jiji.runs.status import Limits

        if self.settings is None or args:
            raise UsageError("name no section: the report shows all of them", print_help=False)
        try:
            configuration = Configuration.from_settings(self.settings)
        except ConfigurationError as error:
            raise UsageError(str(error), print_help=False) from None
        output = output_dir(self.settings)
        if opts.output != STREAM and output.owns(Path(opts.output), SECTIONS):
            raise UsageError(f"{opts.output} belongs to the project, which alone writes it; name another file")
        limits = Limits(configuration.stale_hours, configuration.frozen_hours)
        if not output.path.is_dir():
            raise UsageError(f"no output folder: {output.path}; crawl first, or name one by JIJI_OUTPUT_DIR")
        sources = feeds(output.path)
        articles = Selection.of(sources, "latest") if sources else ()
        page = render(
            gather(output, list(SECTIONS), articles, site=configuration.base_url, now=datetime.now(UTC), limits=limits)
        )
        encoded = page.encode("utf-8", errors="replace")
        if opts.output == STREAM:
            sys.stdout.buffer.write(encoded)
            return
        try:
            with replaced(Path(opts.output)) as file:
                file.write(encoded)
        except OSError as error:
            print(f"scrapy report: {error}", file=sys.stderr)
            self.exitcode = 1
        else:
            print(f"Report of {len(SECTIONS)} sections: {opts.output}")
