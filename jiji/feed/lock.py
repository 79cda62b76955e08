"""Exclusive file lock with the name of its holder, freed by the kernel when the holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from jiji.feed.errors import LockHeld

POLL = 0.005
"""Seconds between two tries."""


class Lock:
    """An `flock` on the file at `path`, taken when it is made.

    Waits up to `wait` seconds, then raises `LockHeld`. A stopped holder keeps the lock, a dead one does not. The
    descriptor is closed on exec, so that programs started by the holder do not inherit the lock.
    """

    def __init__(self, path: Path, wait: float = 0.0) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)  # less the umask
        try:
            self._acquire(path, time.monotonic() + wait)
            # One write of fixed length, so that readers never find half a signature.
            signature = f"{os.getpid()} {datetime.now(UTC).isoformat(timespec='seconds')}\n"
            os.pwrite(self._fd, signature.rjust(64).encode(), 0)
        except BaseException:
            os.close(self._fd)
            raise

    def _acquire(self, path: Path, deadline: float) -> None:
        while True:
            try:
                return fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    pid, since, *_ = [*os.pread(self._fd, 64, 0).decode().split(), None, None]
                    raise LockHeld(path, int(pid) if pid else None, since) from None
            time.sleep(POLL)

    def close(self) -> None:
        """Free the lock. The file stays, because removing it would let two holders in."""
        os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def lock_holders(*paths: Path) -> list[int]:
    """Return the processes that hold a record lock on one of the files, as Linux lists them. Empty elsewhere."""
    inodes = {str(path.stat().st_ino) for path in paths if path.exists()}
    try:
        rows = Path("/proc/locks").read_text().splitlines()
    except OSError:
        return []
    # 1: POSIX  ADVISORY  WRITE 4711 08:01:131082 128 128
    fields = (row.replace("->", "").split() for row in rows)
    return sorted(
        {int(row[4]) for row in fields if len(row) > 5 and row[5].rpartition(":")[2] in inodes} - {os.getpid()}
    )
