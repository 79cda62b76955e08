"""Rotated files: the files of a feed that were renamed away or compressed, and their readers.

A file belongs to the feed `national.jsonl` if its name begins so: `national.jsonl.1`, `national.jsonl-20260127.gz`.
Its suffix says how to decompress it.
"""

from __future__ import annotations

import bz2
import errno
import glob
import gzip
import logging
import lzma
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from io import FileIO
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, cast

log = logging.getLogger(__name__)

OPENERS: Mapping[str, Callable[[Path, str], object]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
"""Readers of compressed files by suffix. Any other file is plain."""
INCOMPLETE = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError)
"""Errors of a compressed file that is cut short or still being written."""


def feed_files(path: Path) -> list[tuple[Path, os.stat_result]]:
    """Return the files of the feed at `path`, the oldest first and the feed itself last."""
    inodes = None
    while True:  # until two listings agree, because one can miss a file that is renamed meanwhile
        names = path.parent.glob(glob.escape(path.name) + "*")
        found = [(name, stat) for name in names if (stat := stat_of(name)) and S_ISREG(stat.st_mode)]
        if inodes == (inodes := {(name, stat.st_ino) for name, stat in found}):
            return sorted(found, key=lambda file: (file[0] == path, file[1].st_mtime_ns))


def names_by_inode(path: Path) -> dict[int, str]:
    """Return the names of the feed's files."""
    return {stat.st_ino: name.name for name, stat in feed_files(path)}


def lines_at(path: Path, offset: int) -> Iterator[bytes]:
    """Yield the line at this offset of the feed, then of each rotated file, the newest first."""
    for name, _ in reversed(feed_files(path)):
        try:
            with open_file(name) as file:
                file.seek(offset)
                yield file.readline()
        except (OSError, *INCOMPLETE) as error:
            log.warning("Cannot read %s: %s", name, error)


def last_lines(path: Path, most: int, most_bytes: int = 1 << 20) -> list[bytes]:
    """Return the newest whole lines, the oldest first. Compressed files are left out.

    `most_bytes` limits how much is read of each file.
    """
    lines: list[bytes] = []
    for name, stat in reversed(feed_files(path)):
        if name.suffix not in OPENERS and len(lines) < most:
            with name.open("rb") as file:
                begin = file.seek(max(0, stat.st_size - most_bytes))
                tail = file.read(most_bytes).splitlines(keepends=True)
            whole = [line for line in tail[begin > 0 :] if line.endswith(b"\n")]
            lines = whole[-(most - len(lines)) :] + lines
    return lines


def open_file(path: Path) -> BinaryIO:
    """Open a file for reading, decompressed."""
    return cast("BinaryIO", OPENERS.get(path.suffix, open)(path, "rb"))


def stat_of(path: Path) -> os.stat_result | None:
    """Return the stat of a file, or None if it is missing."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def expect_inode(file: BinaryIO | FileIO, inode: int) -> os.stat_result:
    """Return the stat of an open file. Raises FileNotFoundError if its name led to another file."""
    stat = os.fstat(file.fileno())
    if stat.st_ino != inode:
        raise FileNotFoundError(errno.ENOENT, "renamed meanwhile")
    return stat
