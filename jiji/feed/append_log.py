"""Crash-safe append log for JSON Lines.

Format
------
`<name>.jsonl`              The feed. Whole lines, each ended by a line feed. The file only ever grows.
`<name>.jsonl*`             Rotated files. Earlier lines of the feed, renamed away by consumers, perhaps compressed.
`state/<name>.write-ahead`  The write-ahead record of the append in progress. Empty between appends.
`state/<name>.lock`         The lock that is held while the log is opened, and during each append.
`state/<name>.damaged`      Copies of damaged lines.

A line index (the catalog) remembers the keys of all lines, and a checkpoint for each file that says how far the file
was indexed. It is derived from the files and can be rebuilt from them. It forgets nothing by itself.

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
   consumer may have read that file to its end already. Also if another program appended meanwhile. If it comes
   between all the same, its lines are indexed like any others, and a line glued to its bytes is appended again.
6. *Sync.* Before the lines are indexed or acknowledged, because both have to survive a power cut.
7. *Index*, in one transaction. After the sync, because the index must never hold a line that the feed does not.
8. *Clear* the record. Last, because until the lines are indexed only the record tells which bytes belong there.

Recovery
--------
Steps 1 and 2 are the whole recovery. They run when the log is opened and, unless the feed is as this log left it,
before each append. Between them, a feed that lacks published lines is refused.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path

from jiji.feed.appended_ranges import AppendedRange, extend_ranges
from jiji.feed.durable import sync, sync_folder, write_all
from jiji.feed.errors import SyncFailed, named_os_errors
from jiji.feed.indexing import Indexing
from jiji.feed.line_index import Checkpoint, LineIndex, head_digest
from jiji.feed.lock import Lock
from jiji.feed.rotated import named_files, stat_of
from jiji.feed.write_ahead import WriteAheadRecord

log = logging.getLogger(__name__)

APPEND_WAIT = 30.0
"""Seconds to wait for another writer's append."""
MAX_YIELDS = 3
"""Times that an append begins again because another program appended while the write-ahead record was synced."""


class AppendLog:
    """The feed at `path`, with the files of the log in the folder `state`.

    Opening it recovers and catches up. `wait` is how many seconds to wait for another writer's append before
    `LockHeld`. Several logs may be open on one feed at once. Every method raises `FeedError`.
    """

    def __init__(self, path: Path, state: Path, index: LineIndex, *, wait: float = APPEND_WAIT) -> None:
        self.path = path
        self.appended: list[AppendedRange] = []
        """Ranges that this log appended, in order. A new one begins with a new file or behind another writer."""
        self._index = index
        self._wait = wait
        self._lock_path = state / f"{path.stem}.lock"
        self.indexing = Indexing(path, index, state / f"{path.stem}.damaged")
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
        yields = 0
        with self._locked():
            while True:
                self._catch_up()
                new = {key: line for key, line in zip(keys, lines, strict=True) if not self._index.holds(key)}
                if not new or self._append(list(new.values()), yields=yields < MAX_YIELDS):
                    return len(new)
                yields += 1

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

    def _append(self, lines: Sequence[bytes], *, yields: bool) -> bool:
        """Append lines. Return False if they have to be appended again, because the feed is not as it was caught up.

        `yields` says whether to begin again, too, if another program appended before the write.
        """
        with self.path.open("a+b", buffering=0) as feed:
            stat = os.fstat(feed.fileno())
            if not stat.st_size:
                self._begin_file(stat.st_ino)
            elif not (self._checkpoint and self._checkpoint.is_current(stat)):
                return False
            record = WriteAheadRecord(stat.st_ino, stat.st_size, b"".join(lines))
            self._write_ahead(record)
            named = stat_of(self.path)
            if named is None or named.st_ino != stat.st_ino or (yields and named.st_size != stat.st_size):
                self._clear()
                return False
            write_all(feed, record.payload)
            begin = feed.tell() - len(record.payload)
            is_glued = not _begins_line(feed, begin, record.payload)
            sync(self.path, feed.fileno())
            mtime_ns = os.fstat(feed.fileno()).st_mtime_ns
        if is_glued:
            self._clear()
            return False
        extend_ranges(self.appended, record, begin, len(lines))
        if begin == record.offset:
            head = self._checkpoint.head if self._checkpoint and stat.st_size else head_digest(lines[0])
            checkpoint = Checkpoint(stat.st_ino, head, record.offset, size=record.end, mtime_ns=mtime_ns)
            self._checkpoint = self.indexing.lines(self.path, lines, checkpoint)
            self._clear()
        else:  # behind lines of another program
            self._catch_up()
        return True

    def _begin_file(self, inode: int) -> None:
        """Make the name of a new file durable, and announce the file to the index before it holds a line."""
        sync_folder(self.path.parent)
        self._checkpoint = self.indexing.lines(self.path, [], Checkpoint(inode))

    def _write_ahead(self, record: WriteAheadRecord) -> None:
        self._clear()
        write_all(self._record_file, record.encode())
        sync(self.path, self._record_file.fileno())

    def _clear(self) -> None:
        self._record_file.truncate(0)

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
        self._checkpoint = self.indexing.files(known)

    def _recover(self, known: Mapping[int, Checkpoint]) -> None:
        """Redo the append of a dead writer, wherever its file is now."""
        self._record_file.seek(0)
        record = WriteAheadRecord.decode(self._record_file.read())
        if record is None:  # empty, or torn and hence never synced: nothing was appended after it
            return
        checkpoint = known.get(record.inode)
        if checkpoint and checkpoint.offset >= record.end:  # indexed, hence synced
            return
        path = next((path for path, stat in named_files(self.path) if stat.st_ino == record.inode), None)
        if path:
            record.redo(path)
        else:
            log.warning("%s: the file of an unfinished append is missing; its lines will be fetched again", self.path)


def _begins_line(file: FileIO, begin: int, payload: bytes) -> bool:
    """Return whether these bytes stand at `begin` of a file, behind a whole line."""
    found = os.pread(file.fileno(), len(payload) + 1, max(0, begin - 1))
    return found == b"\n" + payload if begin else found.startswith(payload)
