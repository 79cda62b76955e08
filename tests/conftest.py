"""Fixtures of all tests: a replica, crawls of it, and the comparison of a feed with the replica's ledger."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.utils.project import get_project_settings

from devtools.replica import Replica

PROJECT = Path(__file__).parent.parent
HASTE = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "JIJI_RECHECK_HOURS": "",
    "JIJI_BACKOFF_SECONDS": "0.05",
    "JIJI_WATCHDOG_SECONDS": "0",
    "STATS_DUMP": "True",
}
"""The replica is on loopback and ours; published articles are not checked again unless a test wants it.

Scrapy's counts are logged, for tests to read.
"""

Line = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """A finished ``scrapy crawl``."""

    status: int
    log: str


@dataclass(frozen=True)
class Crawls:
    """Crawls of one replica into one output folder, as a user would start them or inside this process."""

    replica: Replica
    output: Path

    def settings(self, **more: str) -> dict[str, str]:
        """Return the settings of a crawl of the replica."""
        return {**HASTE, "JIJI_BASE_URL": self.replica.url, "JIJI_OUTPUT_DIR": str(self.output), **more}

    def command(self, section: str, *options: str, **settings: str) -> list[str]:
        """Return the command line of a crawl."""
        named = [part for name, value in self.settings(**settings).items() for part in ("-s", f"{name}={value}")]
        return [sys.executable, "-m", "scrapy", "crawl", section, *named, *options]

    def run(self, section: str, *options: str, **settings: str) -> Run:
        """Run ``scrapy crawl`` to its end."""
        done = subprocess.run(
            self.command(section, *options, **settings), cwd=PROJECT, capture_output=True, text=True, check=False
        )
        return Run(done.returncode, done.stdout + done.stderr)

    def start(self, section: str, *options: str, **settings: str) -> "subprocess.Popen[str]":
        """Start ``scrapy crawl`` and leave it running."""
        return subprocess.Popen(
            self.command(section, *options, **settings),
            cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    async def here(self, section: str, **settings: str) -> Crawler:
        """Crawl inside this process."""
        return await self.here_with(section, {}, **settings)

    async def here_with(self, section: str, arguments: Mapping[str, str], /, **settings: str) -> Crawler:
        """Crawl inside this process, with arguments of the spider."""
        project = get_project_settings()
        project.setdict(self.settings(**settings), priority="cmdline")
        crawler = AsyncCrawlerRunner(project).create_crawler(section)
        await crawler.crawl(**arguments)
        return crawler

    def lines(self, section: str) -> list[Line]:
        """Return the lines of a section's feed."""
        feed = self.output / f"{section}.jsonl"
        return [json.loads(line) for line in feed.read_text(encoding="utf-8").splitlines()] if feed.exists() else []


@pytest.fixture
def replica() -> Iterator[Replica]:
    """Yield a small replica: the stories of a week."""
    with Replica(days=7) as served:
        yield served


@pytest.fixture
def crawls(replica: Replica, tmp_path: Path) -> Crawls:
    """Return crawls of the small replica into an empty folder."""
    return Crawls(replica, tmp_path / "output")


@pytest.fixture(scope="session")
def whole_replica() -> Iterator[Replica]:
    """Yield the replica as the demo serves it; tests that share it do not change it."""
    with Replica() as served:
        yield served


@pytest.fixture(scope="session")
def agrees() -> Callable[[list[Line], list[Line]], None]:
    """Return the check that a feed holds every article of a ledger once, right in every field of the ledger."""

    def check(lines: list[Line], ledger: list[Line]) -> None:
        ids = [line["id"] for line in lines]
        assert len(ids) == len(set(ids))
        assert sorted(ids) == sorted(row["id"] for row in ledger)
        by_id = {line["id"]: line for line in lines}
        for row in ledger:
            assert {name: by_id[row["id"]][name] for name in row} == row

    return check


@pytest.fixture(autouse=True)
def in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every test from the project's folder, without settings of the user."""
    monkeypatch.chdir(PROJECT)
    for name in [name for name in os.environ if name.startswith("SCRAPY_")]:
        monkeypatch.delenv(name)
