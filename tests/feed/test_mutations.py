"""Each part of the protocol is left out in turn: some check must turn red, or nobody would notice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.feed.lines import assert_exactly
from tests.feed.states import feed_path, rotated, three, torn, unlearned
from tests.feed.strace import write
from tests.feed.test_locks import write_together
from tests.feed.test_power import cut_everywhere
from tests.feed.writer import MUTATIONS


def power_cut(prepare: Callable[[Path], None]) -> Callable[[Path, str], None]:
    def check(folder: Path, mutation: str) -> None:
        cut_everywhere(folder, prepare, {"MUTATION": mutation})

    return check


def clean_run(prepare: Callable[[Path], None]) -> Callable[[Path, str], None]:
    def check(folder: Path, mutation: str) -> None:
        prepare(folder)
        assert write(folder, 2, 5, env={"MUTATION": mutation}).status == 0
        assert_exactly(folder, range(5))

    return check


def writers_at_once(folder: Path, mutation: str) -> None:
    write_together(folder, 4, MUTATION=mutation, SLOW="1")


def taken_while_writing(folder: Path, mutation: str) -> None:
    """A consumer takes the feed away between intent and append: what it read and the feed are the whole together."""
    three(folder)
    taken = folder / "taken"
    assert write(folder, 2, 5, env={"MUTATION": mutation, "TAKEN": str(taken)}).status == 0
    feed_path(folder).write_bytes(taken.read_bytes() + feed_path(folder).read_bytes())
    assert_exactly(folder, range(5))


CAUGHT: dict[str, Callable[[Path, str], None]] = {
    "no_sync": power_cut(three),
    "no_directory_sync": power_cut(rotated),
    "no_intent": power_cut(three),
    "no_intent_sync": power_cut(three),
    "early_retiring": power_cut(three),
    "no_mending": clean_run(torn),
    "no_tail_check": clean_run(unlearned),
    "no_lock": writers_at_once,
    "no_name_check": taken_while_writing,
}


@pytest.mark.parametrize("mutation", CAUGHT)
def test_what_is_left_out_is_missed(quick_path: Path, mutation: str) -> None:
    with pytest.raises(AssertionError):
        CAUGHT[mutation](quick_path, mutation)


def test_every_mutation_is_tried() -> None:
    assert set(CAUGHT) == set(MUTATIONS)


@pytest.mark.parametrize("check", [clean_run(torn), clean_run(unlearned), writers_at_once, taken_while_writing])
def test_nothing_is_missed_with_all_of_it(quick_path: Path, check: Callable[[Path, str], None]) -> None:
    check(quick_path, "")
