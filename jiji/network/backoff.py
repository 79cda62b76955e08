"""Back-off before a retry, and the Retry-After header."""

import math
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from random import uniform

MAX_BACKOFF = 120.0
"""Seconds before a retry, without jitter."""
JITTER = 0.5


def backoff(seconds: float, failures: int) -> float:
    """Return the seconds to wait after some failures: doubled for each one, with jitter (x 0.5 to 1.5), capped.

    >>> 2 <= backoff(4, failures=1) <= 6, 8 <= backoff(4, failures=3) <= 24, backoff(4, failures=5000) <= 180
    (True, True, True)
    """
    return min(seconds * 2.0 ** min(failures - 1, 32), MAX_BACKOFF) * uniform(1 - JITTER, 1 + JITTER)


def retry_after(value: str, now: float) -> float | None:
    r"""Return the seconds that a Retry-After header asks to wait (RFC 9110, 10.2.3); None for an invalid one.

    ``now`` is the time of the response, in seconds since 1970.

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
    """Return a date of an HTTP header in seconds since 1970; None for an invalid one.

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
