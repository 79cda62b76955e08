"""The frontier's policy: states of an article, failures of every kind, end of pagination by run numbers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jiji.configuration import Arguments, Configuration
from jiji.feed.catalog import Catalog
from jiji.feed.line_index import Checkpoint
from jiji.pages import IndexEntry
from jiji.site.listing import Listing
from jiji.site.sections import SECTIONS
from jiji.spiders import frontier as module
from jiji.spiders.frontier import FailureKind, Frontier
from jiji.stats import RunStats

SPORTS = SECTIONS["sports"]
IDS = [f"20260127{number:05}" for number in range(100, 200)]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "sports.sqlite")
    yield opened
    opened.close()


def entries(*ids: str, headline: str = "Rowers Win") -> list[IndexEntry]:
    return [
        IndexEntry(
            id=each, url=f"https://jen.jiji.com/jc/eng?g=eco&k={each}", headline=f"{headline} {each[-3:]}",
            section=None, in_headline_box=False,
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


def crawl(catalog: Catalog, *pages: list[str]) -> int:
    """Crawl index pages as long as pagination goes on, publish everything, and return the number of pages read."""
    frontier, stats = begin(catalog)
    for page in pages:
        if not frontier.listed(entries(*page), SPORTS):
            break
    while batch := frontier.next_batch(20):
        for listing in batch:
            publish(catalog, frontier, listing)
    frontier.finish()
    return stats.index_pages


def test_articles_are_fetched_oldest_first_and_once(catalog: Catalog) -> None:
    frontier, _ = begin(catalog)
    assert frontier.listed(entries(*reversed(IDS[:5])), SPORTS)
    frontier.listed(entries(*IDS[:7]), SPORTS)
    assert [listing.id for listing in frontier.next_batch(100)] == IDS[:7]
    frontier.listed(entries(*IDS[:7]), SPORTS)
    assert frontier.next_batch(100) == []


def test_pagination_ends_at_fully_crawled_listings(catalog: Catalog) -> None:
    pages = [IDS[20:30], IDS[10:20], IDS[:10]]
    assert crawl(catalog, *pages) == 3
    assert crawl(catalog, *pages) == 1
    assert crawl(catalog, [IDS[30], *IDS[21:30]], [IDS[20], *IDS[11:20]], IDS[:11]) == 2


def test_listings_of_an_interrupted_run_are_not_fully_crawled(catalog: Catalog) -> None:
    frontier, _ = begin(catalog)
    frontier.listed(entries(*IDS[20:30]), SPORTS)
    for listing in frontier.next_batch(100):
        publish(catalog, frontier, listing)  # and then the run is killed: page two was never read
    assert crawl(catalog, IDS[20:30], IDS[10:20], IDS[:10]) == 3
    assert crawl(catalog, IDS[20:30], IDS[10:20], IDS[:10]) == 1


@pytest.mark.parametrize("clock", ["2020-01-01T00:00:00Z", "2031-01-01T00:00:00Z"])
def test_the_end_of_pagination_does_not_depend_on_the_clock(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, clock: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(module, "_now", lambda: clock)
        crawl(catalog, IDS[:10])
    assert crawl(catalog, IDS[20:30], IDS[10:20], IDS[:10]) == 3
    assert crawl(catalog, IDS[20:30], IDS[10:20], IDS[:10]) == 1


def test_a_gap_is_recorded_between_runs_without_overlap(catalog: Catalog) -> None:
    crawl(catalog, IDS[:10])
    frontier, stats = begin(catalog)
    frontier.listed(entries(*IDS[20:30]), SPORTS)
    frontier.finish()
    frontier.summarize()
    assert stats.gap == (IDS[9], IDS[20])
    frontier, stats = begin(catalog)
    frontier.listed(entries(*IDS[20:30]), SPORTS)
    frontier.summarize()
    assert stats.gap is None


@pytest.mark.parametrize("kind", FailureKind)
def test_an_article_that_always_fails_is_abandoned(catalog: Catalog, kind: FailureKind) -> None:
    frontier, stats = begin(catalog)
    frontier.listed(entries(IDS[0]), SPORTS)
    for attempt in range(kind.attempts):
        assert stats.abandoned == 0, attempt
        assert catalog.pending_count() == 1
        frontier.failed(IDS[0], kind, "for the test")
    assert stats.abandoned == 1
    assert catalog.pending_count() == 0
    frontier, _ = begin(catalog)
    frontier.listed(entries(IDS[0]), SPORTS)
    assert frontier.next_batch(10) == []


def test_failures_of_different_kinds_count_together(catalog: Catalog) -> None:
    frontier, stats = begin(catalog)
    frontier.listed(entries(IDS[0]), SPORTS)
    for attempt in range(FailureKind.REJECTED.attempts):
        frontier.failed(IDS[0], (FailureKind.REJECTED, FailureKind.NOT_FETCHED)[attempt % 2], "for the test")
    assert stats.abandoned == 1


def test_an_article_that_failed_often_is_tried_once_a_day(catalog: Catalog) -> None:
    frontier, _ = begin(catalog)
    frontier.listed(entries(IDS[0]), SPORTS)
    for _ in range(module.DAILY_AFTER):
        frontier.failed(IDS[0], FailureKind.REJECTED, "for the test")
    frontier, _ = begin(catalog)
    frontier.add_earlier([])
    frontier.listed(entries(IDS[0]), SPORTS)
    assert frontier.next_batch(10) == []
    catalog.record_failure(IDS[0], reason="long ago", at="2020-01-01T00:00:00Z")
    frontier, _ = begin(catalog)
    frontier.add_earlier([])
    assert [listing.id for listing in frontier.next_batch(10)] == [IDS[0]]


def test_a_published_article_is_withdrawn_after_three_runs_without_it(catalog: Catalog) -> None:
    crawl(catalog, IDS[:3])
    frontier, _ = begin(catalog)
    assert frontier.failed(IDS[0], FailureKind.GONE, "HTTP 404") is None
    assert frontier.failed(IDS[0], FailureKind.NOT_FETCHED, "HTTP 500") is None
    assert frontier.failed(IDS[0], FailureKind.GONE, "HTTP 404") is None
    withdrawn = frontier.failed(IDS[0], FailureKind.GONE, "HTTP 410")
    assert withdrawn is not None
    assert withdrawn.id == IDS[0]


def test_pending_articles_of_earlier_runs_come_back(catalog: Catalog) -> None:
    frontier, _ = begin(catalog)
    frontier.listed(entries(*IDS[:3]), SPORTS)
    frontier, stats = begin(catalog)
    frontier.add_earlier([])
    listings = frontier.next_batch(10)
    assert [listing.id for listing in listings] == IDS[:3]
    assert listings[0].headline == "Rowers Win 100"
    frontier.summarize()
    assert stats.pending == 3


def test_bounds_of_a_run_leave_the_rest_for_the_next(catalog: Catalog) -> None:
    frontier, stats = begin(catalog, max_articles="2")
    assert not frontier.listed(entries(*IDS[:5]), SPORTS)
    assert len(frontier.next_batch(10)) == 2
    frontier.finish()
    frontier.summarize()
    assert stats.bounded_by == "JIJI_MAX_ARTICLES=2"
    assert stats.pending == 5
    assert crawl(catalog, IDS[:5], IDS[5:10]) == 2
    frontier, _ = begin(catalog, Arguments.parse(max_articles=1))
    frontier.listed(entries(*IDS[10:15]), SPORTS)
    assert len(frontier.next_batch(10)) == 1


def test_another_headline_in_a_list_is_a_reason_to_fetch_again(catalog: Catalog) -> None:
    crawl(catalog, IDS[:3])
    frontier, _ = begin(catalog)
    frontier.listed(entries(*IDS[:3]), SPORTS)
    assert frontier.next_batch(10) == []
    frontier.listed(entries(IDS[1], headline="Rowers Lose"), SPORTS)
    assert [listing.id for listing in frontier.next_batch(10)] == [IDS[1]]
