"""Lines in the feed that this project did not write: reported once, left alone, and no part of any history."""

import json
import logging
import resource
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from jiji.feed.append_log import AppendLog
from jiji.feed.catalog import Catalog
from jiji.feed.feed import Feed
from jiji.items import Article, withdrawal
from jiji.runs.field_coverage import filled_fields
from jiji.text.features import ArticleSigner
from jiji.validation import is_valid_line
from tests.feed.lines import NAME
from tests.feed.states import feed_path, state_path

NOON = "2026-01-27T12:00:00Z"


def article_id(number: int) -> str:
    return f"20200101{number:05}"


def article(number: int, **values: object) -> bytes:
    """Return the line of a valid article, with some values replaced; None removes a key."""
    whole = Article(
        id=article_id(number), url=f"https://jen.jiji.com/jc/eng?g=eco&k={article_id(number)}", section=NAME,
        headline=f"Harbour Number {number} Opens", published_date="2026-01-27", content_hash=f"{number:064x}",
        body=f"Tugs pulled ship {number} into the new harbour of the town at noon.", first_seen_at=NOON,
        fetched_at=NOON, layout="article",
    )  # fmt: skip
    line = {key: value for key, value in {**asdict(whole), **values}.items() if value is not ...}
    return json.dumps(line).encode() + b"\n"


def open_feed(output: Path) -> Feed:
    return Feed(output, NAME, ArticleSigner(), is_valid_line)


def publish(output: Path, *numbers: int) -> int:
    with closing(open_feed(output)) as feed:
        return sum(feed.append(article(number)) for number in numbers)


EDITED: dict[str, bytes] = {
    "a dateline that is a string": article(1, dateline="Tokyo, Jan. 27"),
    "images that are a number": article(1, images=3),
    "a missing headline": article(1, headline=...),
    "a missing status": article(1, status=...),
    "a missing URL": article(1, url=...),
    "missing times": article(1, first_seen_at=..., fetched_at="yesterday"),
    "a category of its own": article(1, category="weather"),
    "half a surrogate pair": article(1, headline="\ud800"),
    "a carriage return": article(1).replace(b"\n", b"\r\n"),
    "a byte-order mark": b"\xef\xbb\xbf" + article(1),
}
"""Lines that still tell which article they hold: it stays published."""

FOREIGN: dict[str, bytes] = {
    "an empty line": b"\n",
    "brackets": b"[" * 100_000 + b"\n",
    "brackets of objects": b'{"id":' * 100_000 + b"\n",
    "JSON of another program": b'{"level": "info", "message": "rotated"}\n',
    "an ID of another shape": b'{"id": "42", "revision": 1, "url": "https://other.example/42"}\n',
    "a list": b'["2026012700001", 1]\n',
    "a revision that is true": article(1, revision=True),
    "a revision without end": b'{"id": "2026012700001", "revision": ' + b"9" * 5000 + b"}\n",
    "not UTF-8": b'{"id": "2026012700001", "revision": 1, "headline": "\xff"}\n',
    "UTF-16": '{"id": "2026012700001", "revision": 1}'.encode("utf-16-le") + b"\n",
    "zeros": b"\0" * 3000 + b"\n",
}


@pytest.mark.parametrize("kind", EDITED)
@pytest.mark.parametrize("catalog", ["kept", "lost"])
def test_edited_line_is_reported_once_and_its_article_stays_published(
    tmp_path: Path, kind: str, catalog: str, caplog: pytest.LogCaptureFixture
) -> None:
    publish(tmp_path, 0, 1, 2)
    edited = article(0) + EDITED[kind] + article(2)
    feed_path(tmp_path).write_bytes(edited)
    if catalog == "lost":
        state_path(tmp_path, ".sqlite").unlink()
    with caplog.at_level(logging.ERROR, "jiji.feed"), closing(open_feed(tmp_path)) as feed:
        assert feed.damaged_lines == 1
        assert [each["id"] for each in feed.latest(9)] == [article_id(0), article_id(2)]
        assert [filled_fields(each) for each in feed.latest(9)]
        published = feed.catalog.published(article_id(1))
        assert published is not None and published.category is None
        line = feed.line(published)
        gone = withdrawal(line, id=published.id, url=URL, headline="Harbour", section=NAME, now=NOON)
        gone.content_hash, gone.revision, gone.first_seen_at = "0" * 64, 2, gone.first_seen_at or NOON
        assert feed.append(json.dumps(asdict(gone)).encode() + b"\n")
        assert is_valid_line(json.dumps(asdict(gone)).encode()), "a withdrawal is possible"
    assert publish(tmp_path, 0, 1, 2, 3) == 1
    assert caplog.text.count("line 2 is damaged") == caplog.text.count("damaged, kept") == 1
    assert feed_path(tmp_path).read_bytes().startswith(edited)


URL = "https://jen.jiji.com/jc/eng?g=eco&k=1"


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_foreign_line_is_reported_once_and_left_alone(
    tmp_path: Path, kind: str, place: int, caplog: pytest.LogCaptureFixture
) -> None:
    publish(tmp_path, 0, 1)
    lines = [article(0), article(1)]
    lines.insert(place, FOREIGN[kind])
    feed_path(tmp_path).write_bytes(b"".join(lines))
    with caplog.at_level(logging.ERROR, "jiji.feed"), closing(open_feed(tmp_path)) as feed:
        assert feed.damaged_lines == 1
        assert [each["id"] for each in feed.latest(9)] == [article_id(0), article_id(1)]
        assert feed.catalog.urls() and all("jen.jiji.com" in url for url in feed.catalog.urls())
        assert feed.append(article(2))
    with closing(open_feed(tmp_path)) as feed:
        assert feed.damaged_lines == 0
    assert caplog.text.count(f"line {place + 1} is damaged") == 1
    assert feed_path(tmp_path).read_bytes() == b"".join(lines) + article(2)
    assert publish(tmp_path, 0, 1, 2) == 0


def cost_of(task: Callable[[], object]) -> tuple[float, float]:
    """Return CPU seconds and the growth of the peak of memory in MiB."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    task()
    return time.process_time() - began, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


@pytest.mark.parametrize("place", ["in front", "between", "at the end"])
def test_hole_of_zeros_costs_little(tmp_path: Path, place: str) -> None:
    """A hole of 200 MB, as a power cut leaves it in a sparse file. A run after the first does not read it again."""
    publish(tmp_path, 0, 1)
    hole = 200_000_000
    with feed_path(tmp_path).open("r+b") as file:
        file.truncate(0)
        head, tail = {"in front": (0, 2), "between": (1, 2), "at the end": (2, 2)}[place]
        file.write(b"".join(article(number) for number in range(head)))
        file.seek(hole)
        file.write(b"\n" + b"".join(article(number) for number in range(head, tail)))
    _, memory = cost_of(lambda: publish(tmp_path, 0, 1, 2))
    assert memory < 120
    assert state_path(tmp_path, ".damaged").stat().st_size < 1_000_000
    read = _bytes_read()
    with closing(open_feed(tmp_path)) as feed:
        assert _bytes_read() - read < 5_000_000
        assert feed.damaged_lines == 0
        assert [each["id"] for each in feed.latest(9)][-1] == article_id(2)
    assert publish(tmp_path, 0, 1, 2) == 0


def _bytes_read() -> int:
    """Return the bytes that this process has read so far."""
    return int(Path("/proc/self/io").read_text().split()[1])


def test_damaged_lines_are_reported_in_linear_time(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Bytes read count, not seconds, so that the speed of the machine does not matter."""
    publish(tmp_path, 0)
    for lines in (4_000, 40_000):
        with feed_path(tmp_path).open("ab") as file:
            file.write(b"oops, no article\n" * lines)
        read = _bytes_read()
        with caplog.at_level(logging.ERROR, "jiji.feed"), closing(open_feed(tmp_path)) as feed:
            assert feed.damaged_lines == lines
        assert _bytes_read() - read < 12 * feed_path(tmp_path).stat().st_size + 1_000_000
    assert "lines 2 to 4001 are damaged" in caplog.text and "lines 4002 to 44001 are damaged" in caplog.text
    assert len(caplog.records) == 2
    assert state_path(tmp_path, ".damaged").stat().st_size <= 1 << 22
    assert publish(tmp_path, 0, 1) == 1


def test_history_reaches_over_foreign_lines(tmp_path: Path) -> None:
    publish(tmp_path, *range(5))
    with feed_path(tmp_path).open("ab") as file:
        file.write(b'{"level": "info"}\n' * 5_000 + b"x" * 2_000_000 + b"\n")
    with closing(open_feed(tmp_path)) as feed:
        assert [each["id"] for each in feed.latest(300)] == [article_id(number) for number in range(5)]


def test_line_of_version_1_is_valid() -> None:
    line = article(1, schema_version="1", update_of=..., update=...)
    assert is_valid_line(line)


def test_own_lines_are_read_without_a_validator(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    with closing(Catalog(state_path(tmp_path, ".sqlite"))) as catalog:
        log = AppendLog(feed_path(tmp_path), tmp_path / "state", catalog)
        assert log.append(article(1)) == 1
        assert log.indexing.damaged.count == 0
        log.close()
