"""A feed that lacks published lines is refused, and a missing one is noticed."""

import gzip
import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from jiji.feed.errors import LinesLost, NoSpaceLeft
from jiji.feed.feed import Feed
from jiji.feed.indexing import Indexing
from jiji.feed.line_index import Checkpoint
from tests.feed.lines import NAME, line
from tests.feed.states import feed_path, publish

Restore = Callable[[Path, Path], None]


def is_missing(output: Path) -> bool:
    with closing(Feed(output, NAME)) as feed:
        return feed.was_missing


def back_up(output: Path) -> Path:
    return Path(shutil.copy2(feed_path(output), output.parent / "copy.jsonl"))


def restore_as_new_file(copy: Path, output: Path) -> None:
    feed_path(output).unlink()
    shutil.copy2(copy, feed_path(output))


def restore_in_place(copy: Path, output: Path) -> None:
    feed_path(output).write_bytes(copy.read_bytes())


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


@pytest.mark.parametrize("restore", [restore_as_new_file, restore_in_place])
def test_an_older_back_up_is_refused_until_the_state_is_reset(output: Path, restore: Restore) -> None:
    publish(output, 0, 1)
    copy = back_up(output)
    publish(output, 2, 3)
    restore(copy, output)
    for _ in range(2):
        with pytest.raises(LinesLost, match=f"scrapy reset {NAME} --keep-feed"):
            Feed(output, NAME)
    assert feed_path(output).read_bytes() == copy.read_bytes()
    Feed.reset(output, NAME, keeps_feed=True)
    assert feed_path(output).read_bytes() == copy.read_bytes()
    publish(output, 0, 1, 2, 3)
    assert feed_path(output).read_bytes().count(b"\n") == 4


@pytest.mark.parametrize("restore", [restore_as_new_file, restore_in_place])
def test_a_complete_back_up_is_accepted(output: Path, restore: Restore) -> None:
    publish(output, 0, 1)
    restore(back_up(output), output)
    publish(output, 0, 1, 2)
    assert feed_path(output).read_bytes().count(b"\n") == 3


def test_a_truncated_feed_is_refused(output: Path) -> None:
    publish(output, 0, 1, 2)
    end_of_second = feed_path(output).read_bytes().rindex(b"\n", 0, -1) + 1
    os.truncate(feed_path(output), end_of_second)
    with pytest.raises(LinesLost):
        Feed(output, NAME)


def test_a_rotated_file_in_the_place_of_the_feed_is_refused(output: Path) -> None:
    publish(output, 0, 1)
    copy = back_up(output)
    feed_path(output).rename(output / f"{NAME}.jsonl.1")
    publish(output, 2)
    (output / f"{NAME}.jsonl.1").rename(output.parent / "taken away")
    copy.replace(feed_path(output))
    with pytest.raises(LinesLost):
        Feed(output, NAME)


def test_a_missing_feed_is_noticed_until_the_next_line(output: Path) -> None:
    publish(output, 0)
    assert not is_missing(output)
    feed_path(output).unlink()
    assert is_missing(output)
    assert is_missing(output)
    publish(output, 0)
    assert not feed_path(output).exists()
    publish(output, 1)
    assert not is_missing(output)


def test_an_emptied_feed_is_noticed(output: Path) -> None:
    publish(output, 0)
    os.truncate(feed_path(output), 0)
    assert is_missing(output)


@pytest.mark.parametrize("is_compressed", [False, True])
def test_a_feed_rotated_in_its_folder_is_not_missing(output: Path, is_compressed: bool) -> None:
    publish(output, 0)
    rotated = output / f"{NAME}.jsonl.1"
    feed_path(output).rename(rotated)
    if is_compressed:
        rotated.with_suffix(".1.gz").write_bytes(gzip.compress(rotated.read_bytes()))
        rotated.unlink()
    assert not is_missing(output)
    publish(output, 0, 1)
    assert feed_path(output).read_bytes().count(b"\n") == 1


def test_a_catalog_whose_rebuilding_was_cut_off_is_rebuilt_further(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(output, 0, 1, 2, size=5000)
    feed_path(output).rename(output / f"{NAME}.jsonl.1")
    publish(output, 3)
    for path in (output / "state").glob(f"{NAME}.sqlite*"):
        path.unlink()
    with monkeypatch.context() as cut, pytest.raises(NoSpaceLeft):
        index_file = Indexing.file

        def file(self: Indexing, path: Path, inode: int, checkpoint: Checkpoint | None) -> Checkpoint:
            if path == feed_path(output):
                raise NoSpaceLeft(path)
            return index_file(self, path, inode, checkpoint)

        cut.setattr(Indexing, "file", file)
        Feed(output, NAME)
    publish(output, 0, 1, 2, 3, 4)
    assert feed_path(output).read_bytes() == line(3) + line(4)
