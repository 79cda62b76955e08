"""Demonstration on one machine: the replica is crawled into ``output/demo``, and the result is shown."""

import json
import os
import subprocess
import sys
from pathlib import Path

from devtools.replica import Replica

POLITENESS_OFF = {"DOWNLOAD_DELAY": "0", "AUTOTHROTTLE_ENABLED": "False"}
"""The replica is ours and on loopback: nobody is disturbed."""


def main() -> int:
    """Crawl NATIONAL from the replica and print the outcome; return the exit status of the crawl."""
    output = Path(os.environ.get("JIJI_OUTPUT_DIR") or "output") / "demo"
    feed = output / "national.jsonl"
    before = _lines(feed)
    with Replica() as replica:
        print(f"Crawling NATIONAL from the replica at {replica.url} ...", flush=True)
        status = _crawl(replica.url, output)
        fetched = replica.article_requests
    lines = _lines(feed)
    print(f"{fetched} articles fetched, {len(lines) - len(before)} lines added; {feed} now holds {len(lines)}.")
    if status == 0 and lines:
        print(_shown(next((line for line in lines if _is_rich(line)), lines[0])))
        print(_NEXT.format(feed=feed))
    return status


def _crawl(url: str, output: Path) -> int:
    settings = {"JIJI_BASE_URL": url, "JIJI_OUTPUT_DIR": str(output), "JIJI_RECHECK_HOURS": "", "LOG_LEVEL": "WARNING"}
    options = [part for name, value in {**settings, **POLITENESS_OFF}.items() for part in ("-s", f"{name}={value}")]
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
  make replica                   the site itself, for your browser
  tail -n 1 {feed}
  README.md, "Live"               the same on the live site
"""


if __name__ == "__main__":
    sys.exit(main())
