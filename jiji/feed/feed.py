"""The crash-proof feed of one section: see `journal` for the file, `index` for what it holds."""

from __future__ import annotations

import json
import logging
import os
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jiji.feed.append_log import Journal, NoSpace, SyncFailed, explained, sync_folder
from jiji.feed.catalog import Counts, Damaged, Index, Known, Pending
from jiji.feed.crash_marker import BlackBox
from jiji.feed.lock import FeedError, Held, Lock

__all__ = [
    "Counts",
    "Damaged",
    "Feed",
    "FeedError",
    "Held",
    "Index",
    "Journal",
    "Known",
    "NoSpace",
    "Pending",
    "SyncFailed",
]

log = logging.getLogger(__name__)

_DIED_ON = "died on "
"""Begins the notes in the index that count deaths."""


class Feed:
    """One section's feed, `<output>/<name>.jsonl`, with its index, held by one run until `close`.

    Everything else it needs lies in `<output>/state/<name>.*`. Opening checks the places, takes the run lock, and puts
    right what the last run left. A damaged index is renamed and rebuilt from the feed.

    Raises `Held` if another run has it, and `FeedError` with the path if it cannot be written. After any `FeedError`
    from a method the run has to end; the next one goes on from there.
    """

    def __init__(self, output: Path, name: str) -> None:
        self.name = name
        self.path = output / f"{name}.jsonl"
        self._state = output / "state"
        with ExitStack() as stack, explained(self.path):
            _check(self.path, self._state)
            stack.callback(Lock(self._state / f"{name}.run").close)
            try:
                self._open(stack)
            except Damaged as error:
                self._set_aside(error)
                self._open(stack)
            self._stack = stack.pop_all()

    def reading(self, page: str | None) -> None:
        """Note which page is being read, by its key or URL, and that none is any more: a run may die on it."""
        self._box.note(page)

    def has_survived(self, page: str) -> None:
        """Forget that runs died on a page: it was read."""
        if self.deaths.pop(page, None):
            self.index.note(f"{_DIED_ON}{page}", None)

    def append(self, line: bytes) -> bool:
        """Publish one whole line; it is durable when this returns. False: it was there already.

        Raises ValueError if it is not one whole line with an id and a revision.
        """
        return self.journal.append(line) > 0

    def latest(self, most: int) -> list[dict[str, Any]]:
        """Return the newest articles of the feed, oldest first, as far as they can be read without unpacking."""
        found = []
        for line in self.journal.last_lines(most):
            with suppress(ValueError):
                found.append(json.loads(line))
        return [article for article in found if isinstance(article, dict) and article.get("status") != "withdrawn"]

    def line(self, known: Known) -> bytes | None:
        """Return the article's last line, from the feed or a file renamed away; None if it is no longer there."""
        for line in self.journal.lines_at(known.offset):
            with suppress(ValueError):
                if self.index.key(line) == (known.id, known.revision):
                    return line
        return None

    def appended(self) -> list[dict[str, str | int | None]]:
        """Return what this run appended: file, byte range, number of lines and SHA-256, one for each file."""
        names = self.journal.names()
        return [
            {
                "file": names.get(stretch.inode),
                "begin": stretch.begin,
                "end": stretch.end,
                "lines": stretch.lines,
                "sha256": stretch.digest.hexdigest(),
            }
            for stretch in self.journal.stretches
        ]

    def close(self) -> None:
        """Close everything and let the next run in."""
        self._stack.close()

    @classmethod
    def reset(cls, output: Path, name: str) -> Path:
        """Move the section's feed, its renamed files and its state into a new folder, and return that.

        The next run starts from nothing and publishes all it finds again. Raises as opening does.
        """
        path, state = output / f"{name}.jsonl", output / "state"
        target = output / f"{name}.reset-{_now()}"
        with explained(path):
            _check(path, state)
            with Lock(state / f"{name}.run"):
                target.mkdir()
                for file in [*output.glob(f"{path.name}*"), *state.glob(f"{name}.*")]:
                    if file.suffix != ".run":  # we hold it
                        file.rename(target / file.name)
        return target

    def _open(self, stack: ExitStack) -> None:
        with ExitStack() as opened:
            self.index = Index(self._state / f"{self.name}.sqlite")
            opened.callback(self.index.close)
            self.journal = Journal(self.path, self._state, self.index)
            opened.callback(self.journal.close)
            self._box = BlackBox(self._state / f"{self.name}.reading")
            opened.callback(self._box.close)
            self._count_death()
            stack.push(opened.pop_all())

    def _count_death(self) -> None:
        self.died_reading = self._box.found
        """The page that was being read when the last run died; None if it ended otherwise."""
        self.deaths = {key.removeprefix(_DIED_ON): int(value) for key, value in self.index.notes(_DIED_ON)}
        """Pages on which runs died, and how often in a row."""
        if page := self._box.found:
            self.deaths[page] = self.deaths.get(page, 0) + 1
            self.index.note(f"{_DIED_ON}{page}", str(self.deaths[page]))

    def _set_aside(self, error: Damaged) -> None:
        log.error("%s; it is renamed to .damaged and rebuilt", error)
        for file in self._state.glob(f"{self.name}.sqlite*"):
            if ".damaged-" not in file.name:
                file.rename(f"{file}.damaged-{_now()}")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")


def _check(path: Path, state: Path) -> None:
    """Raise FeedError or OSError if the feed cannot be written; make the folders it needs."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True)
        sync_folder(path.parent.parent)
    state.mkdir(exist_ok=True)
    if path.is_symlink() and not path.exists():
        raise FeedError(f"{path}: a link to nowhere; make what it points to, or remove it")
    if path.exists() and not path.is_file():
        raise FeedError(f"{path}: not a file; move it out of the way")
    for place in (path if path.exists() else path.parent, path.parent, state):
        if not os.access(place, os.W_OK):
            raise FeedError(f"{place}: cannot be written; give this user the right to, or choose another output folder")
