"""What every page of the site is: a response, decoded by what its bytes prove, as a tree and as blocks of text."""

from functools import cached_property
from typing import cast
from urllib.parse import urljoin

from lxml import html
from parsel import Selector
from scrapy.http import Response, TextResponse
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding
from w3lib.html import get_base_url

from jiji.text import Block, Picture, blocks, decode, shown
from jiji.urls import key_of, locate


class Document:
    """A response read once, whatever number of page classes look at it."""

    def __init__(self, response: Response) -> None:
        """Read the response; raises ValueError when it is no text, or none that can be decoded for certain."""
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        if not isinstance(response, TextResponse):
            raise ValueError(f"{response.url} is no text: {kind!r}")
        declared = http_content_type_encoding(kind) or html_body_declared_encoding(response.body)
        text = decode(response.body, declared)
        self.address = response.url
        self.base = get_base_url(text, response.url)
        self.selector = Selector(text=text, type="html")

    @cached_property
    def stream(self) -> list[Block | Picture]:
        """Text and pictures in reading order."""
        return list(blocks(self.selector.root))


class Page:
    """One page of the site; a subclass has a property for everything that can be read from it."""

    def __init__(self, response: Response | Document) -> None:
        self.document = response if isinstance(response, Document) else Document(response)
        self.address = self.document.address
        self.root = urljoin(self.address, "/")
        self.selector = self.document.selector

    @property
    def tree(self) -> html.HtmlElement:
        """The root element."""
        return cast("html.HtmlElement", self.selector.root)

    @cached_property
    def key(self) -> str | None:
        """The publisher's key in the address that answered."""
        return key_of(self.address)

    def locate(self, href: str) -> str | None:
        """Return the URL of the site that a link on this page leads to, None if it leads off the site."""
        return locate(href, self.document.base, self.root)

    def line(self, css: str) -> str | None:
        """Return the text of the first element that has any, as one line; None if there is none."""
        texts = (shown(found.root) for found in self.selector.css(css))
        return next((text for text in texts if text), None)
