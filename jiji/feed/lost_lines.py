"""Lost lines: a feed that lacks lines which its checkpoints say were published.

A feed only ever grows. One that is shorter was truncated, or restored from a back-up that is older than the catalog.
The articles in the lost lines count as published and would never be fetched again, so the log refuses to open.

A missing or empty feed may have been rotated away by its consumer, so it is no error.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from jiji.feed.errors import LinesLost
from jiji.feed.line_index import HEAD_BYTES, Checkpoint, LineIndex, head_digest
from jiji.feed.rotated import INCOMPLETE, last_lines, open_file

Files = Sequence[tuple[Path, os.stat_result]]


def refuse_lost_lines(path: Path, files: Files, index: LineIndex) -> None:
    """Raise LinesLost for a feed that was cut, or replaced by an older one. `files` are the feed's."""
    stat = next((stat for name, stat in files if name == path and stat.st_size), None)
    if stat is None:
        return
    known = {checkpoint.inode: checkpoint for checkpoint in index.checkpoints()}
    head, own = _head(path), known.get(stat.st_ino)
    published = max((each.offset for each in known.values() if each.head == head), default=0)
    if stat.st_size < published and not _ends_with_last_line(path, published, index):
        raise LinesLost(path, stat.st_size, published)
    is_replaced = published and not (own and own.head == head)
    if is_replaced and (newest := _newest(known)).head != head and newest.head not in map(_head, _names(files)):
        raise LinesLost(path, stat.st_size, published + newest.offset)


def is_missing(path: Path, files: Files, index: LineIndex) -> bool:
    """Return whether there is no feed, nor a rotated file that begins as the newest indexed one did."""
    known = {checkpoint.inode: checkpoint for checkpoint in index.checkpoints() if checkpoint.head}
    if not known or any(name == path and stat.st_size for name, stat in files):
        return False
    return _newest(known).head not in map(_head, _names(files))


def _ends_with_last_line(path: Path, published: int, index: LineIndex) -> bool:
    """Return whether the last published line is still the last one: a file with a damaged line can be shorter too."""
    for line in last_lines(path, 1):
        with suppress(ValueError):
            return index.offset(index.key(line)) == published - len(line)
    return False


def _newest(known: dict[int, Checkpoint]) -> Checkpoint:
    return max(known.values(), key=lambda checkpoint: checkpoint.mtime_ns)


def _names(files: Files) -> list[Path]:
    return [name for name, stat in files if stat.st_size]


def _head(path: Path) -> str:
    try:
        with open_file(path) as file:
            return head_digest(file.readline(HEAD_BYTES))
    except (FileNotFoundError, *INCOMPLETE):  # renamed or compressed meanwhile
        return ""
