"""Signals end a run in bounded time: one at leisure, two at once, whatever hangs."""

import os
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from jiji.runs.result import Exit

LEISURE = 20
"""Seconds that a run has to finish what is in flight; a scheduler that sends SIGTERM kills after thirty."""
HASTE = 2
"""Seconds that the event loop has to stop once nothing is waited for any more."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stopping:
    """Count signals, pass them on to whoever handled them, and end the process when that takes too long.

    ``hurry`` stops the event loop; ``end`` takes the number of signals, writes down how the run went and returns its
    status. Both are called from a handler of SIGALRM, which Python runs in the main thread.
    """

    def __init__(self, hurry: Callable[[], object], end: Callable[[int], Exit]) -> None:
        self._hurry = hurry
        self._end = end
        self._passed_on: dict[int, Any] = {}
        self._is_hurrying = False
        self.signals = 0
        """How many were received."""

    def listen(self) -> None:
        """Stand in front of the handlers that are there now."""
        for number in SIGNALS:
            self._passed_on[number] = signal.getsignal(number)
            signal.signal(number, self._stop)
        signal.signal(signal.SIGALRM, self._late)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1
        self._is_hurrying = self.signals > 1
        signal.alarm(HASTE if self._is_hurrying else LEISURE)
        passed_on = self._passed_on[number]
        if callable(passed_on):
            passed_on(number, frame)  # Scrapy's own, which puts another handler in its place for the next signal
        self.listen()

    def _late(self, number: int, frame: FrameType | None) -> None:
        if self._is_hurrying:
            os._exit(self._end(self.signals))
        self._is_hurrying = True
        signal.alarm(HASTE)
        self._hurry()
