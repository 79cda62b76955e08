"""Reads the replica's pages as a browser would find them."""

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
    """What came back from one request."""

    url: str
    status: int
    headers: Message
    body: bytes

    @property
    def charset(self) -> str:
        """The declared encoding: the header's before the page's own; empty without either."""
        header, meta = DECLARED.search(self.headers["Content-Type"]), META.search(self.body)
        return header[1] if header else meta[1].decode() if meta else ""

    @cached_property
    def page(self) -> Selector:
        """The page, decoded as declared; an undecodable byte is an error."""
        return Selector(self.body.decode(self.charset, errors="strict"))

    def addresses(self, css: str) -> list[str]:
        """Absolute addresses, without fragments, of what the selector finds."""
        return [urldefrag(urljoin(self.url, address)).url for address in self.page.css(css).getall()]


def visit(url: str, **headers: str) -> Visit:
    """The answer to one request; header names are written with underscores."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    answer = Visit(url, response.status, response.headers, response.read())
    connection.close()
    return answer


def walk(start: str) -> Iterator[Visit]:
    """Every page that links lead to from `start`, on its own host, once."""
    ahead, known = [start], {start}
    while ahead:
        seen = visit(ahead.pop())
        yield seen
        fresh = {url for url in seen.addresses("a::attr(href)") if url.startswith(start)} - known
        # A link to a photo's file leads to no page.
        ahead += sorted(url for url in fresh if not url.endswith(".png"))
        known |= fresh


def words(selector: Selector | SelectorList[Selector]) -> str:
    """The visible text, single spaces for white space of any kind."""
    nodes = selector.xpath(".//text()[not(ancestor::script or ancestor::style)]").getall()
    return " ".join(" ".join(nodes).split())
