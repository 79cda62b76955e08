"""Feeds restored from back-ups, emptied, deleted, and of another site; docs/how-to/backup-and-restore.md."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devtools.replica import Replica
from tests.conftest import PROJECT, Crawls, Line
from tests.crawls.habits import manifest, scrapy
from tests.test_docs import Sandbox, make_sandbox

Agrees = Callable[[list[Line], list[Line]], None]
PAGE = (PROJECT / "docs" / "how-to" / "backup-and-restore.md").read_text(encoding="utf-8")


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with Replica(days=3, port=0) as replica:
        yield make_sandbox(tmp_path, replica)


def steps(heading: str) -> list[str]:
    """Return the commands below a heading of the page."""
    text = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [
        line
        for block in re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]


def lines(sandbox: Sandbox) -> list[Line]:
    feed = sandbox.folder / "output" / "national.jsonl"
    return [json.loads(line) for line in feed.read_text(encoding="utf-8").splitlines()]


def test_a_back_up_is_restored_as_the_page_says(sandbox: Sandbox, agrees: Agrees) -> None:
    crawl = ".venv/bin/scrapy crawl national"
    assert sandbox.run(crawl).returncode == 0
    for command in steps("Back up"):
        assert sandbox.run(command).returncode == 0
    sandbox.replica.publish(3)
    assert sandbox.run(crawl).returncode == 0
    copy, reset, again = steps("Restore")
    assert sandbox.run(copy).returncode == 0
    refused = sandbox.run(crawl)
    assert refused.returncode == 4
    assert "scrapy reset national --keep-feed" in refused.stderr
    shown = sandbox.run(".venv/bin/scrapy status national")
    assert shown.returncode == 1
    assert "scrapy reset national --keep-feed" in shown.stdout
    assert sandbox.run(reset).returncode == 0
    assert again == crawl
    assert sandbox.run(again).returncode == 0
    agrees(lines(sandbox), sandbox.replica.ledger("national"))


@pytest.mark.parametrize("accident", ["deleted", "emptied"])
def test_a_feed_lost_by_accident_is_named_in_result_and_status(sandbox: Sandbox, agrees: Agrees, accident: str) -> None:
    crawl = ".venv/bin/scrapy crawl national"
    assert sandbox.run(crawl).returncode == 0
    feed = sandbox.folder / "output" / "national.jsonl"
    if accident == "deleted":
        feed.unlink()
    else:
        os.truncate(feed, 0)
    done = sandbox.run(crawl)
    assert done.returncode == 0
    assert "the feed is missing or empty" in done.stderr
    assert "scrapy reset SECTION" in sandbox.run(".venv/bin/scrapy status").stdout
    (reset,) = steps("A feed that was emptied or deleted")
    assert sandbox.run(reset).returncode == 0
    assert sandbox.run(crawl).returncode == 0
    agrees(lines(sandbox), sandbox.replica.ledger("national"))


def test_a_feed_of_another_site_is_refused_before_any_request(crawls: Crawls) -> None:
    assert crawls.run("photos").status == 0
    feed = crawls.output / "photos.jsonl"
    text = feed.read_text(encoding="utf-8")
    for folder in (feed.parent, feed.parent / "state"):
        for path in folder.glob("photos.*"):
            path.unlink()
    feed.write_text(text.replace(crawls.replica.url, "https://jen.jiji.com/"), encoding="utf-8")
    held, asked = feed.read_bytes(), crawls.replica.requests.total()
    run = crawls.run("photos")
    assert run.status == 4, run.log
    assert "photos.jsonl holds articles of jen.jiji.com" in run.log
    assert "JIJI_OUTPUT_DIR" in manifest(crawls, "photos")["verdict"]["message"]
    assert feed.read_bytes() == held
    assert crawls.replica.requests.total() == asked
    assert scrapy(crawls, "status").returncode == 1


def test_a_feed_of_the_replica_is_refused_for_the_live_site(crawls: Crawls) -> None:
    assert crawls.run("photos").status == 0
    run = crawls.run("photos", JIJI_BASE_URL="https://jen.jiji.com/")
    assert run.status == 4, run.log
    assert "holds articles of 127.0.0.1" in run.log
