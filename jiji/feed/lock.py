"""An exclusive lock that names its holder and that the kernel frees when the holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

POLL = 0.005
"""Seconds between two tries."""


class FeedError(Exception):
    """The feed cannot be used as it is; the message holds the path and what to do."""


class Held(FeedError):
    """Another process holds the lock.

    `pid` and `since` (UTC, ISO 8601) are the holder's, or None in the instant before it has signed.
    """

    def __init__(self, path: Path, pid: int | None, since: str | None) -> None:
        super().__init__(f"{path}: held by process {pid or '?'} since {since or '?'}; wait for it, or end it")
        self.path, self.pid, self.since = path, pid, since


class Lock:
    """An `flock` on the file at `path`, taken at once: waits up to `wait` seconds for it, then raises `Held`.

    A stopped holder keeps it and a dead one does not; it is never stolen. The descriptor is closed on exec, so that
    no program started by the holder keeps the lock after it.
    """

    def __init__(self, path: Path, wait: float = 0.0) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._take(path, time.monotonic() + wait)
            # One write of fixed length: whoever reads meanwhile never finds half a name.
            signature = f"{os.getpid()} {datetime.now(UTC).isoformat(timespec='seconds')}\n"
            os.pwrite(self._fd, signature.rjust(64).encode(), 0)
        except BaseException:
            os.close(self._fd)
            raise

    def _take(self, path: Path, deadline: float) -> None:
        while True:
            try:
                return fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    pid, since, *_ = [*os.pread(self._fd, 64, 0).decode().split(), None, None]
                    raise Held(path, int(pid) if pid else None, since) from None
            time.sleep(POLL)

    def close(self) -> None:
        """Free the lock; the file stays, for removing it would let two holders in."""
        os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
