"""Runs ended by signals, kills, a hanging parser, a full disk, another run."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT, Crawls, Line
from tests.crawls.situations import keys, with_pipeline
from tests.faults import Misbehaving, changed, hang

Agrees = Callable[[list[Line], list[Line]], None]


@pytest.fixture
def site() -> Iterator[Misbehaving]:
    with Misbehaving(days=5) as served:
        yield served


@pytest.fixture
def crawls(site: Misbehaving, tmp_path: Path) -> Crawls:
    return Crawls(site, tmp_path / "output")


def manifests(crawls: Crawls, section: str = "sports") -> list[dict[str, Any]]:
    """Return all manifests of a section, oldest first."""
    paths = sorted((crawls.output / "runs" / section).glob("2*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def status(crawls: Crawls, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run ``scrapy status``."""
    command = [sys.executable, "-m", "scrapy", "status", *words, "-s", f"JIJI_OUTPUT_DIR={crawls.output}"]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def wait_for(happens: Callable[[], object], seconds: float = 30) -> None:
    """Wait for a condition; fail after some seconds."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize(("signals", "ending"), [((signal.SIGTERM,), 11), ((signal.SIGINT, signal.SIGTERM), 13)])
def test_signals_end_a_run_that_waits_for_a_response(
    site: Misbehaving, crawls: Crawls, agrees: Agrees, signals: tuple[int, ...], ending: int
) -> None:
    site.spoil(keys(site)[1], hang())
    run = crawls.start("sports")
    wait_for(lambda: any(keys(site)[1] in asked for asked in site.asked))
    begun = time.monotonic()
    for number in signals:
        run.send_signal(number)
        time.sleep(0.2)
    assert run.wait(40) == ending
    assert time.monotonic() - begun < (30 if ending == 11 else 5)
    manifest = manifests(crawls)[-1]
    assert manifest["verdict"]["status"] == ending
    assert manifest["appended"][0]["lines"] == manifest["articles"]["new"] == 1
    shown = json.loads(status(crawls, "--json", "sports").stdout)[0]
    state = "interrupted" if ending == 11 else "bad"
    assert (shown["state"], shown["status"], shown["running_since"]) == (state, ending, None)
    assert status(crawls, "sports").returncode == (0 if ending == 11 else 1)
    site.heal()
    assert crawls.run("sports").status == 0
    agrees(crawls.lines("sports"), site.ledger("sports"))
    assert status(crawls).returncode == 0


def test_a_killed_run_is_reported_by_the_next_run_and_by_status(
    site: Misbehaving, crawls: Crawls, agrees: Agrees
) -> None:
    assert crawls.run("photos").status == 0
    site.spoil(keys(site)[1], hang())
    run = crawls.start("sports")
    wait_for(lambda: any(keys(site)[1] in asked for asked in site.asked))
    shown = json.loads(status(crawls, "--json").stdout)
    at_work = next(each for each in shown if each["section"] == "sports")
    assert at_work["running_since"]
    assert at_work["status"] is None
    run.kill()
    run.wait()
    assert manifests(crawls)[-1]["verdict"]["word"] == "running"
    done = status(crawls)
    assert done.returncode == 1
    assert "killed" in done.stdout
    site.heal()
    assert crawls.run("sports").status == 0
    agrees(crawls.lines("sports"), site.ledger("sports"))
    killed, good = manifests(crawls)
    assert killed["verdict"]["status"] == 13
    assert good["counts"]["jiji/killed_runs"] == 1
    assert "killed" in good["warnings"][0]
    assert status(crawls).returncode == 0


def test_a_poison_page_is_not_parsed_after_three_deaths(
    site: Misbehaving, crawls: Crawls, agrees: Agrees, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly = keys(site)[1]
    monkeypatch.setenv("HANGS_ON", deadly)
    settings = {**with_pipeline("Hangs"), "JIJI_WATCHDOG_SECONDS": "1"}
    for _ in range(3):
        begun = time.monotonic()
        run = crawls.run("sports", **settings)
        assert run.status == 1
        assert "most recent call first" in run.log
        assert "process_item" in run.log
        assert time.monotonic() - begun < 20
    run = crawls.run("sports", **settings)
    assert run.status == 0, run.log
    agrees(crawls.lines("sports"), [row for row in site.ledger("sports") if row["id"] != deadly])
    *died, last = manifests(crawls)
    assert [each["verdict"]["status"] for each in died] == [1, 1, 1]
    assert all(deadly in each["verdict"]["message"] for each in died)
    assert last["counts"]["jiji/poison_pages"] == 1
    asked = len(site.asked)
    assert crawls.run("sports", **settings).status == 0
    assert not any(deadly in target for target in site.asked[asked:])


def test_a_locked_out_run_leaves_a_manifest_that_is_not_the_latest(site: Misbehaving, crawls: Crawls) -> None:
    site.spoil(keys(site)[0], hang())
    run = crawls.start("sports")
    wait_for(lambda: any(keys(site)[0] in asked for asked in site.asked))
    assert crawls.run("sports").status == 75
    latest = json.loads((crawls.output / "runs" / "sports" / "latest.json").read_text(encoding="utf-8"))
    assert latest["verdict"]["word"] == "running"
    assert [each["verdict"]["status"] for each in manifests(crawls)] == [None, 75]
    assert f"process {run.pid}" in manifests(crawls)[1]["verdict"]["message"]
    run.kill()
    run.wait()


def test_the_manifest_is_written_to_a_full_disk(site: Misbehaving, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=260k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        crawls = Crawls(site, disk)
        run = crawls.run("national")
        assert run.status == 3, run.log
        assert manifests(crawls, "national")[-1]["verdict"]["status"] == 3
        assert "disk is full" in manifests(crawls, "national")[-1]["verdict"]["message"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_drop_in_field_coverage_ends_with_layout_status(site: Misbehaving, crawls: Crawls) -> None:
    assert crawls.run("national").status == 0
    for key in site.publish(8):
        site.spoil(key, changed(lambda body: body.replace(b"(Jiji Press)--", b"")))
    run = crawls.run("national")
    assert run.status == 21, run.log
    manifest = manifests(crawls, "national")[-1]
    assert "dateline: expected in" in manifest["verdict"]["message"]
    assert "found in 0%" in manifest["verdict"]["message"]
    site.publish(8)
    assert crawls.run("national").status == 0


def test_status_calls_sections_stale_by_the_setting(crawls: Crawls) -> None:
    assert status(crawls).returncode == 1
    assert crawls.run("photos").status == 0
    assert status(crawls).returncode == 0
    assert status(crawls, "photos", "sports").returncode == 1
    stale = status(crawls, "photos", "-s", "JIJI_STALE_HOURS=0.0000001")
    assert stale.returncode == 1
    assert "stale" in stale.stdout
    assert status(crawls, "weather").returncode == 2
