"""The frontier's policy: order of articles, and their states after failures of every kind, over days."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jiji import clock
from jiji.configuration import Arguments, Configuration
from jiji.feed.catalog import Catalog
from jiji.feed.line_index import Checkpoint
from jiji.pages import IndexEntry
from jiji.site.listing import Listing
from jiji.site.sections import SECTIONS
from jiji.spiders.failures import DAILY_AFTER, FailureKind
from jiji.spiders.frontier import Frontier
from jiji.stats import RunStats

SPORTS = SECTIONS["sports"]
IDS = [f"20260127{number:05}" for number in range(100, 200)]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "sports.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Return the virtual time: hours since noon."""
    at = {"now": 0.0}
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 1, 27, 12, tzinfo=UTC) + timedelta(hours=at["now"]))
    return at


def entries(
    *ids: str, headline: str = "Rowers Win", url: str = "https://jen.jiji.com/jc/eng?g=eco"
) -> list[IndexEntry]:
    return [
        IndexEntry(
            id=each, url=f"{url}&k={each}", headline=f"{headline} {each[-3:]}", section=None, in_headline_box=False,
        )
        for each in ids
    ]  # fmt: skip


def begin(catalog: Catalog, arguments: Arguments | None = None, **settings: object) -> tuple[Frontier, RunStats]:
    stats = RunStats()
    configuration = Configuration.from_settings({f"JIJI_{name.upper()}": value for name, value in settings.items()})
    return Frontier(SPORTS, catalog, arguments or Arguments(), configuration, stats), stats


def publish(catalog: Catalog, frontier: Frontier, listing: Listing) -> None:
    """Do what the feed does when an article's line is on the disk."""
    line = (
        f'{{"id": "{listing.id}", "revision": 1, "status": "new", "content_hash": "x", "url": "{listing.url}",'
        f' "first_seen_at": "{listing.first_seen_at}", "fetched_at": "{listing.first_seen_at}"}}\n'
    )
    catalog.index([(0, line.encode())], Checkpoint(1, "x", len(line), len(line), 1))
    frontier.published(listing, etag=None, last_modified=None)


def crawl(catalog: Catalog, *ids: str, headline: str = "Rowers Win") -> list[str]:
    """List articles, publish those that the frontier wants, and return their IDs."""
    frontier, _ = begin(catalog)
    frontier.listed(entries(*ids, headline=headline), SPORTS)
    batch = frontier.next_batch(100)
    for listing in batch:
        publish(catalog, frontier, listing)
    frontier.settle()
    return [listing.id for listing in batch]


def fail(catalog: Catalog, *ids: str, kind: FailureKind, listed: bool = True) -> tuple[list[str], RunStats]:
    """Run with pages that all fail; return the articles asked for, and the stats."""
    frontier, stats = begin(catalog)
    frontier.add_earlier()
    frontier.listed(entries(*ids), SPORTS) if listed else None
    batch = [listing.id for listing in frontier.next_batch(100)]
    for article_id in batch:
        frontier.failed(article_id, kind, "for the test")
    stats.deleted = [each.id for each in frontier.settle()]  # type: ignore[attr-defined] # for the tests alone
    frontier.summarize()
    return batch, stats


def test_articles_are_fetched_oldest_first_and_once(catalog: Catalog) -> None:
    frontier, _ = begin(catalog)
    frontier.listed(entries(*reversed(IDS[:5])), SPORTS)
    frontier.listed(entries(*IDS[:7]), SPORTS)
    assert [listing.id for listing in frontier.next_batch(100)] == IDS[:7]
    frontier.listed(entries(*IDS[:7]), SPORTS)
    assert frontier.next_batch(100) == []


def test_listings_are_returned_by_list_with_the_run_that_saw_them_first(catalog: Catalog) -> None:
    crawl(catalog, *IDS[:2])
    frontier, _ = begin(catalog)
    assert frontier.listed(entries(IDS[1], IDS[2]), None) == {}
    lists = frontier.listed(entries(IDS[1], IDS[2]), SPORTS)
    assert {name: [(each.id, each.listed_run) for each in seen] for name, seen in lists.items()} == {
        "sports": [(IDS[1], 1), (IDS[2], None)]
    }


def test_dead_articles_do_not_crowd_out_new_ones(catalog: Catalog, hours: dict[str, float]) -> None:
    fail(catalog, *IDS[:60], kind=FailureKind.NOT_FETCHED)
    frontier, _ = begin(catalog, max_articles="20")
    frontier.add_earlier()
    frontier.listed(entries(*IDS[90:95]), SPORTS)
    assert [listing.id for listing in frontier.next_batch(7)][:5] == IDS[90:95]


@pytest.mark.parametrize("kind", [kind for kind in FailureKind if kind.attempts])
def test_an_article_that_always_fails_is_abandoned(
    catalog: Catalog, kind: FailureKind, hours: dict[str, float]
) -> None:
    asked = 0
    for tick in range(2 * 24 * 20):
        hours["now"] = tick / 2
        batch, stats = fail(catalog, IDS[0], kind=kind)
        asked += len(batch)
        if stats.abandoned:
            break
    assert (stats.abandoned, stats.pending, asked) == (1, 0, kind.attempts)
    assert hours["now"] < 24 * 8
    batch, stats = fail(catalog, IDS[0], kind=kind)
    assert batch == []
    assert stats.abandoned == 0
    hours["now"] += 24 * 7
    batch, stats = fail(catalog, IDS[0], kind=kind)
    assert (batch, stats.abandoned, stats.pending) == ([IDS[0]], 0, 0), "a second chance without a word"
    hours["now"] += 24 * 7
    assert crawl(catalog, IDS[0]) == [IDS[0]]


def test_an_article_that_failed_often_is_tried_once_a_day_and_colours_no_run(
    catalog: Catalog, hours: dict[str, float]
) -> None:
    for _ in range(DAILY_AFTER):
        batch, stats = fail(catalog, IDS[0], kind=FailureKind.REJECTED)
        assert batch == [IDS[0]]
    assert (stats.pending, stats.pending_resting) == (1, 1)
    hours["now"] = 23
    assert fail(catalog, IDS[0], kind=FailureKind.REJECTED)[0] == []
    hours["now"] = 24
    assert fail(catalog, IDS[0], kind=FailureKind.REJECTED)[0] == [IDS[0]]


def test_an_article_under_a_new_address_is_tried_there_at_once(catalog: Catalog, hours: dict[str, float]) -> None:
    for _ in range(40):
        hours["now"] += 12
        fail(catalog, IDS[0], kind=FailureKind.NOT_FETCHED)
    assert catalog.pending() == []
    frontier, _ = begin(catalog)
    moved = entries(IDS[0], url="https://jen.jiji.com/jc/photo?g=pho")
    frontier.listed(moved, SPORTS)
    assert [listing.url for listing in frontier.next_batch(10)] == [moved[0].url]


def test_an_outage_deletes_nothing(catalog: Catalog, hours: dict[str, float]) -> None:
    crawl(catalog, *IDS[:5])
    for tick in range(100):
        hours["now"] = tick / 2
        _, stats = fail(catalog, *IDS[5:9], kind=FailureKind.GONE, listed=False)
        assert stats.deleted == []  # type: ignore[attr-defined]
        assert stats.abandoned == 0


def test_a_published_article_is_deleted_after_three_runs_over_a_day(catalog: Catalog, hours: dict[str, float]) -> None:
    crawl(catalog, IDS[0])
    deleted = []
    for hours["now"] in (1, 2, 3, 24, 25):
        deleted.append(fail(catalog, kind=FailureKind.GONE, listed=False)[1].deleted)  # type: ignore[attr-defined]
    assert deleted == [[], [], [], [], [IDS[0]]]


def test_an_article_that_is_listed_was_not_deleted(catalog: Catalog, hours: dict[str, float]) -> None:
    crawl(catalog, IDS[0])
    for hours["now"] in (1, 2, 3):
        fail(catalog, kind=FailureKind.GONE, listed=False)
    hours["now"] = 20
    crawl(catalog, IDS[0])
    hours["now"] = 24
    assert fail(catalog, kind=FailureKind.GONE, listed=False)[1].deleted == []  # type: ignore[attr-defined]


def test_a_deleted_pending_article_is_abandoned_until_it_is_listed_again(
    catalog: Catalog, hours: dict[str, float]
) -> None:
    fail(catalog, IDS[0], kind=FailureKind.NOT_FETCHED)
    for hours["now"] in (1, 2, 3, 30):
        _, stats = fail(catalog, kind=FailureKind.GONE, listed=False)
    assert (stats.abandoned, stats.pending) == (1, 0)
    hours["now"] = 31
    assert fail(catalog, kind=FailureKind.GONE, listed=False)[0] == []
    assert crawl(catalog, IDS[0]) == [IDS[0]]


def test_pending_articles_of_earlier_runs_come_back(catalog: Catalog) -> None:
    frontier, _ = begin(catalog)
    frontier.listed(entries(*IDS[:3]), SPORTS)
    frontier, stats = begin(catalog)
    frontier.add_earlier()
    listings = frontier.next_batch(10)
    assert [listing.id for listing in listings] == IDS[:3]
    assert listings[0].headline == "Rowers Win 100"
    frontier.summarize()
    assert stats.pending == 3


def test_bounds_of_a_run_leave_the_rest_for_the_next(catalog: Catalog) -> None:
    frontier, stats = begin(catalog, max_articles="2")
    frontier.listed(entries(*IDS[:5]), SPORTS)
    assert frontier.needs_no_more_of("sports", [])
    assert len(frontier.next_batch(10)) == 2
    frontier.summarize()
    assert stats.bounded_by == "JIJI_MAX_ARTICLES=2"
    assert stats.pending == 5
    frontier, _ = begin(catalog, Arguments.parse(max_articles=1))
    frontier.listed(entries(*IDS[10:15]), SPORTS)
    assert len(frontier.next_batch(10)) == 1


def test_other_text_in_a_list_is_a_reason_to_check_once(catalog: Catalog) -> None:
    crawl(catalog, *IDS[:3])
    frontier, _ = begin(catalog)
    frontier.listed(entries(*IDS[:3]), SPORTS)
    frontier.listed(entries(IDS[0], headline="Home Words It Differently"), None)
    assert frontier.next_batch(10) == []
    frontier.listed(entries(IDS[1], headline="Rowers Lose"), SPORTS)
    [listing] = frontier.next_batch(10)
    assert listing.id == IDS[1]
    frontier.unchanged(listing, etag=None, last_modified=None)
    frontier, _ = begin(catalog)
    frontier.listed(entries(IDS[1], headline="Rowers Draw"), SPORTS)
    assert frontier.next_batch(10) == []


def test_an_article_under_two_labels_belongs_to_both_sections(catalog: Catalog) -> None:
    [entry] = entries(IDS[0])
    both = replace(
        entry, sections=(SECTIONS["economy"], SPORTS), section=SECTIONS["economy"], lists=(SECTIONS["economy"],)
    )
    frontier, _ = begin(catalog)
    frontier.listed([both], SECTIONS["national"])
    assert [listing.category for listing in frontier.next_batch(10)] == ["sports"]
