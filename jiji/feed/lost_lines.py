"""Lost lines: a feed without the line that was published last.

A feed only ever grows. One that lacks its last line was truncated, restored from an older back-up, or is another feed
than the catalog's. The articles in the lost lines count as published and would never be fetched again, so the log
refuses to open until a person decides.

A missing or empty feed may have been rotated away by its consumer, so it is no error. Nor is a last line that was
edited by hand. A feed of which the catalog knows neither a file's first line nor most articles is another one.
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from jiji.feed.compression import UnreadableFile
from jiji.feed.errors import CatalogForeign, LinesLost
from jiji.feed.line_index import HEAD_BYTES, Checkpoint, LineIndex, head_digest, head_of
from jiji.feed.rotated import Files, lines_of, open_file


def refuse_lost_lines(path: Path, files: Files, index: LineIndex) -> None:
    """Raise LinesLost for a feed that was cut or replaced, CatalogForeign for another feed. `files` are the feed's."""
    size = next((stat.st_size for name, stat in files if name == path), 0)
    known = index.checkpoints()
    checkpoints = [each for each in known if each.head]
    if not size or not checkpoints or _continues(path, known):
        return
    keys = list(_keys(path, index))
    if not {each.head for each in checkpoints} & {_head(name) for name, _ in files}:
        if sum(map(index.holds, keys)) < len(keys) / 2:
            raise CatalogForeign(path)
        if not keys:  # of another program
            return
    newest = _newest(checkpoints)
    is_edited = size >= newest.offset and head_of(path) == newest.head
    last = index.last_key()  # None in a catalog whose rebuilding was cut off before it came to the feed
    if not is_edited and last is not None and not _has_line(last, files, index):
        raise LinesLost(path, size, newest.offset)


def is_missing(path: Path, files: Files, index: LineIndex) -> bool:
    """Return whether there is no feed, nor a rotated file that begins as the newest indexed one did."""
    checkpoints = [each for each in index.checkpoints() if each.head]
    if not checkpoints or any(name == path and stat.st_size for name, stat in files):
        return False
    return not {_newest(checkpoints).head, None} & {_head(name) for name, stat in files if stat.st_size}


def _continues(path: Path, checkpoints: Sequence[Checkpoint]) -> bool:
    """Return whether the feed is as it was indexed or announced, or longer."""
    with path.open("rb") as file:
        stat, head = os.fstat(file.fileno()), head_digest(file.readline(HEAD_BYTES))
        own = next((each for each in checkpoints if each.inode == stat.st_ino), None)
        return own is not None and (own.is_announced or own.is_current(stat) or own.is_prefix_of(file, stat, head))


def _has_line(key: Hashable | None, files: Files, index: LineIndex) -> bool:
    """Return whether one of the files holds the line with this key."""
    for name, _ in reversed(files):
        with suppress(OSError, UnreadableFile):
            if key in _keys(name, index):
                return True
    return False


def _keys(path: Path, index: LineIndex) -> Iterator[Hashable]:
    with open_file(path) as file:
        for line in lines_of(file):
            with suppress(ValueError):
                yield index.key(line)


def _newest(checkpoints: Sequence[Checkpoint]) -> Checkpoint:
    return max(checkpoints, key=lambda checkpoint: checkpoint.mtime_ns)


def _head(path: Path) -> str | None:
    """Return the digest of the first line, None if the file cannot be read."""
    try:
        return head_of(path)
    except FileNotFoundError:  # renamed or compressed meanwhile
        return ""
    except (OSError, UnreadableFile):
        return None
