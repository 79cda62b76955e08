"""Rotation: feeds that consumers rename, compress or delete, before and during a run."""

import bz2
import gzip
import lzma
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from jiji.feed import append_log, rotated
from jiji.feed.feed import Feed
from tests.feed.lines import NAME, article_id, assert_exactly, line
from tests.feed.states import feed_path, interrupt_append, publish, state_path, torn_line


def rename(path: Path) -> Path:
    return path.rename(path.with_name(f"{path.name}.1"))


def compress(path: Path) -> Path:
    packed = path.with_name(f"{path.name}-20260127.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    return packed


@pytest.mark.parametrize("rotate", [rename, compress])
@pytest.mark.parametrize("catalog", ["kept", "lost"])
def test_rotated_articles_are_not_published_again(tmp_path: Path, rotate: Callable[[Path], Path], catalog: str) -> None:
    publish(tmp_path, 0, 1, 2)
    rotate(feed_path(tmp_path))
    if catalog == "lost":
        state_path(tmp_path, ".sqlite").unlink()
    publish(tmp_path, 0, 1, 2, 3)
    assert feed_path(tmp_path).read_bytes() == line(3)
    assert_exactly(tmp_path, range(4))


@pytest.mark.parametrize("rotate", [rename, compress])
def test_rotation_during_a_run_begins_a_new_file(tmp_path: Path, rotate: Callable[[Path], Path]) -> None:
    with closing(Feed(tmp_path, NAME)) as feed:
        assert feed.append(line(0))
        rotate(feed_path(tmp_path))
        assert not feed.append(line(0))
        assert feed.append(line(1))
    assert feed_path(tmp_path).read_bytes() == line(1)


def test_new_empty_file_after_rotation_is_used(tmp_path: Path) -> None:
    """The option `create` of logrotate leaves one."""
    publish(tmp_path, 0, 1)
    rename(feed_path(tmp_path))
    feed_path(tmp_path).touch()
    publish(tmp_path, 0, 1, 2)
    assert feed_path(tmp_path).read_bytes() == line(2)


def test_catalog_is_rebuilt_from_many_rotated_files(tmp_path: Path) -> None:
    for number in range(6):
        publish(tmp_path, *range(number + 1))
        rename(feed_path(tmp_path)).rename(tmp_path / f"{NAME}.jsonl.{9 - number}")
    state_path(tmp_path, ".sqlite").unlink()
    publish(tmp_path, *range(7))
    assert feed_path(tmp_path).read_bytes() == line(6)


@pytest.mark.parametrize("suffix", ["1", "1.gz"])
def test_rotated_file_that_begins_with_a_long_line_belongs_to_the_feed(tmp_path: Path, suffix: str) -> None:
    content = line(0, size=3_000_000) + line(1)
    (tmp_path / f"{NAME}.jsonl.{suffix}").write_bytes(gzip.compress(content) if suffix.endswith("gz") else content)
    publish(tmp_path, 0, 1, 2)
    assert feed_path(tmp_path).read_bytes() == line(2)


@pytest.mark.parametrize(("suffix", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)])
def test_compressed_files_are_read(tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / f"{NAME}.jsonl.1.{suffix}").write_bytes(pack(line(0) + line(1)))
    publish(tmp_path, 0, 1, 2)
    with closing(Feed(tmp_path, NAME)) as feed:
        published = feed.catalog.published(article_id(1))
        assert published is not None and feed.line(published) == line(1)
    assert feed_path(tmp_path).read_bytes() == line(2)


def test_file_that_is_being_compressed_is_read_later(tmp_path: Path) -> None:
    publish(tmp_path, 0, 1)
    packed = gzip.compress(feed_path(tmp_path).read_bytes())
    part = tmp_path / f"{NAME}.jsonl.1.gz"
    part.write_bytes(packed[:-9])
    rename(feed_path(tmp_path))
    publish(tmp_path, 0, 1, 2)
    (tmp_path / f"{NAME}.jsonl.1").unlink()
    part.write_bytes(packed)
    state_path(tmp_path, ".sqlite").unlink()
    publish(tmp_path, 0, 1, 2, 3)
    assert_exactly(tmp_path, range(4))


def test_torn_line_in_a_compressed_file_is_published_again(tmp_path: Path) -> None:
    torn_line(tmp_path)
    compress(feed_path(tmp_path))
    publish(tmp_path, 0, 1, 2)
    assert feed_path(tmp_path).read_bytes() == line(2)


def test_deleted_feed_is_not_published_again(tmp_path: Path) -> None:
    publish(tmp_path, 0, 1, 2)
    feed_path(tmp_path).unlink()
    publish(tmp_path, 0, 1, 2, 3)
    publish(tmp_path, 0, 1, 2, 3)
    assert_exactly(tmp_path, {3})


def test_feed_deleted_during_a_run_is_not_published_again(tmp_path: Path) -> None:
    with closing(Feed(tmp_path, NAME)) as feed:
        feed.append(line(0))
        feed_path(tmp_path).unlink()
        assert not feed.append(line(0))
        feed.append(line(1))
    assert_exactly(tmp_path, {1})


def test_new_file_that_was_announced_belongs_to_the_feed(tmp_path: Path) -> None:
    """A writer died in the first append to a new file, after the old file was deleted."""
    publish(tmp_path, 0, 1)
    feed_path(tmp_path).unlink()
    with closing(Feed(tmp_path, NAME)) as feed:
        feed_path(tmp_path).touch()
        feed.append_log._begin_file(feed_path(tmp_path).stat().st_ino)
    interrupt_append(tmp_path, line(2), line(2)[:30])
    publish(tmp_path, 0, 1, 2)
    assert_exactly(tmp_path, {2})


@pytest.mark.parametrize("look", range(4))
def test_torn_feed_renamed_between_two_looks_is_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: int
) -> None:
    """The feed is renamed while its files are listed. It is completed under its new name."""
    torn_line(tmp_path)
    looks, stat_of = 0, rotated.stat_of

    def interfere(path: Path) -> os.stat_result | None:
        nonlocal looks
        looks += 1
        if looks == look + 1:
            rename(feed_path(tmp_path))
            if look % 2:
                feed_path(tmp_path).touch()
        return stat_of(path)

    monkeypatch.setattr(rotated, "stat_of", interfere)
    monkeypatch.setattr(append_log, "stat_of", interfere)
    publish(tmp_path, 0, 1, 2, 3)
    assert (tmp_path / f"{NAME}.jsonl.1").read_bytes() == line(0) + line(1) + line(2)
    assert feed_path(tmp_path).read_bytes() == line(3)


def test_feed_deleted_with_its_state_is_published_again(tmp_path: Path) -> None:
    publish(tmp_path, 0, 1)
    feed_path(tmp_path).unlink()
    for path in (tmp_path / "state").iterdir():
        path.unlink()
    publish(tmp_path, 0, 1)
    assert_exactly(tmp_path, range(2))


def test_feed_emptied_by_copytruncate_is_not_published_again(tmp_path: Path) -> None:
    publish(tmp_path, 0, 1, 2)
    os.truncate(feed_path(tmp_path), 0)
    publish(tmp_path, 0, 1, 2, 3)
    assert feed_path(tmp_path).read_bytes() == line(3)
