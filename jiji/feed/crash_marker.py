"""Crash marker: the page being parsed, kept on disk so that the next run knows what killed this one."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from jiji.feed.errors import named_os_errors

MAX_BYTES = 2048
"""Bytes of a page's name that are kept."""
DEATHS = "died on "
"""Prefix of the notes that count deaths."""


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
        self.deaths: dict[str, int] = {}
        """Pages that killed runs, and how many in a row."""
        try:
            self._count_deaths()
            self.mark(None)  # after the count, which is repeated if it fails
        except BaseException:
            self.close()
            raise

    def mark(self, page: str | None) -> None:
        """Write down the page that is parsed from now on, None for no page; raises FeedError."""
        with named_os_errors(self._path):
            os.ftruncate(self._fd, 0)
            if page:
                os.pwrite(self._fd, page.encode("utf-8", "replace")[:MAX_BYTES], 0)

    def survived(self, page: str) -> None:
        """Reset the count of a page that was parsed."""
        if self.deaths.pop(page, None):
            self._notes.note(f"{DEATHS}{page}", None)

    def close(self) -> None:
        """Close the file. The mark stays."""
        os.close(self._fd)

    def _count_deaths(self) -> None:
        counts = self._notes.notes(DEATHS)
        self.deaths = {key.removeprefix(DEATHS): int(count) for key, count in counts if count.isdecimal()}
        if self.found:
            self.deaths[self.found] = self.deaths.get(self.found, 0) + 1
            self._notes.note(f"{DEATHS}{self.found}", str(self.deaths[self.found]))
