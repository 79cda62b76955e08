"""``scrapy replica``: a small local imitation of the site."""

import argparse

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError


class Command(ScrapyCommand):
    """Serve the replica until Ctrl-C."""

    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        """Say what the command does."""
        return "Serve a small local imitation of the site, with invented stories"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the port."""
        super().add_options(parser)
        parser.add_argument("--port", type=int, default=8970, help="port on loopback; 0: any free one (default: 8970)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Serve; raises UsageError where the port cannot be had."""
        from jiji.replica import serve  # Scrapy loads every command at every start; the server is heavy

        try:
            serve(opts.port, ready=_announce)
        except OSError as error:
            raise UsageError(f"port {opts.port}: {error.strerror}; choose another with --port") from None


def _announce(url: str) -> None:
    print(f"Replica at {url}, until Ctrl-C. To crawl it:\n  scrapy crawl national -s JIJI_BASE_URL={url}", flush=True)
