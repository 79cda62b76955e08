"""Commands ``make demo`` and ``make replica``."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import PROJECT

FEED = Path("demo", "national.jsonl")


def demo(output: Path, cwd: Path = PROJECT) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "devtools.demo"],
        cwd=cwd, capture_output=True, text=True, check=False,
        env={**os.environ, "JIJI_OUTPUT_DIR": str(output), "PYTHONPATH": str(PROJECT)},
    )  # fmt: skip


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the demo from another folder. Return its output folder and its standard output."""
    folder = tmp_path_factory.mktemp("elsewhere")
    done = demo(Path("output"), cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "output", done.stdout


def test_demo_says_what_it_got_and_what_to_try_next(first: tuple[Path, str]) -> None:
    output, printed = first
    assert f"283 articles fetched, 283 lines added; {Path('output') / FEED} now holds 283." in printed
    assert len((output / FEED).read_bytes().splitlines()) == 283
    assert '"headline": "' in printed
    assert printed.index("What to try next:") < printed.index("make replica")


def remove(feed: Path) -> None:
    feed.unlink()


def empty(feed: Path) -> None:
    feed.write_bytes(b"")


def truncate(feed: Path) -> None:
    feed.write_bytes(feed.read_bytes()[:5000])


def rotate(feed: Path) -> None:
    feed.rename(f"{feed}.1")


def replace(feed: Path) -> None:
    feed.write_text('{"id": 5}\n[]\n', encoding="utf-8")


def lose_state(feed: Path) -> None:
    (feed.parent / "state" / "national.sqlite").unlink()


@pytest.mark.parametrize("change", [remove, empty, truncate, rotate, replace, lose_state])
def test_demo_recovers_from_any_state_of_its_folder(
    change: Callable[[Path], None], first: tuple[Path, str], tmp_path: Path
) -> None:
    subprocess.run(["cp", "-r", str(first[0]), str(tmp_path / "output")], check=True)
    change(tmp_path / "output" / FEED)
    done = demo(tmp_path / "output")
    assert done.returncode == 0, done.stderr
    assert "now holds 283." in done.stdout
    assert "What to try next:" in done.stdout


def test_demo_keeps_the_files_of_an_earlier_feed(first: tuple[Path, str], tmp_path: Path) -> None:
    subprocess.run(["cp", "-r", str(first[0]), str(tmp_path / "output")], check=True)
    feed = tmp_path / "output" / FEED
    truncate(feed)
    truncated = feed.read_bytes()
    done = demo(tmp_path / "output")
    assert f"{feed} was moved or changed since the last demo; starting over ..." in done.stdout
    [kept] = feed.parent.glob("national.reset-*/national.jsonl")
    assert kept.read_bytes().startswith(truncated)


def test_demo_reports_a_failed_crawl(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("a file in the folder's place", encoding="utf-8")
    done = demo(tmp_path)
    assert done.returncode == 4
    assert "The crawl ended with exit status 4; its messages above say why." in done.stdout


def test_replica_prints_a_crawl_command_with_a_folder_of_its_own(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "devtools.replica", "--port", "0"], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            [url] = re.findall(r"Replica at (http://127\.0\.0\.1:\d+/)", server.stdout.readline())
            program, *words = server.stdout.readline().split()
            assert program == ".venv/bin/scrapy"
            assert f"JIJI_BASE_URL={url}" in words
            assert "JIJI_OUTPUT_DIR=output/replica" in words
            here = [word.replace("=output/replica", f"={tmp_path}") for word in words]
            command = [sys.executable, "-m", "scrapy", *here, "-a", "max_articles=2"]
            done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
        finally:
            server.terminate()
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "national.jsonl").read_bytes().splitlines()) == 2


def test_replica_on_a_used_port_says_which_option_to_change() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "devtools.replica", "--port", "0"], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            [port] = re.findall(r":(\d+)/", server.stdout.readline())
            command = [sys.executable, "-m", "devtools.replica", "--port", port]
            done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=30)
        finally:
            server.terminate()
    assert done.returncode == 2
    assert "choose another port with --port" in done.stderr.lower()
