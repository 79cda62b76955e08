"""Locks: one run at a time, several writers in turn, and no writer in place of a stopped one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jiji.feed.append_log import AppendLog
from jiji.feed.catalog import Catalog
from jiji.feed.errors import LockHeld
from jiji.feed.feed import Feed
from jiji.feed.lock import Lock
from tests.feed.follower import Follower
from tests.feed.lines import NAME, assert_exactly, line
from tests.feed.states import feed_path, publish, state_path

ARTICLES = 30


def start(output: Path, first: int, end: int, **env: str) -> subprocess.Popen[bytes]:
    """Start a writer, and return when it is ready."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.feed.writer", str(output), str(first), str(end)],
        stdout=subprocess.PIPE,
        env={**os.environ, **env},
    )
    assert writer.stdout is not None
    writer.stdout.readline()
    return writer


def write_together(output: Path, writers: int, **env: str) -> None:
    """Let several writers publish the same articles at once, without the run lock."""
    running = [start(output, 0, ARTICLES, TOGETHER="1", **env) for _ in range(writers)]
    assert [writer.wait() for writer in running] == [0] * writers
    assert_exactly(output, range(ARTICLES))


def test_writers_at_once_publish_each_article_once(tmp_path: Path) -> None:
    with Follower(feed_path(tmp_path)) as follower:
        write_together(tmp_path, 4)
    assert not follower.faults
    assert sorted(follower.seen) == [(number, 1) for number in range(ARTICLES)]


def test_second_run_is_refused_with_the_holders_pid(tmp_path: Path) -> None:
    writer = start(tmp_path, 0, 1_000_000)
    assert writer.stdout is not None
    writer.stdout.readline()
    with pytest.raises(LockHeld) as held:
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
    with pytest.raises(LockHeld):
        Feed(tmp_path, NAME)
    writer.kill()
    writer.wait()
    publish(tmp_path, 0)


def test_append_waits_for_a_stopped_writer_and_then_gives_up(tmp_path: Path) -> None:
    publish(tmp_path, 0)
    stopped = subprocess.Popen(["flock", state_path(tmp_path, ".lock"), "sh", "-c", "echo; kill -STOP $$"], stdout=-1)
    assert stopped.stdout is not None
    stopped.stdout.readline()
    catalog = Catalog(state_path(tmp_path, ".sqlite"))
    with pytest.raises(LockHeld):
        AppendLog(feed_path(tmp_path), tmp_path / "state", catalog, wait=0.05)
    subprocess.run(["pkill", "-KILL", "-P", str(stopped.pid)], check=True)
    stopped.wait()
    log = AppendLog(feed_path(tmp_path), tmp_path / "state", catalog, wait=0.05)
    assert log.append(line(1)) == 1


def test_lock_is_not_inherited_by_a_child_process(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock")
    with subprocess.Popen(["sleep", "60"]) as child:
        lock.close()
        Lock(tmp_path / "lock").close()
        child.kill()


def test_lock_waits_before_it_is_refused(tmp_path: Path) -> None:
    with Lock(tmp_path / "lock"):
        with pytest.raises(LockHeld) as held:
            Lock(tmp_path / "lock", wait=0.02)
        assert held.value.pid == os.getpid()
    Lock(tmp_path / "lock").close()


def test_holder_without_signature_is_reported_without_pid(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with Lock(path):
        path.write_bytes(b"")
        with pytest.raises(LockHeld) as held:
            Lock(path)
    assert held.value.pid is None
