"""Line index: the append log's view of the catalog, and the checkpoints of indexed files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from jiji.feed.rotated import INCOMPLETE, expect_inode, open_file

HEAD_BYTES = 4096
"""Bytes of the first line that identify a file."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The indexed part of a file.

    The device is left out, because device numbers change from boot to boot. All files lie in one folder.
    """

    inode: int
    head: str = ""
    """Digest of the first line, which exposes a reused inode and another feed. Empty while nothing is indexed."""
    offset: int = 0
    """Bytes indexed, of the plain text where the file is compressed."""
    size: int = -1
    mtime_ns: int = -1
    """Both as they were when the file was last read to its end. -1 before."""

    def is_current(self, stat: os.stat_result) -> bool:
        """Return whether the file is unchanged since it was read to its end."""
        return (self.inode, self.size, self.mtime_ns) == (stat.st_ino, stat.st_size, stat.st_mtime_ns)

    def is_prefix_of(self, file: BinaryIO, stat: os.stat_result, head: str) -> bool:
        """Return whether a file still holds what was indexed. False for a compressed file, which is read again."""
        if self.head != head or self.size == stat.st_size or not 0 < self.offset <= stat.st_size:
            return False
        file.seek(self.offset - 1)
        return file.read(1) == b"\n"


class LineIndex(Protocol):
    """The index of the feed's lines. All of it is called under the log's lock."""

    def key(self, line: bytes) -> Hashable:
        """Return the key that makes a line unique. Raises ValueError if the line holds no record."""

    def holds(self, key: Hashable) -> bool:
        """Return whether a line with this key is indexed."""

    def offset(self, key: Hashable) -> int | None:
        """Return the offset of the line with this key, None if no such line or a later one of its article is known."""

    def index(self, lines: Sequence[tuple[int, bytes]], checkpoint: Checkpoint) -> list[int]:
        """Index lines with their offsets and save the checkpoint, in one transaction. Return the offsets of bad lines.

        A checkpoint without a head announces a new file. It is durable when this returns.
        """

    def checkpoints(self) -> list[Checkpoint]:
        """Return one for each file ever indexed."""

    def forget(self) -> None:
        """Remove all lines and checkpoints."""


def head_digest(line: bytes) -> str:
    """Return the digest of a first line."""
    return hashlib.sha256(line[:HEAD_BYTES]).hexdigest()


def is_indexed(path: Path, stat: os.stat_result, checkpoints: Mapping[int, Checkpoint]) -> bool:
    """Return whether a file is one of those indexed: unchanged, announced, or with the first line of one of them."""
    checkpoint = checkpoints.get(stat.st_ino)
    if checkpoint and (checkpoint.is_current(stat) or not checkpoint.head):
        return True
    try:
        with open_file(path) as file:
            expect_inode(file, stat.st_ino)
            return head_digest(file.readline(HEAD_BYTES)) in {known.head for known in checkpoints.values()}
    except INCOMPLETE:
        return False
