"""Write-ahead record: the bytes of an append and their place, saved before the append so that anyone can complete it.

On disk it is the SHA-256 of the rest in hex and a line feed, then the inode of the file, the offset in it and a line
feed, then the bytes to append.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

from jiji.feed.durable import sync, write_all
from jiji.feed.rotated import expect_inode

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WriteAheadRecord:
    """The bytes of an append and their place."""

    inode: int
    offset: int
    payload: bytes

    @property
    def end(self) -> int:
        """Return the offset behind the last byte."""
        return self.offset + len(self.payload)

    def encode(self) -> bytes:
        """Return the record behind its checksum."""
        body = b"%d %d\n" % (self.inode, self.offset) + self.payload
        return hashlib.sha256(body).hexdigest().encode() + b"\n" + body

    @classmethod
    def decode(cls, encoded: bytes) -> WriteAheadRecord | None:
        """Return the record, or None if it is empty or torn."""
        digest, _, body = encoded.partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        place, _, payload = body.partition(b"\n")
        inode, offset = map(int, place.split())
        return cls(inode, offset, payload)

    def redo(self, path: Path) -> None:
        """Write the bytes to their place in the file at `path`, unless the file was changed since.

        Lines that another program appended in front of them are kept. Raises FileNotFoundError if the name leads to
        another file, and SyncFailed.
        """
        with path.open("r+b", buffering=0) as file:
            size = expect_inode(file, self.inode).st_size
            file.seek(self.offset)
            begin = self.begin_in(file.read()) if size >= self.offset else None
            if begin is None:
                log.error("%s: changed after an unfinished append, which is not completed", path)
                return
            # Also where the bytes look right, because after a failed sync they may be in the kernel's cache only.
            file.seek(self.offset + begin)
            write_all(file, self.payload)
            sync(path, file.fileno())

    def begin_in(self, tail: bytes) -> int | None:
        r"""Return where the payload belongs in the bytes behind the offset, None if they were changed since.

        >>> record = WriteAheadRecord(1, 0, b'{"id": 1}\n')
        >>> [record.begin_in(tail) for tail in (b"", b'{"id"', b'{"id": 1}\n{}\n', b"\0\0\0")]
        [0, 0, 0, 0]
        >>> [record.begin_in(tail) for tail in (b"{}\n", b'[1, 2, 3]\n{"id"', b'{}\n{"id": 1}\n{}\n')]
        [3, 10, 3]
        >>> record.begin_in(b"no longer the same line")
        """
        if tail.startswith(self.payload) or self.payload.startswith(tail):
            return 0
        if (found := tail.find(b"\n" + self.payload)) >= 0:
            return found + 1
        lines = tail.rfind(b"\n") + 1
        torn = tail[lines:]
        if self.payload.startswith(torn) and (torn or len(tail) < len(self.payload)) and _is_text(tail[:lines]):
            return lines
        return 0 if len(tail) <= len(self.payload) else None


def _is_text(lines: bytes) -> bool:
    """Return whether bytes are lines of text, as a program writes them and a power cut does not."""
    try:
        return lines.decode().translate({9: None, 10: None, 13: None}).isprintable()
    except UnicodeDecodeError:
        return False
