"""Readers in the peers' environment. Each gets a text that is decoded already."""

from collections.abc import Callable

from devtools.accuracy.peer_process import READERS as PEERS
from devtools.accuracy.peer_process import Found
from devtools.bench.reader_process import Reader


def _reader(read: Callable[[str, str], Found]) -> Reader:
    return Reader(lambda page: page, lambda page: read(page.url, page.text))


READERS = {name: _reader(read) for name, read in PEERS.items()}
