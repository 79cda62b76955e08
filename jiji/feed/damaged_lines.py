"""Damaged lines: lines of a feed that hold no record, reported by number and copied aside."""

from __future__ import annotations

import json
import logging
from itertools import accumulate, takewhile
from pathlib import Path

from jiji.feed.rotated import open_file

log = logging.getLogger(__name__)


def report_damaged_line(path: Path, offset: int, copies: Path) -> None:
    """Log the number of the line at this offset, and keep one copy of it in the file `copies`.

    The feed keeps the line, because the log never removes bytes.
    """
    with open_file(path) as file:
        ends = accumulate(map(len, file))
        number = 1 + sum(1 for _ in takewhile(lambda end: end <= offset, ends))
        file.seek(offset)
        line = file.readline()
    log.error("%s: line %d is damaged; it stays in the feed, a copy is in %s", path, number, copies)
    record = {"file": path.name, "line": number, "offset": offset, "bytes": line.decode("latin-1")}
    entry = json.dumps(record).encode() + b"\n"
    with copies.open("a+b") as aside:
        aside.seek(0)
        if entry not in aside:
            aside.write(entry)
