"""``scrapy export``: articles of the feeds in another format, as one file, one folder, or a stream."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from jiji.site.sections import SECTIONS

if TYPE_CHECKING:
    from jiji.items import Article
    from jiji.reader.articles import Selection

FORMATS = {
    "parquet": "jiji.formats.parquet", "csv": "jiji.formats.csv_table", "ninjs": "jiji.formats.ninjs",
    "jsonld": "jiji.formats.jsonld", "atom": "jiji.formats.atom",
}  # fmt: skip
"""Format → module, imported when it is asked for."""
CATEGORIES = ("politics", "economy", "sports", "other")
STREAM = "-"


class Command(ScrapyCommand):
    """Writes the articles of the feeds in another format."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments of the command."""
        return "--to FORMAT [options] [section ...]"

    def short_desc(self) -> str:
        """Return the description of the command."""
        return "Write the feeds' articles as Parquet, CSV, ninjs, JSON-LD or Atom"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the format, the target and the selection."""
        super().add_options(parser)
        parser.add_argument("--to", choices=FORMATS, required=True, help="format of the output")
        parser.add_argument(
            "-o", "--output", default=STREAM, metavar="FILE",
            help="file to write, - for standard output (default); for Parquet also a folder, a part for each month",
        )  # fmt: skip
        parser.add_argument(
            "--revisions", choices=("latest", "all"), default="latest", help="latest revision of each article, or all"
        )
        parser.add_argument("--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="oldest day in Japan")
        parser.add_argument("--until", type=date.fromisoformat, metavar="YYYY-MM-DD", help="newest day in Japan")
        parser.add_argument("--category", action="append", choices=CATEGORIES, help="category; may be repeated")
        parser.add_argument(
            "--no-near-duplicates", action="store_true", help="leave out articles that repeat an earlier one"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the articles; raises UsageError for unknown sections, missing feeds and a target of the project."""
        from jiji.configuration import Configuration, ConfigurationError, output_dir
        from jiji.reader.articles import Selection, feeds

        if self.settings is None:
            raise RuntimeError("run as a command of scrapy")
        if unknown := [name for name in args if name not in SECTIONS]:
            raise UsageError(f"unknown section {unknown[0]!r}; name some of: {', '.join(SECTIONS)}", print_help=False)
        try:
            Configuration.from_settings(self.settings)
        except ConfigurationError as error:
            raise UsageError(str(error), print_help=False) from None
        output = output_dir(self.settings)
        if opts.output != STREAM and output.owns(Path(opts.output), SECTIONS):
            raise UsageError(f"{opts.output} belongs to the project, which alone writes it; name another file")
        if opts.to == "atom" and opts.revisions == "all":
            raise UsageError("an Atom feed has the latest revision of each article; leave out --revisions all")
        sources = [output.feed(name) for name in args] if args else feeds(output.path)
        try:
            selection = Selection.of(sources, opts.revisions)
            write(_with_progress(selection, opts), opts.to, opts.output)
        except BrokenPipeError:  # the reader of the stream has enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as error:
            print(f"scrapy export: {error}", file=sys.stderr)
            self.exitcode = 1


def write(articles: Iterable[Article], to: str, output: str) -> None:
    """Write articles to a file, a folder or standard output. A file is complete or is not there."""
    from jiji.formats.output_file import replaced

    module = import_module(FORMATS[to])
    if output == STREAM:
        module.write(articles, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    elif to == "parquet" and not output.endswith(".parquet"):
        module.write_folder(articles, Path(output))
    else:
        with replaced(Path(output)) as file:
            module.write(articles, file)


def is_wanted(opts: argparse.Namespace) -> Callable[[Article], bool]:
    """Return the test of the options for an article."""

    def test(article: Article) -> bool:
        day = date.fromisoformat(article.published_date)
        return (
            (opts.since or day) <= day <= (opts.until or day)
            and (not opts.category or article.category in opts.category)
            and not (opts.no_near_duplicates and article.near_duplicate_of)
        )

    return test


def _with_progress(selection: Selection, opts: argparse.Namespace) -> Iterator[Article]:
    """Yield the wanted articles, with a progress bar on a terminal."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    articles = track(
        selection, "Exporting", total=selection.count, console=console, transient=True, disable=not console.is_terminal
    )
    return filter(is_wanted(opts), articles)
