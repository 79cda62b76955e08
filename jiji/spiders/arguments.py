"""The spider arguments: what may be asked of one run, checked before any request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self


@dataclass(frozen=True, slots=True)
class Arguments:
    """The days in Japan, inclusive, and the number of articles that a run is bounded by."""

    since: date | None = None
    until: date | None = None
    max_articles: int | None = None

    @classmethod
    def parse(cls, **given: str | None) -> Self:
        """Return the arguments as typed; raises ValueError that says what is accepted.

        >>> Arguments.parse(since="2026-01-05", max_articles="20")
        Arguments(since=datetime.date(2026, 1, 5), until=None, max_articles=20)
        >>> Arguments.parse(sinse="2026-01-05")
        Traceback (most recent call last):
        ValueError: unknown spider argument 'sinse'; accepted: since=YYYY-MM-DD, until=YYYY-MM-DD, max_articles=N
        """
        for name in given:
            if name not in ("since", "until", "max_articles"):
                raise ValueError(f"unknown spider argument {name!r}; accepted: {_ACCEPTED}")
        since, until = (_day(name, given.get(name)) for name in ("since", "until"))
        if since and until and since > until:
            raise ValueError(f"since={since} is later than until={until}; accepted: {_ACCEPTED}, since not after until")
        return cls(since, until, _count(given.get("max_articles")))

    def allow(self, day: date) -> bool:
        """Say whether a story of that day is asked for."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


_LONGEST_AGE = 24 * 366
_ACCEPTED = "since=YYYY-MM-DD, until=YYYY-MM-DD, max_articles=N"


def _day(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ValueError(f"{name}={text!r} is no day; accepted: {name}=YYYY-MM-DD, a day in Japan such as 2026-01-31")
    return day


def _count(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ValueError(f"max_articles={text!r} is no number of articles; accepted: max_articles=N, N at least 1")
    return int(text)


def at_least_one(name: str, value: object) -> int:
    """Return a setting that counts something; raises ValueError for what is no number, or below 1.

    >>> at_least_one("JIJI_MAX_PAGES", "100")
    100
    """
    text = str(value)
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ValueError(f"{name}={text} is not understood; accepted: a number of at least 1")
    return int(text)


def hours(texts: Iterable[str]) -> list[float]:
    """Return ages in hours, ascending; raises ValueError for what is no age.

    >>> hours([" 6", "1", "0.5", ""])
    [0.5, 1.0, 6.0]
    """
    try:
        ages = sorted(float(text) for text in map(str, texts) if text.strip())
    except ValueError:
        ages = [-1.0]
    if any(not 0 < age < _LONGEST_AGE for age in ages):
        raise ValueError(
            f"JIJI_RECHECK_HOURS={list(texts)} is not understood; accepted: hours such as 1, 6, 24, or empty"
        )
    return ages
