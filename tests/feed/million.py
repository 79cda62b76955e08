"""Measures a feed of a million articles: `python -m tests.feed.million [FOLDER]`. Takes two minutes and 1 GB."""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jiji.feed.feed import Feed
from tests.feed.lines import NAME, article_id, line

MILLION = 1_000_000


@contextmanager
def measured(what: str) -> Iterator[None]:
    memory, start = resident(), time.perf_counter()
    yield
    elapsed = time.perf_counter() - start
    print(f"{what:34}{1000 * elapsed:10.1f} ms {(resident() - memory) / 1024:8.1f} MB")


def resident() -> int:
    """Return the KiB of memory in use."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4


def measure(output: Path) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    with (output / f"{NAME}.jsonl").open("wb") as file:
        for number in range(MILLION):
            file.write(line(number, size=200, seen=(begin + timedelta(minutes=number)).isoformat()))
    now = begin + timedelta(minutes=MILLION)
    with measured("catalog rebuilt from the feed"):
        Feed(output, NAME).close()
    with measured("opened"):
        feed = Feed(output, NAME)
    with measured("10,000 look-ups"):
        assert all(feed.catalog.find(article_id(number)) for number in range(0, MILLION, 100))
    with measured("100 lines appended"):
        assert all(feed.append(line(MILLION + number, seen=now.isoformat())) for number in range(100))
    with measured("due for a check"):
        due = len(feed.catalog.due(now, (1, 6, 24)))
    print(f"{due} were due")
    with measured("counted"):
        print(feed.catalog.counts())
    with closing(feed), measured("checked after a crash"):
        feed.catalog._run("PRAGMA integrity_check(1)")


if __name__ == "__main__":
    if sys.argv[1:]:
        measure(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder))
