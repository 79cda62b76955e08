"""Benchmarks: parsing beside parsel alone, and a crawl beside a plain Scrapy spider that only fetches the pages."""

import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from parsel import Selector
from scrapy.http import HtmlResponse

from devtools.replica import Replica
from jiji.pages import article_page
from jiji.site.listing import Listing

ROUNDS = 5
NO_DELAYS = ["-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "LOG_LEVEL=ERROR"]
BARE = ["runspider", str(Path(__file__).parent / "bare.py"), "-s", "FEEDS={}",
        "-s", "TWISTED_DNS_RESOLVER=scrapy.resolver.CachingThreadedResolver"]  # fmt: skip
"""The plain spider. The resolver is a setting of the process, out of a spider's reach."""


def main() -> None:
    """Print both comparisons."""
    with Replica() as replica:
        urls = [row["url"] for row in replica.ledger("national")]
        compare_parsing([_fetch(url) for url in urls])
        compare_crawling(replica.url, urls)


def compare_parsing(pages: Sequence[HtmlResponse]) -> None:
    """Print pages a CPU-second of the parser and of one selector."""
    ours, plain = (median(_pages_a_second(pages, parse) for _ in range(ROUNDS)) for parse in (_parse, _headline_alone))
    print(f"parsing, pages a CPU-second over {len(pages)} pages, median of {ROUNDS}:")
    print(f"  all fields of an article         {ours:8.0f}")
    print(f"  parsel alone, the headline only  {plain:8.0f}   ratio {ours / plain:.2f}")


def compare_crawling(base_url: str, urls: Sequence[str]) -> None:
    """Print CPU time an article, less the start-up, of a crawl and of the plain spider."""
    with tempfile.TemporaryDirectory() as folder:
        url_file = Path(folder, "urls")
        url_file.write_text("\n".join(urls))
        site = ["-s", f"JIJI_BASE_URL={base_url}"]
        rounds = range(ROUNDS)
        crawled = median(_cpu("crawl", "national", "-s", f"JIJI_OUTPUT_DIR={folder}/{n}", *site) for n in rounds)
        fetched = median(_cpu(*BARE, "-a", f"urls={url_file}") for _ in rounds)
        idle = median(_cpu(*BARE, "-a", "urls=/dev/null") for _ in rounds)
    ours, plain = (1000 * (spent - idle) / len(urls) for spent in (crawled, fetched))
    print(f"crawling {len(urls)} articles, CPU milliseconds an article less the start-up, median of {ROUNDS}:")
    print(f"  scrapy crawl national, all stages, every line synced  {ours:6.2f}")
    print(f"  plain Scrapy, fetches the same pages                  {plain:6.2f}   ratio {ours / plain:.2f}")


def _fetch(url: str) -> HtmlResponse:
    with urllib.request.urlopen(url) as response:  # noqa: S310 - the replica's own URLs
        return HtmlResponse(url, body=response.read(), headers=dict(response.headers))


def _parse(page: HtmlResponse) -> None:
    article_page(page).to_item(Listing("", page.url), section="national", fetched_at="2026-01-27T00:00:00Z")


def _headline_alone(page: HtmlResponse) -> None:
    Selector(text=page.text).css("h1#article-title::text").get()


def _pages_a_second(pages: Sequence[HtmlResponse], parse: Callable[[HtmlResponse], None]) -> float:
    fresh = [page.copy() for page in pages]
    start = time.process_time()
    for page in fresh:
        parse(page)
    return len(pages) / (time.process_time() - start)


def _cpu(*words: str) -> float:
    """Return the CPU seconds of a Scrapy command."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "scrapy", *words, *NO_DELAYS], check=True)  # noqa: S603
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
