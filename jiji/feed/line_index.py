"""Line index: the append log's view of the catalog, and the checkpoints of indexed files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from jiji.feed.rotated import open_file

HEAD_BYTES = 4096
"""Bytes of the first line that identify a file."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The indexed part of a file.

    The device is left out, because device numbers change from boot to boot. All files lie in one folder.
    """

    inode: int
    head: str = ""
    """Digest of the first line, which exposes a reused inode. Empty while nothing is indexed."""
    offset: int = 0
    """Bytes indexed, of the plain text where the file is compressed."""
    size: int = -1
    mtime_ns: int = -1
    """Both as they were when the file was last read to its end. -1 before."""

    @property
    def row(self) -> tuple[int, str, int, int, int]:
        """The values in their order."""
        return self.inode, self.head, self.offset, self.size, self.mtime_ns

    @property
    def is_announced(self) -> bool:
        """Whether the file is new, and nothing of it is indexed yet."""
        return not self.head and self.size < 0

    @property
    def is_unread(self) -> bool:
        """Whether the file could not be read to its end."""
        return not self.head and self.size > 0

    def is_current(self, stat: os.stat_result) -> bool:
        """Return whether the file is unchanged since it was read to its end."""
        return (self.inode, self.size, self.mtime_ns) == (stat.st_ino, stat.st_size, stat.st_mtime_ns)

    def is_prefix_of(self, file: BinaryIO, stat: os.stat_result, head: str) -> bool:
        """Return whether a plain file still holds what was indexed."""
        if self.head != head or self.size == stat.st_size or not 0 < self.offset <= stat.st_size:
            return False
        file.seek(self.offset - 1)
        return file.read(1) == b"\n"


class LineIndex(Protocol):
    """The index of the feed's lines. All of it is called under the log's lock."""

    is_partial: bool
    """Whether the feed's files were never read to their end, so that lines may be missing."""

    def key(self, line: bytes) -> Hashable:
        """Return the key that makes a line unique. Raises ValueError if the line holds no record."""

    def holds(self, key: Hashable) -> bool:
        """Return whether a line with this key is indexed."""

    def last_key(self) -> Hashable | None:
        """Return the key of the feed's last line, None if it is unknown."""

    def index(self, lines: Sequence[tuple[int, bytes]], checkpoint: Checkpoint, *, are_last: bool = False) -> list[int]:
        """Index lines with their offsets and save the checkpoint, in one transaction. Return the offsets of bad lines.

        `are_last` says that they end the feed so far. A checkpoint without a head announces a new file. It is durable
        when this returns.
        """

    def checkpoints(self) -> list[Checkpoint]:
        """Return one for each file ever indexed."""


def head_of(path: Path, inode: int | None = None) -> str:
    """Return the digest of a file's first line. Raises as `open_file` does."""
    with open_file(path, inode) as file:
        return head_digest(file.readline(HEAD_BYTES))


def head_digest(line: bytes) -> str:
    """Return the digest of a first line."""
    return hashlib.sha256(line[:HEAD_BYTES]).hexdigest()
