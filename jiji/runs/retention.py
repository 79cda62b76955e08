"""Retention: caps on everything that runs leave beside the feed, by number, age and size."""

import json
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from jiji.feed.errors import named_os_errors

LOG_SHARE = 10
"""Log files into which the largest size is divided."""


@dataclass(frozen=True, slots=True)
class Caps:
    """Largest number, age and total size of the files of one kind."""

    files: int
    days: float
    bytes: int


class File(NamedTuple):
    """A file with its size, and the time of its last change in seconds since 1970."""

    path: Path
    size: int
    changed: float


def surplus(files: Iterable[File], caps: Caps, now: datetime) -> list[Path]:
    """Return the files that exceed the caps; the newest files are kept.

    >>> files = [File(Path(name), 40, day * 86400.0) for day, name in enumerate("abcd")]
    >>> now = datetime.fromtimestamp(4 * 86400, UTC)
    >>> [surplus(files, caps, now) for caps in (Caps(9, 9, 900), Caps(3, 9, 900), Caps(9, 2.5, 900), Caps(9, 9, 100))]
    [[], [PosixPath('a')], [PosixPath('b'), PosixPath('a')], [PosixPath('b'), PosixPath('a')]]
    """
    oldest, size, found = (now - timedelta(days=caps.days)).timestamp(), 0, []
    for number, file in enumerate(sorted(files, key=lambda file: (file.changed, file.path), reverse=True), start=1):
        size += file.size
        if number > caps.files or file.changed < oldest or size > caps.bytes:
            found.append(file.path)
    return found


def prune(paths: Iterable[Path], caps: Caps, now: datetime, keep: Callable[[], Path | None] = lambda: None) -> None:
    """Remove the files that exceed the caps but for one; ``keep`` is called if there are any. Raises FeedError."""
    if found := surplus(_present(paths), caps, now):
        kept = keep()
        for path in found:
            if path != kept:
                with named_os_errors(path):
                    path.unlink(missing_ok=True)


def shorten(records: Path, caps: Caps, now: datetime) -> None:
    """Keep the last lines of a JSON Lines file whose key ``at`` is a time; it is replaced in one step.

    A line that holds no such record is of no age. Raises FeedError.
    """
    with named_os_errors(records):
        if not records.exists():
            return
        lines = records.read_bytes().splitlines(keepends=True)
        kept = _last_lines(lines, caps, (now - timedelta(days=caps.days)).isoformat())
        if len(kept) < len(lines):
            draft = records.with_name(f".{records.name}.draft")
            draft.write_bytes(b"".join(kept))
            draft.replace(records)


def rotate_log(log: Path, caps: Caps, now: datetime) -> None:
    """Rename a log file that has grown to its share of the caps, and remove the oldest of those renamed before."""
    with named_os_errors(log):
        if log.is_file() and log.stat().st_size >= caps.bytes // LOG_SHARE:
            log.rename(log.with_name(f"{log.name}.{now.strftime('%Y%m%dT%H%M%S.%fZ')}"))
    prune(log.parent.glob(f"{log.name}.[0-9]*Z"), caps, now)


def _present(paths: Iterable[Path]) -> list[File]:
    files = []
    for path in paths:
        with suppress(FileNotFoundError):
            stat = os.lstat(path)
            files.append(File(path, stat.st_size, stat.st_mtime))
    return files


def _last_lines(lines: Sequence[bytes], caps: Caps, oldest: str) -> Sequence[bytes]:
    """Return the last lines within the caps.

    >>> _last_lines([b'{"at": "2026-01-05"}', b'{"at": "2026-01-06"}'], Caps(9, 9, 99), "2026-01-06")
    [b'{"at": "2026-01-06"}']
    """
    size = 0
    for number, line in enumerate(reversed(lines)):
        size += len(line)
        if number >= caps.files or size > caps.bytes or _time_of(line) < oldest:
            return lines[len(lines) - number :]
    return lines


def _time_of(line: bytes) -> str:
    with suppress(ValueError, KeyError, TypeError):
        return str(json.loads(line)["at"])
    return datetime.max.replace(tzinfo=UTC).isoformat()
