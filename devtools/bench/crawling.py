"""Cost of a crawl: CPU time an article of the site's size, beside plain Scrapy and other crawlers of the same pages.

The pages fetched and the lines written are checked. A crawl of no article is measured too, and taken off.
"""

from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

from devtools.bench.processes import BARE, PaddedReplica, Processes
from devtools.bench.table import Bench, Row, Table

ROUNDS, QUICK_ROUNDS = 5, 1
DAYS, QUICK_DAYS = 100, 30
PEERS = {"fundus": ("Fundus, with requests", "<= 0.8"), "trafilatura": ("trafilatura over a list", "<= 0.2")}


def tables(bench: Bench) -> list[Table]:
    """Return the table of a whole crawl."""
    processes = Processes(bench.stack)
    replica = bench.stack.enter_context(PaddedReplica(days=QUICK_DAYS if bench.quick else DAYS))
    urls = [row["url"] for row in replica.ledger("national")]
    url_file, no_urls = processes.folder / "urls", processes.folder / "no-urls"
    url_file.write_text("\n".join(urls))
    no_urls.touch()
    number = count()

    def crawled(*options: str) -> float:
        output = processes.folder / f"output-{next(number)}"
        spent = processes.crawl(replica.url, output, *options)
        lines = (output / "national.jsonl").read_bytes().count(b"\n")
        _check(lines, 1 if options else len(urls), "lines")
        return spent

    def fetched(run: Callable[[Path], float]) -> float:
        """Return the CPU time of a crawler of a list of URLs, less its start-up."""
        begun = run(no_urls)
        before = replica.article_requests
        spent = run(url_file)
        _check(replica.article_requests - before, len(urls), "requests")
        return 1000 * (spent - begun) / len(urls)

    def own() -> float:
        begun = crawled("-s", "JIJI_MAX_ARTICLES=1")
        return 1000 * (crawled() - begun) / (len(urls) - 1)

    def bare(urls: Path) -> float:
        return processes.spider(BARE, "-a", f"urls={urls}")

    def peer(name: str, urls: Path) -> float:
        output = processes.folder / f"{name}.jsonl"
        return processes.cpu("-m", "devtools.bench.peer_crawl", name, urls, output, python=bench.peers_python or "")

    rows = [
        Row("scrapy crawl national, all stages, every line synced", own),
        Row(
            "plain Scrapy as it comes, fetches the same pages",
            lambda: fetched(bare),
            "<= 1.0",
        ),
    ]
    if bench.peers_python:
        rows += [Row(title, partial(fetched, partial(peer, name)), goal) for name, (title, goal) in PEERS.items()]
    crawled("-s", "JIJI_MAX_ARTICLES=1")  # compiles all modules
    bare(no_urls)
    for name in PEERS if bench.peers_python else ():
        peer(name, no_urls)
    title = f"Crawl of {len(urls)} articles, less the start-up"
    return [Table(title, "CPU ms an article", rows, QUICK_ROUNDS if bench.quick else ROUNDS, digits=2)]


def _check(found: int, expected: int, what: str) -> None:
    if found != expected:
        raise RuntimeError(f"{found} {what} instead of {expected}: not the crawl that is to be measured")
