"""Process of ``scrapy crawl``: one spider, run to its end, and the exit status of its run."""

import logging
import os
import signal
import time
from contextlib import suppress
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from twisted.internet.error import ReactorNotRunning

from jiji.configuration import ConfigurationError
from jiji.extensions.manifest import ManifestWriter
from jiji.runs.result import Exit, judge_refusal
from jiji.runs.shutdown import Shutdown, heeded_signals
from jiji.stats import RunStats
from jiji.terminal import print_summary, shows_display


def crawl_unjudged(process: AsyncCrawlerProcess, spider: str, arguments: dict[str, str]) -> int:
    """Run a spider of the user's own to its end; return Scrapy's exit status, or that of invalid settings."""
    crawl = process.crawl(spider, **arguments)
    process.start()
    if crawl.done() and not crawl.cancelled() and isinstance(error := crawl.exception(), ConfigurationError):
        logging.getLogger(__name__).critical("%s: %s", spider, judge_refusal(error))
        return Exit.CONFIGURATION
    return int(process.bootstrap_failed)


def crawl_section(process: AsyncCrawlerProcess, spider: str, section: str, arguments: dict[str, str]) -> Exit:
    """Run a section spider to its end; return the exit status of the run."""
    for number in heeded_signals():  # until the crawl has begun there is nothing to finish
        signal.signal(number, lambda *_: os._exit(Exit.INTERRUPTED))
    started = time.monotonic()
    crawler = process.create_crawler(spider)
    run = process.crawl(crawler, **arguments)
    job = arguments.get("_job")
    shutdown = Shutdown(
        RunStats.of(crawler), _stop_loop, lambda: ManifestWriter.of(crawler, section, job).conclude().status
    )
    _reactor().callWhenRunning(shutdown.listen)  # after Scrapy has installed its handlers
    refusal: BaseException | None = None
    try:
        process.start()
    except Exception as error:  # a component that Scrapy builds before the crawl
        refusal = error
    if refusal is None and run.done() and not run.cancelled():
        refusal = run.exception()
    result = ManifestWriter.of(crawler, section, job).conclude(refusal)
    if shows_display(crawler.settings):
        print_summary(section, result, RunStats.of(crawler), time.monotonic() - started)
    if refusal and result.status == Exit.INTERNAL_ERROR:
        logging.getLogger(__name__).error("Traceback of the failure:", exc_info=refusal)
    return result.status


def _reactor() -> Any:
    from twisted.internet import reactor  # an earlier import would install the default reactor

    return reactor


def _stop_loop() -> None:
    _reactor().callFromThread(_stop_reactor)


def _stop_reactor() -> None:
    with suppress(ReactorNotRunning):
        _reactor().stop()
