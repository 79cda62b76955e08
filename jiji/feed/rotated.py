"""Rotated files: the files of a feed that were renamed away or compressed, and their readers.

Name and content together decide whether a file belongs to the feed `national.jsonl`. Its name continues the feed's:
`national.jsonl.1`, `national.jsonl-20260127.gz`. It is compressed, or one of its first lines is an article line. Files
that other programs leave beside a feed, such as `national.jsonl.offset`, do not belong to it.
"""

from __future__ import annotations

import errno
import glob
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

from jiji.feed.article_line import is_article_line
from jiji.feed.compression import FORMATS, UnreadableFile, open_plain

FEED_SUFFIX = ".jsonl"
BLOCK = 1 << 20
MAX_HEAD_BYTES = 1 << 20
"""Bytes at the beginning of a file in which lines begin that are searched for an article line."""
MAX_LINE_BYTES = 1 << 24
"""Longest line that is read in one piece. No article is as long, because a page is at most 5 MiB."""
MAX_HISTORY_BYTES = 1 << 24
"""Bytes at the end of each file in which its newest lines are searched."""

_SIDE_FILES = frozenset("csv idx lock md5 offset parquet part pos sha1 sha256 swo swp tmp".split())
"""Last words in the names of files that other programs leave beside a feed."""
_SUFFIXES = frozenset(each.suffix for each in FORMATS)

Files = list[tuple[Path, os.stat_result]]


def feed_files(path: Path) -> Files:
    """Return the files of the feed at `path`, the oldest first and the feed itself last."""
    return [(name, stat) for name, stat in named_files(path) if name == path or _belongs(path, name)]


def named_files(path: Path) -> Files:
    """Return all files with a name that continues that of the feed at `path`, in the same order."""
    inodes = None
    while True:  # until two listings agree, because one can miss a file that is renamed meanwhile
        names = path.parent.glob(glob.escape(path.name) + "*")
        found = [(name, stat) for name in names if (stat := stat_of(name)) and S_ISREG(stat.st_mode)]
        if inodes == (inodes := {(name, stat.st_ino) for name, stat in found}):
            return sorted(found, key=lambda file: (file[0] == path, file[1].st_mtime_ns))


def is_rotated_name(suffix: str) -> bool:
    """Return whether a file can be a rotated one by what follows the feed's name.

    >>> [is_rotated_name(suffix) for suffix in (".1", "-20260127.gz", ".2026-01-27T03:00", ".old", ".br", "~")]
    [True, True, True, True, True, True]
    >>> [is_rotated_name(suffix) for suffix in ("", "x", ".offset", ".1.tmp", ".tmp.gz", ".md5", ".parquet")]
    [False, False, False, False, False, False, False]
    """
    words = re.split(r"[^0-9a-z]+", suffix.casefold())
    if f".{words[-1]}" in _SUFFIXES:
        words.pop()
    return suffix[:1] in (".", "-", "_", "~") and words[-1] not in _SIDE_FILES


def _belongs(path: Path, name: Path) -> bool:
    suffix = name.name.removeprefix(path.name)
    if not is_rotated_name(suffix):
        return False
    try:
        with open_file(name) as file:
            return _begins_with_articles(file)
    except FileNotFoundError:  # renamed meanwhile
        return False
    except (OSError, UnreadableFile):  # the name alone decides
        return name.suffix in _SUFFIXES or any(map(str.isdigit, suffix))


def _begins_with_articles(file: BinaryIO) -> bool:
    """Return whether one of the first lines is an article line."""
    left = MAX_HEAD_BYTES
    while left > 0 and (line := file.readline(MAX_LINE_BYTES)):
        if is_article_line(line):
            return True
        left -= len(line)
    return False


def names_by_inode(path: Path) -> dict[int, str]:
    """Return the names of the feed's files."""
    return {stat.st_ino: name.name for name, stat in named_files(path)}


def lines_at(path: Path, offset: int) -> Iterator[bytes]:
    """Yield the line at this offset of the feed, then of each rotated file, the newest first."""
    for name, _ in reversed(feed_files(path)):
        try:
            with open_file(name) as file:
                _skip(file, offset)
                yield file.readline(MAX_LINE_BYTES)
        except (OSError, UnreadableFile):  # named when the file was indexed
            continue


def newest_lines(path: Path) -> Iterator[bytes]:
    """Yield the whole lines at the end of the feed, then of each rotated file, the newest first.

    Compressed files are left out.
    """
    for name, stat in reversed(feed_files(path)):
        if name.suffix not in _SUFFIXES:
            with suppress(OSError), name.open("rb") as file:
                yield from _lines_backwards(file, stat.st_size)


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """Return the lines of a file. One that is longer than `MAX_LINE_BYTES` comes in pieces."""
    return iter(lambda: file.readline(MAX_LINE_BYTES), b"")


@contextmanager
def open_file(path: Path, inode: int | None = None) -> Iterator[BinaryIO]:
    """Yield a file opened for reading, decompressed.

    Raises UnreadableFile, also while it is read, and FileNotFoundError if the name leads to another file than `inode`.
    """
    with path.open("rb") as raw:
        if inode is not None:
            expect_inode(raw, inode)
        if path.suffix == FEED_SUFFIX:
            yield raw
        else:
            with open_plain(path, raw) as text:
                yield text


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


def _skip(file: BinaryIO, size: int) -> None:
    while size > 0 and (chunk := file.read(min(size, BLOCK))):
        size -= len(chunk)


def _lines_backwards(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield whole lines from the end of a file, as far as they lie in its last `MAX_HISTORY_BYTES`."""
    end, floor, begun = size, max(0, size - MAX_HISTORY_BYTES), b""
    while end > floor:
        begin = max(floor, end - BLOCK)
        file.seek(begin)
        first, *lines = (file.read(end - begin) + begun).split(b"\n")
        yield from (line + b"\n" for line in reversed(lines[:-1]))
        begun = first + b"\n" if lines else first
        end = begin
    if not end and begun.endswith(b"\n"):
        yield begun
