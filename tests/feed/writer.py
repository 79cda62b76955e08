"""A writer to be killed: `python -m tests.feed.writer OUTPUT FIRST END [SIZE]` publishes those articles and says so.

It says `ready` before it touches the feed and, with GATED in its environment, waits for a byte on stdin then; after
each append it says the article's number. MUTATION names a part of the protocol to leave out: see `test_mutations.py`.
"""

import contextlib
import hashlib
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jiji.feed import append_log as journal
from jiji.feed.feed import Feed, FeedError, Journal
from tests.feed.lines import NAME, line

JOURNAL: Any = Journal
MODULE: Any = journal


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def no_sync() -> None:
    MODULE._sync = lambda path, fd: None


def no_directory_sync() -> None:
    MODULE.sync_folder = lambda path: None


def no_intent() -> None:
    JOURNAL._intend = lambda self, intent: None


def no_intent_sync() -> None:
    def intend(self: Any, intent: Any) -> None:
        self._intent.truncate(0)
        self._intent.write(intent.pack())

    JOURNAL._intend = intend


def no_mending() -> None:
    JOURNAL._mend = lambda self, learned: None


def no_lock() -> None:
    @contextlib.contextmanager
    def nothing(*_: object) -> Iterator[None]:
        yield

    MODULE.Lock = nothing


def no_tail_check() -> None:
    def learn_file(self: Any, path: Path, extent: Any) -> Any:
        stat = path.stat()
        head = hashlib.sha256(path.read_bytes().splitlines(keepends=True)[0]).hexdigest()
        return journal.Extent(stat.st_ino, head, stat.st_size, stat.st_size, stat.st_mtime_ns)

    JOURNAL._learn_file = learn_file


def early_retiring() -> None:
    def write(self: Any, lines: Any) -> bool:
        intend = self._intend
        self._intend = lambda intent: (intend(intent), self._intent.truncate(0))
        try:
            return bool(original(self, lines))
        finally:
            self._intend = intend

    original = JOURNAL._write
    JOURNAL._write = write


def no_name_check() -> None:
    def write(self: Any, lines: Any) -> bool:
        stat = MODULE._stat
        MODULE._stat = lambda path: os.stat_result((0, self._extent.inode, *[0] * 8)) if self._extent else stat(path)
        try:
            return bool(original(self, lines))
        finally:
            MODULE._stat = stat

    original = JOURNAL._write
    JOURNAL._write = write


def take_at_intent(taken: Path) -> None:
    """A consumer comes while the first intent is synced: renames the feed away, reads it to its end and deletes it."""

    def intend(self: Any, intent: Any) -> None:
        original(self, intent)
        if not taken.exists():
            away = self.path.with_name(f"{self.path.name}.away")
            self.path.rename(away)
            taken.write_bytes(away.read_bytes())
            away.unlink()

    original = JOURNAL._intend
    JOURNAL._intend = intend


def slow() -> None:
    """Each append takes a while between its look at the feed and its write."""

    def intend(self: Any, intent: Any) -> None:
        original(self, intent)
        time.sleep(0.02)

    original = JOURNAL._intend
    JOURNAL._intend = intend


MUTATIONS: dict[str, Callable[[], None]] = {
    mutation.__name__: mutation
    for mutation in (
        no_sync,
        no_directory_sync,
        no_intent,
        no_intent_sync,
        early_retiring,
        no_mending,
        no_lock,
        no_tail_check,
        no_name_check,
    )
}


def main(output: str, first: str, end: str, size: str = "0") -> int:
    logging.disable()
    if mutation := os.environ.get("MUTATION"):
        MUTATIONS[mutation]()
    if os.environ.get("SLOW"):
        slow()
    if taken := os.environ.get("TAKEN"):
        take_at_intent(Path(taken))
    say("ready")
    if os.environ.get("GATED"):
        sys.stdin.read(1)
    try:
        return publish(Path(output), range(int(first), int(end)), int(size))
    except FeedError as error:
        say(f"{type(error).__name__}: {error}")
        return 1


def publish(output: Path, numbers: range, size: int) -> int:
    """The lock of the run is left out when several are to write at once."""
    if os.environ.get("TOGETHER"):
        held = Journal(output / f"{NAME}.jsonl", output / "state", _index(output))
        append: Callable[[bytes], object] = held.append
        known: Callable[[int], bool] = lambda number: False  # noqa: E731
        close = held.close
    else:
        feed = Feed(output, NAME)
        append, close = feed.append, feed.close
        known = lambda number: f"{number:013}" in feed.index  # noqa: E731
    for number in numbers:
        if not known(number):
            # Now and then a line long enough to be torn by a kill.
            append(line(number, size=size if number % 4 == 0 else 0))
        say(str(number))
    close()
    return 0


def _index(output: Path) -> Any:
    from jiji.feed.feed import Index

    (output / "state").mkdir(exist_ok=True, parents=True)
    return Index(output / "state" / f"{NAME}.sqlite")


if __name__ == "__main__":
    status = main(*sys.argv[1:])
    os._exit(status)
