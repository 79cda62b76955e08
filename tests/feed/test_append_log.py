"""Feeds that others rename, compress, delete, edit or put something in place of."""

import bz2
import gzip
import json
import logging
import lzma
import os
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from jiji.feed import append_log as journal
from jiji.feed.append_log import Intent
from jiji.feed.feed import Feed, FeedError
from tests.feed.lines import NAME, assert_exactly, line
from tests.feed.states import feed_path, publish, tear, torn


def rename(path: Path) -> Path:
    return path.rename(path.with_name(f"{path.name}.1"))


def compress(path: Path) -> Path:
    packed = path.with_name(f"{path.name}-20260127.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    return packed


@pytest.mark.parametrize("away", [rename, compress])
@pytest.mark.parametrize("index", ["kept", "lost"])
def test_renamed_away(tmp_path: Path, away: Callable[[Path], Path], index: str) -> None:
    publish(tmp_path, 0, 1, 2)
    away(feed_path(tmp_path))
    if index == "lost":
        (tmp_path / "state" / f"{NAME}.sqlite").unlink()
    publish(tmp_path, 0, 1, 2, 3)
    assert feed_path(tmp_path).read_bytes() == line(3)
    assert_exactly(tmp_path, range(4))


@pytest.mark.parametrize("away", [rename, compress])
def test_renamed_away_during_a_run(tmp_path: Path, away: Callable[[Path], Path]) -> None:
    with closing(Feed(tmp_path, NAME)) as feed:
        assert feed.append(line(0))
        away(feed_path(tmp_path))
        assert not feed.append(line(0))
        assert feed.append(line(1))
    assert feed_path(tmp_path).read_bytes() == line(1)


def test_new_empty_file_in_its_place(tmp_path: Path) -> None:
    """As logrotate's `create` leaves one."""
    publish(tmp_path, 0, 1)
    rename(feed_path(tmp_path))
    feed_path(tmp_path).touch()
    publish(tmp_path, 0, 1, 2)
    assert feed_path(tmp_path).read_bytes() == line(2)


def test_many_renamed_files(tmp_path: Path) -> None:
    for number in range(6):
        publish(tmp_path, *range(number + 1))
        rename(feed_path(tmp_path)).rename(tmp_path / f"{NAME}.jsonl.{9 - number}")
    (tmp_path / "state" / f"{NAME}.sqlite").unlink()
    publish(tmp_path, *range(7))
    assert feed_path(tmp_path).read_bytes() == line(6)


@pytest.mark.parametrize(("suffix", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)])
def test_compressed_files_are_read(tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / f"{NAME}.jsonl.1.{suffix}").write_bytes(pack(line(0) + line(1)))
    publish(tmp_path, 0, 1, 2)
    with closing(Feed(tmp_path, NAME)) as feed:
        known = feed.index.known(f"{1:013}")
        assert known is not None and feed.line(known) == line(1)
    assert feed_path(tmp_path).read_bytes() == line(2)


def test_file_that_is_being_compressed(tmp_path: Path) -> None:
    publish(tmp_path, 0, 1)
    packed = gzip.compress(feed_path(tmp_path).read_bytes())
    part = tmp_path / f"{NAME}.jsonl.1.gz"
    part.write_bytes(packed[:-9])
    rename(feed_path(tmp_path))
    publish(tmp_path, 0, 1, 2)
    (tmp_path / f"{NAME}.jsonl.1").unlink()
    part.write_bytes(packed)
    (tmp_path / "state" / f"{NAME}.sqlite").unlink()
    publish(tmp_path, 0, 1, 2, 3)
    assert_exactly(tmp_path, range(4))


def test_torn_and_compressed(tmp_path: Path) -> None:
    """What was torn is not in the compressed file as a line: it is published again."""
    torn(tmp_path)
    compress(feed_path(tmp_path))
    publish(tmp_path, 0, 1, 2)
    assert feed_path(tmp_path).read_bytes() == line(2)


def test_deleted_feed_is_not_published_again(tmp_path: Path) -> None:
    publish(tmp_path, 0, 1, 2)
    feed_path(tmp_path).unlink()
    publish(tmp_path, 0, 1, 2, 3)
    publish(tmp_path, 0, 1, 2, 3)
    assert_exactly(tmp_path, {3})


def test_deleted_during_a_run(tmp_path: Path) -> None:
    with closing(Feed(tmp_path, NAME)) as feed:
        feed.append(line(0))
        feed_path(tmp_path).unlink()
        assert not feed.append(line(0))
        feed.append(line(1))
    assert_exactly(tmp_path, {1})


def test_deleted_feed_begun_and_not_learned(tmp_path: Path) -> None:
    """A writer died in the first append to a new file, the old one is gone: the new one is not another feed's."""
    publish(tmp_path, 0, 1)
    feed_path(tmp_path).unlink()
    with closing(Feed(tmp_path, NAME)) as feed:
        feed_path(tmp_path).touch()
        feed.journal._begin(feed_path(tmp_path).stat())
    tear(tmp_path, line(2), line(2)[:30])
    publish(tmp_path, 0, 1, 2)
    assert_exactly(tmp_path, {2})


def test_others_append_without_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came between the look at the feed and the append is looked at first."""
    with closing(Feed(tmp_path, NAME)) as feed:
        feed.append(line(0))
        catch_up = feed.journal._catch_up

        def interfere() -> None:
            catch_up()
            monkeypatch.undo()
            with feed_path(tmp_path).open("ab") as other:
                other.write(line(1))

        monkeypatch.setattr(feed.journal, "_catch_up", interfere)
        assert not feed.append(line(1))
        assert feed.append(line(2))
    assert feed_path(tmp_path).read_bytes() == line(0) + line(1) + line(2)


@pytest.mark.parametrize("look", range(4))
def test_renamed_while_it_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: int) -> None:
    """A torn feed is renamed between two looks at the folder: it is found under its new name and completed there."""
    torn(tmp_path)
    looks, stat = 0, journal._stat

    def interfere(path: Path) -> os.stat_result | None:
        nonlocal looks
        looks += 1
        if looks == look + 1:
            rename(feed_path(tmp_path))
            if look % 2:
                feed_path(tmp_path).touch()
        return stat(path)

    monkeypatch.setattr(journal, "_stat", interfere)
    publish(tmp_path, 0, 1, 2, 3)
    assert (tmp_path / f"{NAME}.jsonl.1").read_bytes() == line(0) + line(1) + line(2)
    assert feed_path(tmp_path).read_bytes() == line(3)


def test_deleted_with_its_state_is_a_fresh_start(tmp_path: Path) -> None:
    publish(tmp_path, 0, 1)
    feed_path(tmp_path).unlink()
    for path in (tmp_path / "state").iterdir():
        path.unlink()
    publish(tmp_path, 0, 1)
    assert_exactly(tmp_path, range(2))


EDITS = {
    "a line inserted": lambda lines: [lines[0], b"oops\n", *lines[1:]],
    "a line inserted before all": lambda lines: [b"oops\n", *lines],
    "a line spoilt, same length": lambda lines: [lines[0], b"x" * (len(lines[1]) - 1) + b"\n", *lines[2:]],
    "a line spoilt, other length": lambda lines: [lines[0], b"{}\n", *lines[2:]],
    "a line added": lambda lines: [*lines, b"oops\n"],
    "a line added without its end": lambda lines: [*lines, b"oops"],
    "a line of other fields": lambda lines: [*lines, b'{"id": 7, "revision": "x"}\n'],
    "nested too deep": lambda lines: [*lines, b"[" * 100_000 + b"\n"],
    "no text": lambda lines: [*lines, b'{"id": "\\ud800", "revision": 1}\n', b"\0\0\xff\n"],
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("how", ["in place", "as editors do"])
def test_edited_by_hand(tmp_path: Path, edit: str, how: str, caplog: pytest.LogCaptureFixture) -> None:
    """Bad lines are reported with their number and left alone; nothing is published twice."""
    publish(tmp_path, 0, 1, 2)
    path = feed_path(tmp_path)
    lines = EDITS[edit](path.read_bytes().splitlines(keepends=True))
    edited = path if how == "in place" else tmp_path / "new"
    edited.write_bytes(b"".join(lines))
    edited.rename(path)
    with caplog.at_level(logging.ERROR, "jiji.feed"):
        publish(tmp_path, 0, 1, 2, 3)
        publish(tmp_path, 0, 1, 2, 3)
    bad = [number for number, text in enumerate(lines, 1) if b'"body"' not in text]
    for number in bad:
        assert f"{path}: line {number} is damaged" in caplog.text
    assert path.read_bytes().startswith(b"".join(lines))
    assert path.read_bytes() == b"".join(lines) + (b"\n" if edit.endswith("its end") else b"") + line(3)
    aside = [json.loads(entry) for entry in (tmp_path / "state" / f"{NAME}.damaged").read_bytes().splitlines()]
    assert [entry["line"] for entry in aside] == bad
    assert [entry["bytes"].encode("latin-1") for entry in aside] == [
        lines[number - 1].strip() + b"\n" for number in bad
    ]


def test_truncated_by_copytruncate(tmp_path: Path) -> None:
    publish(tmp_path, 0, 1, 2)
    os.truncate(feed_path(tmp_path), 0)
    publish(tmp_path, 0, 1, 2, 3)
    assert feed_path(tmp_path).read_bytes() == line(3)


def test_truncated_after_an_intent(tmp_path: Path) -> None:
    """The place of the append is gone: nothing is written behind a hole."""
    publish(tmp_path, 0, 1)
    tear(tmp_path, line(2), b"")
    os.truncate(feed_path(tmp_path), 0)
    publish(tmp_path, 0, 1, 2)
    assert feed_path(tmp_path).read_bytes() == line(2)


def test_added_by_hand_after_a_torn_line(tmp_path: Path) -> None:
    torn(tmp_path)
    with feed_path(tmp_path).open("ab") as feed:
        feed.write(line(7) * 3)
    before = feed_path(tmp_path).read_bytes()
    publish(tmp_path)
    assert feed_path(tmp_path).read_bytes() == before


def test_reused_inode(tmp_path: Path) -> None:
    """Another feed in the same inode is noticed by its first line."""
    publish(tmp_path, 0, 1)
    feed_path(tmp_path).write_bytes(line(5) + line(6))
    publish(tmp_path, 0, 1, 5, 6)
    assert feed_path(tmp_path).read_bytes() == line(5) + line(6) + line(0) + line(1)


def folder_in_its_place(output: Path) -> None:
    feed_path(output).mkdir()


def link_to_nowhere(output: Path) -> None:
    feed_path(output).symlink_to(output / "nowhere" / "feed")


def full_device(output: Path) -> None:
    feed_path(output).symlink_to("/dev/full")


def file_for_folder(output: Path) -> None:
    output.rmdir()
    output.touch()


def file_for_state(output: Path) -> None:
    (output / "state").touch()


def read_only(output: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", output], check=True)


def lock_is_a_folder(output: Path) -> None:
    (output / "state" / f"{NAME}.run").mkdir(parents=True)


def index_is_a_folder(output: Path) -> None:
    (output / "state" / f"{NAME}.sqlite").mkdir(parents=True)


PLACES = (
    folder_in_its_place,
    link_to_nowhere,
    full_device,
    file_for_folder,
    file_for_state,
    lock_is_a_folder,
    index_is_a_folder,
    pytest.param(read_only, marks=pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")),
)


@pytest.mark.parametrize("spoil", PLACES)
def test_place_that_cannot_be_written(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    output = tmp_path / "output"
    output.mkdir()
    spoil(output)
    try:
        with pytest.raises(FeedError) as error:
            Feed(output, NAME)
        assert str(output) in str(error.value)
    finally:
        if spoil is read_only:
            subprocess.run(["umount", output], check=True)


def test_no_right_to_write(tmp_path: Path) -> None:
    """Asked for as an ordinary user: root may write everywhere."""
    output = tmp_path / "output"
    output.mkdir()
    for folder in (output, *output.parents[:2]):
        folder.chmod(0o755)
    pid = os.fork()
    if pid == 0:
        if os.geteuid() == 0:
            os.setuid(65534)
        else:
            output.chmod(0o555)
        try:
            Feed(output, NAME)
        except FeedError as error:
            os._exit(7 if str(output) in str(error) else 8)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7


def test_link_to_a_file_elsewhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "feed").touch()
    feed_path(tmp_path).symlink_to(elsewhere / "feed")
    publish(tmp_path, 0, 1)
    publish(tmp_path, 0, 1, 2)
    assert (elsewhere / "feed").read_bytes() == line(0) + line(1) + line(2)


@pytest.mark.parametrize("text", [b"", b"{}", b"{}\n", line(1)[:-1], line(1) * 2, b"\n", line(1) + b"x", b"[1]\n"])
def test_what_is_no_line_is_refused(tmp_path: Path, text: bytes) -> None:
    with closing(Feed(tmp_path, NAME)) as feed, pytest.raises(ValueError, match=r"line|record|revision"):
        feed.append(text)
    assert not feed_path(tmp_path).exists()


def test_batch_with_the_same_line_twice(tmp_path: Path) -> None:
    with closing(Feed(tmp_path, NAME)) as feed:
        assert feed.journal.append(line(0), line(1), line(0), line(0, revision=2)) == 3
        assert feed.journal.append() == 0
        known = feed.index.known(f"{0:013}")
        assert known is not None and (known.revision, feed.line(known)) == (2, line(0, revision=2))
    assert feed_path(tmp_path).read_bytes() == line(0) + line(1) + line(0, revision=2)


def test_line_that_is_no_longer_there(tmp_path: Path) -> None:
    with closing(Feed(tmp_path, NAME)) as feed:
        feed.append(line(0))
        known = feed.index.known(f"{0:013}")
        assert known is not None
        feed_path(tmp_path).unlink()
        assert feed.line(known) is None


def test_reset(tmp_path: Path) -> None:
    publish(tmp_path, 0, 1)
    rename(feed_path(tmp_path))
    publish(tmp_path, 2)
    with closing(Feed(tmp_path, "politics")) as other:
        other.append(line(9))
    target = Feed.reset(tmp_path, NAME)
    assert target.parent == tmp_path and (target / f"{NAME}.jsonl").read_bytes() == line(2)
    publish(tmp_path, 0, 1, 2)
    assert_exactly(tmp_path, range(3))
    assert (tmp_path / "politics.jsonl").read_bytes() == line(9)


def test_intent_goes_round() -> None:
    intent = Intent(5, 7, b"a\nb\n")
    assert Intent.unpack(intent.pack()) == intent
    assert Intent.unpack(b"") is None
