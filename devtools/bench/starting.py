"""Cost of starting: CPU time of commands, of a run that finds nothing new, and of a start with many known articles."""

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path

from devtools.bench.feeding import NAME, write_feed
from devtools.bench.processes import PROJECT, Processes
from devtools.bench.table import Bench, Row, Table
from devtools.replica import Replica
from jiji.feed.feed import Feed
from jiji.feed.signatures import SIGNER
from jiji.text.features import ArticleSigner

ROUNDS, QUICK_ROUNDS = 9, 3
MANY, QUICK_MANY = 1_000_000, 100_000
TUTORIAL = Path(__file__).with_name("tutorial.py")


def tables(bench: Bench) -> list[Table]:
    """Return the tables of runs and of commands."""
    processes = Processes(bench.stack)
    replica = bench.stack.enter_context(Replica(days=10))
    rounds, number = QUICK_ROUNDS if bench.quick else ROUNDS, count()
    few, many = (processes.folder / name for name in ("few", "many"))
    articles = QUICK_MANY if bench.quick else MANY
    write_known(many, articles, replica.url)
    for output in (few, many):
        processes.crawl(replica.url, output)

    def nothing_new(output: Path) -> float:
        before = replica.article_requests
        spent = processes.crawl(replica.url, output)
        if replica.article_requests != before:
            raise RuntimeError("the run was to find nothing new")
        return 1000 * spent

    def tutorial() -> float:
        output = processes.folder / f"tutorial-{next(number)}.jsonl"
        spent = processes.spider(TUTORIAL, "-a", f"url={replica.url}", "-o", str(output))
        json.loads(output.read_text())
        return spent

    runs = [
        Row("run that finds nothing new", lambda: nothing_new(few)),
        Row("spider of a tutorial, one page", lambda: 1000 * tutorial(), "<= 0.9"),
    ]
    starts = [
        Row(f"run that finds nothing new, {articles:,} known articles", lambda: nothing_new(many)),
        Row("the same, 70 known articles", lambda: nothing_new(few), "<= 1.03"),
    ]
    commands = [
        Row("scrapy version in this project", _milliseconds(processes, PROJECT, "-m", "scrapy", "version")),
        Row("scrapy version outside a project", _milliseconds(processes, processes.folder, "-m", "scrapy", "version")),
        Row("import jiji.reader", _milliseconds(processes, PROJECT, "-c", "import jiji.reader")),
    ]
    processes.spider(TUTORIAL, "-a", f"url={replica.url}")  # compiles all modules
    titles = ("A run without news", "A run without news in a large feed", "Commands and the reader")
    return [Table(title, "CPU ms", rows, rounds) for title, rows in zip(titles, (runs, starts, commands), strict=True)]


def write_known(output: Path, size: int, root: str) -> None:
    """Write a feed of so many articles of the site, and its catalog. Their texts are too alike to be signed."""
    write_feed(output, size, root)
    feed = Feed(output, NAME)
    feed.catalog.note(SIGNER, ArticleSigner.version)
    feed.close()


def _milliseconds(processes: Processes, cwd: Path, *words: str) -> Callable[[], float]:
    return lambda: 1000 * processes.cpu(*words, cwd=cwd)
