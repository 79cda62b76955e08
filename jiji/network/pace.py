"""When the next request may go out, in seconds of the monotonic clock."""

import asyncio
import math
import re
import time
from collections.abc import Callable, Coroutine
from datetime import UTC
from email.utils import parsedate_to_datetime
from random import uniform
from typing import Any, TypeVar

from scrapy.exceptions import IgnoreRequest

LOOKS_EVERY = 0.5
"""Seconds after which one who waits looks whether the run is being stopped."""

LONGEST_BACKOFF = 120.0

Done = TypeVar("Done")


class Pace:
    """Let requests pass one by one, `gap` seconds apart at the least; none while the site wants to be left alone."""

    def __init__(self, gap: float, is_over: Callable[[], bool]) -> None:
        self.gap = gap
        self._is_over = is_over
        self._free_at = 0.0

    def hold(self, seconds: float) -> None:
        """Let nothing pass for so long from now."""
        self._free_at = max(self._free_at, time.monotonic() + seconds)

    def held(self) -> float:
        """Return the seconds for which nothing passes from now."""
        return max(0.0, self._free_at - time.monotonic())

    async def turn(self) -> None:
        """Wait until a request may go out; raises IgnoreRequest when the run is being stopped."""
        while left := self.held():
            await self.sleep(left)
        self._stay()
        self._free_at = time.monotonic() + self.gap

    async def sleep(self, seconds: float) -> None:
        """Wait; raises IgnoreRequest when the run is being stopped meanwhile."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._stay()
            await asyncio.sleep(min(left, LOOKS_EVERY))

    async def within_run(self, work: Coroutine[Any, Any, Done], grace: float) -> Done:
        """Return what comes of `work`; raises IgnoreRequest when it has had `grace` seconds since the run's end."""
        task = asyncio.ensure_future(work)
        while not (await asyncio.wait([task], timeout=LOOKS_EVERY))[0]:
            grace -= LOOKS_EVERY * self._is_over()
            if grace <= 0:
                task.cancel()
                await asyncio.wait([task])
                raise IgnoreRequest("the run is being stopped, and no answer came")
        return task.result()

    def _stay(self) -> None:
        if self._is_over():
            raise IgnoreRequest("the run is being stopped")


def backoff(seconds: float, times: int) -> float:
    """Return how long to wait after so many failures: doubled each time, times 0.5 to 1.5, capped.

    >>> 2 <= backoff(4, times=1) <= 6, 8 <= backoff(4, times=3) <= 24, backoff(4, times=5000) <= 180
    (True, True, True)
    """
    return min(seconds * 2.0 ** min(times - 1, 32), LONGEST_BACKOFF) * uniform(0.5, 1.5)


def retry_after(value: str, now: float) -> float | None:
    r"""Return the seconds that a Retry-After header asks to wait; None for what is neither seconds nor an HTTP date.

    ``now`` is the time of the answer, in seconds since 1970. See RFC 9110, 10.2.3.

    >>> retry_after("120", now=0), retry_after("9" * 5000, now=0)
    (120.0, inf)
    >>> retry_after("Thu, 01 Jan 1970 00:01:00 GMT", now=10), retry_after("Thu, 01 Jan 1970 00:01:00 GMT", now=99)
    (50.0, 0.0)
    >>> [retry_after(value, now=0) for value in ("", "-5", "soon", "Thu, 99 Jan 1970 00:01:00 GMT", "\u0663")]
    [None, None, None, None, None]
    """
    value = value.strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        return float(value)
    at = http_date(value)
    return None if at is None else max(0.0, at - now)


def http_date(value: str) -> float | None:
    """Return a date of an HTTP header in seconds since 1970; None for what is none.

    >>> http_date("Thu, 01 Jan 1970 00:01:00 GMT"), http_date("yesterday")
    (60.0, None)
    """
    try:
        at = parsedate_to_datetime(value)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        seconds = at.timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return seconds if math.isfinite(seconds) else None
