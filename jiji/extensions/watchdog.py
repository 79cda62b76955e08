"""Watchdog: ends the process when its event loop is blocked, for example inside lxml.

======================  ==============================================================================================
computes without end    the kernel's CPU timer ends it (`runs.cpu_timer`), also in C code that holds the interpreter
sleeps without end      a thread ends it that finds the event loop asleep in the same turn again and again
waits for the disk      goes on: a stalled sync is no hang (`feed.durable.DISK`)
was stopped (SIGSTOP)   goes on: neither CPU time nor turns of the thread pass meanwhile
======================  ==============================================================================================
"""

import faulthandler
import logging
import os
import sys
import threading
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from jiji.configuration import Configuration
from jiji.feed.durable import DISK
from jiji.runs.cpu_timer import EXIT_STATUS, CpuTimer

TURNS = 10
"""Turns of the thread, and restarts of the CPU timer, in JIJI_WATCHDOG_SECONDS."""
ASLEEP = "S"
"""State of a sleeping thread in ``/proc``; one that waits for the disk, computes or was stopped is in another."""

logger = logging.getLogger(__name__)


class Watchdog:
    """Ends a blocked process with a traceback and status 1; signals and time-outs would not be heard."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = create_looping_call(self._turn)
        self._loop_turns = 0
        self._is_over = threading.Event()
        self._cpu_timer: CpuTimer | None = None
        self._main_thread = Path(f"/proc/self/task/{threading.get_native_id()}/stat")

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
        """Start to watch the thread of the event loop."""
        if CpuTimer.is_available():
            self._cpu_timer = CpuTimer(self._seconds)
        else:
            logger.warning("No CPU timers on this system: a parser that hangs in C code is not ended")
        self._loop.start(self._seconds / TURNS)
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def engine_stopped(self) -> None:
        """Stop to watch."""
        self._is_over.set()
        self._loop.stop()
        if self._cpu_timer:
            self._cpu_timer.stop()

    def _turn(self) -> None:
        self._loop_turns += 1
        if self._cpu_timer:
            self._cpu_timer.restart()

    def _watch(self) -> None:
        seen, asleep = 0, 0
        while not self._is_over.wait(self._seconds / TURNS):
            is_blocked = self._loop_turns == seen and self._sleeps()
            seen, asleep = self._loop_turns, asleep + 1 if is_blocked else 0
            if asleep > TURNS:
                self._end()

    def _sleeps(self) -> bool:
        """Return whether the thread of the event loop sleeps, and not because of the disk."""
        if DISK.is_awaited:
            return False
        try:
            return self._main_thread.read_text().rpartition(") ")[2].startswith(ASLEEP)
        except OSError:  # no /proc
            return True

    def _end(self) -> None:
        file = sys.__stderr__ or sys.stderr
        faulthandler.dump_traceback(file)
        os._exit(EXIT_STATUS)
