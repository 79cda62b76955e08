"""Killed crawlers, full disks, rotated feeds, lost state: after one clean run the feed equals the ledger."""

import gzip
import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devtools.replica import Replica
from tests.conftest import Crawls, Line
from tests.crawls.habits import scrapy

Agrees = Callable[[list[Line], list[Line]], None]


def kill_again_and_again(crawls: Crawls, times: int, agrees: Agrees) -> None:
    """Kill crawlers while articles are published, watching the feed; then let one run finish."""
    chance = random.Random(times)
    feed = crawls.output / "sports.jsonl"
    seen = b""
    for _ in range(times):
        crawls.replica.publish(chance.randrange(4))
        run = crawls.start("sports", DOWNLOAD_DELAY="0.03")
        time.sleep(chance.uniform(0.8, 2.6))
        run.kill()
        run.wait()
        now = feed.read_bytes() if feed.exists() else b""
        assert now.startswith(seen[: seen.rfind(b"\n") + 1])
        assert len(now) >= len(seen)
        seen = now
    run_out = crawls.run("sports")
    assert run_out.status == 0, run_out.log
    agrees(crawls.lines("sports"), crawls.replica.ledger("sports"))


def test_killed_crawlers_lose_and_double_nothing(crawls: Crawls, agrees: Agrees) -> None:
    kill_again_and_again(crawls, 8, agrees)


@pytest.mark.crash
def test_two_hundred_killed_crawlers(crawls: Crawls, agrees: Agrees) -> None:
    kill_again_and_again(crawls, 200, agrees)


def test_a_run_killed_during_pagination_leaves_no_gap(crawls: Crawls, agrees: Agrees) -> None:
    """Articles of the first pages are pending then, and those behind are unknown: pagination must go on."""
    crawls.replica.publish(60)
    run = crawls.start("national", DOWNLOAD_DELAY="0.3")
    while sum(count for asked, count in crawls.replica.requests.items() if "p=" in asked) < 1:
        time.sleep(0.01)
    run.kill()
    run.wait()
    assert crawls.run("national").status == 0
    agrees(crawls.lines("national"), crawls.replica.ledger("national"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder on a small, nearly full disk."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_ends_the_run_and_the_next_completes_it(replica: Replica, agrees: Agrees, small_disk: Path) -> None:
    crawls = Crawls(replica, small_disk)
    run = crawls.run("national")
    assert run.status == 3, run.log
    assert "no space left" in run.log
    crawls.lines("national")  # what is there, is whole
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    run = crawls.run("national")
    assert run.status == 0, run.log
    agrees(crawls.lines("national"), crawls.replica.ledger("national"))


@pytest.mark.parametrize("suffix", [".1", ".2026-01-27", ".1.gz"])
def test_a_rotated_feed_is_not_published_again(crawls: Crawls, suffix: str) -> None:
    crawls.run("sports")
    feed = crawls.output / "sports.jsonl"
    held = {line["id"] for line in crawls.lines("sports")}
    away = feed.with_name(feed.name + suffix)
    if suffix.endswith(".gz"):
        away.write_bytes(gzip.compress(feed.read_bytes()))
        feed.unlink()
    else:
        feed.rename(away)
    shutil.rmtree(crawls.output / "state")
    crawls.replica.publish(8)
    asked = crawls.replica.article_requests
    assert crawls.run("sports").status == 0
    fresh = {row["id"] for row in crawls.replica.ledger("sports")} - held
    assert fresh
    assert sorted(line["id"] for line in crawls.lines("sports")) == sorted(fresh)
    assert crawls.replica.article_requests == asked + len(fresh)


def test_a_catalog_of_another_section_stops_the_run_until_a_person_decides(crawls: Crawls, agrees: Agrees) -> None:
    crawls.run("sports")
    crawls.run("photos")
    state = crawls.output / "state"
    shutil.copy(state / "photos.sqlite", state / "sports.sqlite")
    asked = len(crawls.replica.requests)
    run = crawls.run("sports")
    assert run.status == 4, run.log
    assert "scrapy reset sports --keep-feed" in run.log
    assert len(crawls.replica.requests) == asked
    assert scrapy(crawls, "reset", "sports", "--keep-feed", "--yes").returncode == 0
    asked = crawls.replica.article_requests
    assert crawls.run("sports").status == 0
    assert crawls.replica.article_requests == asked
    agrees(crawls.lines("sports"), crawls.replica.ledger("sports"))


@pytest.mark.parametrize("fate", ["deleted", "garbage", "empty"])
def test_a_lost_catalog_is_rebuilt(crawls: Crawls, agrees: Agrees, fate: str) -> None:
    crawls.run("sports")
    index = crawls.output / "state" / "sports.sqlite"
    if fate == "deleted":
        index.unlink()
    else:
        index.write_bytes(os.urandom(20_000) if fate == "garbage" else b"")
    asked = crawls.replica.article_requests
    run = crawls.run("sports")
    assert run.status == 0, run.log
    assert crawls.replica.article_requests == asked
    agrees(crawls.lines("sports"), crawls.replica.ledger("sports"))
