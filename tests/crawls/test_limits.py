"""Limits of the process (``ulimit``): exit status and manifest agree, and the next run completes the feed."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT, Crawls, Line, Run
from tests.crawls.situations import with_pipeline
from tests.crawls.test_endings import manifests
from tests.faults import Misbehaving

Agrees = Callable[[list[Line], list[Line]], None]


@pytest.fixture
def crawls(tmp_path: Path) -> Iterator[Crawls]:
    with Misbehaving(days=5) as site:
        yield Crawls(site, tmp_path / "output")


def limited(crawls: Crawls, limit: str, **settings: str) -> Run:
    """Crawl SPORTS under a limit, as a shell sets it."""
    command = " ".join(f"'{word}'" for word in crawls.command("sports", JIJI_WATCHDOG_SECONDS="30", **settings))
    done = subprocess.run(
        ["bash", "-c", f"ulimit {limit}; exec {command}"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    return Run(done.returncode, done.stdout + done.stderr)


@pytest.mark.parametrize(
    ("limit", "status", "words"),
    [
        ("-f 30", 3, "ulimit -f"),  # kilobytes: the catalog cannot be made
        ("-f 110", 3, "ulimit -f"),  # the catalog cannot grow
        ("-n 9", 4, "ulimit -n"),
        ("-n 20", 4, "ulimit -n"),
        ("-n 39", 4, "ulimit -n"),
    ],
)
def test_a_limit_ends_the_run_clearly(crawls: Crawls, agrees: Agrees, limit: str, status: int, words: str) -> None:
    run = limited(crawls, limit)
    assert run.status == status, run.log
    assert manifests(crawls)[-1]["verdict"]["status"] == status
    assert words in manifests(crawls)[-1]["verdict"]["message"]
    run = crawls.run("sports")
    assert run.status == 0, run.log
    agrees(crawls.lines("sports"), crawls.replica.ledger("sports"))


@pytest.mark.parametrize("limit", ["-n 40", "-Sn 20", "-v 500000"])
def test_a_run_needs_no_more_than_a_small_limit(crawls: Crawls, agrees: Agrees, limit: str) -> None:
    run = limited(crawls, limit)
    assert run.status == 0, run.log
    agrees(crawls.lines("sports"), crawls.replica.ledger("sports"))


def test_an_article_without_memory_stays_pending(crawls: Crawls, agrees: Agrees) -> None:
    run = crawls.run("sports", **with_pipeline("Starves"))
    assert run.status == 22, run.log
    assert manifests(crawls)[-1]["verdict"]["status"] == 22
    assert manifests(crawls)[-1]["articles"]["pending"] == 1
    assert crawls.run("sports").status == 0
    agrees(crawls.lines("sports"), crawls.replica.ledger("sports"))


def test_no_memory_for_the_program_itself_is_status_1(crawls: Crawls, agrees: Agrees) -> None:
    assert limited(crawls, "-v 60000").status not in (0, 2)
    assert crawls.run("sports").status == 0
    agrees(crawls.lines("sports"), crawls.replica.ledger("sports"))
