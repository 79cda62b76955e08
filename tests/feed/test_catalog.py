"""What the index says, and what becomes of it when its file is lost, damaged, old or another's."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiji.feed.feed import Counts, Damaged, Feed, FeedError, Index
from tests.feed.lines import DAY, NAME, assert_exactly, line
from tests.feed.states import feed_path, publish

ONE, TWO, THREE = (f"{number:013}" for number in (1, 2, 3))
URL = "https://jen.jiji.com/jc/eng?g=eco&k=1"
NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[Feed]:
    with closing(Feed(tmp_path, NAME)) as feed:
        yield feed


def discover(
    feed: Feed, id: str, *, category: str | None = None, listed_as: str | None = None, seen_at: str = DAY
) -> None:
    feed.index.discover(id, url=URL, category=category, listed_as=listed_as, seen_at=seen_at)


def test_from_discovered_to_published(feed: Feed) -> None:
    discover(feed, ONE, listed_as="Headline")
    assert ONE not in feed.index and feed.index.known(ONE) is None
    assert feed.append(line(1))
    assert feed.index.pending() == [] and feed.index.pending_one(ONE) is None
    known = feed.index.known(ONE)
    assert known is not None and ONE in feed.index
    assert (known.revision, known.status, known.category, known.listed_as) == (1, "new", "economy", "Headline")
    assert (known.first_seen_at, known.checked_at, known.offset, known.misses) == (DAY, DAY, 0, 0)
    discover(feed, ONE)
    assert feed.index.pending() == []


def test_discovered_again_fills_in(feed: Feed) -> None:
    discover(feed, ONE)
    discover(feed, ONE, category="politics", listed_as="First")
    discover(feed, ONE, category="economy", listed_as="Second")
    discover(feed, ONE)
    (pending,) = feed.index.pending()
    assert (pending.category, pending.listed_as, pending.attempts) == ("politics", "Second", 0)


def test_pending_oldest_first(feed: Feed) -> None:
    discover(feed, ONE, seen_at="2026-01-27T02:00:00+00:00")
    discover(feed, TWO, seen_at="2026-01-27T01:00:00+00:00")
    assert [pending.id for pending in feed.index.pending()] == [TWO, ONE]


def test_attempts_and_giving_up(feed: Feed) -> None:
    discover(feed, ONE)
    assert [feed.index.failed(ONE, reason="timeout", at=DAY) for _ in range(3)] == [1, 2, 3]
    pending = feed.index.pending_one(ONE)
    assert pending is not None and (pending.attempts, pending.reason, pending.tried_at) == (3, "timeout", DAY)
    feed.index.give_up(ONE, reason="hangs the parser", at=DAY)
    discover(feed, ONE)
    assert feed.index.set_aside(ONE) and feed.index.pending() == [] and feed.index.pending_one(ONE) is None
    assert feed.index.failed(TWO, reason="never heard of", at=DAY) == 0
    assert not feed.index.set_aside(TWO)


def test_checked_and_missed(feed: Feed) -> None:
    feed.append(line(1))
    later = "2026-01-27T01:00:00+00:00"
    assert [feed.index.missed(ONE, at=DAY) for _ in range(2)] == [1, 2]
    feed.index.checked(ONE, at=later, listed_as="Headline", etag='"x"', last_modified="Tue")
    feed.index.checked(ONE, at=later)
    known = feed.index.known(ONE)
    assert known is not None
    assert (known.checked_at, known.listed_as, known.etag, known.last_modified) == (later, "Headline", '"x"', "Tue")
    assert known.misses == 0
    assert feed.index.missed(TWO, at=DAY) == 0


def test_revision(feed: Feed) -> None:
    feed.append(line(1))
    feed.index.checked(ONE, at=DAY, listed_as="Headline", etag='"x"')
    feed.index.missed(ONE, at=DAY)
    assert feed.append(line(1, 2))
    assert not feed.append(line(1))
    known = feed.index.known(ONE)
    assert known is not None
    assert (known.revision, known.offset, known.misses, known.listed_as) == (2, len(line(1)), 0, "Headline")
    assert feed.line(known) == line(1, 2)


def test_notes(feed: Feed) -> None:
    feed.index.note("walked_at", DAY)
    assert feed.index.noted("walked_at") == DAY
    feed.index.note("walked_at", None)
    assert feed.index.noted("walked_at") is None and feed.index.noted("other") is None


def test_counts(feed: Feed) -> None:
    feed.append(line(1))
    discover(feed, TWO)
    discover(feed, THREE)
    feed.index.give_up(THREE, reason="gone", at=DAY)
    assert feed.index.counts() == Counts(known=1, pending=1, set_aside=1)


def due(feed: Feed, hours: float, ages: tuple[float, ...] = (1, 6, 24)) -> list[str]:
    return [known.id for known in feed.index.due(datetime.fromisoformat(DAY) + timedelta(hours=hours), ages)]


def test_due_at_each_age(feed: Feed) -> None:
    feed.append(line(1))
    assert due(feed, 0.9) == []
    assert due(feed, 1) == [ONE]
    feed.index.checked(ONE, at="2026-01-27T01:00:00+00:00")
    assert due(feed, 5.9) == []
    assert due(feed, 7) == due(feed, 30) == [ONE]
    feed.index.checked(ONE, at="2026-01-28T00:00:01+00:00")
    assert due(feed, 30) == due(feed, 100) == []
    assert due(feed, 1, ()) == []


def test_due_of_other_kinds(feed: Feed) -> None:
    feed.append(line(1))
    assert due(feed, 24 + 7 * 24 + 1) == [], "a rebuilt index does not re-read an archive"
    feed.index.missed(ONE, at="2026-01-30T00:00:00+00:00")
    assert due(feed, 2000) == due(feed, 2000, ()) == [ONE]
    feed.append(line(1, 2).replace(b'"new"', b'"withdrawn"'))
    assert due(feed, 2000) == due(feed, 2) == []


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ages=st.lists(st.integers(1, 60), max_size=4, unique=True),
    seen=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 100)), max_size=12),
)
def test_due_is_what_it_says(tmp_path: Path, ages: list[int], seen: list[tuple[int, int]]) -> None:
    """Against the plain definition, for articles so many hours old that were checked so many hours after."""
    now = NOON
    (tmp_path / "index.sqlite").unlink(missing_ok=True)
    with closing(Index(tmp_path / "index.sqlite")) as index:
        expected = []
        for number, (old, checked) in enumerate(seen):
            first = now - timedelta(hours=old)
            looked = min(first + timedelta(hours=checked), now)
            index._learn(0, line(number, seen=first.isoformat()))
            index.checked(f"{number:013}", at=looked.isoformat())
            wanted = any(first + timedelta(hours=age) <= now and looked < first + timedelta(hours=age) for age in ages)
            if wanted and now - first < timedelta(hours=max(ages), days=7):
                expected.append(f"{number:013}")
        assert sorted(known.id for known in index.due(now, ages)) == sorted(expected)


def test_due_and_pending_use_an_index(feed: Feed) -> None:
    """The cost follows what is due, not what is stored."""
    with closing(sqlite3.connect(feed.path.parent / "state" / f"{NAME}.sqlite")) as db:
        statements: list[str] = []
        feed.index._db.set_trace_callback(statements.append)
        feed.index.due(NOON, (1, 6))
        feed.index._db.set_trace_callback(None)
        plans = [db.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall() for statement in statements]
    assert len(plans) == 3
    assert all("USING INDEX known_" in plan[-1] for rows in plans for plan in rows), plans


# ---- its file

SIZE = 60


def published(output: Path) -> Path:
    """A feed of so many articles and one pending, and the path of its index."""
    publish(output, *range(SIZE))
    with closing(Feed(output, NAME)) as feed:
        discover(feed, f"{SIZE + 7:013}")
    return output / "state" / f"{NAME}.sqlite"


def assert_whole(output: Path) -> None:
    publish(output, *range(SIZE + 3))
    assert_exactly(output, range(SIZE + 3))


def test_deleted(tmp_path: Path) -> None:
    published(tmp_path).unlink()
    assert_whole(tmp_path)


@pytest.mark.parametrize("seed", range(40))
def test_random_bytes(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    path = published(tmp_path)
    data = bytearray(path.read_bytes())
    start, length = chance.randrange(len(data)), chance.choice((1, 16, 300, 5000))
    data[start : start + length] = chance.randbytes(min(length, len(data) - start))
    path.write_bytes(data)
    assert_whole(tmp_path)


@pytest.mark.parametrize("size", [0, 50, 4096, 9000])
def test_cut_short(tmp_path: Path, size: int) -> None:
    path = published(tmp_path)
    path.write_bytes(path.read_bytes()[:size])
    assert_whole(tmp_path)


def test_damage_found_during_a_run(tmp_path: Path) -> None:
    """The run ends; the next one rebuilds the index."""
    path = published(tmp_path)
    feed = Feed(tmp_path, NAME)
    with path.open("r+b") as file:
        file.write(b"\xff" * path.stat().st_size)
    with pytest.raises(Damaged):
        for number in range(SIZE, SIZE + 3):
            feed.append(line(number))
            feed.index.known(f"{number:013}")
            feed.index._run("PRAGMA shrink_memory")
            feed.index._db.execute("PRAGMA cache_size = 0")
            feed.index.due(NOON, (1, 200))
    feed.close()
    assert_whole(tmp_path)


def test_older_copy(tmp_path: Path) -> None:
    path = published(tmp_path)
    shutil.copy(path, tmp_path / "copy")
    publish(tmp_path, *range(SIZE + 2))
    shutil.copy(tmp_path / "copy", path)
    with closing(Feed(tmp_path, NAME)) as feed:
        assert feed.index.counts() == Counts(known=SIZE + 2, pending=1, set_aside=0), "what it held is kept"
    assert_whole(tmp_path)


def test_older_copy_from_before_a_rotation(tmp_path: Path) -> None:
    path = published(tmp_path)
    shutil.copy(path, tmp_path / "copy")
    feed_path(tmp_path).rename(tmp_path / f"{NAME}.jsonl.1")
    publish(tmp_path, *range(SIZE + 2))
    shutil.copy(tmp_path / "copy", path)
    assert_whole(tmp_path)


def test_of_another_feed(tmp_path: Path) -> None:
    path = published(tmp_path / "here")
    publish(tmp_path / "there", *range(SIZE + 1, SIZE + 9), 4)
    shutil.copytree(tmp_path / "there" / "state", path.parent, dirs_exist_ok=True)
    assert_whole(tmp_path / "here")


def test_of_another_program(tmp_path: Path) -> None:
    path = published(tmp_path)
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE known (x)")
    assert_whole(tmp_path)


def test_of_another_version(tmp_path: Path) -> None:
    with closing(sqlite3.connect(published(tmp_path))) as db:
        db.execute("PRAGMA user_version = 99")
    assert_whole(tmp_path)


def test_whole_output_copied(tmp_path: Path) -> None:
    """Moved to another machine: other inodes, other times; nothing is forgotten, not even of deleted feeds."""
    published(tmp_path / "old")
    feed_path(tmp_path / "old").unlink()
    publish(tmp_path / "old", SIZE)
    shutil.copytree(tmp_path / "old", tmp_path / "new", copy_function=shutil.copyfile)
    publish(tmp_path / "new", *range(SIZE + 1))
    assert_exactly(tmp_path / "new", {SIZE})


def test_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "index.sqlite").mkdir()
    with pytest.raises(FeedError, match=r"index\.sqlite"):
        Index(tmp_path / "index.sqlite")
