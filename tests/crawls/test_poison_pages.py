"""Pages that kill the process, wherever it is at work on them: recorded, left alone for a while, tried again."""

import json
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from jiji.feed.crash_marker import FIRST_REST, NOTE, Deaths
from jiji.settings import DOWNLOADER_MIDDLEWARES, EXTENSIONS
from tests.conftest import Crawls, Line
from tests.crawls.situations import keys, with_pipeline
from tests.crawls.test_endings import manifests, wait_for
from tests.faults import How, Misbehaving, Visit, hang

Agrees = Callable[[list[Line], list[Line]], None]
WATCHED = {"JIJI_WATCHDOG_SECONDS": "1"}
PLACES = {
    "in the download handler": {"EXTENSIONS": json.dumps({**EXTENSIONS, "tests.crawls.broken.HangsInTheHandler": 1})},
    "at the end of a download": {"EXTENSIONS": json.dumps({
        **EXTENSIONS, "tests.crawls.broken.HangsAtTheEndOfADownload": 1})},
    "before the callback": {"DOWNLOADER_MIDDLEWARES": json.dumps({
        **DOWNLOADER_MIDDLEWARES, "tests.crawls.broken.HangsBeforeTheCallback": 500})},
    "in a pipeline": with_pipeline("Hangs"),
}  # fmt: skip


@pytest.fixture
def site() -> Iterator[Misbehaving]:
    with Misbehaving(days=5) as served:
        yield served


@pytest.fixture
def crawls(site: Misbehaving, tmp_path: Path) -> Crawls:
    return Crawls(site, tmp_path / "output")


def let_a_day_pass(crawls: Crawls, section: str) -> None:
    """Set the deaths noted in a section's catalog back by a day."""
    with closing(sqlite3.connect(crawls.output / "state" / f"{section}.sqlite")) as catalog, catalog:
        for key, note in catalog.execute("SELECT * FROM note WHERE key LIKE ?", (f"{NOTE}%",)).fetchall():
            deaths = Deaths.parse(note)
            earlier = replace(deaths, last=deaths.last - FIRST_REST)
            catalog.execute("UPDATE note SET value = ? WHERE key = ?", (str(earlier), key))


def followed_by(comments: bytes) -> How:
    """Answer with comments behind the page; the end of the connection is the end of the body."""

    def how(visit: Visit) -> None:
        answer = visit.fetch().with_headers(Connection="close", Content_Length=None)
        visit.send(answer.head + answer.body.rstrip() + comments)

    return how


@pytest.mark.parametrize("place", PLACES)
def test_a_page_that_hangs_is_left_alone_and_tried_again(
    site: Misbehaving, crawls: Crawls, agrees: Agrees, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    deadly = keys(site)[1]
    monkeypatch.setenv("HANGS_ON", deadly)
    settings = {**PLACES[place], **WATCHED}
    for _ in range(3):
        assert crawls.run("sports", **settings).status == 1
    for _ in range(2):  # later manifests name it too
        run = crawls.run("sports", **settings)
        assert run.status == 0, run.log
        assert any(deadly in warning for warning in manifests(crawls)[-1]["warnings"])
    agrees(crawls.lines("sports"), [row for row in site.ledger("sports") if row["id"] != deadly])
    assert [each["verdict"]["status"] for each in manifests(crawls)] == [1, 1, 1, 0, 0]
    assert all(deadly in each["verdict"]["message"] for each in manifests(crawls)[:3])
    let_a_day_pass(crawls, "sports")
    run = crawls.run("sports")  # healed
    assert run.status == 0, run.log
    agrees(crawls.lines("sports"), site.ledger("sports"))
    assert manifests(crawls)[-1]["warnings"] == []


def test_a_run_killed_while_it_waits_for_bytes_has_no_page_to_blame(site: Misbehaving, crawls: Crawls) -> None:
    slow = keys(site)[1]
    site.spoil(slow, hang(0.5))
    run = crawls.start("sports")
    wait_for(lambda: any(slow in asked for asked in site.asked))
    time.sleep(0.5)
    run.send_signal(signal.SIGKILL)
    run.wait()
    site.heal()
    assert crawls.run("sports").status == 0
    assert manifests(crawls)[0]["verdict"]["status"] == 13
    assert manifests(crawls)[0]["verdict"]["word"] == "forced stop"


def test_comments_behind_a_page_end_in_linear_time(site: Misbehaving, crawls: Crawls) -> None:
    """The end of the page proves that nothing is missing, where neither length nor chunks do."""
    comments = b"<!-- note -->" * 60
    whole, cut = keys(site)[:2]
    site.spoil(whole, followed_by(comments))
    site.spoil(cut, followed_by(comments[:-1]))
    run = crawls.run("sports", **WATCHED)
    assert run.status == 22, run.log
    assert cut not in {line["id"] for line in crawls.lines("sports")}
    assert whole in {line["id"] for line in crawls.lines("sports")}
