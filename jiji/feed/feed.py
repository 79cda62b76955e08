"""Feed of one section: its append log, catalog and crash marker, held by one run."""

from __future__ import annotations

import json
import logging
import os
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from jiji.feed.append_log import APPEND_WAIT, AppendLog
from jiji.feed.article_line import is_article_line, is_plain_line
from jiji.feed.catalog import Catalog, Published, Validator, salvaged_run
from jiji.feed.crash_marker import CrashMarker
from jiji.feed.durable import sync_folder
from jiji.feed.errors import CatalogDamaged, FeedError, named_os_errors
from jiji.feed.lock import Lock
from jiji.feed.lost_lines import is_missing
from jiji.feed.reset import complete_reset, reset
from jiji.feed.rotated import feed_files, lines_at, names_by_inode, newest_lines
from jiji.feed.signatures import Signer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """Byte range that a run appended to one file of the feed."""

    file: str | None
    """Name of the file; null once it is gone."""
    begin: int
    """Offset of the first byte."""
    end: int
    """Offset behind the last byte."""
    lines: int
    """Number of lines."""
    sha256: str
    """SHA-256 of these bytes, in hexadecimal."""


class Feed:
    """The feed `<output>/<name>.jsonl`, held by one run until `close`.

    All its other files are `<output>/state/<name>.*`. Opening checks the folders, takes the run lock, and recovers what
    the last run left. A damaged catalog is renamed and rebuilt from the feed. `signer` makes the signatures of lines.
    `is_valid` judges lines: one that is not valid is reported as damaged, and no history depends on it.

    Raises `LockHeld` if another run holds the feed, and `FeedError` if the feed cannot be written. After any
    `FeedError` from a method the run has to end. The next one continues.
    """

    catalog: Catalog
    append_log: AppendLog
    crash_marker: CrashMarker

    def __init__(
        self, output: Path, name: str, signer: Signer | None = None, is_valid: Validator | None = None
    ) -> None:
        self.name = name
        self._signer = signer
        self._is_valid: Validator = (lambda line: is_plain_line(line) and is_valid(line)) if is_valid else is_plain_line
        self.path = output / f"{name}.jsonl"
        self._state = output / "state"
        with ExitStack() as stack, named_os_errors(self.path):
            _check_places(self.path, self._state)
            stack.callback(Lock(self._state / f"{name}.run").close)
            complete_reset(output, name)
            try:
                self._open(stack)
            except CatalogDamaged as error:
                self._open(stack, last_run=self._set_catalog_aside(error))
            self.was_missing = is_missing(self.path, feed_files(self.path), self.catalog)
            """Whether the feed was missing or empty when it was opened: rotated away, or removed by accident."""
            self.damaged_lines = self.append_log.indexing.damaged.count
            """Number of damaged lines that were found when it was opened. Each is found once."""
            self.unreadable_files = sorted(self.append_log.indexing.unreadable)
            """Names of rotated files that cannot be read. The catalog knows their lines."""
            self._stack = stack.pop_all()

    def append(self, line: bytes) -> bool:
        """Publish one whole line, and return whether it is new to the feed. It is durable when this returns.

        Raises ValueError if it is not one whole line with an article ID and a revision.
        """
        return self.append_log.append(line) > 0

    def latest(self, most: int) -> list[dict[str, Any]]:
        """Return the newest articles, the oldest first. Withdrawn ones and compressed files are left out."""
        lines = (line for line in newest_lines(self.path) if is_article_line(line) and self._is_valid(line))
        articles = (article for article in map(json.loads, lines) if article.get("status") != "withdrawn")
        return list(islice(articles, most))[::-1]

    def line(self, published: Published) -> bytes | None:
        """Return the last line of an article from the feed or a rotated file, None if it is missing or not valid."""
        for line in lines_at(self.path, published.offset):
            with suppress(ValueError):
                if self.catalog.key(line) == (published.id, published.revision) and self._is_valid(line):
                    return line
        return None

    def appended(self) -> list[Appended]:
        """Return the byte ranges that this run appended."""
        names = names_by_inode(self.path)
        return [
            Appended(
                file=names.get(each.inode),
                begin=each.begin,
                end=each.end,
                lines=each.lines,
                sha256=each.digest.hexdigest(),
            )
            for each in self.append_log.appended
        ]

    def close(self) -> None:
        """Close all files and free the run lock."""
        self._stack.close()

    @classmethod
    def reset(cls, output: Path, name: str, *, keeps_feed: bool = False) -> Path:
        """Move the feed, its rotated files and its state into a new folder, and return the folder.

        The next run publishes everything again. With `keeps_feed` the state alone is moved, and the next run publishes
        what the feed lacks. Raises as opening does.
        """
        path, state = output / f"{name}.jsonl", output / "state"
        with named_os_errors(path):
            _check_places(path, state)
            with Lock(state / f"{name}.run"), Lock(state / f"{name}.lock", APPEND_WAIT):
                complete_reset(output, name)
                return reset(output, name, keeps_feed=keeps_feed)

    def _open(self, stack: ExitStack, last_run: int = 0) -> None:
        with ExitStack() as opened:
            self.catalog = Catalog(
                self._state / f"{self.name}.sqlite", last_run=last_run, signer=self._signer, is_valid=self._is_valid
            )
            opened.callback(self.catalog.close)
            self.append_log = AppendLog(self.path, self._state, self.catalog)
            opened.callback(self.append_log.close)
            self.crash_marker = CrashMarker(self._state / f"{self.name}.crash-marker", self.catalog)
            opened.callback(self.crash_marker.close)
            stack.push(opened.pop_all())

    def _set_catalog_aside(self, error: CatalogDamaged) -> int:
        """Rename the damaged catalog, and return the number of the last run in it, 0 if it cannot be read."""
        path = self._state / f"{self.name}.sqlite"
        log.error("%s; renaming it to %s.damaged-* and rebuilding it from the feed", error, path.name)
        last_run = salvaged_run(path)
        for file in self._state.glob(f"{path.name}*"):
            if ".damaged-" not in file.name:
                file.rename(f"{file}.damaged-{_now()}")
        return last_run


def _now() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")


def _check_places(path: Path, state: Path) -> None:
    """Make the folders of a feed. Raises FeedError or OSError if the feed cannot be written."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True)
        sync_folder(path.parent.parent)
    state.mkdir(exist_ok=True)
    if path.is_symlink() and not path.exists():
        raise FeedError(f"{path}: broken symlink; create its target or remove it")
    if path.exists() and not path.is_file():
        raise FeedError(f"{path}: not a regular file; move it away")
    for place in (path if path.exists() else path.parent, path.parent, state):
        if not os.access(place, os.W_OK):
            raise FeedError(f"{place}: no write permission; grant it or choose another output folder")
