"""Speed of the feed: lines a second, each synced or in groups, and the catalog rebuilt from the feed."""

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from devtools.bench.table import Bench, Row, Table
from jiji.feed.feed import Feed
from jiji.items import Article

NAME = "national"
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
"""Time of the first line. All are too old for a check."""
ROOT = "https://jen.jiji.com/"
ROUNDS, QUICK_ROUNDS = 7, 3
FEW, MANY = 500, 10_000
GROUP = 100
REBUILT, QUICK_REBUILT = 1_000_000, 100_000
BODY = 1_500
"""Characters of a body of the site."""


def tables(bench: Bench) -> list[Table]:
    """Return the tables of appending, in seconds and in CPU seconds, and of rebuilding."""
    rounds = QUICK_ROUNDS if bench.quick else ROUNDS
    few, many = ([line(number, BODY) for number in range(size)] for size in (FEW, MANY))
    ways: dict[str, tuple[Callable[[Path, Sequence[bytes]], None], Sequence[bytes]]] = {
        "each line synced": (_one_by_one, few),
        "raw writes, two syncs a line": (_raw, few),
        f"in groups of {GROUP}": (_in_groups, many),
    }
    made = []
    for unit, clock in (("lines a second", time.perf_counter), ("lines a CPU-second", time.process_time)):
        rows = [Row(name, partial(_lines_a_second, append, lines, clock)) for name, (append, lines) in ways.items()]
        made.append(Table("Feed", unit, rows, rounds))
    size = QUICK_REBUILT if bench.quick else REBUILT
    rebuilding = [Row("catalog rebuilt from the feed", partial(_rebuild, size, time.process_time), "<= 8")]
    return [*made, Table(f"Catalog of {size:,} lines", "CPU s a million lines", rebuilding, 1, digits=1)]


def line(number: int, size: int, root: str = ROOT) -> bytes:
    """Return a valid line of a feed with a body of `size` characters; the articles are a minute apart."""
    seen = BEGIN + timedelta(minutes=number)
    article_id = f"{seen:%Y%m%d}{60 * seen.hour + seen.minute:05}"
    moment = f"{seen:%Y-%m-%dT%H:%M:%SZ}"
    own = {
        "id": article_id, "url": f"{root}jc/eng?g=eco&k={article_id}", "body": "x" * size,
        "content_hash": f"{number:064x}", "first_seen_at": moment, "fetched_at": moment,
    }  # fmt: skip
    return json.dumps({**_ARTICLE, **own}).encode() + b"\n"


_ARTICLE = asdict(
    Article(
        id="", url="", section=NAME, headline="Ferry Adds Winter Sailings", published_date="2020-01-01", body="",
        fetched_at="", layout="ArticlePage",
    )
)  # fmt: skip


def write_feed(output: Path, size: int, root: str = ROOT) -> None:
    """Write a feed of so many lines, without its catalog."""
    output.mkdir()
    with (output / f"{NAME}.jsonl").open("wb") as file:
        file.writelines(line(number, 200, root) for number in range(size))


def _lines_a_second(
    append: Callable[[Path, Sequence[bytes]], None], lines: Sequence[bytes], clock: Callable[[], float]
) -> float:
    with tempfile.TemporaryDirectory(prefix="jiji-bench-") as folder:
        begun = clock()
        append(Path(folder), lines)
        return len(lines) / (clock() - begun)


def _one_by_one(output: Path, lines: Sequence[bytes]) -> None:
    feed = Feed(output, NAME)
    for each in lines:
        feed.append(each)
    feed.close()


def _in_groups(output: Path, lines: Sequence[bytes]) -> None:
    feed = Feed(output, NAME)
    for group in _groups(lines):
        feed.append_log.append(*group)
    feed.close()


def _raw(output: Path, lines: Sequence[bytes]) -> None:
    with (output / "record").open("wb", buffering=0) as record, (output / "feed").open("wb", buffering=0) as feed:
        for each in lines:
            for file in (record, feed):
                file.write(each)
                os.fsync(file.fileno())


def _groups(lines: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (lines[at : at + GROUP] for at in range(0, len(lines), GROUP))


def _rebuild(size: int, clock: Callable[[], float]) -> float:
    """Return the CPU seconds for a million lines."""
    with tempfile.TemporaryDirectory(prefix="jiji-bench-") as folder:
        output = Path(folder, "output")
        write_feed(output, size)
        begun = clock()
        Feed(output, NAME).close()
        return (clock() - begun) * 1_000_000 / size
