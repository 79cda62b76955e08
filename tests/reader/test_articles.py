"""Reader of feeds: revisions, files, sections, days, and lines that are no article."""

import gzip
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from jiji.items import Article
from jiji.reader import read
from tests.articles import FULL, article, write_feed
from tests.conftest import PROJECT


def ids(articles: Iterator[Article]) -> list[tuple[str, int]]:
    return [(each.id[-1], each.revision) for each in articles]


def test_values_are_typed(tmp_path: Path) -> None:
    assert list(read(write_feed(tmp_path / "national.jsonl", [FULL]))) == [FULL]


def test_latest_revision_of_each_article_or_all(tmp_path: Path) -> None:
    lines = [article(1), article(2), article(1, revision=2, status="updated", fetched_at="2026-01-28T00:00:00Z")]
    feed = write_feed(tmp_path / "national.jsonl", lines)
    assert ids(read(feed)) == [("2", 1), ("1", 2)]
    assert ids(read(str(feed), revisions="all")) == [("1", 1), ("2", 1), ("1", 2)]


def test_rotated_and_compressed_files_belong_to_a_feed(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "national.jsonl.1.gz", "wb") as rotated:
        rotated.write(write_feed(tmp_path / "scratch", [article(1), article(2)]).read_bytes())
    (tmp_path / "scratch").unlink()
    feed = write_feed(tmp_path / "national.jsonl", [article(1, revision=2, fetched_at="2026-01-28T00:00:00Z")])
    assert ids(read(feed)) == [("2", 1), ("1", 2)]
    feed.unlink()  # rotated away as a whole
    assert ids(read(tmp_path)) == [("1", 1), ("2", 1)]


def test_folder_merges_sections_by_id(tmp_path: Path) -> None:
    write_feed(tmp_path / "economy.jsonl", [article(1, section="economy", fetched_at="2026-01-27T02:00:00Z")])
    write_feed(tmp_path / "politics.jsonl", [article(1, section="politics"), article(2, section="politics")])
    for name in (".hidden.jsonl", "articles.ninjs.jsonl"):
        write_feed(tmp_path / name, [article(3)])
    assert [(each.id[-1], each.section) for each in read(tmp_path)] == [("1", "economy"), ("2", "politics")]
    assert len(list(read(tmp_path, revisions="all"))) == 3


def test_days_are_inclusive(tmp_path: Path) -> None:
    feed = write_feed(tmp_path / "n.jsonl", [article(n, published_date=f"2026-01-0{n}") for n in range(1, 6)])
    assert ids(read(feed, since="2026-01-02", until=date(2026, 1, 4))) == [("2", 1), ("3", 1), ("4", 1)]
    with pytest.raises(ValueError, match="yesterday"):
        read(feed, since="yesterday")


def test_line_of_version_1_has_defaults_for_later_keys(tmp_path: Path) -> None:
    line = json.loads(write_feed(tmp_path / "scratch", [article(1)]).read_text())
    del line["update_of"], line["update"]
    (tmp_path / "national.jsonl").write_text(json.dumps({**line, "schema_version": "1"}) + "\n")
    (found,) = read(tmp_path / "national.jsonl")
    assert (found.schema_version, found.update_of, found.update) == ("1", None, None)


@pytest.mark.parametrize(
    "line",
    [b"[]", b"{}", b"12", b'{"id": "x"}', b"[" * 100_000, b"\x00\x00", b"\xff", b"null", b'"x"'],
    ids=lambda line: line[:9],
)
def test_other_lines_are_left_out_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture, line: bytes) -> None:
    feed = write_feed(tmp_path / "national.jsonl", [article(1)])
    with feed.open("ab") as file:
        file.write(line + b"\n")
    write_feed(feed, [article(2)])
    with caplog.at_level(logging.WARNING):
        assert ids(read(feed)) == [("1", 1), ("2", 1)]
    assert [record.getMessage() for record in caplog.records if "1 lines are no article" in record.getMessage()]
    assert "line 2" in caplog.text


@pytest.mark.parametrize(
    "change", [{"dateline": "Tokyo"}, {"images": [{"src": "a.jpg"}]}, {"images": [1]}, {"dateline": [1]}]
)
def test_line_with_a_part_of_another_shape_is_left_out(tmp_path: Path, change: dict[str, object]) -> None:
    line = json.loads(write_feed(tmp_path / "scratch", [article(1)]).read_text())
    (tmp_path / "national.jsonl").write_text(json.dumps({**line, **change}) + "\n")
    assert list(read(tmp_path / "national.jsonl")) == []


def test_torn_last_line_is_left_out_in_silence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    feed = write_feed(tmp_path / "national.jsonl", [article(1), article(2)])
    feed.write_bytes(feed.read_bytes()[:-30])
    assert ids(read(feed)) == [("1", 1)]
    assert not caplog.records


def test_missing_feed_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"national\.jsonl"):
        read(tmp_path / "national.jsonl")
    with pytest.raises(FileNotFoundError, match="folder"):
        read(tmp_path)


def test_reader_imports_neither_scrapy_nor_pydantic() -> None:
    """These are what made its start slow; the time itself depends on the machine."""
    code = "import sys, jiji.reader; print(*sys.modules.keys() & {'scrapy', 'twisted', 'pydantic', 'lxml', 'pyarrow'})"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
