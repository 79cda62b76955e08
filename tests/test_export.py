"""The command ``scrapy export``: selection, targets, and refusals."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.articles import article, write_feed
from tests.conftest import PROJECT


def export(output: Path, *words: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "scrapy", "export", "-s", f"JIJI_OUTPUT_DIR={output}", *words]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, check=False)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Return an output folder with two feeds: a revised article, a near-duplicate, an article of both sections."""
    folder = tmp_path / "output"
    folder.mkdir()
    write_feed(
        folder / "national.jsonl",
        [
            article(1, category="sports"), article(2, published_date="2025-12-31", category="economy"),
            article(3, near_duplicate_of="2026012700001"), article(1, revision=2, fetched_at="2026-01-28T00:00:00Z"),
        ],
    )  # fmt: skip
    old = article(2, section="politics", published_date="2025-12-31", fetched_at="2026-01-27T05:00:00Z")
    write_feed(folder / "politics.jsonl", [old, article(5)])
    return folder


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ([], "3 1 2 5"),
        (["national"], "2 3 1"),
        (["--revisions", "all"], "1 2 3 1 2 5"),
        (["--since", "2026-01-01"], "3 1 5"),
        (["--until", "2025-12-31"], "2"),
        (["--category", "sports", "--category", "economy", "--revisions", "all"], "1 2"),
        (["--no-near-duplicates"], "1 2 5"),
    ],
    ids=str,
)
def test_selection(output: Path, options: list[str], ids: str) -> None:
    done = export(output, "--to", "csv", *options)
    rows = csv.DictReader(io.StringIO(done.stdout.decode("utf-8"), newline=""))
    assert " ".join(row["id"][-1] for row in rows) == ids
    assert done.stderr == b""  # no progress without a terminal


def test_file_and_folder(output: Path, tmp_path: Path) -> None:
    for target in ("one/all.parquet", "folder"):
        assert export(output, "--to", "parquet", "-o", str(tmp_path / target)).returncode == 0
        assert pq.read_table(tmp_path / target).num_rows == 4
    assert sorted(path.name for path in (tmp_path / "folder").iterdir()) == ["month=2025-12", "month=2026-01"]
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["all.parquet"]


def test_failed_export_leaves_the_file_of_the_last_one(output: Path, tmp_path: Path) -> None:
    target = tmp_path / "all.csv"
    assert export(output, "--to", "csv", "-o", str(target)).returncode == 0
    before = target.read_bytes()
    (output / "national.jsonl").unlink()
    done = export(output, "--to", "csv", "-o", str(target), "national")
    assert done.returncode == 1
    assert b"no feed" in done.stderr
    assert target.read_bytes() == before
    assert list(tmp_path.glob("*.part")) == []


def test_reader_of_the_stream_may_stop(output: Path) -> None:
    write_feed(output / "national.jsonl", (article(number) for number in range(10, 3000)))
    command = [sys.executable, "-m", "scrapy", "export", "-s", f"JIJI_OUTPUT_DIR={output}", "--to", "ninjs"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert os.read(process.stdout.fileno(), 100)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--to", "xml"], b"invalid choice"),
        (["--to", "csv", "nationl"], b"unknown section 'nationl'"),
        (["--to", "csv", "--since", "yesterday"], b"invalid"),
        (["--to", "atom", "--revisions", "all"], b"latest revision"),
        (["--to", "csv", "-o", "FEED"], b"belongs to the project"),
        ([], b"--to"),
    ],
    ids=str,
)
def test_refusals(output: Path, words: list[str], reason: bytes) -> None:
    feed = output / "national.jsonl"
    before = feed.read_bytes()
    done = export(output, *(str(feed) if word == "FEED" else word for word in words))
    assert done.returncode == 2
    assert reason in done.stderr + done.stdout
    assert feed.read_bytes() == before


def test_empty_folder_is_an_error(tmp_path: Path) -> None:
    done = export(tmp_path, "--to", "csv")
    assert (done.returncode, b"no feed" in done.stderr) == (1, True)
