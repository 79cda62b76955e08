"""Process that measures how fast readers of pages are, for this project and for its peers in their environment.

It gets the readers' module as argument and a JSON array of pages on the first line of standard input. Each further line
names a reader. It answers with the pages a CPU-second of one round. It imports nothing of this project, which the
peers' environment lacks.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import cycle
from subprocess import PIPE, Popen
from typing import Any

ROUND_SECONDS = 0.5
"""CPU time of a round, at least. It goes on with the page behind the last one of the round before."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reader of pages: what is measured, and what is made of a page before."""

    prepare: Callable[["SavedPage"], Any]
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class SavedPage:
    """Page as it came from the network, and its text."""

    url: str
    content_type: str
    body: bytes
    text: str

    def to_json(self) -> list[str]:
        """Return the fields as JSON values."""
        return [self.url, self.content_type, self.body.decode("latin-1"), self.text]

    @classmethod
    def from_json(cls, values: Sequence[str]) -> "SavedPage":
        """Return the page of `to_json`."""
        url, content_type, body, text = values
        return cls(url, content_type, body.encode("latin-1"), text)


@contextmanager
def speeds(python: str, module: str, pages: Sequence[SavedPage]) -> Iterator[Callable[[str], float]]:
    """Yield a function that measures a round of the named reader of a module in a process of its own."""
    command = [python, "-W", "ignore", "-m", "devtools.bench.reader_process", module]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:  # noqa: S603
        assert process.stdin and process.stdout  # noqa: S101 - both are pipes
        requests, answers = process.stdin, process.stdout

        def ask(line: str) -> None:
            requests.write(line + "\n")
            requests.flush()

        def measure(name: str) -> float:
            ask(name)
            return float(answers.readline())

        ask(json.dumps([page.to_json() for page in pages]))
        yield measure
        requests.close()


def main() -> None:
    """Answer each line with a speed."""
    readers: dict[str, Reader] = import_module(sys.argv[1]).READERS
    pages = [SavedPage.from_json(values) for values in json.loads(sys.stdin.readline())]
    prepared: dict[str, Iterator[Any]] = {}
    for line in sys.stdin:
        reader = readers[line.strip()]
        if line not in prepared:
            prepared[line] = cycle([reader.prepare(page) for page in pages])
            reader.read(next(prepared[line]))  # imports, and compiles patterns
        print(_round(reader.read, prepared[line]), flush=True)


def _round(read: Callable[[Any], object], pages: Iterator[Any]) -> float:
    """Return pages a CPU-second."""
    count, begun, spent = 0, time.process_time(), 0.0
    while spent < ROUND_SECONDS:
        read(next(pages))
        count += 1
        spent = time.process_time() - begun
    return count / spent


if __name__ == "__main__":
    main()
