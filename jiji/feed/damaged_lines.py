"""Damaged lines: lines of a feed that hold no valid article, reported by number and copied aside.

The feed keeps them, because the log never removes bytes. Lines of another program and lines edited by hand into
something else count as damaged. Each is reported once, when it is indexed. The cost is one pass over the file.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

from jiji.feed.rotated import BLOCK, MAX_LINE_BYTES, open_file

log = logging.getLogger(__name__)

MAX_COPY = 1 << 17
"""Bytes of one line that are copied."""
MAX_COPIES = 1 << 22
"""Size of the file of copies from which on no more are added."""
MAX_LOGGED = 20
"""Damaged lines of a file that are logged one by one. More are logged in groups of neighbours, up to as many groups."""


def report_damaged_lines(path: Path, offsets: Iterable[int], copies: Path) -> int:
    """Log the numbers of the lines at these ascending offsets, and return how many lines they are.

    One copy of each is kept in the file `copies`. Several offsets can lie in one line that is too long.
    """
    known = set(copies.read_bytes().splitlines()) if copies.exists() else set()
    numbers = []
    with copies.open("ab") as aside:
        for number, offset, line in _numbered(path, offsets):
            if numbers[-1:] == [number]:
                continue
            numbers.append(number)
            record = {"file": path.name, "line": number, "offset": offset, "bytes": line[:MAX_COPY].decode("latin-1")}
            entry = json.dumps(record).encode()
            if entry not in known and aside.tell() + len(entry) <= MAX_COPIES:
                aside.write(entry + b"\n")
    for named in [f"line {number} is" for number in numbers] if len(numbers) <= MAX_LOGGED else _groups(numbers):
        log.error("%s: %s damaged, kept in the feed; copied to %s", path, named, copies)
    return len(numbers)


def _numbered(path: Path, offsets: Iterable[int]) -> Iterator[tuple[int, int, bytes]]:
    """Yield number, offset and bytes of each line."""
    position, number = 0, 1
    with open_file(path) as file:
        for offset in offsets:
            while position < offset and (block := file.read(min(BLOCK, offset - position))):
                position += len(block)
                number += block.count(b"\n")
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
