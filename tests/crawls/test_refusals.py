"""Refused runs and refused pages, and their messages."""

import json
import os
import signal
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from devtools.replica import Replica
from tests.conftest import Crawls, Line

Agrees = Callable[[list[Line], list[Line]], None]


def test_a_second_run_of_a_section_gives_way_and_names_the_holder(crawls: Crawls) -> None:
    first = crawls.start("national", DOWNLOAD_DELAY="0.2")
    try:
        lock = crawls.output / "state" / "national.run"
        while not (lock.exists() and lock.stat().st_size):
            time.sleep(0.05)
        second = crawls.run("national")
        assert second.status == 75
        assert str(first.pid) in second.log
        assert crawls.run("photos").status == 0
    finally:
        first.kill()
        first.wait()
    assert crawls.run("national", "-a", "max_articles=1").status in (0, 22)


@pytest.mark.parametrize("place", ["a file", "a file in it", "a link to nowhere"])
def test_an_output_folder_that_cannot_be_is_refused_before_any_request(crawls: Crawls, place: str) -> None:
    if place == "a file":
        crawls.output.write_text("here stands a file")
    elif place == "a file in it":
        crawls.output.mkdir()
        (crawls.output / "state").write_text("here stands a file")
    else:
        crawls.output.mkdir()
        (crawls.output / "national.jsonl").symlink_to(crawls.output / "nowhere" / "at" / "all")
    run = crawls.run("national")
    assert run.status == 4, run.log
    assert str(crawls.output) in run.log
    assert "Traceback" not in run.log
    assert not crawls.replica.requests


@pytest.mark.parametrize(
    "feeds",
    [
        '{"x.jsonl": {"format": "nonsense"}}',
        '{"nonsense://x.jsonl": {"format": "jsonl"}}',
        '{"BLOCKED/x.jsonl": {"format": "jsonl"}}',
    ],
)
def test_feeds_that_cannot_work_are_refused_before_any_request(crawls: Crawls, tmp_path: Path, feeds: str) -> None:
    (tmp_path / "blocked").write_text("here stands a file")
    run = crawls.run("national", FEEDS=feeds.replace("BLOCKED", str(tmp_path / "blocked")))
    assert run.status == 4, run.log
    assert "FEEDS" in run.log
    assert not crawls.replica.requests


def test_another_feed_works_beside_the_sections_own(crawls: Crawls, tmp_path: Path) -> None:
    assert crawls.run("photos", "-o", str(tmp_path / "photos.csv"), "-o", str(tmp_path / "photos.jsonl")).status == 0
    held = [line["id"] for line in crawls.lines("photos")]
    assert len(held) == len(crawls.replica.ledger("photos"))
    beside = [json.loads(line) for line in (tmp_path / "photos.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in beside] == held
    assert (tmp_path / "photos.csv").read_text(encoding="utf-8").startswith("schema_version,id,revision,")


def test_what_is_no_article_is_kept_with_its_reason(crawls: Crawls, agrees: Agrees) -> None:
    key = crawls.replica.ledger("sports")[0]["id"]
    crawls.replica.revise(key, body="")
    run = crawls.run("sports")
    assert run.status == 22
    assert key not in {line["id"] for line in crawls.lines("sports")}
    told = [json.loads(line) for line in (crawls.output / "rejected" / "sports.jsonl").read_text().splitlines()]
    kept = {line["id"]: line for line in told}[key]
    assert key in kept["url"]
    assert kept["reason"]
    assert (crawls.output / "rejected" / kept["page"]).read_bytes()


def test_an_interrupted_run_is_completed_by_the_next(crawls: Crawls, agrees: Agrees) -> None:
    run = crawls.start("national", DOWNLOAD_DELAY="0.1")
    while not crawls.lines("national"):
        time.sleep(0.05)
    run.send_signal(signal.SIGTERM)
    assert run.wait(30) == 11
    assert crawls.run("national").status == 0
    agrees(crawls.lines("national"), crawls.replica.ledger("national"))


def test_two_signals_end_a_run_at_once(crawls: Crawls, agrees: Agrees) -> None:
    run = crawls.start("photos", DOWNLOAD_DELAY="1.5")
    while not crawls.lines("photos"):
        time.sleep(0.05)
    run.send_signal(signal.SIGTERM)
    time.sleep(0.1)
    run.send_signal(signal.SIGTERM)
    assert run.wait(10) == 13
    assert crawls.run("photos").status == 0
    agrees(crawls.lines("photos"), crawls.replica.ledger("photos"))


def test_a_run_does_not_depend_on_folder_home_or_time_zone(
    crawls: Crawls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readonly = tmp_path / "home"
    readonly.mkdir()
    readonly.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert crawls.run("photos").status == 0
    plain = crawls.lines("photos")
    elsewhere = Crawls(crawls.replica, tmp_path / "elsewhere")
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    monkeypatch.setenv("HOME", str(readonly))
    assert elsewhere.run("photos").status == 0
    seen = ("first_seen_at", "fetched_at")
    assert [{k: v for k, v in line.items() if k not in seen} for line in elsewhere.lines("photos")] == [
        {k: v for k, v in line.items() if k not in seen} for line in plain
    ]
    monkeypatch.delenv("HOME")
    assert elsewhere.run("photos").status == 0
    assert os.environ["TZ"] == "America/Los_Angeles"


def test_a_redirect_leads_to_no_other_host(crawls: Crawls, agrees: Agrees) -> None:
    with Replica(days=1) as tripwire:
        crawls.replica.sends_away_to = tripwire.url.replace("127.0.0.1", "localhost")
        assert crawls.run("photos").status == 22
        assert not tripwire.requests
    crawls.replica.sends_away_to = crawls.replica.url
    assert crawls.run("photos").status == 21  # home in the place of every story
    assert crawls.lines("photos") == []
    crawls.replica.sends_away_to = ""
    assert crawls.run("photos").status == 0
    agrees(crawls.lines("photos"), crawls.replica.ledger("photos"))
