"""Crash markers of runs that died while they parsed a page, and of runs that did not."""

import os
from contextlib import closing
from pathlib import Path

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
        assert (feed.crash_marker.found, feed.crash_marker.deaths) == (PAGE, {PAGE: 1})
    assert not state_path(tmp_path, ".reading").exists()


def test_deaths_are_counted_by_page_until_it_is_survived(tmp_path: Path) -> None:
    for page in (PAGE, "https://example.org/é", PAGE):
        die_parsing(tmp_path, page)
    with closing(Feed(tmp_path, NAME)) as feed:
        assert feed.crash_marker.deaths == {PAGE: 2, "https://example.org/é": 1}
        feed.crash_marker.survived(PAGE)
        feed.crash_marker.survived("another page")
    with closing(Feed(tmp_path, NAME)) as feed:
        assert feed.crash_marker.deaths == {"https://example.org/é": 1}


def test_death_is_counted_when_the_catalog_has_to_be_rebuilt(tmp_path: Path) -> None:
    die_parsing(tmp_path, PAGE)
    state_path(tmp_path, ".sqlite").write_bytes(b"\xff" * 9000)
    with closing(Feed(tmp_path, NAME)) as feed:
        assert (feed.crash_marker.found, feed.crash_marker.deaths) == (PAGE, {PAGE: 1})
