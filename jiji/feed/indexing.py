"""Indexing of the feed's files: step 2 of the append log, catching up with lines behind the checkpoints."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import accumulate, takewhile
from pathlib import Path

from jiji.feed.compression import UnreadableFile
from jiji.feed.damaged_lines import DamagedLines
from jiji.feed.durable import sync, write_all
from jiji.feed.errors import RotatedFileUnreadable
from jiji.feed.line_index import Checkpoint, LineIndex, head_of
from jiji.feed.lost_lines import refuse_lost_lines
from jiji.feed.rotated import MAX_LINE_BYTES, expect_inode, feed_files, lines_of, open_file

log = logging.getLogger(__name__)

BATCH = 1000
"""Lines indexed in one transaction."""
BATCH_BYTES = MAX_LINE_BYTES
"""Bytes from which on a transaction takes no more lines."""


class Indexing:
    """Indexes the lines of the feed at `path`. `copies` is the file for copies of damaged lines."""

    def __init__(self, path: Path, index: LineIndex, copies: Path) -> None:
        self._path = path
        self._index = index
        self.damaged = DamagedLines(copies)
        self.unreadable: set[str] = set()
        """Names of the rotated files that cannot be read."""

    def files(self, known: Mapping[int, Checkpoint]) -> Checkpoint | None:
        """Index the lines of all files behind their `known` checkpoints, and return the feed's checkpoint."""
        found = feed_files(self._path)
        refuse_lost_lines(self._path, found, self._index)
        self._index.is_partial = self._index.is_partial or not known
        current = None
        for path, stat in found:
            checkpoint = known.get(stat.st_ino)
            if not stat.st_size or (checkpoint and checkpoint.is_current(stat)):
                pass
            elif path == self._path:
                checkpoint = self.file(path, stat.st_ino, checkpoint)
            else:
                checkpoint = self._rotated_file(path, stat, checkpoint)
            if checkpoint and checkpoint.is_unread:
                self.unreadable.add(path.name)
            if path == self._path and stat.st_size:
                current = checkpoint
        self._index.is_partial = False
        return current

    def lines(self, path: Path, lines: Sequence[bytes], checkpoint: Checkpoint) -> Checkpoint:
        """Index lines that begin at the checkpoint, and return the checkpoint behind them."""
        with self._damage_reported(path, checkpoint.inode) as damaged:
            return self._lines(path, lines, checkpoint, damaged)

    def file(self, path: Path, inode: int, checkpoint: Checkpoint | None) -> Checkpoint:
        """Index the lines behind the checkpoint, or all lines if the file does not continue from it."""
        if path == self._path:
            _end_last_line(path, inode)
        head = head_of(path, inode)
        with self._damage_reported(path, inode) as damaged, open_file(path, inode) as file:
            if (stat := path.stat()).st_ino != inode:
                raise FileNotFoundError(errno.ENOENT, "renamed meanwhile")
            if not (checkpoint and file.seekable() and checkpoint.is_prefix_of(file, stat, head)):
                checkpoint = Checkpoint(inode, head)
            if file.seekable():
                file.seek(checkpoint.offset)
            lines = _ended(lines_of(file)) if path == self._path else lines_of(file)
            for batch in _batches(lines):
                checkpoint = self._lines(path, batch, checkpoint, damaged)
            if path != self._path or checkpoint.offset >= stat.st_size:
                checkpoint = replace(checkpoint, size=stat.st_size, mtime_ns=stat.st_mtime_ns)
            return self._lines(path, [], checkpoint, damaged)

    def _rotated_file(self, path: Path, stat: os.stat_result, checkpoint: Checkpoint | None) -> Checkpoint:
        """Index a rotated file. One that cannot be read is named, unless its lines may be missing in the index."""
        try:
            return self.file(path, stat.st_ino, checkpoint)
        except FileNotFoundError:
            raise
        except (OSError, UnreadableFile) as error:
            if self._index.is_partial:
                raise RotatedFileUnreadable(path, error) from error
            log.warning("Cannot read %s: %s; its lines stay published", path, error)
            return self.lines(path, [], Checkpoint(stat.st_ino, size=stat.st_size, mtime_ns=stat.st_mtime_ns))

    def _lines(self, path: Path, lines: Sequence[bytes], checkpoint: Checkpoint, damaged: list[int]) -> Checkpoint:
        starts = list(accumulate(map(len, lines), initial=checkpoint.offset))
        checkpoint = replace(checkpoint, offset=starts.pop())
        placed = list(zip(starts, lines, strict=True))
        damaged += self._index.index(placed, checkpoint, are_last=path == self._path)
        return checkpoint

    @contextmanager
    def _damage_reported(self, path: Path, inode: int) -> Iterator[list[int]]:
        """Yield a list for the offsets of damaged lines, which are reported at the end."""
        offsets: list[int] = []
        try:
            yield offsets
        finally:
            if offsets:
                self.damaged.report(path, inode, offsets)


def _batches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Yield lines in groups, each for one transaction."""
    batch, size = [], 0
    for line in lines:
        batch.append(line)
        size += len(line)
        if len(batch) == BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _ended(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines up to one without an end, of which another program is writing the rest."""
    return takewhile(lambda line: line.endswith(b"\n") or len(line) == MAX_LINE_BYTES, lines)


def _end_last_line(path: Path, inode: int) -> None:
    """Add the line feed that a last line without a record lacks, so that the next line is not glued to it."""
    with path.open("r+b", buffering=0) as file:
        expect_inode(file, inode)
        file.seek(-1, os.SEEK_END)
        if file.read(1) != b"\n":
            write_all(file, b"\n")
            sync(path, file.fileno())
