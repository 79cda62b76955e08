"""Helpers of the tests of habits: components of a user's own, Scrapy's commands, the last manifest of a section."""

import json
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

from scrapy.http import Response

from tests.conftest import PROJECT, Crawls, Run


class Marks:
    """Item pipeline of a user's own."""

    def process_item(self, item: Any) -> Any:
        logging.getLogger(__name__).info("Marked %s", item.id)
        return item


class Passes:
    """Spider middleware and downloader middleware of a user's own."""

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for each in result:
            yield each


def scrapy(crawls: Crawls, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of Scrapy with the settings of a crawl of the replica."""
    named = [part for name, value in crawls.settings(**settings).items() for part in ("-s", f"{name}={value}")]
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *words, *named],
        cwd=PROJECT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def manifest(crawls: Crawls, section: str) -> dict[str, Any]:
    """Return the manifest of the last run of a section."""
    path = crawls.output / "runs" / section / "latest.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def log_of(done: "subprocess.CompletedProcess[str]") -> Run:
    """Return the status and the output of a command."""
    return Run(done.returncode, done.stdout + done.stderr)
