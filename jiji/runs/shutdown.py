"""Graceful shutdown on the first signal, forced stop on the second; both in bounded time."""

import os
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from jiji.runs.result import Exit
from jiji.stats import RunStats

GRACE_SECONDS = 20
"""Seconds to finish requests in flight; schedulers that send SIGTERM kill after thirty."""
FORCED_SECONDS = 2
"""Seconds in which the event loop has to stop after a forced stop."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def heeded_signals() -> tuple[signal.Signals, ...]:
    """Return the signals that end a run: also SIGHUP of a closed terminal, unless nohup ignores it."""
    return SIGNALS if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (*SIGNALS, signal.SIGHUP)


class Shutdown:
    """Signal handlers of a crawl; they pass signals on to Scrapy's, and end a process that does not stop in time.

    ``stop_loop`` stops the event loop. ``conclude`` writes the manifest and returns the exit status. Both are called
    from a handler of SIGALRM, which Python runs in the main thread.
    """

    def __init__(self, run: RunStats, stop_loop: Callable[[], object], conclude: Callable[[], Exit]) -> None:
        self._run = run
        self._stop_loop = stop_loop
        self._conclude = conclude
        self._next_handlers: dict[int, Any] = {}
        self._is_forced = False

    def listen(self) -> None:
        """Install the handlers in front of the present ones."""
        for number in SIGNALS:
            self._next_handlers[number] = signal.getsignal(number)
        self._next_handlers[signal.SIGHUP] = self._next_handlers[signal.SIGTERM]
        for number in heeded_signals():
            signal.signal(number, self._on_signal)
        signal.signal(signal.SIGALRM, self._on_deadline)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGHUP and self._run.signals:
            return  # a closed terminal sends several
        self._run.signals += 1
        self._is_forced = self._run.signals > 1
        signal.alarm(FORCED_SECONDS if self._is_forced else GRACE_SECONDS)
        next_handler = self._next_handlers[number]
        if callable(next_handler):
            next_handler(number, frame)  # Scrapy's own, which installs another handler for the next signal
        self.listen()

    def _on_deadline(self, number: int, frame: FrameType | None) -> None:
        if self._is_forced:
            os._exit(self._conclude())
        self._is_forced = True
        signal.alarm(FORCED_SECONDS)
        self._stop_loop()
