"""The append log with other writers, edited feeds, and records of earlier versions."""

import json
import logging
import os
from contextlib import closing
from pathlib import Path

import pytest

from jiji.feed.errors import CatalogForeign
from jiji.feed.feed import Feed
from jiji.feed.write_ahead import WriteAheadRecord
from tests.feed.lines import NAME, article_id, assert_exactly, line
from tests.feed.states import feed_path, interrupt_append, publish, state_path, torn_line, torn_line_of_version_1


def test_line_of_a_writer_without_the_lock_is_not_doubled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other line comes between catching up and the append."""
    with closing(Feed(tmp_path, NAME)) as feed:
        feed.append(line(0))
        catch_up = feed.append_log._catch_up

        def interfere() -> None:
            catch_up()
            monkeypatch.undo()
            with feed_path(tmp_path).open("ab") as other:
                other.write(line(1))

        monkeypatch.setattr(feed.append_log, "_catch_up", interfere)
        assert not feed.append(line(1))
        assert feed.append(line(2))
    assert feed_path(tmp_path).read_bytes() == line(0) + line(1) + line(2)


EDITS = {
    "a line inserted": lambda lines: [lines[0], b"oops\n", *lines[1:]],
    "a line inserted before all": lambda lines: [b"oops\n", *lines],
    "a line damaged, same length": lambda lines: [lines[0], b"x" * (len(lines[1]) - 1) + b"\n", *lines[2:]],
    "a line damaged, other length": lambda lines: [lines[0], b"{}\n", *lines[2:]],
    "a line added": lambda lines: [*lines, b"oops\n"],
    "a line added without its end": lambda lines: [*lines, b"oops"],
    "a line of other fields": lambda lines: [*lines, b'{"id": 7, "revision": "x"}\n'],
    "nested too deep": lambda lines: [*lines, b"[" * 100_000 + b"\n"],
    "not text": lambda lines: [*lines, b'{"id": "\\ud800", "revision": 1}\n', b"\0\0\xff\n"],
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("how", ["in place", "as editors do"])
def test_damaged_lines_are_reported_and_stay(
    tmp_path: Path, edit: str, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    publish(tmp_path, 0, 1, 2)
    path = feed_path(tmp_path)
    lines = EDITS[edit](path.read_bytes().splitlines(keepends=True))
    edited = path if how == "in place" else tmp_path / "new"
    edited.write_bytes(b"".join(lines))
    edited.rename(path)
    with caplog.at_level(logging.ERROR, "jiji.feed"):
        publish(tmp_path, 0, 1, 2, 3)
        publish(tmp_path, 0, 1, 2, 3)
    damaged = [number for number, text in enumerate(lines, 1) if b'"body"' not in text]
    for number in damaged:
        assert f"{path}: line {number} is damaged" in caplog.text
    assert path.read_bytes().startswith(b"".join(lines))
    assert path.read_bytes() == b"".join(lines) + (b"\n" if edit.endswith("its end") else b"") + line(3)
    copies = [json.loads(entry) for entry in state_path(tmp_path, ".damaged").read_bytes().splitlines()]
    assert [entry["line"] for entry in copies] == damaged
    assert [entry["bytes"].encode("latin-1") for entry in copies] == [
        lines[number - 1].strip() + b"\n" for number in damaged
    ]


def test_record_behind_the_end_of_the_feed_is_ignored(tmp_path: Path) -> None:
    """The feed was truncated. Nothing is written behind a hole."""
    publish(tmp_path, 0, 1)
    interrupt_append(tmp_path, line(2), b"")
    os.truncate(feed_path(tmp_path), 0)
    publish(tmp_path, 0, 1, 2)
    assert feed_path(tmp_path).read_bytes() == line(2)


def test_torn_line_with_lines_added_behind_it_stays(tmp_path: Path) -> None:
    torn_line(tmp_path)
    with feed_path(tmp_path).open("ab") as feed:
        feed.write(line(7) * 3)
    before = feed_path(tmp_path).read_bytes()
    publish(tmp_path)
    assert feed_path(tmp_path).read_bytes() == before


def test_other_feed_in_the_same_inode_is_refused(tmp_path: Path) -> None:
    publish(tmp_path, 0, 1)
    feed_path(tmp_path).write_bytes(line(5) + line(6))
    for _ in range(2):
        with pytest.raises(CatalogForeign, match=f"scrapy reset {NAME} --keep-feed"):
            Feed(tmp_path, NAME)
    Feed.reset(tmp_path, NAME, keeps_feed=True)
    publish(tmp_path, 0, 1, 5, 6)
    assert feed_path(tmp_path).read_bytes() == line(5) + line(6) + line(0) + line(1)


@pytest.mark.parametrize("text", [b"", b"{}", b"{}\n", line(1)[:-1], line(1) * 2, b"\n", line(1) + b"x", b"[1]\n"])
def test_invalid_line_is_refused(tmp_path: Path, text: bytes) -> None:
    with closing(Feed(tmp_path, NAME)) as feed, pytest.raises(ValueError, match=r"line|record|revision"):
        feed.append(text)
    assert not feed_path(tmp_path).exists()


def test_batch_with_the_same_line_twice_holds_it_once(tmp_path: Path) -> None:
    with closing(Feed(tmp_path, NAME)) as feed:
        assert feed.append_log.append(line(0), line(1), line(0), line(0, revision=2)) == 3
        assert feed.append_log.append() == 0
        published = feed.catalog.published(article_id(0))
        assert published is not None and (published.revision, feed.line(published)) == (2, line(0, revision=2))
    assert feed_path(tmp_path).read_bytes() == line(0) + line(1) + line(0, revision=2)


def test_record_is_encoded_and_decoded() -> None:
    record = WriteAheadRecord(5, 7, b"a\nb\n")
    assert WriteAheadRecord.decode(record.encode()) == record
    assert WriteAheadRecord.decode(b"") is None


def test_record_of_version_1_is_recovered(tmp_path: Path) -> None:
    torn_line_of_version_1(tmp_path)
    publish(tmp_path)
    assert feed_path(tmp_path).read_bytes() == line(0) + line(1) + line(2)
    assert not state_path(tmp_path, ".intent").exists()
    assert state_path(tmp_path, ".write-ahead").read_bytes() == b""


def test_empty_record_of_version_1_is_removed(tmp_path: Path) -> None:
    publish(tmp_path, 0)
    state_path(tmp_path, ".intent").touch()
    publish(tmp_path, 0, 1)
    assert_exactly(tmp_path, range(2))
    assert not state_path(tmp_path, ".intent").exists()
