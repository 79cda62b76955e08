"""``scrapy reset``: start a section over."""

import argparse
import sys

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from jiji.feed.errors import FeedError
from jiji.feed.feed import Feed
from jiji.feedexport import output_dir
from jiji.runs.result import of_refusal
from jiji.site.sections import SECTIONS


class Command(ScrapyCommand):
    """Move a section's feed and state out of the way, once the user has said so."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Say what follows the command."""
        return "[options] <section>"

    def short_desc(self) -> str:
        """Say what the command does."""
        return "Start a section over: its feed and state are moved aside, the next run publishes everything again"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the answer for those who cannot be asked."""
        super().add_options(parser)
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ask, then move; raises UsageError for anything but one known section."""
        if self.settings is None or len(args) != 1 or args[0] not in SECTIONS:
            raise UsageError(f"name one section of: {', '.join(SECTIONS)}", print_help=False)
        output = output_dir(self.settings)
        question = f"Readers of {output / args[0]}.jsonl will see every article again. Start {args[0]} over? [y/N] "
        if not (opts.yes or (sys.stdin.isatty() and input(question).strip().lower() in ("y", "yes"))):
            print("Nothing was changed; say yes when asked, or give --yes.", file=sys.stderr)
            self.exitcode = 1
            return
        try:
            print(f"Moved to {Feed.reset(output, args[0])}")
        except FeedError as error:
            print(f"scrapy reset {args[0]}: {error}", file=sys.stderr)
            self.exitcode = of_refusal(error).status
