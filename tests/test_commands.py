"""Commands of the project, as a user types them."""

import os
import subprocess
import sys
from pathlib import Path

from devtools.replica.sections import SECTIONS as PUBLISHED
from jiji.site.sections import SECTIONS
from tests.conftest import PROJECT, Crawls


def scrapy(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        cwd=PROJECT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def demo(output: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "devtools.demo"],
        cwd=PROJECT, capture_output=True, text=True, check=False, env={**os.environ, "JIJI_OUTPUT_DIR": str(output)},
    )  # fmt: skip


def test_list_names_every_section() -> None:
    assert scrapy("list").stdout.split() == sorted(SECTIONS)


def test_crawl_of_an_unknown_section_names_the_known_ones() -> None:
    done = scrapy("crawl", "nation")
    assert done.returncode == 2
    assert "name one section of: economy, journal, national" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_demo_twice(tmp_path: Path) -> None:
    first = demo(tmp_path)
    feed = tmp_path / "demo" / "national.jsonl"
    held = feed.read_bytes()
    assert first.returncode == 0, first.stderr
    assert f"283 articles fetched, 283 lines added; {feed} now holds 283." in first.stdout
    second = demo(tmp_path)
    assert second.returncode == 0, second.stderr
    assert f"0 articles fetched, 0 lines added; {feed} now holds 283." in second.stdout
    assert feed.read_bytes() == held


def test_make_crawl_runs_every_section_and_returns_the_first_bad_status(crawls: Crawls) -> None:
    key = crawls.replica.ledger("photos")[0]["id"]
    crawls.replica.broken.add(key)
    arguments = " ".join(crawls.command("national")[5:])
    done = subprocess.run(
        ["make", "crawl", "-o", ".venv/.run", f"ARGS={arguments}"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "photos: exit status 22" in done.stderr
    assert "Error 22" in done.stderr
    for section in PUBLISHED:
        wanted = {row["id"] for row in crawls.replica.ledger(section)} - {key}
        assert {line["id"] for line in crawls.lines(section)} == wanted


def test_reset_asks_first_and_keeps_the_feed_aside(crawls: Crawls) -> None:
    crawls.run("photos")
    held = (crawls.output / "photos.jsonl").read_bytes()
    output = ("-s", f"JIJI_OUTPUT_DIR={crawls.output}")
    assert scrapy("reset", "photos", *output).returncode == 1
    assert (crawls.output / "photos.jsonl").read_bytes() == held
    assert scrapy("reset", "photos", "--yes", *output).returncode == 0
    assert not (crawls.output / "photos.jsonl").exists()
    assert [moved.read_bytes() for moved in crawls.output.glob("photos.reset-*/photos.jsonl")] == [held]
    crawls.run("photos")
    assert len(crawls.lines("photos")) == len(crawls.replica.ledger("photos"))


def test_replica_serves_until_it_is_stopped() -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "devtools.replica", "--port", "0"], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        assert "Replica at http://127.0.0.1:" in server.stdout.readline()
    finally:
        server.terminate()
        server.wait(10)


def test_a_spider_without_a_section_is_run_and_not_judged(tmp_path: Path) -> None:
    done = scrapy("crawl", "bare", "-a", "urls=/dev/null", "-s", "SPIDER_MODULES=devtools.bench.bare", "-s", "FEEDS={}",
                  "-s", f"JIJI_OUTPUT_DIR={tmp_path}")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.iterdir())
