"""Crash markers of runs that died while they parsed a page, and of runs that did not."""

import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from jiji.feed.crash_marker import FIRST_REST, NEVER, NOTE, POISON_DEATHS, Deaths
from jiji.feed.feed import Feed
from tests.feed.lines import NAME
from tests.feed.states import state_path

PAGE = "2026012700001"


def die_parsing(output: Path, page: str) -> None:
    """Leave the marker of a run that died: its process ends without closing the feed."""
    pid = os.fork()
    if pid == 0:
        Feed(output, NAME).crash_marker.mark(page)
        os._exit(0)
    os.waitpid(pid, 0)


def counts(feed: Feed) -> dict[str, int]:
    return {page: deaths.count for page, deaths in feed.crash_marker.deaths.items()}


def test_next_run_finds_the_page_that_killed_a_run(tmp_path: Path) -> None:
    die_parsing(tmp_path, PAGE)
    with closing(Feed(tmp_path, NAME)) as feed:
        assert feed.crash_marker.found == PAGE
    with closing(Feed(tmp_path, NAME)) as feed:
        assert feed.crash_marker.found is None


def test_run_that_ends_between_pages_leaves_no_mark(tmp_path: Path) -> None:
    with closing(Feed(tmp_path, NAME)) as feed:
        feed.crash_marker.mark(PAGE)
        feed.crash_marker.mark(None)
    with closing(Feed(tmp_path, NAME)) as feed:
        assert (feed.crash_marker.found, feed.crash_marker.deaths) == (None, {})


def test_mark_of_version_1_is_found(tmp_path: Path) -> None:
    die_parsing(tmp_path, PAGE)
    state_path(tmp_path, ".crash-marker").rename(state_path(tmp_path, ".reading"))
    with closing(Feed(tmp_path, NAME)) as feed:
        assert (feed.crash_marker.found, counts(feed)) == (PAGE, {PAGE: 1})
    assert not state_path(tmp_path, ".reading").exists()


def test_deaths_are_counted_by_page_until_it_is_survived(tmp_path: Path) -> None:
    for page in (PAGE, "https://example.org/é", PAGE):
        die_parsing(tmp_path, page)
    with closing(Feed(tmp_path, NAME)) as feed:
        assert counts(feed) == {PAGE: 2, "https://example.org/é": 1}
        feed.crash_marker.survived(PAGE)
        feed.crash_marker.survived("another page")
    with closing(Feed(tmp_path, NAME)) as feed:
        assert counts(feed) == {"https://example.org/é": 1}


def test_death_is_counted_when_the_catalog_has_to_be_rebuilt(tmp_path: Path) -> None:
    die_parsing(tmp_path, PAGE)
    state_path(tmp_path, ".sqlite").write_bytes(b"\xff" * 9000)
    with closing(Feed(tmp_path, NAME)) as feed:
        assert (feed.crash_marker.found, counts(feed)) == (PAGE, {PAGE: 1})


def test_poison_page_rests_and_is_tried_again(tmp_path: Path) -> None:
    for _ in range(POISON_DEATHS):
        die_parsing(tmp_path, PAGE)
    with closing(Feed(tmp_path, NAME)) as feed:
        marker, now = feed.crash_marker, datetime.now(UTC)
        assert [*marker.poison_pages(now)] == [PAGE]
        assert marker.rested(now) == []
        assert [*marker.poison_pages(now + FIRST_REST)] == []
        assert marker.rested(now + FIRST_REST) == [PAGE]
    die_parsing(tmp_path, PAGE)
    with closing(Feed(tmp_path, NAME)) as feed:
        marker, now = feed.crash_marker, datetime.now(UTC)
        assert [*marker.poison_pages(now + FIRST_REST)] == [PAGE]
        marker.survived(PAGE)
    with closing(Feed(tmp_path, NAME)) as feed:
        assert (feed.crash_marker.poison_pages(now), feed.crash_marker.rested(now)) == ({}, [])


def test_notes_of_earlier_versions_and_foreign_ones_are_read(tmp_path: Path) -> None:
    with closing(Feed(tmp_path, NAME)) as feed:
        for page, note in (("old", "3"), ("foreign", "three"), ("empty", "")):
            feed.catalog.note(f"{NOTE}{page}", note)
    with closing(Feed(tmp_path, NAME)) as feed:
        assert feed.crash_marker.deaths == {"old": Deaths(3, NEVER)}
        assert feed.crash_marker.rested(datetime.now(UTC)) == ["old"]
