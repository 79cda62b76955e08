"""Durable writes: syncs of files and folders, and writes in one piece."""

from __future__ import annotations

import errno
import os
from io import FileIO
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_FSIZE, getrlimit
from tempfile import TemporaryFile
from types import TracebackType

from jiji.feed.errors import SyncFailed

PROBE_BYTES = 1 << 16


class Disk:
    """Context of every wait for the disk, so that a watchdog can tell a stalled disk from a hang."""

    def __init__(self) -> None:
        self._waits = 0

    @property
    def is_awaited(self) -> bool:
        """Whether the process waits for the disk."""
        return self._waits > 0

    def __enter__(self) -> None:
        self._waits += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._waits -= 1


DISK = Disk()
"""The disk of this process. Its main thread alone waits for it."""


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable. Raises SyncFailed."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        sync(path, fd)
    finally:
        os.close(fd)


def sync(path: Path, fd: int) -> None:
    """Make the bytes of an open file durable. Raises SyncFailed."""
    try:
        with DISK:
            os.fsync(fd)
    except OSError as error:
        raise SyncFailed(path, error.strerror) from error


def write_all(file: FileIO, data: bytes) -> None:
    """Write in one piece. A short write is continued, to complete the line or to meet the error."""
    view = memoryview(data)
    with DISK:
        while view:
            view = view[file.write(view) :]


def has_space(folder: Path) -> bool:
    """Return whether a file can grow in a folder. A quota counts too, so a file is written to find out.

    A limit on the size of files (``ulimit -f``) says nothing about the disk.
    """
    limit = getrlimit(RLIMIT_FSIZE)[0]
    size = PROBE_BYTES if limit == RLIM_INFINITY else min(PROBE_BYTES, limit)
    try:
        with TemporaryFile(dir=folder, buffering=0) as probe:
            return probe.write(b"\1" * size) == size
    except OSError as error:
        return error.errno not in (errno.ENOSPC, errno.EDQUOT)
