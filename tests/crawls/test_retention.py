"""Caps on what runs leave beside the feed: manifests, rejected pages and their records, drift pages, logs."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Crawls
from tests.crawls.situations import MARK, keys
from tests.crawls.test_endings import manifests, status
from tests.faults import EVERYTHING, Misbehaving, changed

BLOB = 20_000
"""Bytes of rubbish in each bad page."""


@pytest.fixture
def site() -> Iterator[Misbehaving]:
    with Misbehaving(days=5) as served:
        yield served


@pytest.fixture
def crawls(site: Misbehaving, tmp_path: Path) -> Crawls:
    return Crawls(site, tmp_path / "output")


def spoil_articles(site: Misbehaving) -> None:
    """Serve other rubbish in the place of every article each time."""
    for key in keys(site):
        site.spoil(key, changed(lambda body: f"<html><p>{MARK} {os.urandom(BLOB // 2).hex()}</html>".encode()))


def sizes(folder: Path) -> list[int]:
    return [path.stat().st_size for path in folder.rglob("*") if path.is_file()]


def pages(crawls: Crawls) -> Path:
    return crawls.output / "rejected" / "pages" / "sports"


def test_rejected_pages_are_capped_by_number(site: Misbehaving, crawls: Crawls) -> None:
    spoil_articles(site)
    for _ in range(3):
        assert crawls.run("sports", JIJI_KEEP_FILES="5").status == 21
    assert len(sizes(pages(crawls))) == 5
    records = [json.loads(line) for line in (crawls.output / "rejected" / "sports.jsonl").read_text().splitlines()]
    assert len(records) == 5
    assert all((crawls.output / "rejected" / record["page"]).exists() for record in records)
    assert len(manifests(crawls)) == 3


def test_rejected_pages_are_capped_by_size_while_the_run_goes_on(site: Misbehaving, crawls: Crawls) -> None:
    spoil_articles(site)
    assert crawls.run("sports", JIJI_KEEP_MEGABYTES="0.07").status == 21
    assert len(sizes(pages(crawls))) == 3
    assert sum(sizes(pages(crawls))) <= 70_000


def test_files_are_capped_by_age(site: Misbehaving, crawls: Crawls) -> None:
    spoil_articles(site)
    assert crawls.run("sports").status == 21
    drift = crawls.output / "drift" / "sports"
    drift.mkdir(parents=True)
    (drift / "0.html").write_bytes(b"<html>")
    damaged = crawls.output / "state" / "sports.sqlite.damaged-20260101T000000.000000Z"
    damaged.write_bytes(b"?")
    for path in (*pages(crawls).iterdir(), drift / "0.html", damaged):
        os.utime(path, (0, 0))
    records = crawls.output / "rejected" / "sports.jsonl"
    records.write_text(re.sub(r'"at": "\d+', '"at": "2001', records.read_text()))
    site.heal()
    assert crawls.run("sports", JIJI_KEEP_DAYS="2").status == 0
    assert sizes(pages(crawls)) == sizes(drift) == []
    assert not damaged.exists()
    assert records.read_bytes() == b""


def test_the_last_good_run_is_remembered(site: Misbehaving, crawls: Crawls) -> None:
    assert crawls.run("sports").status == 0
    good = manifests(crawls)[0]["run"]
    site.spoil(EVERYTHING, changed(lambda body: b""))
    for _ in range(4):
        assert crawls.run("sports", JIJI_KEEP_FILES="2").status != 0
    assert len(manifests(crawls)) == 3
    assert manifests(crawls)[0]["run"] == good
    shown = json.loads(status(crawls, "--json", "sports").stdout)[0]
    assert shown["last_good"] is not None


def test_log_file_is_rotated_and_old_ones_are_removed(crawls: Crawls) -> None:
    log = crawls.output.parent / "crawl.log"
    for _ in range(5):
        log.write_bytes(b"x" * 20_000)
        assert crawls.run("sports", LOG_FILE=str(log), JIJI_KEEP_MEGABYTES="0.1", JIJI_KEEP_FILES="3").status == 0
        assert log.read_text().startswith("20")
    rotated = sorted(path.name for path in log.parent.glob("crawl.log.*"))
    assert len(rotated) == 3
    assert crawls.run("sports", LOG_FILE=str(log)).status == 0
    assert sorted(path.name for path in log.parent.glob("crawl.log.*")) == rotated


@pytest.mark.parametrize("name", ["JIJI_KEEP_FILES", "JIJI_KEEP_DAYS", "JIJI_KEEP_MEGABYTES"])
def test_an_invalid_cap_is_refused(crawls: Crawls, name: str) -> None:
    run = crawls.run("sports", LOG_FILE="", **{name: "0"})
    assert run.status == 4
    assert name in run.log
