"""The catalog's file on a full disk, over a quota of file sizes, and locked by another program."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from jiji.feed import database
from jiji.feed.errors import CatalogLocked, FeedError, NoSpaceLeft
from jiji.feed.feed import Feed
from jiji.runs.result import Exit, judge_refusal
from tests.feed.lines import NAME, article_id, line
from tests.feed.states import feed_path, publish, state_path

HOLDER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA locking_mode = " + sys.argv[2])
db.execute("BEGIN " + sys.argv[3])
db.execute("INSERT INTO note VALUES ('x', 'y')")
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield the folder ``state`` of an output folder, on a file system of its own of 256 KiB."""
    folder = tmp_path / "output" / "state"
    folder.mkdir(parents=True)
    if (
        os.geteuid()
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=256k,nr_inodes=20", "tmpfs", folder], check=False
        ).returncode
    ):
        pytest.skip("mounting needs root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.parametrize("left", [0, 4096, 40_000, 90_000])
def test_no_space_for_the_catalog_is_no_space(small_disk: Path, left: int) -> None:
    """The feed's own disk has space. Each amount stops SQLite elsewhere: at its file, its shared memory, its log."""
    output = small_disk.parent
    publish(output, 0)
    filling = small_disk / "filling"
    free = os.statvfs(small_disk)
    filling.write_bytes(b"\1" * max(0, free.f_bavail * free.f_frsize - left))
    with pytest.raises(NoSpaceLeft) as full:
        for number in range(1, 400):
            with closing(Feed(output, NAME)) as feed:
                feed.catalog.add_pending(article_id(number), url="u" * 3000, category=None, headline=None, at="", run=1)
    assert judge_refusal(full.value).status == Exit.NO_SPACE
    filling.unlink()
    subprocess.run(["mount", "-o", "remount,size=9m", small_disk], check=True)
    publish(output, 0, 1)
    assert feed_path(output).read_bytes() == line(0) + line(1)


def test_no_space_for_a_new_catalog_is_no_space(small_disk: Path) -> None:
    free = os.statvfs(small_disk)
    (small_disk / "filling").write_bytes(b"\1" * (free.f_bavail * free.f_frsize))
    with pytest.raises(NoSpaceLeft):
        Feed(small_disk.parent, NAME)


def test_failed_write_with_space_left_is_no_lack_of_space(tmp_path: Path) -> None:
    publish(tmp_path, 0)
    state_path(tmp_path, ".sqlite-wal").mkdir()
    with pytest.raises(FeedError) as error:
        Feed(tmp_path, NAME)
    assert not isinstance(error.value, NoSpaceLeft) and NAME in str(error.value)


@pytest.mark.parametrize("mode", ["NORMAL IMMEDIATE", "EXCLUSIVE EXCLUSIVE"])
def test_program_that_locks_the_catalog_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    publish(tmp_path, 0)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(state_path(tmp_path, ".sqlite")), *mode.split()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None and holder.stdout.readline()
    try:
        with pytest.raises(CatalogLocked, match=rf"national\.sqlite: locked by process {holder.pid};"):
            publish(tmp_path, 1)
    finally:
        holder.communicate()
    publish(tmp_path, 0, 1)
    assert feed_path(tmp_path).read_bytes() == line(0) + line(1)
