"""Appended ranges: the bytes that one append log added to a file, for the manifest of its run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from jiji.feed.write_ahead import WriteAheadRecord


@dataclass(slots=True)
class AppendedRange:
    """Bytes that one log appended to one file, with no other writer's between."""

    inode: int
    begin: int
    end: int
    """Offset behind the last byte."""
    lines: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    """SHA-256 of the bytes so far."""


def extend_ranges(ranges: list[AppendedRange], record: WriteAheadRecord, begin: int, lines: int) -> None:
    """Add a record's lines, which were appended at `begin`. A new range begins in a new file or behind other bytes."""
    last = ranges[-1] if ranges else None
    if last is None or (last.inode, last.end) != (record.inode, begin):
        last = AppendedRange(record.inode, begin, begin)
        ranges.append(last)
    last.end, last.lines = begin + len(record.payload), last.lines + lines
    last.digest.update(record.payload)
