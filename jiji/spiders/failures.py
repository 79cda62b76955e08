"""Failures of articles: the kinds, and one policy on each, applied at the end of a run when all of them are known."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum


class FailureKind(Enum):
    """Kind of failure of an article, with the number of failed attempts after which a pending one is abandoned."""

    NOT_FETCHED = (12, "no response, or an HTTP error")
    REJECTED = (12, "a page that is not the article")
    PROGRAM_ERROR = (12, "an exception in a callback or pipeline")
    GONE = (12, "HTTP 404 or 410; the number counts while a list shows the article")
    DISALLOWED = (0, "robots.txt disallows it; 0: never abandoned for it")
    POISON_PAGE = (1, "a page on which three runs died")

    @property
    def attempts(self) -> int:
        """Failed attempts after which the article is abandoned: 12 are about a week."""
        return self.value[0]


DAILY_AFTER = 5
"""Failed attempts after which a pending article is tried once a day only."""
ONE_DAY = timedelta(days=1)
SECOND_CHANCE = timedelta(days=7)
"""Time after its last attempt from which on an abandoned article is tried once more, if a list still shows it."""
GONE_RUNS = 3
"""Runs in a row in which an article is gone before it counts as deleted."""
GONE_TIME = timedelta(hours=24)
"""Time between the first and the last of those runs, at least."""
MANY = 3
"""Failures of a kind from which on they are no coincidence."""


def outage(kinds: Iterable[FailureKind], successes: int) -> FailureKind | None:
    """Return the kind of most outcomes of a run's articles: a fault of the site then, and of no single article.

    ``kinds`` are the failures of articles that never failed before: the others prove nothing.

    >>> outage([FailureKind.GONE] * 5, successes=1), outage([FailureKind.GONE] * 2, successes=0)
    (<FailureKind.GONE: ...>, None)
    """
    counted = Counter(kinds)
    outcomes = successes + counted.total()
    return next((kind for kind, number in counted.items() if number >= MANY and 2 * number > outcomes), None)


def is_deleted(runs: int, since: str | None, now: datetime) -> bool:
    """Return whether an article that was gone in a number of runs counts as deleted.

    >>> noon = datetime.fromisoformat("2026-01-28T12:00:00Z")
    >>> is_deleted(3, "2026-01-27T11:00:00Z", noon), is_deleted(3, "2026-01-27T13:00:00Z", noon)
    (True, False)
    """
    return runs >= GONE_RUNS and since is not None and now - datetime.fromisoformat(since) >= GONE_TIME


def was_tried_within(tried_at: str | None, age: timedelta, now: datetime) -> bool:
    """Return whether an article was tried within a time; a time in the future is one of a wrong clock.

    >>> noon = datetime.fromisoformat("2026-01-28T12:00:00Z")
    >>> [was_tried_within(at, ONE_DAY, noon) for at in ("2026-01-28T00:00:00Z", "2026-02-28T00:00:00Z", None)]
    [True, False, False]
    """
    return tried_at is not None and timedelta(0) <= now - datetime.fromisoformat(tried_at) < age
