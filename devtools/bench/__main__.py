"""Benchmarks: parsing, a crawl, its start, and the feed, each beside the plainest alternative and beside peers."""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

from devtools.bench import crawling, feeding, parsing, starting
from devtools.bench.machine import description
from devtools.bench.table import Bench, Table, measured

TOPICS: dict[str, Callable[[Bench], list[Table]]] = {
    "parsing": parsing.tables,
    "crawling": crawling.tables,
    "starting": starting.tables,
    "feeding": feeding.tables,
}
"""Tables of each topic, in the order of the report."""


def main() -> None:
    """Print the machine and the tables of the wanted topics."""
    parser = argparse.ArgumentParser(prog="python -m devtools.bench", description=__doc__)
    parser.add_argument("peers_python", nargs="?", help="interpreter of the environment with the peers")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, under two minutes")
    parser.add_argument("--topic", action="append", choices=TOPICS, help="measure this topic; may be repeated")
    given = parser.parse_args()
    print("\n".join(description()))
    for name in given.topic or TOPICS:
        begun = time.monotonic()
        with ExitStack() as stack:
            for table in TOPICS[name](Bench(given.quick, given.peers_python, stack)):
                print("", *measured(table), sep="\n", flush=True)
        print(f"{name} took {time.monotonic() - begun:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
