"""Cost of a crawl: CPU time an article, beside a plain Scrapy spider that fetches the same pages."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from devtools.bench.table import Bench, Row, Table
from devtools.replica import Replica

ROUNDS = 5
QUICK_ROUNDS = 2
NO_DELAYS = ["-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "LOG_LEVEL=ERROR"]
BARE = ["runspider", str(Path(__file__).parent / "bare.py"), "-s", "FEEDS={}",
        "-s", "TWISTED_DNS_RESOLVER=scrapy.resolver.CachingThreadedResolver"]  # fmt: skip
"""The plain spider. The resolver is a setting of the process, out of a spider's reach."""


def tables(bench: Bench) -> list[Table]:
    """Return the table of a whole crawl."""
    replica = bench.stack.enter_context(Replica())
    folder = bench.stack.enter_context(tempfile.TemporaryDirectory())
    urls = [row["url"] for row in replica.ledger("national")]
    url_file = Path(folder, "urls")
    url_file.write_text("\n".join(urls))
    site, number = ["-s", f"JIJI_BASE_URL={replica.url}"], count()

    def crawled() -> float:
        return _cpu(["crawl", "national", "-s", f"JIJI_OUTPUT_DIR={folder}/{next(number)}", *site])

    def fetched() -> float:
        return _cpu([*BARE, "-a", f"urls={url_file}"])

    def idle() -> float:
        return _cpu([*BARE, "-a", "urls=/dev/null"])

    rows = [
        Row("scrapy crawl national, all stages, every line synced", lambda: 1000 * (crawled() - idle()) / len(urls)),
        Row("plain Scrapy, fetches the same pages", lambda: 1000 * (fetched() - idle()) / len(urls)),
    ]
    title = f"Crawl of {len(urls)} articles, less the start-up"
    return [Table(title, "CPU ms an article", rows, QUICK_ROUNDS if bench.quick else ROUNDS, digits=2)]


def _cpu(words: Sequence[str]) -> float:
    """Return the CPU seconds of a Scrapy command."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "scrapy", *words, *NO_DELAYS], check=True)  # noqa: S603
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
