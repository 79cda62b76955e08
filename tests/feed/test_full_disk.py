"""Full and failing disks: nothing is lost once they work again, and no torn line is shown as a line."""

import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jiji.feed.errors import FeedError, NoSpaceLeft, SyncFailed
from jiji.feed.feed import Feed
from tests.feed.follower import Follower
from tests.feed.lines import NAME, assert_exactly, key, line
from tests.feed.states import feed_path, no_feed, publish, three_articles
from tests.feed.strace import write


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder on a file system of 256 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if (
        os.geteuid()
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], check=False).returncode
    ):
        pytest.skip("mounting needs root; the same is injected with strace below")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(output: Path) -> int:
    """Publish until no space is left, and return the number of acknowledged lines."""
    feed, number = Feed(output, NAME), 0
    try:
        while True:
            feed.append(line(number, size=3000))
            number += 1
    except NoSpaceLeft as error:
        assert str(output) in str(error)
        return number
    finally:
        feed.close()


@pytest.mark.parametrize("state", ["same disk", "other disk"])
def test_full_disk_loses_nothing_once_there_is_space(small_disk: Path, tmp_path: Path, state: str) -> None:
    if state == "other disk":
        (tmp_path / "elsewhere").mkdir()
        (small_disk / "state").symlink_to(tmp_path / "elsewhere")
    with Follower(feed_path(small_disk)) as follower:
        number = fill(small_disk)
        assert number > 3
        with pytest.raises(FeedError):  # still no space: nothing is removed to make some
            publish(small_disk, *range(number + 60), size=3000)
        torn = not feed_path(small_disk).read_bytes().endswith(b"\n")
        assert torn == (state == "other disk")
        subprocess.run(["mount", "-o", "remount,size=2m", small_disk], check=True)
        publish(small_disk, *range(number + 60), size=3000)
    assert not follower.faults
    assert sorted(follower.seen) == [(article, 1) for article in range(number + 60)]
    assert_exactly(small_disk, range(number + 60))


def test_line_torn_by_a_full_disk_is_completed(tmp_path: Path) -> None:
    """A limit on the size of files tears the line at a given byte."""
    publish(tmp_path, 0, 1)
    size = feed_path(tmp_path).stat().st_size
    pid = os.fork()
    if pid == 0:
        feed = Feed(tmp_path, NAME)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40, resource.RLIM_INFINITY))
        try:
            feed.append(line(2))
        except FeedError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    assert feed_path(tmp_path).stat().st_size == size + 40
    publish(tmp_path)
    assert_exactly(tmp_path, range(3))


@pytest.mark.parametrize(
    ("prepare", "call", "error"),
    [
        (no_feed, "write", "ENOSPC"),
        (three_articles, "write", "ENOSPC"),
        (three_articles, "pwrite64", "ENOSPC"),
        (no_feed, "fsync", "EIO"),
        (three_articles, "fsync", "EIO"),
        pytest.param(no_feed, "pwrite64", "ENOSPC", marks=pytest.mark.crash),
        pytest.param(three_articles, "fdatasync", "EIO", marks=pytest.mark.crash),
    ],
)
def test_writer_stops_at_each_failing_call_and_the_next_run_completes(
    tmp_path: Path, prepare: Callable[[Path], None], call: str, error: str
) -> None:
    """One run after another, each call of a kind fails."""
    failures = 0
    for count in range(1, 40):
        output = tmp_path / str(count)
        output.mkdir()
        prepare(output)
        trace = tmp_path / "trace"
        options = ["-y", "-o", str(trace), "-e", "trace=write,pwrite64,fsync,fdatasync"]
        outcome = write(output, 2, 5, *options, "-e", f"inject={call}:error={error}:when={count}")
        if "INJECTED" not in trace.read_text():
            break
        failures += 1
        if call == "fsync":
            assert outcome.output[-1].startswith("SyncFailed"), outcome
            after = trace.read_text().partition("INJECTED")[2]
            assert "\nfsync(" not in after and ".jsonl>" not in after, "a failed sync was retried, or written after"
        whole = feed_path(output).read_bytes().rpartition(b"\n")[0] if feed_path(output).exists() else b""
        assert outcome.acknowledged <= {key(raw)[0] for raw in whole.splitlines()}
        publish(output, 0, 1, 2, 3, 4)
        assert_exactly(output, range(5))
        shutil.rmtree(output)
    assert failures >= 3


def test_nothing_is_written_after_a_failed_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = Feed(tmp_path, NAME)
    feed.append(line(0))

    def fail(fd: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(SyncFailed):
            feed.append(line(1))
    with pytest.raises(SyncFailed):
        feed.append(line(2))
    feed.close()
    publish(tmp_path, 0, 1, 2)
    assert_exactly(tmp_path, range(3))
