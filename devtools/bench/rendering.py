"""Cost of rendering: seconds and CPU seconds a page of a crawl with and without the browser, on the replica."""

import os
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

from devtools.replica import Replica

DAYS = 6
SETTINGS = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "LOG_LEVEL=ERROR", "JIJI_CONTACT=you@example.org")


class Cost(NamedTuple):
    """Seconds of a crawl, and CPU seconds of its processes."""

    wall: float
    cpu: float


def crawl(replica: Replica, *settings: str) -> Cost:
    """Return the cost of a crawl of NATIONAL."""
    with tempfile.TemporaryDirectory() as folder:
        named = (*SETTINGS, f"JIJI_BASE_URL={replica.url}", f"JIJI_OUTPUT_DIR={folder}", *settings)
        options = [part for setting in named for part in ("-s", setting)]
        started, before = time.monotonic(), os.times()
        subprocess.run([sys.executable, "-m", "scrapy", "crawl", "national", *options], check=True)  # noqa: S603 - our own crawl
        wall, after = time.monotonic() - started, os.times()
    return Cost(wall, sum(after[2:4]) - sum(before[2:4]))


def main() -> None:
    """Print the cost of a page; the cost of a run without articles is taken off."""
    with Replica(days=DAYS) as replica:
        pages = len(replica.ledger("national"))
        for mode in ("off", "always"):
            few = crawl(replica, f"JIJI_RENDER={mode}", "JIJI_MAX_ARTICLES=1")
            all_pages = crawl(replica, f"JIJI_RENDER={mode}")
            wall, cpu = ((whole - part) / (pages - 1) for whole, part in zip(all_pages, few, strict=True))
            print(f"JIJI_RENDER={mode}: {wall:.3f} s, {cpu:.3f} CPU s a page of {pages}")


if __name__ == "__main__":
    main()
