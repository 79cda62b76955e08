"""Crawl of a peer: fetches the URLs in a file, reads each page, and writes a JSON line for each.

It runs in the peers' environment, which lacks this project's packages. Each peer fetches as it does by itself.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from devtools.accuracy.peer_process import READERS


def _with_trafilatura() -> Callable[[str], str]:
    import trafilatura

    return lambda url: trafilatura.fetch_url(url) or ""


def _with_requests() -> Callable[[str], str]:
    import requests

    session = requests.Session()
    return lambda url: session.get(url, timeout=30).text


FETCHERS = {"fundus": _with_requests, "trafilatura": _with_trafilatura}


def main() -> None:
    """Crawl the URLs; the arguments are the peer's name, the file of URLs and the file to write."""
    peer, urls, output = sys.argv[1:]
    fetch, read = FETCHERS[peer](), READERS[peer]
    with Path(output).open("w") as file:
        for url in Path(urls).read_text().splitlines():
            file.write(json.dumps(read(url, fetch(url)), default=str) + "\n")


if __name__ == "__main__":
    main()
