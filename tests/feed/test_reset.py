"""Reset: one step, also if it is cut off, and refused while a run is at work."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from jiji.feed import reset as module
from jiji.feed.errors import LockHeld
from jiji.feed.feed import Feed
from tests.feed.lines import NAME, article_id, assert_exactly, line
from tests.feed.states import feed_path, publish, state_path


class Killed(BaseException):
    """The process died here."""


def make(output: Path) -> None:
    """Leave a feed with a rotated file, an article pending, a side file, and another section."""
    publish(output, 0, 1)
    feed_path(output).rename(output / f"{NAME}.jsonl.1")
    publish(output, 2)
    (output / f"{NAME}.jsonl.offset").write_bytes(b"4711\n")
    with closing(Feed(output, NAME)) as feed:
        feed.catalog.add_pending(article_id(9), url="u", category=None, headline=None, at="", run=1)
    with closing(Feed(output, "politics")) as other:
        other.append(line(9))


def kill_at_rename(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    moved = 0
    move = module._move_file

    def die(path: Path, target: Path) -> None:
        nonlocal moved
        if moved == count:
            raise Killed
        moved += 1
        move(path, target)

    monkeypatch.setattr(module, "_move_file", die)


@pytest.mark.parametrize("keeps_feed", [False, True])
def test_reset_killed_at_each_rename_is_completed_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keeps_feed: bool
) -> None:
    deaths = 0
    for count in range(20):
        output = tmp_path / str(count)
        make(output)
        with monkeypatch.context() as patch:
            kill_at_rename(patch, count)
            try:
                Feed.reset(output, NAME, keeps_feed=keeps_feed)
            except Killed:
                deaths += 1
        with closing(Feed(output, NAME)) as feed:
            assert not feed.was_missing
            assert feed.catalog.pending() == []
        publish(output, *range(4))
        (folder,) = output.glob(f"{NAME}.reset-*")
        assert (folder / f"{NAME}.sqlite").exists()
        assert not state_path(output, ".reset").exists()
        assert (output / f"{NAME}.jsonl.offset").exists()
        assert (output / "politics.jsonl").read_bytes() == line(9)
        if keeps_feed:
            assert feed_path(output).read_bytes() == line(2) + line(3)
            assert not list(folder.glob("*.jsonl*"))
        else:
            assert (folder / f"{NAME}.jsonl").read_bytes() == line(2)
            assert (folder / f"{NAME}.jsonl.1").read_bytes() == line(0) + line(1)
            assert feed_path(output).read_bytes() == b"".join(map(line, range(4)))
        (output / f"{NAME}.jsonl.offset").unlink()
        assert_exactly(output, range(4))
    assert deaths >= 3


def test_process_killed_in_a_reset_leaves_no_half_of_it(tmp_path: Path) -> None:
    """Killed for real, by strace, at its second rename."""
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    make(tmp_path)
    code = f"from pathlib import Path; from jiji.feed.feed import Feed; Feed.reset(Path({str(tmp_path)!r}), {NAME!r})"
    options = ["-f", "-e", "trace=rename", "-e", "inject=rename:signal=KILL:when=2", "-o", str(tmp_path / "trace")]
    killed = subprocess.run(["strace", *options, sys.executable, "-c", code], check=False)
    assert killed.returncode in (-9, 137)
    assert state_path(tmp_path, ".reset").exists()
    publish(tmp_path, *range(3))
    assert feed_path(tmp_path).read_bytes() == b"".join(map(line, range(3)))


def test_torn_record_means_that_nothing_was_moved(tmp_path: Path) -> None:
    publish(tmp_path, 0)
    state_path(tmp_path, ".reset").write_bytes(b'{"folder": "nat')
    publish(tmp_path, 0, 1)
    assert feed_path(tmp_path).read_bytes() == line(0) + line(1)
    assert not state_path(tmp_path, ".reset").exists()


def test_record_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    output = tmp_path / "output"
    publish(output, 0)
    state_path(output, ".reset").write_bytes(b'{"folder": "../../elsewhere", "keeps_feed": false}')
    publish(output, 1)
    assert (output / "elsewhere" / f"{NAME}.jsonl").read_bytes() == line(0)


def test_reset_is_refused_while_a_run_is_at_work(tmp_path: Path) -> None:
    with closing(Feed(tmp_path, NAME)) as feed:
        feed.append(line(0))
        with pytest.raises(LockHeld) as held:
            Feed.reset(tmp_path, NAME)
        assert held.value.pid == os.getpid()
        assert feed.append(line(1))
    assert feed_path(tmp_path).read_bytes() == line(0) + line(1)


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=False).returncode:
        pytest.skip("mounting needs root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_state_on_another_disk_is_moved_too(tmp_path: Path, other_disk: Path) -> None:
    output = tmp_path / "output"
    output.mkdir()
    (output / "state").symlink_to(other_disk)
    publish(output, 0, 1)
    target = Feed.reset(output, NAME)
    assert {path.name for path in other_disk.iterdir()} == {f"{NAME}.run", f"{NAME}.lock"}
    assert (target / f"{NAME}.sqlite").exists()
    publish(output, 0)
    assert feed_path(output).read_bytes() == line(0)
