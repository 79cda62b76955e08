"""Writers killed at random moments, while a consumer follows the feed."""

import fcntl
import gzip
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jiji.feed.feed import Feed
from tests.feed.follower import Follower
from tests.feed.lines import NAME, assert_exactly, files, line

SIZE = 2_000_000
"""Bytes of the long lines, so that some kills tear one."""


def rotate(output: Path, number: int, *, compressed: bool) -> None:
    """Rename the feed as a consumer does, and compress the files renamed before, except those with a torn line."""
    for path in files(output):
        if path.suffix.startswith(".r") and compressed:
            with (output / "state" / f"{NAME}.lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if ends_torn(path):
                    continue
                packed = path.with_name(f"{path.name}.gz")
                packed.write_bytes(gzip.compress(path.read_bytes(), 1))
                path.unlink()
    if (output / f"{NAME}.jsonl").exists():
        (output / f"{NAME}.jsonl").rename(output / f"{NAME}.jsonl.r{number}")


def ends_torn(path: Path) -> bool:
    if not path.exists() or not path.stat().st_size:
        return False
    with path.open("rb") as feed:
        feed.seek(-1, os.SEEK_END)
        return feed.read(1) != b"\n"


def kill_writers(output: Path, kills: int, seed: int, *, rotations: float = 0.15) -> dict[str, int]:
    """Kill writers, each a random moment after its start, and return the numbers of events."""
    chance = random.Random(seed)
    acknowledged: set[int] = set()
    counts = {"kills": kills, "torn lines": 0, "rotations": 0, "articles": 0}
    end = 0
    with Follower(output / f"{NAME}.jsonl") as follower:
        for kill in range(kills):
            end = max(acknowledged, default=-1) + 200
            writer = subprocess.Popen(
                [sys.executable, "-m", "tests.feed.writer", str(output), str(max(end - 400, 0)), str(end), str(SIZE)],
                stdout=subprocess.PIPE,
            )
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(chance.random() * chance.choice((0.01, 0.04, 0.1)))
            if chance.random() < rotations:
                rotate(output, kill, compressed=chance.random() < 0.5)
                counts["rotations"] += 1
                time.sleep(chance.random() * 0.02)
            writer.kill()
            acknowledged.update(int(word) for word in writer.stdout.read().split())
            writer.wait()
            counts["torn lines"] += any(ends_torn(path) for path in files(output) if path.suffix != ".gz")
        feed = Feed(output, NAME)
        for number in range(end):
            feed.append(line(number))
        feed.close()
    counts["articles"] = end
    assert not follower.faults
    assert sorted(follower.seen) == [(number, 1) for number in range(end)]
    assert_exactly(output, range(end))
    return counts


def test_tail_sees_the_feed_and_no_truncation(tmp_path: Path) -> None:
    """The consumer is the real `tail -F`."""
    shown = tmp_path / "shown"
    with shown.open("wb") as out, (tmp_path / "messages").open("wb") as err:
        tail = subprocess.Popen(["tail", "-n", "+1", "-F", tmp_path / f"{NAME}.jsonl"], stdout=out, stderr=err)
    kill_writers(tmp_path, 15, seed=3, rotations=0)
    feed = (tmp_path / f"{NAME}.jsonl").read_bytes()
    deadline = time.monotonic() + 10
    while shown.stat().st_size < len(feed) and time.monotonic() < deadline:
        time.sleep(0.05)
    tail.kill()
    tail.wait()
    assert shown.read_bytes() == feed
    assert "truncated" not in (tmp_path / "messages").read_text()


def test_sixty_killed_writers_lose_and_double_nothing(tmp_path: Path) -> None:
    kill_writers(tmp_path, 60, seed=1)


@pytest.mark.crash
def test_a_thousand_killed_writers_lose_and_double_nothing(tmp_path: Path) -> None:
    kills = int(os.environ.get("CRASH_KILLS", "1000"))
    counts = kill_writers(tmp_path, kills, seed=2)
    print("\nkilled writers:", ", ".join(f"{number} {event}" for event, number in counts.items()))
