"""A run that hangs in a parser is ended: nothing in it would turn any more, no signal, no timeout."""

import faulthandler
import sys
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from jiji.configuration import Configuration


class Watchdog:
    """End the process, with a traceback and status 1, when its event loop has not turned for some seconds.

    The timer is faulthandler's: a thread of C that needs no interpreter, so it also ends what hangs in C code.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.loop = create_looping_call(self.rearm)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, listening, unless JIJI_WATCHDOG_SECONDS is 0."""
        seconds = Configuration.from_settings(crawler.settings).watchdog_seconds
        if seconds <= 0:
            raise NotConfigured
        watchdog = cls(seconds)
        crawler.signals.connect(watchdog.engine_started, signals.engine_started)
        crawler.signals.connect(watchdog.engine_stopped, signals.engine_stopped)
        return watchdog

    def engine_started(self) -> None:
        """Begin to watch."""
        self.loop.start(self.seconds / 10)

    def engine_stopped(self) -> None:
        """Watch no more."""
        self.loop.stop()
        faulthandler.cancel_dump_traceback_later()

    def rearm(self) -> None:
        """Begin the count again: the loop turns."""
        faulthandler.dump_traceback_later(self.seconds, exit=True, file=sys.__stderr__ or sys.stderr)
