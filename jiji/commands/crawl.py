"""``scrapy crawl``: Scrapy's command with an exit status that states the result of the run."""

import argparse
import logging
import os
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.commands import crawl
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from twisted.internet.error import ReactorNotRunning

from jiji.configuration import Configuration, ConfigurationError
from jiji.extensions.manifest import ManifestWriter
from jiji.feed.errors import FeedError
from jiji.runs.result import Exit, judge_refusal
from jiji.runs.retention import rotate_log
from jiji.runs.shutdown import Shutdown, heeded_signals
from jiji.runs.standard_streams import open_closed_streams
from jiji.site.sections import Section
from jiji.stats import RunStats
from jiji.terminal import print_summary, quieten_scrapy, set_log_level, shows_display


class Command(crawl.Command):
    """Runs the spider of a section; exits with the result of the run."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Process the options; logging, which is configured next, needs the standard streams."""
        open_closed_streams()
        super().process_options(args, opts)
        if self.settings is not None:
            set_log_level(self.settings)
            _rotate_log(self.settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl; raises UsageError for anything but one known spider."""
        process = self.crawler_process
        if not isinstance(process, AsyncCrawlerProcess):
            raise UsageError("the project needs Scrapy's asyncio reactor: leave TWISTED_REACTOR at its default")
        quieten_scrapy(process.settings)
        names = process.spider_loader.list()
        if len(args) != 1 or args[0] not in names:
            raise UsageError(f"name one section of: {', '.join(names)}", print_help=False)
        section = getattr(process.spider_loader.load(args[0]), "section", None)
        if not isinstance(section, Section):
            self.exitcode = _crawl_unjudged(process, args[0], opts.spargs)
        else:
            self.exitcode = _crawl(process, args[0], section.name, opts.spargs)


def _rotate_log(settings: BaseSettings) -> None:
    """Rotate the log file that this run will append to; invalid settings are refused later, with a manifest."""
    if settings.get("LOG_FILE") and settings.getbool("LOG_FILE_APPEND"):
        with suppress(ConfigurationError, FeedError):
            rotate_log(Path(settings["LOG_FILE"]), Configuration.from_settings(settings).caps, datetime.now(UTC))


def _crawl_unjudged(process: AsyncCrawlerProcess, spider: str, arguments: dict[str, str]) -> int:
    """Run a spider of the user's own to its end; return Scrapy's exit status, or that of invalid settings."""
    crawl = process.crawl(spider, **arguments)
    process.start()
    if crawl.done() and not crawl.cancelled() and isinstance(error := crawl.exception(), ConfigurationError):
        logging.getLogger(__name__).critical("%s: %s", spider, judge_refusal(error))
        return Exit.CONFIGURATION
    return int(process.bootstrap_failed)


def _crawl(process: AsyncCrawlerProcess, spider: str, section: str, arguments: dict[str, str]) -> Exit:
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
