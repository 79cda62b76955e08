"""Crash marker: the page being parsed, kept on disk so that the next run knows what killed this one."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, Self

from jiji.feed.errors import named_os_errors

MAX_BYTES = 2048
"""Bytes of a page's name that are kept."""
NOTE = "died on "
"""Prefix of the notes that count deaths."""
POISON_DEATHS = 3
"""Deaths in a row on one page from which on it is a poison page."""
FIRST_REST = timedelta(days=1)
LONGEST_REST = timedelta(days=16)


@dataclass(frozen=True, slots=True)
class Deaths:
    """Deaths in a row on one page."""

    count: int
    last: datetime
    """Time at which the last one was found, in UTC."""

    @property
    def rests_until(self) -> datetime:
        """Time until which the page is left alone: a day from the third death on, doubled by each further one.

        >>> [(Deaths(count, NEVER).rests_until - NEVER).days for count in (1, 2, 3, 4, 5, 6, 7, 8, 9)]
        [0, 0, 1, 2, 4, 8, 16, 16, 16]
        """
        if self.count < POISON_DEATHS:
            return self.last
        return self.last + min(FIRST_REST * (1 << min(self.count - POISON_DEATHS, 10)), LONGEST_REST)

    def __str__(self) -> str:
        return f"{self.count} {self.last.isoformat(timespec='seconds')}"

    @classmethod
    def parse(cls, note: str) -> Self:
        """Return the deaths in a note; older versions noted no time. Raises ValueError.

        >>> Deaths.parse("3").last == NEVER
        True
        """
        count, _, last = note.partition(" ")
        return cls(int(count), datetime.fromisoformat(last) if last else NEVER)


NEVER = datetime.fromtimestamp(0, UTC)


class Notes(Protocol):
    """Small facts that survive a run."""

    def note(self, key: str, value: str | None) -> None:
        """Keep a fact. None removes it."""

    def notes(self, prefix: str) -> list[tuple[str, str]]:
        """Return the facts whose keys begin so."""


class CrashMarker:
    """The mark in the file at `path`, and the count of deaths in `notes`.

    A page is named by its article ID or URL. The mark outlives the process but not a power cut: nothing is synced, so
    that a mark costs microseconds.
    """

    def __init__(self, path: Path, notes: Notes) -> None:
        self._path = path
        self._notes = notes
        with suppress(FileNotFoundError):  # an earlier version's name
            path.with_suffix(".reading").replace(path)
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)  # less the umask
        self.found = os.pread(self._fd, MAX_BYTES, 0).decode("utf-8", "replace") or None
        """Page that a run was parsing when it died. None if the last run ended otherwise."""
        self.page: str | None = None
        """Page that is marked now."""
        self.deaths: dict[str, Deaths] = {}
        """Pages that killed runs."""
        try:
            self._count_deaths(datetime.now(UTC))
            os.ftruncate(self._fd, 0)  # after the count, which is repeated if it fails
        except BaseException:
            self.close()
            raise

    def mark(self, page: str | None) -> None:
        """Write down the page that is parsed from now on, None for no page; raises FeedError."""
        if page == self.page:
            return
        with named_os_errors(self._path):
            os.ftruncate(self._fd, 0)
            if page:
                os.pwrite(self._fd, page.encode("utf-8", "replace")[:MAX_BYTES], 0)
        self.page = page

    def survived(self, page: str) -> None:
        """Reset the count of a page that was parsed."""
        if self.deaths.pop(page, None):
            self._notes.note(f"{NOTE}{page}", None)

    def poison_pages(self, now: datetime) -> dict[str, Deaths]:
        """Return the pages on which too many runs died, as long as they rest."""
        return {page: deaths for page, deaths in self.deaths.items() if now < deaths.rests_until}

    def rested(self, now: datetime) -> list[str]:
        """Return the pages on which too many runs died, and which may be tried once more."""
        return [
            page for page, deaths in self.deaths.items() if deaths.count >= POISON_DEATHS and deaths.rests_until <= now
        ]

    def close(self) -> None:
        """Close the file. The mark stays."""
        os.close(self._fd)

    def _count_deaths(self, now: datetime) -> None:
        for key, note in self._notes.notes(NOTE):
            with suppress(ValueError):
                self.deaths[key.removeprefix(NOTE)] = Deaths.parse(note)
        if self.found:
            before = self.deaths.get(self.found, Deaths(0, now))
            self.deaths[self.found] = Deaths(before.count + 1, now)
            self._notes.note(f"{NOTE}{self.found}", str(self.deaths[self.found]))
