"""A writer to be killed: `python -m tests.feed.writer OUTPUT FIRST END [SIZE]` publishes these articles.

It prints `ready` before it touches the feed and, with GATED in its environment, then waits for a byte on stdin. It
acknowledges each append by the article's number. MUTATION names a part of the append that is left out
(`test_mutations.py`).
"""

import contextlib
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jiji.feed import append_log, durable, indexing, write_ahead
from jiji.feed.append_log import AppendLog
from jiji.feed.catalog import Catalog
from jiji.feed.errors import FeedError
from jiji.feed.feed import Feed
from jiji.feed.line_index import Checkpoint, head_digest
from tests.feed.lines import NAME, article_id, line

LOG: Any = AppendLog
MODULE: Any = append_log
INDEXING: Any = indexing.Indexing


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def no_sync() -> None:
    modules: tuple[Any, ...] = (append_log, durable, indexing, write_ahead)
    for module in modules:
        module.sync = lambda path, fd: None


def no_folder_sync() -> None:
    MODULE.sync_folder = lambda path: None


def no_write_ahead_record() -> None:
    LOG._write_ahead = lambda self, record: None


def no_write_ahead_sync() -> None:
    def write_ahead(self: Any, record: Any) -> None:
        self._clear()
        self._record_file.write(record.encode())

    LOG._write_ahead = write_ahead


def cleared_before_append() -> None:
    def write_ahead(self: Any, record: Any) -> None:
        original(self, record)
        self._clear()

    original = LOG._write_ahead
    LOG._write_ahead = write_ahead


def no_recovery() -> None:
    LOG._recover = lambda self, known: None


def no_lock() -> None:
    @contextlib.contextmanager
    def nothing(*_: object) -> Iterator[None]:
        yield

    MODULE.Lock = nothing


def no_catch_up() -> None:
    """Take the lines behind the checkpoint as indexed, without reading them."""

    def index_file(self: Any, path: Path, inode: int, checkpoint: Any) -> Checkpoint:
        stat = path.stat()
        with path.open("rb") as file:
            return Checkpoint(inode, head_digest(file.readline()), stat.st_size, stat.st_size, stat.st_mtime_ns)

    INDEXING.file = index_file


def no_name_check() -> None:
    """Let the name of the feed always seem to lead to the file that was opened."""

    def append(self: Any, lines: Any, *, yields: bool) -> bool:
        stat_of = MODULE.stat_of
        MODULE.stat_of = lambda path: (
            os.stat_result((0, self._checkpoint.inode, *[0] * 8)) if self._checkpoint else stat_of(path)
        )
        try:
            return bool(original(self, lines, yields=False))
        finally:
            MODULE.stat_of = stat_of

    original = LOG._append
    LOG._append = append


def take_feed_during_write_ahead(taken: Path) -> None:
    """Let a consumer rename, read and delete the feed while the first record is synced."""

    def write_ahead(self: Any, record: Any) -> None:
        original(self, record)
        if not taken.exists():
            away = self.path.with_name(f"{self.path.name}.away")
            self.path.rename(away)
            taken.write_bytes(away.read_bytes())
            away.unlink()

    original = LOG._write_ahead
    LOG._write_ahead = write_ahead


def slow() -> None:
    """Make each append slow between its last look at the feed and its write."""

    def look(path: Path) -> os.stat_result | None:
        stat: os.stat_result | None = stat_of(path)
        time.sleep(0.01)
        return stat

    stat_of = MODULE.stat_of
    MODULE.stat_of = look


MUTATIONS: dict[str, Callable[[], None]] = {
    mutation.__name__: mutation
    for mutation in (
        no_sync,
        no_folder_sync,
        no_write_ahead_record,
        no_write_ahead_sync,
        cleared_before_append,
        no_recovery,
        no_lock,
        no_catch_up,
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
        take_feed_during_write_ahead(Path(taken))
    say("ready")
    if os.environ.get("GATED"):
        sys.stdin.read(1)
    try:
        return publish(Path(output), range(int(first), int(end)), int(size))
    except FeedError as error:
        say(f"{type(error).__name__}: {error}")
        return 1


def publish(output: Path, numbers: range, size: int) -> int:
    """Publish the articles. With TOGETHER in the environment the run lock is left out, so that several can write."""
    if os.environ.get("TOGETHER"):
        log = AppendLog(output / f"{NAME}.jsonl", output / "state", _catalog(output))
        append: Callable[[bytes], object] = log.append
        is_published: Callable[[int], bool] = lambda number: False  # noqa: E731
        close = log.close
    else:
        feed = Feed(output, NAME)
        append, close = feed.append, feed.close
        is_published = lambda number: feed.catalog.published(article_id(number)) is not None  # noqa: E731
    for number in numbers:
        if not is_published(number):
            # Some lines are long enough to be torn by a kill.
            append(line(number, size=size if number % 4 == 0 else 0))
        say(str(number))
    close()
    return 0


def _catalog(output: Path) -> Catalog:
    (output / "state").mkdir(exist_ok=True, parents=True)
    return Catalog(output / "state" / f"{NAME}.sqlite")


if __name__ == "__main__":
    status = main(*sys.argv[1:])
    os._exit(status)
