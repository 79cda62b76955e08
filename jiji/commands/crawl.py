"""``scrapy crawl``: Scrapy's, with an exit status that says how the run went."""

import argparse
import asyncio
import logging
import os
import signal

from scrapy.commands import crawl
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import UsageError

from jiji.extensions.manifest import Manifest
from jiji.runs.result import Exit, Verdict
from jiji.runs.shutdown import SIGNALS, Stopping


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
        if not hasattr(process.spider_loader.load(args[0]), "section"):
            super().run(args, opts)  # a spider of the user's own is not ours to judge
            return
        for number in SIGNALS:  # until the run has begun there is nothing to finish
            signal.signal(number, lambda *_: os._exit(Exit.INTERRUPTED))
        crawler = self._create_crawler(args[0])
        run = process.crawl(crawler, **opts.spargs)
        stopping = Stopping(process._stop_reactor, lambda signals: _judged(crawler, args[0], signals).status)
        asyncio.get_event_loop().call_soon(stopping.listen)  # behind Scrapy's, in front of which it stands
        process.start()
        refusal = _refusal(run)
        verdict = _judged(crawler, args[0], stopping.signals, refusal)
        self.exitcode = verdict.status
        if refusal and verdict.status == Exit.INTERNAL_ERROR:
            logging.getLogger(__name__).error("What failed:", exc_info=refusal)


def _judged(crawler: Crawler, section: str, signals: int, refusal: BaseException | None = None) -> Verdict:
    """Return the verdict on a run that has ended, or is to end here and now; its manifest is written then."""
    if signals and crawler._stats:
        crawler.stats.set_value("jiji/signals", signals)
    return Manifest.of(crawler, section).end(refusal)


def _refusal(run: asyncio.Task[None]) -> BaseException | None:
    """Return what kept a run from starting; None for one that started, also if a second signal cut it off."""
    return run.exception() if run.done() and not run.cancelled() else None
