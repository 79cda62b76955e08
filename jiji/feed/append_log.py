"""An append-only file of whole lines, each there exactly once, whatever dies when.

The steps of an append, all under one short lock, and why each stands where it stands:

1. *Mend.* An intent that is still there belongs to a writer that died: its bytes are written again to their place.
   First of all, for nothing may follow a torn line. A torn tail is completed and never cut off, because a follower
   (`tail -F`, a log shipper) that sees its file shrink reads it again from the start.
2. *Catch up.* What stands after the last learned offset is verified line by line and learned, so that
3. *duplicates are left out* against everything that is in the file, whoever wrote it.
4. *Intent.* File, offset and bytes are noted beside the feed, with a checksum, and synced. Before the append: from
   here on the append can be completed by anyone; a torn intent means that nothing was appended yet.
5. *Append*, with one write. If the feed was renamed away while the intent was synced, back to 2: who took the file
   may have read it to its end already.
6. *Sync.* Before anyone is told: what is learned or acknowledged survives a power cut.
7. *Learn*, in one transaction of the memory. After the sync: the memory never knows a line that is not in the feed.
8. *Retire* the intent. Last: until the memory knows the lines, the intent alone tells which bytes belong there.

The journal knows lines, not what they mean: a `Memory` reads keys off them and remembers them.
"""

from __future__ import annotations

import bz2
import errno
import glob
import gzip
import hashlib
import json
import logging
import lzma
import os
import zlib
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import FileIO
from itertools import accumulate, islice, takewhile
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, Protocol, cast

from jiji.feed.lock import FeedError, Lock

log = logging.getLogger(__name__)

HEAD = 4096
"""Bytes of the first line that tell one feed from another."""
BATCH = 1000
"""Lines learned in one transaction."""
READERS: Mapping[str, Callable[[Path, str], object]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
"""How rotated files are read, by suffix; any other is plain."""

UNREADABLE = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError)
"""What reading a compressed file raises that is cut short, or is still being written."""


class NoSpace(FeedError):
    """The disk is full. The intent stays: the append is completed when there is space again."""


class SyncFailed(FeedError):
    """The kernel could not write to the disk. Never retried: a second sync would lie; the next start mends."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How far one file has been learned.

    The device is no part of it: device numbers change from boot to boot, and all files lie in one folder.
    """

    inode: int
    head: str = ""
    """Digest of the first line: notices a reused inode and another feed. Empty while nothing is learned."""
    offset: int = 0
    """Bytes learned, of the plain text where the file is compressed."""
    size: int = -1
    mtime_ns: int = -1
    """Both as they were when the file was last read to its end; -1 before."""

    def is_current(self, stat: os.stat_result) -> bool:
        """Whether the file is as it was when it was learned."""
        return (self.inode, self.size, self.mtime_ns) == (stat.st_ino, stat.st_size, stat.st_mtime_ns)


@dataclass(slots=True)
class Stretch:
    """Lines that one journal appended to one file, without anyone else's between."""

    inode: int
    begin: int
    """Offset of the first byte."""
    end: int
    lines: int
    digest: hashlib._Hash
    """SHA-256 of the bytes so far."""


class Memory(Protocol):
    """What a journal asks of whoever remembers its lines. All of it is called under the journal's lock."""

    def key(self, line: bytes) -> Hashable:
        """Return what makes the line unique. Raises ValueError if it is no record."""

    def holds(self, key: Hashable) -> bool:
        """Whether a line with this key has been learned."""

    def learn(self, lines: Sequence[tuple[int, bytes]], extent: Extent) -> list[int]:
        """Take in lines with their offsets, and how far that is, in one transaction; return the offsets of bad lines.

        Without lines, `extent` says that a new file begins: durable when this returns.
        """

    def extents(self) -> list[Extent]:
        """Return one for each file ever learned."""

    def forget(self) -> None:
        """Empty the memory: it was of another feed."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What an append will write where."""

    inode: int
    offset: int
    payload: bytes

    @property
    def end(self) -> int:
        """Where the next line will begin."""
        return self.offset + len(self.payload)

    def pack(self) -> bytes:
        """Return the intent as bytes under their checksum."""
        body = b"%d %d\n" % (self.inode, self.offset) + self.payload
        return hashlib.sha256(body).hexdigest().encode() + b"\n" + body

    @classmethod
    def unpack(cls, packed: bytes) -> Intent | None:
        """Return the intent, or None if it is empty or torn."""
        digest, _, body = packed.partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        place, _, payload = body.partition(b"\n")
        inode, offset = map(int, place.split())
        return cls(inode, offset, payload)


class Journal:
    """The feed at `path`, with its lock, intent and side file of damaged lines in the folder `state`.

    Opening it mends what a dead writer left and lets `memory` learn what it does not know. `wait` is how many seconds
    to wait for another writer's append before `Held`. Several journals may be open on one feed at once.

    Everything raises `NoSpace`, `SyncFailed` or, for any other trouble with the files, `FeedError`.
    """

    def __init__(self, path: Path, state: Path, memory: Memory, *, wait: float = 30.0) -> None:
        self.path = path
        self._memory = memory
        self._wait = wait
        self._lock = state / f"{path.stem}.lock"
        self._damaged = state / f"{path.stem}.damaged"
        self.stretches: list[Stretch] = []
        """What this journal appended, in order; a new one begins with a new file, or behind another writer's lines."""
        self._extent: Extent | None = None
        self._has_failed = False
        with explained(path):
            self._intent = (state / f"{path.stem}.intent").open("a+b", buffering=0)
        try:
            with self._held():
                sync_folder(state)
                self._catch_up()
        except BaseException:
            self._intent.close()
            raise

    def append(self, *lines: bytes) -> int:
        """Append those lines that are not there yet, and return their number; they are durable when it returns.

        Raises ValueError, before anything is written, if a line is not one whole line or no record.
        """
        keys = [self._key(line) for line in lines]
        with self._held():
            while True:
                self._catch_up()
                fresh = {key: line for key, line in zip(keys, lines, strict=True) if not self._memory.holds(key)}
                if not fresh or self._write(list(fresh.values())):
                    return len(fresh)

    def lines_at(self, offset: int) -> Iterator[bytes]:
        """Yield the line at this offset of the feed, then of each file renamed away, newest first."""
        for path, _ in reversed(self._files()):
            try:
                with _reader(path) as file:
                    file.seek(offset)
                    yield file.readline()
            except (OSError, *UNREADABLE) as error:
                log.warning("%s: cannot be read: %s", path, error)

    def names(self) -> dict[int, str]:
        """Return the names of the feed's files, those renamed away as well, by inode."""
        return {stat.st_ino: path.name for path, stat in self._files()}

    def last_lines(self, most: int, most_bytes: int = 1 << 20) -> list[bytes]:
        """Return the newest whole lines, oldest first, out of the newest plain files; compressed ones are left out."""
        lines: list[bytes] = []
        for path, stat in reversed(self._files()):
            if path.suffix not in READERS and len(lines) < most:
                with path.open("rb") as file:
                    begin = file.seek(max(0, stat.st_size - most_bytes))
                    tail = file.read(most_bytes).splitlines(keepends=True)
                whole = [line for line in tail[begin > 0 :] if line.endswith(b"\n")]
                lines = whole[-(most - len(lines)) :] + lines
        return lines

    def close(self) -> None:
        """Close the journal's files; the memory is the caller's."""
        self._intent.close()

    @contextmanager
    def _held(self) -> Iterator[None]:
        if self._has_failed:
            raise SyncFailed(f"{self.path}: a sync failed before; start again once the disk is well")
        try:
            with explained(self.path), Lock(self._lock, self._wait):
                yield
        except SyncFailed:
            self._has_failed = True
            raise

    def _key(self, line: bytes) -> Hashable:
        if line.find(b"\n") != len(line) - 1:
            raise ValueError(f"not one whole line: {line[:80]!r}")
        return self._memory.key(line)

    def _files(self) -> list[tuple[Path, os.stat_result]]:
        """Return the feed's files, oldest first: those renamed away, whose names begin with its name, then itself."""
        inodes = None
        while True:  # until two looks agree: a file that is renamed meanwhile can escape one
            paths = self.path.parent.glob(glob.escape(self.path.name) + "*")
            found = [(path, stat) for path in paths if (stat := _stat(path)) and S_ISREG(stat.st_mode)]
            if inodes == (inodes := {(path, stat.st_ino) for path, stat in found}):
                return sorted(found, key=lambda file: (file[0] == self.path, file[1].st_mtime_ns))

    def _catch_up(self) -> None:
        """Do steps 1 and 2: nothing while the feed is as this journal left it."""
        stat = _stat(self.path)
        if stat and self._extent and self._extent.is_current(stat) and not self._intent.seek(0, os.SEEK_END):
            return
        for patience in reversed(range(10)):
            try:
                self._learn_files()
                break
            except FileNotFoundError:  # a file was renamed or compressed while we read: look again
                if not patience:
                    raise
        self._intent.truncate(0)

    def _learn_files(self) -> None:
        learned = {extent.inode: extent for extent in self._memory.extents()}
        self._mend(learned)
        files = [(path, stat) for path, stat in self._files() if stat.st_size]
        if learned and files and not any(_is_of(path, stat, learned) for path, stat in files):
            log.warning("%s: what was remembered is of another feed; it is read anew", self.path)
            self._memory.forget()
            learned = {}
        for path, stat in files:
            extent = learned.get(stat.st_ino)
            if extent is None or not extent.is_current(stat):
                extent = self._learn_file(path, stat.st_ino, extent)
            if path == self.path:
                self._extent = extent

    def _mend(self, learned: Mapping[int, Extent]) -> None:
        """Complete what a dead writer began, wherever its file is now."""
        self._intent.seek(0)
        intent = Intent.unpack(self._intent.read())
        if intent is None:  # torn: it was never synced, so nothing was appended after it
            return
        extent = learned.get(intent.inode)
        if extent and extent.offset >= intent.end:  # learned, hence synced
            return
        path = next((path for path, stat in self._files() if stat.st_ino == intent.inode), None)
        if path:
            _complete(path, intent)
        else:
            log.warning("%s: the file of an unfinished append is gone; its lines are to come again", self.path)

    def _learn_file(self, path: Path, inode: int, extent: Extent | None) -> Extent | None:
        """Learn the lines after `extent`, or all of them if that is not a point in this file as it is now."""
        if path == self.path:
            _terminate(path, inode)
        try:
            with _reader(path) as file:
                stat = _expect(file, inode)
                head = _digest(file.readline(HEAD))
                if extent is None or not _continues(file, stat, head, extent):
                    extent = Extent(inode, head)
                file.seek(extent.offset)
                while batch := list(islice(file, BATCH)):
                    extent = self._learn(path, batch, extent)
            return self._learn(path, [], replace(extent, size=stat.st_size, mtime_ns=stat.st_mtime_ns))
        except UNREADABLE as error:
            log.warning("%s: cannot be read: %s", path, error)
            return extent

    def _learn(self, path: Path, lines: Sequence[bytes], extent: Extent) -> Extent:
        starts = list(accumulate(map(len, lines), initial=extent.offset))
        extent = replace(extent, offset=starts.pop())
        for offset in self._memory.learn(list(zip(starts, lines, strict=True)), extent):
            self._report(path, offset)
        return extent

    def _report(self, path: Path, offset: int) -> None:
        """Say loudly which line is damaged, and keep a copy of it aside, once."""
        with _reader(path) as file:
            ends = accumulate(map(len, file))
            number = 1 + sum(1 for _ in takewhile(lambda end: end <= offset, ends))
            file.seek(offset)
            line = file.readline()
        log.error("%s: line %d is damaged; it is left alone, a copy is in %s", path, number, self._damaged)
        record = {"file": path.name, "line": number, "offset": offset, "bytes": line.decode("latin-1")}
        entry = json.dumps(record).encode() + b"\n"
        with self._damaged.open("a+b") as aside:
            aside.seek(0)
            if entry not in aside:
                aside.write(entry)

    def _write(self, lines: Sequence[bytes]) -> bool:
        """Do steps 4 to 8; return False if the feed is not the file that was learned: catch up first."""
        payload = b"".join(lines)
        with self.path.open("ab", buffering=0) as feed:
            stat = os.fstat(feed.fileno())
            if not stat.st_size:
                self._begin(stat)
            elif not (self._extent and self._extent.is_current(stat)):
                return False
            intent = Intent(stat.st_ino, stat.st_size, payload)
            self._intend(intent)
            now = _stat(self.path)
            if now is None or now.st_ino != stat.st_ino:
                self._intent.truncate(0)
                return False
            _write_all(feed, payload)
            _sync(self.path, feed.fileno())
            mtime_ns = os.fstat(feed.fileno()).st_mtime_ns
        head = self._extent.head if self._extent and stat.st_size else _digest(lines[0][:HEAD])
        extent = Extent(stat.st_ino, head, offset=intent.offset, size=intent.end, mtime_ns=mtime_ns)
        self._stretch(intent, len(lines))
        self._extent = self._learn(self.path, lines, extent)
        self._intent.truncate(0)
        return True

    def _stretch(self, appended: Intent, lines: int) -> None:
        last = self.stretches[-1] if self.stretches else None
        if last is None or (last.inode, last.end) != (appended.inode, appended.offset):
            last = Stretch(appended.inode, appended.offset, appended.offset, 0, hashlib.sha256())
            self.stretches.append(last)
        last.end, last.lines = appended.end, last.lines + lines
        last.digest.update(appended.payload)

    def _begin(self, stat: os.stat_result) -> None:
        """Make a new file last, and known as this feed's before it holds anything."""
        sync_folder(self.path.parent)
        self._extent = Extent(stat.st_ino)
        self._memory.learn([], self._extent)

    def _intend(self, intent: Intent) -> None:
        self._intent.truncate(0)
        _write_all(self._intent, intent.pack())
        _sync(self.path, self._intent.fileno())


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise what the system says of files as a FeedError that names the path."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace(f"{path}: no space left; make room and start again, nothing is lost") from error
        raise FeedError(f"{error.filename or path}: {error.strerror}; see to it and start again") from error


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable. Raises SyncFailed."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _sync(path, fd)
    finally:
        os.close(fd)


def _sync(path: Path, fd: int) -> None:
    try:
        os.fsync(fd)
    except OSError as error:
        raise SyncFailed(f"{path}: cannot sync: {error.strerror}; nothing more is written") from error


def _write_all(file: FileIO, data: bytes) -> None:
    """Write in one piece; go on after a short write, to complete the line or to learn why not."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def _complete(path: Path, intent: Intent) -> None:
    """Write an intent's bytes to their place, if nothing else has been done to the file since."""
    with path.open("r+b", buffering=0) as file:
        size = _expect(file, intent.inode).st_size
        file.seek(intent.offset)
        if size < intent.offset or (size > intent.end and not file.read().startswith(intent.payload)):
            log.error("%s: was changed after an append that is unfinished; left alone", path)
            return
        # Also where the bytes look right: after a failed sync they may stand in the kernel's cache only.
        file.seek(intent.offset)
        _write_all(file, intent.payload)
        _sync(path, file.fileno())


def _terminate(path: Path, inode: int) -> None:
    """End a last line that has no end and no intent, so that the next one is not glued to it."""
    with path.open("r+b", buffering=0) as file:
        _expect(file, inode)
        file.seek(-1, os.SEEK_END)
        if file.read(1) != b"\n":
            _write_all(file, b"\n")
            _sync(path, file.fileno())


def _reader(path: Path) -> BinaryIO:
    return cast("BinaryIO", READERS.get(path.suffix, open)(path, "rb"))


def _expect(file: BinaryIO | FileIO, inode: int) -> os.stat_result:
    """Return the file's stat. Raises FileNotFoundError if its name stands for another file by now."""
    stat = os.fstat(file.fileno())
    if stat.st_ino != inode:
        raise FileNotFoundError(errno.ENOENT, "renamed meanwhile")
    return stat


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _digest(head: bytes) -> str:
    return hashlib.sha256(head).hexdigest()


def _is_of(path: Path, stat: os.stat_result, learned: Mapping[int, Extent]) -> bool:
    """Whether the file is one of those learned: unchanged, begun and not yet learned, or with a known first line."""
    extent = learned.get(stat.st_ino)
    if extent and (extent.is_current(stat) or not extent.head):
        return True
    try:
        with _reader(path) as file:
            _expect(file, stat.st_ino)
            return _digest(file.readline(HEAD)) in {extent.head for extent in learned.values()}
    except UNREADABLE:
        return False


def _continues(file: BinaryIO, stat: os.stat_result, head: str, extent: Extent) -> bool:
    """Whether the file holds what was learned of it and perhaps more; compressed files are always read anew."""
    if extent.head != head or extent.size == stat.st_size or not 0 < extent.offset <= stat.st_size:
        return False
    file.seek(extent.offset - 1)
    return file.read(1) == b"\n"
