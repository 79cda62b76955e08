"""HTTP client for tests of the replica: pages decoded as a browser decodes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from functools import cached_property
from http.client import HTTPConnection
from urllib.parse import urldefrag, urljoin, urlsplit

from parsel import Selector, SelectorList

DECLARED = re.compile(r"charset=([\w-]+)", re.IGNORECASE)
META = re.compile(rb"<meta [^>]*charset=([\w-]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Visit:
    """Response to one request."""

    url: str
    status: int
    headers: Message
    body: bytes

    @property
    def charset(self) -> str:
        """The declared charset: the header's, else the page's own, else empty."""
        header, meta = DECLARED.search(self.headers["Content-Type"]), META.search(self.body)
        return header[1] if header else meta[1].decode() if meta else ""

    @cached_property
    def page(self) -> Selector:
        """The page, decoded by its declared charset. UnicodeDecodeError: invalid bytes."""
        return Selector(self.body.decode(self.charset, errors="strict"))

    def addresses(self, css: str) -> list[str]:
        """Return absolute addresses, without fragments, of the values that a selector finds."""
        return [urldefrag(urljoin(self.url, address)).url for address in self.page.css(css).getall()]


def visit(url: str, **headers: str) -> Visit:
    """Return the response to one request. A header such as If-None-Match is written If_None_Match."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    visited = Visit(url, response.status, response.headers, response.read())
    connection.close()
    return visited


def crawl(start: str) -> Iterator[Visit]:
    """Yield every page reachable by links from `start` on its host, once each."""
    waiting, known = [start], {start}
    while waiting:
        seen = visit(waiting.pop())
        yield seen
        fresh = {url for url in seen.addresses("a::attr(href)") if url.startswith(start)} - known
        # Photos are files, not pages.
        waiting += sorted(url for url in fresh if not url.endswith(".png"))
        known |= fresh


def visible_text(selector: Selector | SelectorList[Selector]) -> str:
    """Return the visible text with single spaces for white space of any kind."""
    nodes = selector.xpath(".//text()[not(ancestor::script or ancestor::style)]").getall()
    return " ".join(" ".join(nodes).split())
