"""Kept pages: the pages of a probe as received, under names of the probe, with their URLs and headers.

``pages.json`` lists them, so that ``scrapy savecase`` makes a test case of a file without a second request.
"""

import json
from pathlib import Path
from typing import Any

from scrapy.http import HtmlResponse, Response

from jiji.feed.errors import named_os_errors

LIST = "pages.json"
HEADERS = ("Content-Type", "Date", "cf-mitigated", "x-amzn-waf-action")
"""Headers that the page classes read."""


class KeptPages:
    """Folder of pages."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pages: dict[str, dict[str, Any]] = {}

    def add(self, name: str, response: Response) -> None:
        """Write a page; raises FeedError."""
        path = self._folder / f"{name}.html"
        with named_os_errors(path):
            path.write_bytes(response.body)
        headers = {key: value for key in HEADERS if (value := (response.headers.get(key) or b"").decode("latin-1"))}
        self._pages[path.name] = {"url": response.url, "status": response.status, "headers": headers}

    def finish(self) -> None:
        """Write the list of the pages; raises FeedError."""
        path = self._folder / LIST
        with named_os_errors(path):
            path.write_text(json.dumps(self._pages, indent=2) + "\n", encoding="utf-8")


def read_kept(path: Path) -> HtmlResponse | None:
    """Return a kept page as a response; None for a file that no list names."""
    try:
        kept = json.loads((path.parent / LIST).read_text(encoding="utf-8"))[path.name]
        return HtmlResponse(kept["url"], kept["status"], kept["headers"], path.read_bytes())
    except (OSError, ValueError, LookupError, TypeError):
        return None
