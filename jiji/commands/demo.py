"""``scrapy demo``: the whole way of an article on this machine alone, from the replica to JSON Lines."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from scrapy.commands import ScrapyCommand

from jiji.feed.export import output_dir

_HASTE = {"DOWNLOAD_DELAY": "0", "AUTOTHROTTLE_ENABLED": "False"}
"""The replica is our own and on loopback: there is nobody to be slow for."""


class Command(ScrapyCommand):
    """Crawl NATIONAL from the replica and say what came of it."""

    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        """Say what the command does."""
        return "Crawl the replica into output/demo and say what came of it"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run ``scrapy crawl national`` against a replica; the exit status is the crawl's."""
        if self.settings is None:
            raise RuntimeError("run as a command of scrapy")
        from jiji.replica import Replica  # Scrapy loads every command at every start; the server is heavy

        output = output_dir(self.settings) / "demo"
        feed = output / "national.jsonl"
        before = _lines(feed)
        with Replica() as replica:
            print(f"Crawling NATIONAL from the replica at {replica.url} ...", flush=True)
            self.exitcode = _crawl(replica.url, output)
            asked = replica.article_requests
        lines = _lines(feed)
        print(f"{asked} articles fetched, {len(lines) - len(before)} lines added; {feed} now holds {len(lines)}.")
        if self.exitcode == 0 and lines:
            print(_shown(next((line for line in lines if _is_rich(line)), lines[0])))
            print(_NEXT.format(feed=feed))


def _crawl(url: str, output: Path) -> int:
    settings = {"JIJI_BASE_URL": url, "JIJI_OUTPUT_DIR": str(output), "JIJI_RECHECK_HOURS": "", "LOG_LEVEL": "WARNING"}
    options = [part for name, value in {**settings, **_HASTE}.items() for part in ("-s", f"{name}={value}")]
    return subprocess.run([sys.executable, "-m", "scrapy", "crawl", "national", *options], check=False).returncode  # noqa: S603


def _lines(feed: Path) -> list[str]:
    return feed.read_text(encoding="utf-8").splitlines() if feed.exists() else []


def _is_rich(line: str) -> bool:
    article = json.loads(line)
    return bool(article["dateline"] and article["authors"] and article["images"])


def _shown(line: str) -> str:
    """Return an article of the feed for a person to read, its body cut short."""
    article = json.loads(line)
    article["body"] = f"{article['body'][:120]}..."
    return json.dumps(article, ensure_ascii=False, indent=2)


_NEXT = """
What to try next:
  make demo                      again: nothing is fetched twice, nothing is added
  .venv/bin/scrapy replica       the site itself, for your browser
  tail -n 1 {feed}
  README.md, "Live"               the same on the live site
"""
