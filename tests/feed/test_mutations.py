"""Mutations of the append: each part is left out in turn, and a check has to fail for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.feed.lines import assert_exactly
from tests.feed.states import feed_path, line_not_indexed, rotated_feed, three_articles, torn_line
from tests.feed.strace import write
from tests.feed.test_lock import write_together
from tests.feed.test_power_cut import cut_power_everywhere
from tests.feed.writer import MUTATIONS

Check = Callable[[Path, str], None]


def power_cut(prepare: Callable[[Path], None]) -> Check:
    def check(folder: Path, mutation: str) -> None:
        cut_power_everywhere(folder, prepare, {"MUTATION": mutation})

    return check


def clean_run(prepare: Callable[[Path], None]) -> Check:
    def check(folder: Path, mutation: str) -> None:
        prepare(folder)
        run_to_end(folder, MUTATION=mutation)
        assert_exactly(folder, range(5))

    return check


def writers_at_once(folder: Path, mutation: str) -> None:
    write_together(folder, 4, MUTATION=mutation, SLOW="1")


def feed_taken_while_writing(folder: Path, mutation: str) -> None:
    """Take the feed between record and append. The bytes taken and the new feed hold each article once."""
    three_articles(folder)
    taken = folder / "taken"
    run_to_end(folder, MUTATION=mutation, TAKEN=str(taken))
    feed_path(folder).write_bytes(taken.read_bytes() + feed_path(folder).read_bytes())
    assert_exactly(folder, range(5))


def run_to_end(folder: Path, **env: str) -> None:
    """Run a writer. A writer that crashes says nothing about its mutation."""
    outcome = write(folder, 2, 5, env=env)
    if outcome.status:
        pytest.fail(f"the writer crashed: {outcome}")


CAUGHT: dict[str, tuple[Check, str]] = {
    "no_sync": (power_cut(three_articles), "acknowledged and lost|torn line|invalid record"),
    "no_folder_sync": (power_cut(rotated_feed), "acknowledged and lost"),
    "no_write_ahead_record": (power_cut(three_articles), "torn line|invalid record"),
    "no_write_ahead_sync": (power_cut(three_articles), "torn line|invalid record"),
    "cleared_before_append": (power_cut(three_articles), "torn line|invalid record"),
    "no_recovery": (clean_run(torn_line), "invalid record"),
    "no_catch_up": (clean_run(line_not_indexed), "published twice"),
    "no_lock": (writers_at_once, "published twice|invalid record"),
    "no_name_check": (feed_taken_while_writing, "lost"),
}
"""Checks that fail without a part of the append, and the failure."""


@pytest.mark.parametrize("mutation", CAUGHT)
def test_append_without_one_part_fails_a_check(memory_path: Path, mutation: str) -> None:
    check, failure = CAUGHT[mutation]
    with pytest.raises(AssertionError, match=failure):
        check(memory_path, mutation)


def test_every_mutation_is_tried() -> None:
    assert set(CAUGHT) == set(MUTATIONS)


@pytest.mark.parametrize(
    "check", [clean_run(torn_line), clean_run(line_not_indexed), writers_at_once, feed_taken_while_writing]
)
def test_append_with_all_parts_passes_the_checks(memory_path: Path, check: Check) -> None:
    check(memory_path, "")
