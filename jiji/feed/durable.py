"""Durable writes: syncs of files and folders, and writes in one piece."""

from __future__ import annotations

import os
from io import FileIO
from pathlib import Path

from jiji.feed.errors import SyncFailed


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
