"""The catalog: states of articles, run numbers, and files that are lost, damaged, old or of another feed."""

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

from jiji.feed.catalog import Catalog, Counts, Pending, Published
from jiji.feed.crash_marker import NEVER, Deaths
from jiji.feed.errors import CatalogDamaged, CatalogForeign, FeedError
from jiji.feed.feed import Feed
from jiji.feed.line_index import Checkpoint
from tests.feed.lines import DAY, NAME, article_id, assert_exactly, line
from tests.feed.states import catalog_of_version_1, feed_path, publish, state_path

ONE, TWO, THREE = (article_id(number) for number in (1, 2, 3))
URL = "https://jen.jiji.com/jc/eng?g=eco&k=1"
NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[Feed]:
    with closing(Feed(tmp_path, NAME)) as feed:
        yield feed


def add_pending(
    feed: Feed, id: str, *, category: str | None = None, headline: str | None = None, at: str = DAY, run: int = 1
) -> None:
    feed.catalog.add_pending(id, url=URL, category=category, headline=headline, at=at, run=run)


def find_published(feed: Feed, id: str) -> Published:
    published = feed.catalog.find(id)
    assert isinstance(published, Published) and feed.catalog.published(id) == published
    return published


def test_pending_article_becomes_published(feed: Feed) -> None:
    add_pending(feed, ONE, headline="Headline", run=7)
    assert feed.catalog.published(ONE) is None
    assert feed.append(line(1))
    assert feed.catalog.pending() == []
    published = find_published(feed, ONE)
    assert (published.revision, published.status, published.category) == (1, "new", "economy")
    assert (published.headline, published.listed_run) == ("Headline", 7)
    assert (published.first_seen_at, published.checked_at) == (DAY, DAY)
    assert (published.offset, published.missing_runs) == (0, 0)
    add_pending(feed, ONE)
    assert feed.catalog.pending() == [] and feed.catalog.find(ONE) == published


def test_article_that_was_never_listed_has_no_known_run(feed: Feed) -> None:
    assert feed.catalog.find(ONE) is None
    feed.append(line(1))
    assert find_published(feed, ONE).listed_run == 0


def test_listing_again_completes_a_pending_article(feed: Feed) -> None:
    add_pending(feed, ONE, run=3)
    add_pending(feed, ONE, category="politics", headline="First", run=4)
    add_pending(feed, ONE, category="economy", headline="Second", run=5)
    add_pending(feed, ONE, at="2026-01-28T00:00:00+00:00", run=6)
    expected = Pending(ONE, URL, "politics", "Second", DAY, 0, None, None, abandoned=False, listed_run=3)
    assert feed.catalog.pending() == [expected] and feed.catalog.find(ONE) == expected


def test_pending_articles_come_oldest_first(feed: Feed) -> None:
    add_pending(feed, ONE, at="2026-01-27T02:00:00+00:00")
    add_pending(feed, TWO, at="2026-01-27T01:00:00+00:00")
    assert [pending.id for pending in feed.catalog.pending()] == [TWO, ONE]
    assert feed.catalog.pending_count() == 2


def test_failures_are_counted_until_the_article_is_abandoned(feed: Feed) -> None:
    add_pending(feed, ONE)
    assert [feed.catalog.record_failure(ONE, reason="timeout", at=DAY) for _ in range(3)] == [1, 2, 3]
    (pending,) = feed.catalog.pending()
    assert (pending.attempts, pending.reason, pending.tried_at) == (3, "timeout", DAY)
    feed.catalog.abandon(ONE)
    add_pending(feed, ONE)
    assert feed.catalog.pending() == [] and feed.catalog.pending_count() == 0
    abandoned = feed.catalog.find(ONE)
    assert isinstance(abandoned, Pending) and abandoned.abandoned is True
    assert (abandoned.attempts, abandoned.reason) == (3, "timeout")
    assert feed.catalog.record_failure(TWO, reason="never listed", at=DAY) == 0
    assert feed.catalog.find(TWO) is None


def test_check_keeps_what_it_does_not_bring_and_ends_missing(feed: Feed) -> None:
    feed.append(line(1))
    later = "2026-01-27T01:00:00+00:00"
    missing = [feed.catalog.record_missing(ONE, at=at) for at in (DAY, later)]
    assert [(each.missing_runs, each.missing_since) for each in missing if each] == [(1, DAY), (2, DAY)]
    feed.catalog.record_check(ONE, at=later, headline="Headline", etag='"x"', last_modified="Tue")
    feed.catalog.record_check(ONE, at=later)
    published = find_published(feed, ONE)
    assert (published.checked_at, published.headline) == (later, "Headline")
    assert (published.etag, published.last_modified) == ('"x"', "Tue")
    assert (published.missing_runs, published.missing_since, published.fruitless_checks) == (0, None, 0)
    feed.catalog.record_check(ONE, at=later, is_fruitless=True)
    assert find_published(feed, ONE).fruitless_checks == 1
    assert feed.catalog.record_missing(TWO, at=DAY) is None


def test_gone_article_is_gone_no_more_once_it_is_listed(feed: Feed) -> None:
    add_pending(feed, ONE)
    feed.catalog.record_failure(ONE, reason="HTTP 404", at=DAY)
    gone = [feed.catalog.record_gone(ONE, at=at) for at in (DAY, "2026-01-28T00:00:00+00:00")]
    assert [(each.gone_runs, each.gone_since) for each in gone if each] == [(1, DAY), (2, DAY)]
    feed.catalog.abandon(ONE, is_deleted=True)
    assert feed.catalog.pending() == []
    feed.catalog.record_listed(ONE)
    (pending,) = feed.catalog.pending()
    assert (pending.gone_runs, pending.gone_since, pending.attempts) == (0, None, 0)


def test_newer_revision_replaces_and_older_one_does_not(feed: Feed) -> None:
    add_pending(feed, ONE, run=7)
    feed.append(line(1))
    feed.catalog.record_check(ONE, at=DAY, headline="Headline", etag='"x"')
    feed.catalog.record_missing(ONE, at=DAY)
    assert feed.append(line(1, 2))
    assert not feed.append(line(1))
    published = find_published(feed, ONE)
    assert (published.revision, published.offset, published.missing_runs) == (2, len(line(1)), 0)
    assert (published.headline, published.listed_run) == ("Headline", 7)
    assert feed.line(published) == line(1, 2)


def test_notes_are_kept_found_by_prefix_and_removed(feed: Feed) -> None:
    feed.catalog.note("audit at", DAY)
    feed.catalog.note("audit of", "lists")
    assert feed.catalog.noted("audit at") == DAY
    assert feed.catalog.notes("audit ") == [("audit at", DAY), ("audit of", "lists")]
    feed.catalog.note("audit at", None)
    assert feed.catalog.noted("audit at") is None and feed.catalog.noted("other") is None
    assert feed.catalog.notes("audit ") == [("audit of", "lists")]


def test_counts_by_state(feed: Feed) -> None:
    feed.append(line(1))
    add_pending(feed, TWO)
    add_pending(feed, THREE)
    feed.catalog.abandon(THREE)
    assert feed.catalog.counts() == Counts(published=1, pending=1, abandoned=1)


# ---- articles that are due


def due(feed: Feed, hours: float, ages: tuple[float, ...] = (1, 6, 24)) -> list[str]:
    return [article.id for article in feed.catalog.due(datetime.fromisoformat(DAY) + timedelta(hours=hours), ages)]


def test_article_is_due_at_each_age(feed: Feed) -> None:
    feed.append(line(1))
    assert due(feed, 0.9) == []
    assert due(feed, 1) == [ONE]
    feed.catalog.record_check(ONE, at="2026-01-27T01:00:00+00:00")
    assert due(feed, 5.9) == []
    assert due(feed, 7) == due(feed, 30) == [ONE]
    feed.catalog.record_check(ONE, at="2026-01-28T00:00:01+00:00")
    assert due(feed, 30) == due(feed, 100) == []
    assert due(feed, 1, ()) == []


def test_missing_article_is_always_due_and_withdrawn_never(feed: Feed) -> None:
    feed.append(line(1))
    assert due(feed, 24 + 7 * 24 + 1) == [], "a rebuilt catalog does not re-read an archive"
    feed.catalog.record_missing(ONE, at="2026-01-30T00:00:00+00:00")
    assert due(feed, 2000) == due(feed, 2000, ()) == [ONE]
    feed.append(line(1, 2).replace(b'"new"', b'"withdrawn"'))
    assert due(feed, 2000) == due(feed, 2) == []


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ages=st.lists(st.integers(1, 60), max_size=4, unique=True),
    seen=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 100)), max_size=12),
)
def test_due_agrees_with_its_definition(tmp_path: Path, ages: list[int], seen: list[tuple[int, int]]) -> None:
    """For articles so many hours old that were checked so many hours after."""
    now = NOON
    (tmp_path / "catalog.sqlite").unlink(missing_ok=True)
    with closing(Catalog(tmp_path / "catalog.sqlite")) as catalog:
        expected = []
        for number, (old, checked) in enumerate(seen):
            first = now - timedelta(hours=old)
            checked_at = min(first + timedelta(hours=checked), now)
            catalog.index([(0, line(number, seen=first.isoformat()))], Checkpoint(1, "x"))
            catalog.record_check(article_id(number), at=checked_at.isoformat())
            wanted = any(
                first + timedelta(hours=age) <= now and checked_at < first + timedelta(hours=age) for age in ages
            )
            if wanted and now - first < timedelta(hours=max(ages), days=7):
                expected.append(article_id(number))
        assert sorted(article.id for article in catalog.due(now, ages)) == sorted(expected)


# ---- statements


def traced(feed: Feed) -> list[str]:
    """Return a list that SQLite extends by each statement it runs from now on."""
    statements: list[str] = []
    feed.catalog._database.connection.set_trace_callback(statements.append)
    return statements


def test_new_article_takes_ten_statements_from_listing_to_feed(feed: Feed) -> None:
    feed.append(line(2))  # the file exists
    statements = traced(feed)
    assert feed.catalog.find(ONE) is None
    add_pending(feed, ONE, headline="Headline")
    assert isinstance(feed.catalog.find(ONE), Pending)
    assert feed.append(line(1))
    print("\nstatements from listing to feed:", len(statements))
    assert len(statements) <= 10, statements


def test_find_takes_one_statement(feed: Feed) -> None:
    feed.append(line(1))
    add_pending(feed, TWO)
    statements = traced(feed)
    found = [feed.catalog.find(article) for article in (ONE, TWO, THREE)]
    assert list(map(type, found)) == [Published, Pending, type(None)]
    assert len(statements) == 3


@pytest.mark.parametrize("statistics", ["none", "misleading"])
def test_due_articles_are_searched_by_age(feed: Feed, statistics: str) -> None:
    """The cost follows the articles that are due, not those stored, even with misleading statistics."""
    feed.append(line(1))
    if statistics == "misleading":
        feed.catalog._run("ANALYZE")
        feed.catalog._run("UPDATE sqlite_stat1 SET stat = '1 1 1' WHERE idx = 'sqlite_autoindex_published_1'")
        feed.catalog._run("UPDATE sqlite_stat1 SET stat = '9000000 9000000 9000000' WHERE idx = 'published_age'")
    statements = traced(feed)
    feed.catalog.due(NOON, (1, 6))
    with closing(sqlite3.connect(state_path(feed.path.parent, ".sqlite"))) as db:
        plans = [db.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall() for statement in statements]
    details = [[step[-1] for step in plan] for plan in plans]
    by_age = ["SEARCH published USING INDEX published_age (first_seen>? AND first_seen<?)"]
    assert details == [["SCAN published USING INDEX published_missing"], by_age, by_age]


# ---- runs


def test_run_numbers_continue_over_closing(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        with closing(Feed(tmp_path, NAME)) as feed:
            assert feed.catalog.begin_run() == number


def test_run_numbers_continue_over_a_rebuild_of_a_readable_catalog(tmp_path: Path) -> None:
    with closing(Feed(tmp_path, NAME)) as feed:
        numbers = [feed.catalog.begin_run() for _ in range(5)]
    with closing(sqlite3.connect(state_path(tmp_path, ".sqlite"))) as db:
        db.execute("PRAGMA user_version = 99")
    with closing(Feed(tmp_path, NAME)) as feed:
        assert list(state_path(tmp_path, "").parent.glob("*.damaged-*"))
        assert feed.catalog.begin_run() == numbers[-1] + 1


@pytest.mark.parametrize("fate", ["deleted", "garbage"])
def test_run_numbers_begin_again_without_a_readable_catalog(tmp_path: Path, fate: str) -> None:
    with closing(Feed(tmp_path, NAME)) as feed:
        feed.catalog.begin_run()
    path = state_path(tmp_path, ".sqlite")
    path.unlink() if fate == "deleted" else path.write_bytes(b"\xff" * 9000)
    with closing(Feed(tmp_path, NAME)) as feed:
        assert feed.catalog.begin_run() == 1


# ---- version 1


def test_catalog_of_version_1_is_migrated_in_place(tmp_path: Path) -> None:
    catalog_of_version_1(tmp_path)
    with closing(Feed(tmp_path, NAME)) as feed:
        assert not list((tmp_path / "state").glob("*.damaged-*")), "rebuilt instead of migrated"
        pending = Pending(THREE, "u", "politics", "Third", DAY, 2, "timeout", DAY, abandoned=False, listed_run=0)
        assert feed.catalog.pending() == [pending]
        abandoned = feed.catalog.find(article_id(4))
        assert isinstance(abandoned, Pending) and (abandoned.abandoned, abandoned.listed_run) == (True, 0)
        second = Published(
            ONE, 1, "new", "hash", "u", "economy", DAY, DAY, len(line(0)), "Headline", '"x"', "Tue", 1, listed_run=0
        )
        assert find_published(feed, ONE) == second and feed.line(second) == line(1)
        assert feed.catalog.counts() == Counts(published=3, pending=1, abandoned=1)
        assert feed.catalog.noted("walked_at") == DAY and feed.crash_marker.deaths == {"x": Deaths(2, NEVER)}
        assert due(feed, 2) == [article_id(0), ONE, TWO]
        assert feed.append(line(3))
        assert (find_published(feed, THREE).headline, find_published(feed, THREE).listed_run) == ("Third", 0)
        assert feed.catalog.begin_run() == 1
    publish(tmp_path, *range(4))
    assert_exactly(tmp_path, range(4))


def test_migrated_catalog_has_the_tables_of_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    catalog_of_version_1(tmp_path / "old")
    publish(tmp_path / "old")
    publish(tmp_path / "new", 1)
    tables = []
    for output in (tmp_path / "old", tmp_path / "new"):
        with closing(sqlite3.connect(state_path(output, ".sqlite"))) as db:
            names = [name for (name,) in db.execute("SELECT name FROM sqlite_schema ORDER BY name")]
            columns = [[column[1:4] for column in db.execute(f"PRAGMA table_info({name})")] + [name] for name in names]
            tables.append((columns, db.execute("PRAGMA user_version").fetchall()))
    assert tables[0] == tables[1]


def test_damaged_catalog_of_version_1_is_rebuilt(tmp_path: Path) -> None:
    catalog_of_version_1(tmp_path)
    with closing(sqlite3.connect(state_path(tmp_path, ".sqlite"))) as db:
        db.execute("DROP TABLE extent")
    publish(tmp_path, *range(4))
    assert list((tmp_path / "state").glob("*.damaged-*"))
    assert_exactly(tmp_path, range(4))


# ---- its file

SIZE = 60


def make_catalog(output: Path) -> Path:
    """Make a feed of `SIZE` articles with one more pending, and return the path of its catalog."""
    publish(output, *range(SIZE))
    with closing(Feed(output, NAME)) as feed:
        add_pending(feed, article_id(SIZE + 7))
    return state_path(output, ".sqlite")


def assert_next_run_publishes_each_once(output: Path) -> None:
    publish(output, *range(SIZE + 3))
    assert_exactly(output, range(SIZE + 3))


def test_deleted_catalog_is_rebuilt(tmp_path: Path) -> None:
    make_catalog(tmp_path).unlink()
    assert_next_run_publishes_each_once(tmp_path)


@pytest.mark.parametrize("seed", range(40))
def test_catalog_with_random_bytes_is_rebuilt(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    path = make_catalog(tmp_path)
    data = bytearray(path.read_bytes())
    start, length = chance.randrange(len(data)), chance.choice((1, 16, 300, 5000))
    data[start : start + length] = chance.randbytes(min(length, len(data) - start))
    path.write_bytes(data)
    assert_next_run_publishes_each_once(tmp_path)


@pytest.mark.parametrize("size", [0, 50, 4096, 9000])
def test_truncated_catalog_is_rebuilt(tmp_path: Path, size: int) -> None:
    path = make_catalog(tmp_path)
    path.write_bytes(path.read_bytes()[:size])
    assert_next_run_publishes_each_once(tmp_path)


def test_damage_during_a_run_ends_it_and_the_next_rebuilds(tmp_path: Path) -> None:
    path = make_catalog(tmp_path)
    feed = Feed(tmp_path, NAME)
    with path.open("r+b") as file:
        file.write(b"\xff" * path.stat().st_size)
    with pytest.raises(CatalogDamaged):
        for number in range(SIZE, SIZE + 3):
            feed.append(line(number))
            feed.catalog.published(article_id(number))
            feed.catalog._run("PRAGMA shrink_memory")
            feed.catalog._run("PRAGMA cache_size = 0")
            feed.catalog.due(NOON, (1, 200))
    feed.close()
    assert_next_run_publishes_each_once(tmp_path)


def test_older_copy_of_the_catalog_is_brought_up_to_date(tmp_path: Path) -> None:
    path = make_catalog(tmp_path)
    shutil.copy(path, tmp_path / "copy")
    publish(tmp_path, *range(SIZE + 2))
    shutil.copy(tmp_path / "copy", path)
    with closing(Feed(tmp_path, NAME)) as feed:
        assert feed.catalog.counts() == Counts(published=SIZE + 2, pending=1, abandoned=0), "pending articles are kept"
    assert_next_run_publishes_each_once(tmp_path)


def test_copy_of_the_catalog_from_before_a_rotation_is_brought_up_to_date(tmp_path: Path) -> None:
    path = make_catalog(tmp_path)
    shutil.copy(path, tmp_path / "copy")
    feed_path(tmp_path).rename(tmp_path / f"{NAME}.jsonl.1")
    publish(tmp_path, *range(SIZE + 2))
    shutil.copy(tmp_path / "copy", path)
    assert_next_run_publishes_each_once(tmp_path)


def test_catalog_of_another_feed_is_refused_until_the_state_is_reset(tmp_path: Path) -> None:
    """They have an article in common, because both feeds were crawled from one site."""
    path = make_catalog(tmp_path / "here")
    publish(tmp_path / "there", *range(SIZE + 1, SIZE + 9), 4)
    shutil.copytree(tmp_path / "there" / "state", path.parent, dirs_exist_ok=True)
    with pytest.raises(CatalogForeign):
        Feed(tmp_path / "here", NAME)
    Feed.reset(tmp_path / "here", NAME, keeps_feed=True)
    assert_next_run_publishes_each_once(tmp_path / "here")


@pytest.mark.parametrize("table", ["published", "known"])
def test_database_of_another_program_is_rebuilt(tmp_path: Path, table: str) -> None:
    path = make_catalog(tmp_path)
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"CREATE TABLE {table} (x)")
    assert_next_run_publishes_each_once(tmp_path)


@pytest.mark.parametrize("version", [0, 1, 99])
def test_catalog_with_a_wrong_version_is_rebuilt(tmp_path: Path, version: int) -> None:
    with closing(sqlite3.connect(make_catalog(tmp_path))) as db:
        db.execute(f"PRAGMA user_version = {version}")
    assert_next_run_publishes_each_once(tmp_path)


def test_output_copied_to_another_machine_is_not_published_again(tmp_path: Path) -> None:
    """Other inodes, other times. The articles of deleted feeds stay published."""
    make_catalog(tmp_path / "old")
    feed_path(tmp_path / "old").unlink()
    publish(tmp_path / "old", SIZE)
    shutil.copytree(tmp_path / "old", tmp_path / "new", copy_function=shutil.copyfile)
    publish(tmp_path / "new", *range(SIZE + 1))
    assert_exactly(tmp_path / "new", {SIZE})


def test_catalog_that_cannot_be_opened_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").mkdir()
    with pytest.raises(FeedError, match=r"catalog\.sqlite"):
        Catalog(tmp_path / "catalog.sqlite")
