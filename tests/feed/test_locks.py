"""Who may write: one run at a time, several writers in turn, and nobody in place of a stopped one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jiji.feed.feed import Feed, Held, Index, Journal
from jiji.feed.lock import Lock
from tests.feed.follower import Follower
from tests.feed.lines import NAME, assert_exactly, line
from tests.feed.states import feed_path, publish

ARTICLES = 30


def start(output: Path, first: int, end: int, **env: str) -> subprocess.Popen[bytes]:
    """Starts a writer; returns when it has begun."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.feed.writer", str(output), str(first), str(end)],
        stdout=subprocess.PIPE,
        env={**os.environ, **env},
    )
    assert writer.stdout is not None
    writer.stdout.readline()
    return writer


def write_together(output: Path, writers: int, **env: str) -> None:
    """Several writers publish the same articles at once, without the lock of a run."""
    running = [start(output, 0, ARTICLES, TOGETHER="1", **env) for _ in range(writers)]
    assert [writer.wait() for writer in running] == [0] * writers
    assert_exactly(output, range(ARTICLES))


def test_writers_at_once(tmp_path: Path) -> None:
    with Follower(feed_path(tmp_path)) as follower:
        write_together(tmp_path, 4)
    assert not follower.faults
    assert sorted(follower.seen) == [(number, 1) for number in range(ARTICLES)]


def test_second_run_is_told_who_holds_it(tmp_path: Path) -> None:
    writer = start(tmp_path, 0, 1_000_000)
    assert writer.stdout is not None
    writer.stdout.readline()
    with pytest.raises(Held) as held:
        Feed(tmp_path, NAME)
    assert held.value.pid == writer.pid
    assert held.value.since is not None and str(writer.pid) in str(held.value)
    Feed(tmp_path, "politics").close()
    writer.kill()
    writer.wait()
    publish(tmp_path, 0)


def test_stopped_run_keeps_its_lock(tmp_path: Path) -> None:
    writer = start(tmp_path, 0, 1_000_000)
    assert writer.stdout is not None
    writer.stdout.readline()
    writer.send_signal(signal.SIGSTOP)
    with pytest.raises(Held):
        Feed(tmp_path, NAME)
    writer.kill()
    writer.wait()
    publish(tmp_path, 0)


def test_stopped_writer_is_waited_for_and_never_robbed(tmp_path: Path) -> None:
    publish(tmp_path, 0)
    stopped = subprocess.Popen(
        ["flock", tmp_path / "state" / f"{NAME}.lock", "sh", "-c", "echo; kill -STOP $$"], stdout=-1
    )
    assert stopped.stdout is not None
    stopped.stdout.readline()
    index = Index(tmp_path / "state" / f"{NAME}.sqlite")
    with pytest.raises(Held):
        Journal(feed_path(tmp_path), tmp_path / "state", index, wait=0.05)
    subprocess.run(["pkill", "-KILL", "-P", str(stopped.pid)], check=True)
    stopped.wait()
    journal = Journal(feed_path(tmp_path), tmp_path / "state", index, wait=0.05)
    assert journal.append(line(1)) == 1


def test_lock_is_not_inherited(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock")
    with subprocess.Popen(["sleep", "60"]) as child:
        lock.close()
        Lock(tmp_path / "lock").close()
        child.kill()


def test_lock_waits_its_time(tmp_path: Path) -> None:
    with Lock(tmp_path / "lock"):
        with pytest.raises(Held) as held:
            Lock(tmp_path / "lock", wait=0.02)
        assert held.value.pid == os.getpid()
    Lock(tmp_path / "lock").close()


def test_holder_that_has_not_signed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with Lock(path):
        path.write_bytes(b"")
        with pytest.raises(Held) as held:
            Lock(path)
    assert held.value.pid is None
