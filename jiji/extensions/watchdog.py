"""Watchdog: ends the process when its event loop is blocked, for example inside lxml."""

import faulthandler
import sys
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from jiji.configuration import Configuration


class Watchdog:
    """Ends a blocked process with a traceback and status 1; signals and time-outs would not be heard.

    The timer is faulthandler's, a C thread that needs no interpreter: it also ends what hangs in C code.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = create_looping_call(self._rearm)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected; raises NotConfigured where JIJI_WATCHDOG_SECONDS is 0."""
        seconds = Configuration.from_settings(crawler.settings).watchdog_seconds
        if seconds <= 0:
            raise NotConfigured
        watchdog = cls(seconds)
        crawler.signals.connect(watchdog.engine_started, signals.engine_started)
        crawler.signals.connect(watchdog.engine_stopped, signals.engine_stopped)
        return watchdog

    def engine_started(self) -> None:
        """Start the timer."""
        self._loop.start(self._seconds / 10)

    def engine_stopped(self) -> None:
        """Stop the timer."""
        self._loop.stop()
        faulthandler.cancel_dump_traceback_later()

    def _rearm(self) -> None:
        faulthandler.dump_traceback_later(self._seconds, exit=True, file=sys.__stderr__ or sys.stderr)
