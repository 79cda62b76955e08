"""Crash-safe append log for JSON Lines.

Format
------
`<name>.jsonl`              The feed. Whole lines, each ended by a line feed. The file only ever grows.
`<name>.jsonl*`             Rotated files. Earlier lines of the feed, renamed away by consumers, perhaps compressed.
`state/<name>.write-ahead`  The write-ahead record of the append in progress. Empty between appends.
`state/<name>.lock`         The lock that is held while the log is opened, and during each append.
`state/<name>.damaged`      Copies of damaged lines.

A line index (the catalog) remembers the keys of all lines, and a checkpoint for each file that says how far the file
was indexed. It is derived from the files and can be rebuilt from them.

Append
------
The steps, all under the lock, and the reason for the place of each:

1. *Recover.* A write-ahead record that is still there belongs to a writer that died. Its bytes are written to their
   place again. First of all, because nothing may follow a torn line. A torn line is completed and never cut off,
   because a follower (`tail -F`, a log shipper) that sees its file shrink reads it again from the start.
2. *Catch up.* Lines behind the last checkpoint are verified one by one and indexed. Before step 3, because other
   writers may have appended them.
3. *Leave out duplicates* of any line in the files.
4. *Write-ahead record.* It is written and synced. Before the append, because from here on anyone can complete the
   append. A torn record means that nothing was appended yet.
5. *Append*, with one write. If the feed was renamed away while the record was synced, back to step 2, because the
   consumer may have read that file to its end already.
6. *Sync.* Before the lines are indexed or acknowledged, because both have to survive a power cut.
7. *Index*, in one transaction. After the sync, because the index must never hold a line that the feed does not.
8. *Clear* the record. Last, because until the lines are indexed only the record tells which bytes belong there.

Recovery
--------
Steps 1 and 2 are the whole recovery. They run when the log is opened and, unless the feed is as this log left it,
before each append. Between them, a feed that lacks published lines is refused.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice
from pathlib import Path

from jiji.feed.damaged_lines import report_damaged_line
from jiji.feed.durable import sync, sync_folder, write_all
from jiji.feed.errors import SyncFailed, named_os_errors
from jiji.feed.line_index import HEAD_BYTES, Checkpoint, LineIndex, head_digest, is_indexed
from jiji.feed.lock import Lock
from jiji.feed.lost_lines import refuse_lost_lines
from jiji.feed.rotated import INCOMPLETE, expect_inode, feed_files, open_file, stat_of
from jiji.feed.write_ahead import WriteAheadRecord

log = logging.getLogger(__name__)

BATCH = 1000
"""Lines indexed in one transaction."""


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


class AppendLog:
    """The feed at `path`, with the files of the log in the folder `state`.

    Opening it recovers and catches up. `wait` is how many seconds to wait for another writer's append before
    `LockHeld`. Several logs may be open on one feed at once. Every method raises `FeedError`.
    """

    def __init__(self, path: Path, state: Path, index: LineIndex, *, wait: float = 30.0) -> None:
        self.path = path
        self.appended: list[AppendedRange] = []
        """Ranges that this log appended, in order. A new one begins with a new file or behind another writer."""
        self._index = index
        self._wait = wait
        self._lock_path = state / f"{path.stem}.lock"
        self._damaged_path = state / f"{path.stem}.damaged"
        self._checkpoint: Checkpoint | None = None
        """That of the file at `path`, as this log left it."""
        self._sync_failed = False
        with named_os_errors(path):
            record_path = state / f"{path.stem}.write-ahead"
            with suppress(FileNotFoundError):  # an earlier version's name
                record_path.with_suffix(".intent").replace(record_path)
            self._record_file = record_path.open("a+b", buffering=0)
        try:
            with self._locked():
                sync_folder(state)
                self._catch_up()
        except BaseException:
            self._record_file.close()
            raise

    def append(self, *lines: bytes) -> int:
        """Append the lines that are not there yet, and return their number. They are durable when this returns.

        Raises ValueError, before anything is written, if a line is not one whole line or holds no record.
        """
        keys = [self._key(line) for line in lines]
        with self._locked():
            while True:
                self._catch_up()
                new = {key: line for key, line in zip(keys, lines, strict=True) if not self._index.holds(key)}
                if not new or self._append(list(new.values())):
                    return len(new)

    def close(self) -> None:
        """Close the log's files. The index is the caller's."""
        self._record_file.close()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if self._sync_failed:
            raise SyncFailed(self.path, "an earlier sync failed")
        try:
            with named_os_errors(self.path), Lock(self._lock_path, self._wait):
                yield
        except SyncFailed:
            self._sync_failed = True
            raise

    def _key(self, line: bytes) -> Hashable:
        if line.find(b"\n") != len(line) - 1:
            raise ValueError(f"not one whole line: {line[:80]!r}")
        return self._index.key(line)

    # Append: steps 4 to 8

    def _append(self, lines: Sequence[bytes]) -> bool:
        """Append lines. Return False, with nothing appended, if the feed is not the file that was caught up with."""
        with self.path.open("ab", buffering=0) as feed:
            stat = os.fstat(feed.fileno())
            if not stat.st_size:
                self._begin_file(stat.st_ino)
            elif not (self._checkpoint and self._checkpoint.is_current(stat)):
                return False
            record = WriteAheadRecord(stat.st_ino, stat.st_size, b"".join(lines))
            self._write_ahead(record)
            named = stat_of(self.path)
            if named is None or named.st_ino != stat.st_ino:
                self._clear()
                return False
            write_all(feed, record.payload)
            sync(self.path, feed.fileno())
            mtime_ns = os.fstat(feed.fileno()).st_mtime_ns
        self._extend_range(record, len(lines))
        head = self._checkpoint.head if self._checkpoint and stat.st_size else head_digest(lines[0])
        checkpoint = Checkpoint(stat.st_ino, head, record.offset, size=record.end, mtime_ns=mtime_ns)
        self._checkpoint = self._index_lines(self.path, lines, checkpoint)
        self._clear()
        return True

    def _begin_file(self, inode: int) -> None:
        """Make the name of a new file durable, and announce the file to the index before it holds a line."""
        sync_folder(self.path.parent)
        self._checkpoint = Checkpoint(inode)
        self._index.index([], self._checkpoint)

    def _write_ahead(self, record: WriteAheadRecord) -> None:
        self._clear()
        write_all(self._record_file, record.encode())
        sync(self.path, self._record_file.fileno())

    def _clear(self) -> None:
        self._record_file.truncate(0)

    def _extend_range(self, record: WriteAheadRecord, lines: int) -> None:
        last = self.appended[-1] if self.appended else None
        if last is None or (last.inode, last.end) != (record.inode, record.offset):
            last = AppendedRange(record.inode, record.offset, record.offset)
            self.appended.append(last)
        last.end, last.lines = record.end, last.lines + lines
        last.digest.update(record.payload)

    # Recovery: steps 1 and 2

    def _catch_up(self) -> None:
        """Recover and index new lines, unless the feed is as this log left it."""
        stat = stat_of(self.path)
        is_current = stat and self._checkpoint and self._checkpoint.is_current(stat)
        if is_current and not self._record_file.seek(0, os.SEEK_END):
            return
        for tries_left in reversed(range(10)):
            try:
                self._index_files()
                break
            except FileNotFoundError:  # a file was renamed or compressed meanwhile: list them again
                if not tries_left:
                    raise
        self._clear()

    def _index_files(self) -> None:
        known = {checkpoint.inode: checkpoint for checkpoint in self._index.checkpoints()}
        self._recover(known)
        found = feed_files(self.path)
        refuse_lost_lines(self.path, found, self._index)
        files = [(path, stat) for path, stat in found if stat.st_size]
        if known and files and not any(is_indexed(path, stat, known) for path, stat in files):
            log.warning("%s: catalog belongs to a different feed; rebuilding it", self.path)
            self._index.forget()
            known = {}
        for path, stat in files:
            checkpoint = known.get(stat.st_ino)
            if checkpoint is None or not checkpoint.is_current(stat):
                checkpoint = self._index_file(path, stat.st_ino, checkpoint)
            if path == self.path:
                self._checkpoint = checkpoint

    def _recover(self, known: Mapping[int, Checkpoint]) -> None:
        """Redo the append of a dead writer, wherever its file is now."""
        self._record_file.seek(0)
        record = WriteAheadRecord.decode(self._record_file.read())
        if record is None:  # empty, or torn and hence never synced: nothing was appended after it
            return
        checkpoint = known.get(record.inode)
        if checkpoint and checkpoint.offset >= record.end:  # indexed, hence synced
            return
        path = next((path for path, stat in feed_files(self.path) if stat.st_ino == record.inode), None)
        if path:
            record.redo(path)
        else:
            log.warning("%s: the file of an unfinished append is missing; its lines will be fetched again", self.path)

    def _index_file(self, path: Path, inode: int, checkpoint: Checkpoint | None) -> Checkpoint | None:
        """Index the lines behind the checkpoint, or all lines if the file does not continue from it."""
        if path == self.path:
            _end_last_line(path, inode)
        try:
            with open_file(path) as file:
                stat = expect_inode(file, inode)
                head = head_digest(file.readline(HEAD_BYTES))
                if checkpoint is None or not checkpoint.is_prefix_of(file, stat, head):
                    checkpoint = Checkpoint(inode, head)
                file.seek(checkpoint.offset)
                while batch := list(islice(file, BATCH)):
                    checkpoint = self._index_lines(path, batch, checkpoint)
            return self._index_lines(path, [], replace(checkpoint, size=stat.st_size, mtime_ns=stat.st_mtime_ns))
        except INCOMPLETE as error:
            log.warning("Cannot read %s: %s", path, error)
            return checkpoint

    def _index_lines(self, path: Path, lines: Sequence[bytes], checkpoint: Checkpoint) -> Checkpoint:
        """Index lines that begin at the checkpoint, and return the checkpoint behind them."""
        starts = list(accumulate(map(len, lines), initial=checkpoint.offset))
        checkpoint = replace(checkpoint, offset=starts.pop())
        for offset in self._index.index(list(zip(starts, lines, strict=True)), checkpoint):
            report_damaged_line(path, offset, self._damaged_path)
        return checkpoint


def _end_last_line(path: Path, inode: int) -> None:
    """Add the line feed that a last line without a record lacks, so that the next line is not glued to it."""
    with path.open("r+b", buffering=0) as file:
        expect_inode(file, inode)
        file.seek(-1, os.SEEK_END)
        if file.read(1) != b"\n":
            write_all(file, b"\n")
            sync(path, file.fileno())
