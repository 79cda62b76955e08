"""Speed of parsing: pages a CPU-second of this project, plain selectors, bare parsers, and other extractors."""

import re
import sys
import urllib.request
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from devtools.bench.own_readers import READERS as OWN_READERS
from devtools.bench.reader_process import SavedPage, speeds
from devtools.bench.selectors import read_with_selectors
from devtools.bench.table import Bench, Row, Table
from devtools.replica import Replica
from jiji.text.charset import declarations, decode

ROUNDS = 15
QUICK_ROUNDS = 5
SIZE = 27_000
"""Bytes of an article page of the site."""
CHECKED = ("breadcrumbs", "headline", "authors", "published_date", "body", "truncated")
OWN_ROWS = {
    "jiji": ("this project, every field of an article", ">= 2,000"),
    "document": ("this project, charset, limits and parse alone", ""),
    "parsel": ("parsel with selectors, the same fields", ">= 1.5"),
    "lxml": ("lxml, bare parse", ""),
    "lexbor": ("Lexbor, bare parse", ""),
}
"""Readers of `own_readers`: the row's name and its goal."""
PEER_ROWS = {
    "fundus": ("Fundus with a publisher class of the site", ">= 2.5"),
    "trafilatura": ("trafilatura", ">= 18"),
    "newspaper4k": ("newspaper4k", ""),
}
"""Readers of `peer_readers`."""


def tables(bench: Bench) -> list[Table]:
    """Return the table of the parsers on the replica's pages of NATIONAL.

    Readers run in processes that never had a thread: the replica's would make each allocation of memory dearer.
    """
    pages, expected = saved_pages()
    check_results(pages, expected)
    environments = [(sys.executable, "devtools.bench.own_readers", OWN_ROWS)]
    if bench.peers_python:
        environments.append((bench.peers_python, "devtools.bench.peer_readers", PEER_ROWS))
    rows = list[Row]()
    for python, module, named in environments:
        measure = bench.stack.enter_context(speeds(python, module, pages))
        rows += [Row(name, partial(measure, reader), goal) for reader, (name, goal) in named.items()]
    size = sum(len(page.body) for page in pages) / len(pages)
    title = f"Parsing {len(pages)} pages of {size / 1000:.0f} KB"
    return [Table(title, "pages a CPU-second", rows, QUICK_ROUNDS if bench.quick else ROUNDS)]


def saved_pages() -> tuple[list[SavedPage], list[dict[str, Any]]]:
    """Return the replica's article pages of NATIONAL, padded to the size of the site's, and their expected fields."""
    with Replica() as replica:
        expected = [dict(row) for row in replica.ledger("national")]
        return [_saved(fields["url"]) for fields in expected], expected


def check_results(pages: Sequence[SavedPage], expected: Sequence[dict[str, Any]]) -> None:
    """Raise SystemExit for a page that this project or the selectors read wrong. Only right results are compared."""
    for page, fields in zip(pages, expected, strict=True):
        article = asdict(OWN_READERS["jiji"].read(OWN_READERS["jiji"].prepare(page)))
        for name, found in (("this project", article), ("parsel", read_with_selectors(page))):
            if wrong := [field for field in CHECKED if found[field] != fields[field]]:
                raise SystemExit(f"{name} read {', '.join(wrong)} of {page.url} wrong")


def _saved(url: str) -> SavedPage:
    with urllib.request.urlopen(url) as response:  # noqa: S310 - the replica's own URLs
        content_type, body = response.headers["Content-Type"], padded(response.read())
    return SavedPage(url, content_type, body, decode(body, *declarations(content_type, body)))


def padded(body: bytes) -> bytes:
    """Return a page with boxes of other headlines below its own, up to the size of the site's pages."""
    row = '<li class="textL"><a href="/jc/eng?g=eco&amp;k=20260101{0:05}">Headline No. {0} of Another Day</a></li>\n'
    rows = (SIZE - len(body)) // len(row)
    boxes = f'<div class="list"><ul>{"".join(map(row.format, range(rows)))}</ul></div>'
    return re.sub(rb"(?i)</body>", lambda end: boxes.encode() + end[0], body, count=1)
