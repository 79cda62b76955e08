"""Durable writes: syncs of files and folders, and writes in one piece."""

from __future__ import annotations

import errno
import os
from io import FileIO
from pathlib import Path
from tempfile import TemporaryFile

from jiji.feed.errors import SyncFailed

PROBE_BYTES = 1 << 16


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
        os.fsync(fd)
    except OSError as error:
        raise SyncFailed(path, error.strerror) from error


def write_all(file: FileIO, data: bytes) -> None:
    """Write in one piece. A short write is continued, to complete the line or to meet the error."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def has_space(folder: Path) -> bool:
    """Return whether a file can grow in a folder. A quota counts too, so a file is written to find out."""
    try:
        with TemporaryFile(dir=folder, buffering=0) as probe:
            return probe.write(b"\1" * PROBE_BYTES) == PROBE_BYTES
    except OSError as error:
        return error.errno not in (errno.ENOSPC, errno.EDQUOT)
