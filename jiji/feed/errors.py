"""Errors of a feed.

    FeedError               the feed cannot be used as it is
    ├── LockHeld            another process holds the lock
    ├── CatalogLocked       another program keeps the catalog locked
    ├── NoSpaceLeft         the disk is full
    │   └── FileTooLarge    the size of files is limited
    ├── LinesLost           the feed lacks lines that were published
    ├── CatalogForeign      the feed is another one than the catalog's
    ├── RotatedFileUnreadable   a rotated file cannot be read while the catalog is rebuilt
    ├── SyncFailed          the disk did not confirm a write
    └── CatalogDamaged      the catalog is damaged or of another program

After a `FeedError` the run has to end. The next run recovers, so nothing is lost.
Every message names the file and the remedy.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class FeedError(Exception):
    """The feed cannot be used as it is."""


class LockHeld(FeedError):
    """Another process holds the lock on `path`.

    `pid` and `since` (UTC, ISO 8601) are those of the holder. None stands for both until it has signed.
    """

    def __init__(self, path: Path, pid: int | None, since: str | None) -> None:
        super().__init__(f"{path}: locked by process {pid or '?'} since {since or '?'}; wait for it or end it")
        self.path, self.pid, self.since = path, pid, since


class CatalogLocked(FeedError):
    """Another program keeps the catalog at `path` locked. `pids` are those that are known to hold a lock."""

    def __init__(self, path: Path, pids: Sequence[int]) -> None:
        holder = f"process {' or '.join(map(str, pids))}" if pids else "another program"
        super().__init__(f"{path}: locked by {holder}; close it there and start again, nothing is lost")


class NoSpaceLeft(FeedError):
    """The disk is full.

    The write-ahead record stays. The next append or run completes what was begun.
    """

    remedy = "no space left, the disk is full; free some and start again, nothing is lost"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: {self.remedy}")


class FileTooLarge(NoSpaceLeft):
    """The size of files is limited for this process (``ulimit -f``), or by the file system."""

    remedy = "reached the largest size of a file; raise `ulimit -f` and start again, nothing is lost"


class LinesLost(FeedError):
    """The feed at `path` lacks lines that were published. A person decides on what becomes of them."""

    def __init__(self, path: Path, size: int, published: int) -> None:
        super().__init__(
            f"{path}: holds {size} bytes, and {published} bytes were published; it was truncated, or restored from an "
            f"older back-up. Restore a newer copy, or run `scrapy reset {path.stem} --keep-feed`, which fetches again "
            f"what the feed lacks"
        )


class CatalogForeign(FeedError):
    """The feed at `path` and its catalog have little in common. A person decides which of them is right."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: the catalog in state/ does not know its lines; one of them is of another feed. Restore the right "
            f"one, or run `scrapy reset {path.stem} --keep-feed`, which reads this feed and fetches again what it lacks"
        )


class RotatedFileUnreadable(FeedError):
    """A rotated file cannot be read, and the catalog does not know its lines: they would be published again."""

    def __init__(self, path: Path, cause: Exception) -> None:
        reason = getattr(cause, "strerror", None) or cause
        super().__init__(
            f"{path}: cannot be read ({reason}), and the catalog is rebuilt without its lines. Make it readable or "
            f"decompress it. If you move it away, its articles are published again where the site still lists them"
        )


class SyncFailed(FeedError):
    """The disk did not confirm a write.

    A sync is never retried, because the kernel drops the bytes and reports success the second time.
    """

    def __init__(self, path: Path, cause: str | None) -> None:
        super().__init__(f"{path}: sync failed: {cause}; check the disk and start again")


class CatalogDamaged(FeedError):
    """The catalog is damaged or of another program. Opening the `Feed` again rebuilds it."""


@contextmanager
def named_os_errors(path: Path) -> Iterator[None]:
    """Raise an OSError inside as a FeedError that names the file, or `path` where the system names none."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpaceLeft(path) from error
        if error.errno == errno.EFBIG:
            raise FileTooLarge(path) from error
        raise FeedError(f"{error.filename or path}: {error.strerror}; correct this and start again") from error
