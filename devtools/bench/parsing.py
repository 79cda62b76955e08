"""Speed of parsing: pages a CPU-second of this project beside a bare parser, plain selectors and other extractors.

All rows are measured in one process on the same pages. The script runs in the environment of the peers too, which has
neither this project's packages nor needs them: there it reads pages from standard input, and prints a row a peer.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import TypeVar

ROUNDS = 3
MOST_PAGES = 60
"""Pages that a peer reads in a round; the slowest reads a dozen a second."""
FEWEST_SECONDS = 0.5
"""CPU time of one round. Fast rows read the pages several times."""

Page = TypeVar("Page")


def pages_a_second(read: Callable[[Page], object], pages: Sequence[Page]) -> float:
    """Return pages a CPU-second, the median of some rounds."""
    return median(_round(read, pages) for _ in range(ROUNDS))


def _round(read: Callable[[Page], object], pages: Sequence[Page]) -> float:
    count, begun = 0, time.process_time()
    while (spent := time.process_time() - begun) < FEWEST_SECONDS:
        for page in pages:
            read(page)
        count += len(pages)
    return count / spent


def main() -> None:
    """Measure the peers on the pages of standard input, and print a JSON object of their speeds."""
    from devtools.accuracy.peer_process import READERS

    pages = [(url, html) for url, html in json.load(sys.stdin)][:MOST_PAGES]
    print(json.dumps({name: pages_a_second(partial(_apply, read), pages) for name, read in READERS.items()}))


def _apply(read: Callable[[str, str], object], page: tuple[str, str]) -> object:
    return read(*page)


if __name__ == "__main__":
    main()
