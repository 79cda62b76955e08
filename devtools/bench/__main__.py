"""Parsing against parsel alone, and a crawl against a Scrapy that fetches the same pages and does nothing else."""

import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from parsel import Selector
from scrapy.http import HtmlResponse

from devtools.replica import Replica
from jiji.pages import article_page
from jiji.site.listing import Listing

ROUNDS = 5
HASTE = ["-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "LOG_LEVEL=ERROR"]


def main() -> None:
    """Print both comparisons, the median of some rounds each."""
    with Replica() as replica:
        urls = [row["url"] for row in replica.ledger("national")]
        pages = [_fetch(url) for url in urls]
        ours, plain = _median(_pages_a_second, pages, _parse), _median(_pages_a_second, pages, _headline_alone)
        print(f"parsing, pages a CPU-second over {len(pages)} pages, median of {ROUNDS}:")
        print(f"  all fields of a story            {ours:8.0f}")
        print(f"  parsel alone, the headline only  {plain:8.0f}   ratio {ours / plain:.2f}")
        with tempfile.TemporaryDirectory() as folder:
            site = ["-s", f"JIJI_BASE_URL={replica.url}"]
            list_of_urls = Path(folder, "urls")
            list_of_urls.write_text("\n".join(urls))
            bare = ["runspider", str(Path(__file__).parent / "bare.py"), "-a", f"urls={list_of_urls}", "-s", "FEEDS={}"]
            bare += ["-s", "TWISTED_DNS_RESOLVER=scrapy.resolver.CachingThreadedResolver"]  # the process reads it
            rounds = range(ROUNDS)
            crawled = sorted(_cpu("crawl", "national", "-s", f"JIJI_OUTPUT_DIR={folder}/{n}", *site) for n in rounds)
            fetched = sorted(_cpu(*bare) for _ in rounds)
            idle = sorted(_cpu(*bare[:3], "urls=/dev/null", *bare[4:]) for _ in rounds)
        a_page, bare_page = (
            1000 * (spent[ROUNDS // 2] - idle[ROUNDS // 2]) / len(urls) for spent in (crawled, fetched)
        )
        print(f"crawling {len(urls)} articles, CPU milliseconds an article less the start-up, median of {ROUNDS}:")
        print(f"  scrapy crawl national, all stages, every line synced  {a_page:6.2f}")
        print(
            f"  bare Scrapy as it comes, fetches the same pages       {bare_page:6.2f}   ratio {a_page / bare_page:.2f}"
        )


def _fetch(url: str) -> HtmlResponse:
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - the replica's own URLs
        return HtmlResponse(url, body=answer.read(), headers=dict(answer.headers))


def _parse(page: HtmlResponse) -> None:
    article_page(page).to_item(Listing("", page.url), section="national", fetched_at="2026-01-27T00:00:00Z")


def _headline_alone(page: HtmlResponse) -> None:
    Selector(text=page.text).css("h1#article-title::text").get()


def _pages_a_second(pages: list[HtmlResponse], work: Callable[[HtmlResponse], None]) -> float:
    fresh = [page.copy() for page in pages]
    begun = time.process_time()
    for page in fresh:
        work(page)
    return len(pages) / (time.process_time() - begun)


def _median(measure: Callable[..., float], *given: object) -> float:
    return sorted(measure(*given) for _ in range(ROUNDS))[ROUNDS // 2]


def _cpu(*words: str) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "scrapy", *words, *HASTE], check=True)  # noqa: S603
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
