"""Benchmarks: parsing beside selectors and other extractors, and a crawl beside a plain Scrapy spider."""

import json
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from lxml import html as lxml_html
from parsel import Selector
from scrapy.http import HtmlResponse
from selectolax.lexbor import LexborHTMLParser

from devtools.bench.parsing import pages_a_second
from devtools.replica import Replica
from jiji.pages import article_page
from jiji.site.listing import Listing

ROUNDS = 5
SIZE = 27_000
"""Bytes of an article page of the site."""
NO_DELAYS = ["-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "LOG_LEVEL=ERROR"]
BARE = ["runspider", str(Path(__file__).parent / "bare.py"), "-s", "FEEDS={}",
        "-s", "TWISTED_DNS_RESOLVER=scrapy.resolver.CachingThreadedResolver"]  # fmt: skip
"""The plain spider. The resolver is a setting of the process, out of a spider's reach."""


def main() -> None:
    """Print both comparisons."""
    with Replica() as replica:
        urls = [row["url"] for row in replica.ledger("national")]
        compare_parsing([_padded(_fetch(url)) for url in urls], sys.argv[1] if len(sys.argv) > 1 else None)
        compare_crawling(replica.url, urls)


def compare_parsing(pages: Sequence[HtmlResponse], peers_python: str | None) -> None:
    """Print pages a CPU-second of this project, of selectors and bare parsers, and of the installed peers."""
    saved = [(page.url, page.body, page.headers.get("Content-Type") or b"") for page in pages]
    # like the peers' process, it never had a thread: the replica's would make each allocation of memory dearer
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        rows = process.submit(_own_speeds, saved).result()
    if peers_python:
        rows |= _peers(peers_python, [(page.url, page.text) for page in pages])
    ours, size = next(iter(rows.values())), sum(len(page.body) for page in pages) / len(pages)
    print(f"parsing {len(pages)} pages of {size / 1000:.0f} KB, pages a CPU-second:")
    for name, speed in rows.items():
        print(f"  {name:42}{speed:8.0f}   {ours / speed:6.2f}")


def _own_speeds(saved: Sequence[tuple[str, bytes, bytes]]) -> dict[str, float]:
    """Return the speeds of the readers in this environment on pages of which URL, body and content type are given."""
    pages = [HtmlResponse(url, body=body, headers={"Content-Type": kind}) for url, body, kind in saved]
    return {name: pages_a_second(read, pages) for name, read in _READERS.items()}


def _with_selectors(response: HtmlResponse) -> object:
    """Read the fields of an article page with parsel, as a Scrapy tutorial does."""
    page = Selector(text=response.body.decode(response.encoding))
    return (
        page.css("h1#article-title::text").get(),
        page.css("p.full-article-txt, #article-body > p").xpath("string()").getall(),
        page.css("p.article-date::text").get(),
        page.css("#main img::attr(src), .photo img::attr(src)").getall(),
        page.css(".caption::text").getall(),
        page.css(".breadcrumb *::text, #breadcrumb *::text").getall(),
    )


_READERS: dict[str, Callable[[HtmlResponse], object]] = {
    "this project, every field of an article": lambda page: _parse(page),
    "parsel with selectors, the same fields": _with_selectors,
    "lxml, bare parse": lambda page: lxml_html.document_fromstring(page.body),
    "Lexbor, bare parse": lambda page: LexborHTMLParser(page.body),
}
"""Readers of a response. Each gets the bytes, as from the network."""


def _peers(python: str, pages: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Return the speeds of the peers in their own environment."""
    done = subprocess.run(  # noqa: S603
        [python, "-W", "ignore", "-m", "devtools.bench.parsing"],
        input=json.dumps(pages), capture_output=True, text=True, check=True,
    )  # fmt: skip
    speeds: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return speeds


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


def _padded(page: HtmlResponse) -> HtmlResponse:
    """Return a page with boxes of other headlines below its own, up to the size of the site's pages."""
    row = '<li class="textL"><a href="/jc/eng?g=eco&amp;k=20260101{0:05}">Headline No. {0} of Another Day</a></li>\n'
    rows = (SIZE - len(page.body)) // len(row)
    boxes = f'<div class="list"><ul>{"".join(map(row.format, range(rows)))}</ul></div>'
    body = re.sub(rb"(?i)</body>", lambda end: boxes.encode() + end[0], page.body, count=1)
    return page.replace(body=body)


def _cpu(*words: str) -> float:
    """Return the CPU seconds of a Scrapy command."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "scrapy", *words, *NO_DELAYS], check=True)  # noqa: S603
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
