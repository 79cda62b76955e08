"""Surroundings of a run: umask and group, output folder, standard streams, SIGHUP, a silent cron job."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import PROJECT, Crawls, Line
from tests.crawls.habits import manifest, scrapy

Agrees = Callable[[list[Line], list[Line]], None]


def shell(crawls: Crawls, section: str, redirections: str, **settings: str) -> int:
    """Run a crawl with redirections of a shell; return its exit status."""
    command = " ".join(f"'{word}'" for word in crawls.command(section, **settings))
    return subprocess.run(["sh", "-c", f"{command} {redirections}"], cwd=PROJECT, check=False).returncode


def test_files_follow_the_umask(crawls: Crawls) -> None:
    before = os.umask(0o002)
    try:
        assert crawls.run("photos").status == 0
    finally:
        os.umask(before)
    files = [path for path in crawls.output.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {
        "photos.sqlite",
        "photos.run",
        "photos.lock",
        "photos.jsonl",
        "latest.json",
    }
    assert [str(path) for path in files if path.stat().st_mode & 0o664 != 0o664] == []
    assert [
        str(path) for path in crawls.output.rglob("*") if path.is_dir() and path.stat().st_mode & 0o775 != 0o775
    ] == []


def test_a_tilde_in_the_output_folder_is_the_home_folder(
    crawls: Crawls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert crawls.run("photos", JIJI_OUTPUT_DIR="~/feeds").status == 0
    assert (tmp_path / "home" / "feeds" / "photos.jsonl").stat().st_size
    assert not (PROJECT / "~").exists()


@pytest.mark.parametrize("value", ["", " ", "~nobody-of-this-name/feeds"])
def test_an_unusable_output_folder_is_refused_and_nothing_is_written(crawls: Crawls, value: str) -> None:
    before = sorted(PROJECT.iterdir()), sorted((PROJECT / "output").rglob("*"))
    run = crawls.run("photos", JIJI_OUTPUT_DIR=value)
    assert run.status == 4, run.log
    assert "JIJI_OUTPUT_DIR" in run.log
    assert "Traceback" not in run.log
    assert not crawls.replica.requests
    assert (sorted(PROJECT.iterdir()), sorted((PROJECT / "output").rglob("*"))) == before
    for command in (("status",), ("reset", "photos", "--yes")):
        done = scrapy(crawls, *command, JIJI_OUTPUT_DIR=value)
        assert done.returncode == 2
        assert "JIJI_OUTPUT_DIR" in done.stderr + done.stdout


@pytest.mark.parametrize("redirections", ["2>&-", ">&-", "<&- >&- 2>&-", "2>/dev/full", "2>&1 | :"])
def test_a_run_goes_on_without_its_standard_streams(crawls: Crawls, agrees: Agrees, redirections: str) -> None:
    status = shell(crawls, "photos", redirections, JIJI_WATCHDOG_SECONDS="30")
    assert status == 0
    assert manifest(crawls, "photos")["verdict"]["status"] == 0
    agrees(crawls.lines("photos"), crawls.replica.ledger("photos"))


def wait_for_lines(crawls: Crawls, section: str) -> None:
    end = time.monotonic() + 30
    while not crawls.lines(section):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_sighup_ends_a_run_as_sigterm_does(crawls: Crawls, agrees: Agrees) -> None:
    run = crawls.start("national", DOWNLOAD_DELAY="0.2")
    wait_for_lines(crawls, "national")
    run.send_signal(signal.SIGHUP)
    run.send_signal(signal.SIGHUP)  # a closed terminal sends several
    assert run.wait(30) == 11
    assert manifest(crawls, "national")["verdict"]["status"] == 11
    assert crawls.run("national").status == 0
    agrees(crawls.lines("national"), crawls.replica.ledger("national"))


def test_nohup_is_respected(crawls: Crawls) -> None:
    run = subprocess.Popen(
        ["nohup", *crawls.command("photos", DOWNLOAD_DELAY="0.2")], cwd=PROJECT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    wait_for_lines(crawls, "photos")
    run.send_signal(signal.SIGHUP)
    assert run.wait(60) == 0


def test_a_cron_job_is_silent_when_all_is_well(crawls: Crawls) -> None:
    for _ in range(2):
        done = subprocess.run(
            crawls.command("national", LOG_LEVEL="WARNING"), cwd=PROJECT, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        crawls.replica.publish(2)


def test_a_run_that_gives_way_or_is_interrupted_is_no_error_in_the_log(crawls: Crawls) -> None:
    run = crawls.start("national", DOWNLOAD_DELAY="0.2", LOG_LEVEL="WARNING")
    wait_for_lines(crawls, "national")
    second = crawls.run("national", LOG_LEVEL="WARNING")
    assert (second.status, second.log) == (75, "")
    run.send_signal(signal.SIGTERM)
    _, log = run.communicate(timeout=30)
    assert (run.returncode, log) == (11, "")
    assert scrapy(crawls, "status").returncode == 0
