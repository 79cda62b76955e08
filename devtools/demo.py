"""Demonstration without network, which crawls the replica into ``output/demo`` and shows the result."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from devtools.replica import Replica

PROJECT = Path(__file__).parent.parent
NO_DELAYS = {"DOWNLOAD_DELAY": "0", "AUTOTHROTTLE_ENABLED": "False"}
"""Settings that are safe on the replica only."""

DONE, CONFIGURATION = 0, 4
"""Exit statuses of a crawl."""

Article = dict[str, Any]


def main() -> int:
    """Crawl NATIONAL from the replica and print the outcome. Return the exit status of the crawl."""
    output = Path(os.environ.get("JIJI_OUTPUT_DIR") or "output") / "demo"
    feed = output / "national.jsonl"
    is_used = output.is_dir()
    with Replica() as replica:
        print(f"Crawling NATIONAL from the replica at {replica.url} ...", flush=True)
        stories = {row["id"] for row in replica.ledger("national")}
        before = len(_lines(feed))
        status = _crawl(replica.url, output)
        if is_used and status in (DONE, CONFIGURATION) and not stories <= _articles(feed).keys():
            print(f"{feed} was moved or changed since the last demo; starting over ...", flush=True)
            if _scrapy("reset", "national", "--yes", JIJI_OUTPUT_DIR=str(output.resolve())) == DONE:
                before = 0
                status = _crawl(replica.url, output)
        fetched = replica.article_requests
    articles = {key: article for key, article in _articles(feed).items() if key in stories}
    added = len(_lines(feed)) - before
    print(f"{fetched} articles fetched, {added} lines added; {feed} now holds {len(articles)}.")
    if status:
        print(f"The crawl ended with exit status {status}; its messages above say why.")
    elif articles:
        print(_sample(list(articles.values())))
        print(_NEXT.format(feed=feed))
    return status


def _crawl(url: str, output: Path) -> int:
    settings = {"JIJI_BASE_URL": url, "JIJI_OUTPUT_DIR": str(output.resolve()), "JIJI_RECHECK_HOURS": ""}
    return _scrapy("crawl", "national", **settings, **NO_DELAYS)


def _scrapy(*words: str, **settings: str) -> int:
    named = {**settings, "LOG_LEVEL": "WARNING"}
    options = [part for name, value in named.items() for part in ("-s", f"{name}={value}")]
    command = [sys.executable, "-m", "scrapy", *words, *options]
    return subprocess.run(command, cwd=PROJECT, check=False).returncode  # noqa: S603


def _lines(feed: Path) -> list[str]:
    return feed.read_text(encoding="utf-8", errors="replace").splitlines() if feed.exists() else []


def _articles(feed: Path) -> dict[str, Article]:
    """Return the feed's articles by ID, the latest revision of each. Damaged lines are left out."""
    articles = {}
    for line in _lines(feed):
        try:
            article = json.loads(line)
            articles[article["id"]] = article
        except (ValueError, TypeError, KeyError):
            continue
    return articles


def _sample(articles: list[Article]) -> str:
    """Return a readable article, preferably one with dateline, authors and images. Its body is cut short."""
    rich = (article for article in articles if article["dateline"] and article["authors"] and article["images"])
    article = next(rich, articles[0])
    return json.dumps({**article, "body": f"{article['body'][:120]}..."}, ensure_ascii=False, indent=2)


_NEXT = """
What to try next:
  make demo                      again: nothing is fetched twice, nothing is added
  make replica                   the site itself, for your browser
  tail -n 1 {feed}
  README.md, "Live"               the same on the live site
"""


if __name__ == "__main__":
    sys.exit(main())
