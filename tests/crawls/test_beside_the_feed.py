"""Whole crawls beside files and lines of others; tests/feed has each kind by itself."""

import json
from pathlib import Path

import pytest

from jiji.feed.feed import Feed
from jiji.feed.lock import Lock
from tests.conftest import Crawls
from tests.crawls.habits import manifest, scrapy
from tests.feed.test_foreign_lines import EDITED, FOREIGN

SECTION = "photos"


def feed_of(crawls: Crawls) -> Path:
    return crawls.output / f"{SECTION}.jsonl"


def test_feed_taken_away_beside_a_side_file_publishes_nothing_again(crawls: Crawls) -> None:
    assert crawls.run(SECTION).status == 0
    published, asked = len(crawls.lines(SECTION)), crawls.replica.article_requests
    feed_of(crawls).with_name(f"{SECTION}.jsonl.offset").write_text('{"offset": 4711}\n')
    feed_of(crawls).rename(crawls.output.parent / "taken")
    run = crawls.run(SECTION)
    assert run.status == 0 and published and crawls.replica.article_requests == asked
    assert not feed_of(crawls).exists()
    assert "the feed is missing or empty" in run.log


def test_foreign_and_edited_lines_are_a_warning_once(crawls: Crawls) -> None:
    assert crawls.run(SECTION).status == 0
    with feed_of(crawls).open("ab") as file:
        file.write(b"".join(FOREIGN.values()))
        file.write(b"".join(EDITED.values()).replace(b"https://jen.jiji.com/", crawls.replica.url.encode()))
    held = feed_of(crawls).read_bytes()
    run = crawls.run(SECTION)
    assert run.status == 0, run.log
    damaged = len(FOREIGN) + len(EDITED)
    assert f"{damaged} damaged lines in the feed" in " ".join(manifest(crawls, SECTION)["warnings"])
    assert f"line {len(held.splitlines())}" in run.log or "are damaged" in run.log
    assert feed_of(crawls).read_bytes() == held
    again = crawls.run(SECTION)
    assert again.status == 0 and "damaged" not in again.log
    assert not any("damaged" in warning for warning in manifest(crawls, SECTION)["warnings"])


@pytest.mark.parametrize("kind", ["a dateline that is a string", "a byte-order mark"])
def test_rebuilt_catalog_with_an_edited_line_publishes_nothing_again(crawls: Crawls, kind: str) -> None:
    assert crawls.run(SECTION).status == 0
    lines = feed_of(crawls).read_bytes().splitlines(keepends=True)
    if kind == "a byte-order mark":
        lines[0] = b"\xef\xbb\xbf" + lines[0]
    else:
        lines[0] = json.dumps({**json.loads(lines[0]), "dateline": "Tokyo, Jan. 27"}).encode() + b"\n"
    feed_of(crawls).write_bytes(b"".join(lines))
    for path in (crawls.output / "state").glob(f"{SECTION}.sqlite*"):
        path.unlink()
    for _ in range(2):
        run = crawls.run(SECTION, JIJI_RECHECK_HOURS="0.0000001")
        assert run.status == 0, run.log
    assert feed_of(crawls).read_bytes() == b"".join(lines)


def test_another_feed_stops_the_run_with_the_command_that_decides(crawls: Crawls) -> None:
    assert crawls.run(SECTION).status == 0
    first = crawls.lines(SECTION)[0]
    other = {**first, "id": "2020010100001", "url": first["url"].replace(first["id"], "2020010100001")}
    feed_of(crawls).write_text(json.dumps(other) + "\n", encoding="utf-8")
    asked = crawls.replica.requests.total()
    for _ in range(2):
        run = crawls.run(SECTION)
        assert run.status == 4, run.log
        assert f"scrapy reset {SECTION} --keep-feed" in run.log
    assert crawls.replica.requests.total() == asked
    assert scrapy(crawls, "status", SECTION).returncode == 1
    assert scrapy(crawls, "reset", SECTION, "--keep-feed", "--yes").returncode == 0
    assert crawls.run(SECTION).status == 0
    assert crawls.lines(SECTION)[0] == other and len(crawls.lines(SECTION)) > 1


def test_reset_is_refused_while_a_run_is_at_work(crawls: Crawls) -> None:
    assert crawls.run(SECTION).status == 0
    held = feed_of(crawls).read_bytes()
    with Lock(crawls.output / "state" / f"{SECTION}.run"):
        done = scrapy(crawls, "reset", SECTION, "--yes")
    assert done.returncode == 75
    assert "locked by process" in done.stderr
    assert feed_of(crawls).read_bytes() == held
    Feed(crawls.output, SECTION).close()
