"""``scrapy crawl``: Scrapy's, with an exit status that says how the run went."""

import argparse
import asyncio
import sys

from scrapy.commands import crawl
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError

from jiji.verdict import Exit, of_refusal, of_run


class Command(crawl.Command):
    """Run the spider of a section and exit with the run's verdict."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl; raises UsageError for anything but one known section."""
        process = self.crawler_process
        if not isinstance(process, AsyncCrawlerProcess):
            raise UsageError("the project runs on Scrapy's asyncio reactor: leave TWISTED_REACTOR as it is")
        names = process.spider_loader.list()
        if len(args) != 1 or args[0] not in names:
            raise UsageError(f"name one section of: {', '.join(names)}", print_help=False)
        crawler = self._create_crawler(args[0])
        run = process.crawl(crawler, **opts.spargs)
        process.start()
        refusal = _refusal(run)
        self.exitcode = of_refusal(refusal) if refusal else of_run(crawler.stats.get_stats())
        if refusal and self.exitcode == Exit.INTERNAL_ERROR:
            raise refusal
        if refusal:
            print(f"scrapy crawl {args[0]}: {refusal}", file=sys.stderr)


def _refusal(run: asyncio.Task[None]) -> BaseException | None:
    """Return what kept a run from starting; None for one that started, also if a second signal cut it off."""
    return run.exception() if run.done() and not run.cancelled() else None
