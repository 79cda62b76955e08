"""``scrapy reset``: moves a section's feed and state aside, so that the next run starts over."""

import argparse
import sys

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from jiji.site.sections import SECTIONS


class Command(ScrapyCommand):
    """Moves a section's feed and state aside after confirmation."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments of the command."""
        return "[options] <section>"

    def short_desc(self) -> str:
        """Return the description of the command."""
        return "Start a section over: its feed and state are moved aside, the next run publishes everything again"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --yes and --keep-feed."""
        super().add_options(parser)
        parser.add_argument(
            "--keep-feed", action="store_true", help="move the state alone; the next run publishes what the feed lacks"
        )
        parser.add_argument("--yes", action="store_true", help="do not ask for confirmation")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ask, then move; raises UsageError for anything but one known section."""
        from jiji.configuration import Configuration, ConfigurationError, output_dir
        from jiji.feed.errors import FeedError
        from jiji.feed.feed import Feed
        from jiji.runs.result import judge_refusal

        if self.settings is None or len(args) != 1 or args[0] not in SECTIONS:
            raise UsageError(f"name one section of: {', '.join(SECTIONS)}", print_help=False)
        try:
            Configuration.from_settings(self.settings)
        except ConfigurationError as error:
            raise UsageError(str(error), print_help=False) from None
        output, section = output_dir(self.settings), args[0]
        feed = output.feed(section)
        question = f"Readers of {feed} will see every article again. Start {section} over? [y/N] "
        if opts.keep_feed:
            question = f"The next run fetches every article that {feed} lacks. Read it again? [y/N] "
        if not (opts.yes or (sys.stdin.isatty() and input(question).strip().lower() in ("y", "yes"))):
            print("Nothing was changed; answer yes, or give --yes.", file=sys.stderr)
            self.exitcode = 1
            return
        try:
            print(f"Moved to {Feed.reset(output.path, section, keeps_feed=opts.keep_feed)}")
        except FeedError as error:
            print(f"scrapy reset {section}: {error}", file=sys.stderr)
            self.exitcode = judge_refusal(error).status
