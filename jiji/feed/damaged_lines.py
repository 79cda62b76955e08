"""Damaged lines: lines of a feed that hold no valid article, reported by number and copied aside.

The feed keeps them, because the log never removes bytes. Lines of another program and lines edited by hand into
something else count as damaged. Each is reported once, when it is indexed. The cost is one pass over the file.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from jiji.feed.rotated import BLOCK, MAX_LINE_BYTES, open_file

log = logging.getLogger(__name__)

MAX_COPY = 1 << 17
"""Bytes of one line that are copied."""
MAX_COPIES = 1 << 22
"""Size of the file of copies from which on no more are added."""
MAX_LOGGED = 20
"""Damaged lines of a file that are logged one by one. More are logged in groups of neighbours, up to as many groups."""


class DamagedLines:
    """Reports damaged lines, and keeps one copy of each in the file `copies`."""

    def __init__(self, copies: Path) -> None:
        self._copies = copies
        self._counted: dict[int, tuple[int, int]] = {}
        """By inode: an offset in the file, and the number of the line that begins there."""
        self.count = 0
        """Lines reported so far."""

    def report(self, path: Path, inode: int, offsets: Iterable[int]) -> None:
        """Log the numbers of the lines at these ascending offsets. Several can lie in one line that is too long."""
        lines: dict[int, tuple[int, bytes]] = {}
        for number, offset, line in self._numbered(path, inode, offsets):
            lines.setdefault(number, (offset, line[:MAX_COPY]))
        self.count += len(lines)
        self._copy(path, lines)
        numbers = list(lines)
        for named in [f"line {number} is" for number in numbers] if len(numbers) <= MAX_LOGGED else _groups(numbers):
            log.error("%s: %s damaged, kept in the feed; copied to %s", path, named, self._copies)

    def _copy(self, path: Path, lines: Mapping[int, tuple[int, bytes]]) -> None:
        with self._copies.open("a+b") as aside:
            if (size := aside.tell()) >= MAX_COPIES:
                return
            aside.seek(0)
            known = set(aside.read().splitlines())
            for number, (offset, line) in lines.items():
                record = {"file": path.name, "line": number, "offset": offset, "bytes": line.decode("latin-1")}
                entry = json.dumps(record).encode()
                if entry not in known and (size := size + len(entry) + 1) <= MAX_COPIES:
                    aside.write(entry + b"\n")

    def _numbered(self, path: Path, inode: int, offsets: Iterable[int]) -> Iterator[tuple[int, int, bytes]]:
        """Yield number, offset and bytes of each line. Lines are counted from the last line that was reported."""
        with open_file(path, inode) as file:
            position, number = self._counted.get(inode, (0, 1)) if file.seekable() else (0, 1)
            if position:
                file.seek(position)
            for offset in offsets:
                if offset < position:  # the file was edited, and is read again
                    file.seek(0)
                    position, number = 0, 1
                while position < offset and (block := file.read(min(BLOCK, offset - position))):
                    position += len(block)
                    number += block.count(b"\n")
                self._counted[inode] = position, number
                line = file.readline(MAX_LINE_BYTES)
                yield number, offset, line
                position += len(line)
                number += line.endswith(b"\n")


def _groups(numbers: list[int]) -> list[str]:
    """Return lines in a row as one group, and the number of all lines where there are too many groups.

    >>> _groups([3, 7, 8, 9])
    ['line 3 is', 'lines 7 to 9 are']
    >>> _groups(list(range(0, 9000, 2)))[-2:]
    ['line 38 is', '4500 lines in all are']
    """
    begins = [number for at, number in enumerate(numbers) if not at or number != numbers[at - 1] + 1]
    ends = [number for at, number in enumerate(numbers) if numbers[at + 1 : at + 2] != [number + 1]]
    pairs = list(zip(begins, ends, strict=True))
    groups = [
        f"line {begin} is" if begin == end else f"lines {begin} to {end} are" for begin, end in pairs[:MAX_LOGGED]
    ]
    return groups + [f"{len(numbers)} lines in all are"] * (len(pairs) > MAX_LOGGED)
