"""What every page of the site is: a response, decoded by what its bytes prove, as a tree and as blocks of text."""

import re
from functools import cached_property
from typing import cast
from urllib.parse import urljoin, urlsplit

from lxml import html
from parsel import Selector
from scrapy.http import Response, TextResponse
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

from jiji.extract.blocks import Block, Picture, blocks, shown
from jiji.extract.limits import DEEPEST, check_depth, check_length
from jiji.site.urls import key_of, locate
from jiji.text.charset import decode

_END = re.compile(r"(?i)</(?:body|html)\b")
_TAIL = 4096
"""Characters at the end of a page in which it is closed; counters may stand behind that."""


class Document:
    """A response read once, whatever number of page classes look at it."""

    def __init__(self, response: Response) -> None:
        """Read the response; raises ValueError for what is no text, cannot be decoded for certain, or has no end."""
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        if not isinstance(response, TextResponse):
            raise ValueError(f"no text: {response.url} is {kind!r}")
        declared = (http_content_type_encoding(kind), html_body_declared_encoding(response.body))
        self.text = decode(response.body, *declared).replace("\0", "")
        check_length(self.text)
        self.address = response.url
        self.root = urljoin(self.address, "/")
        self.selector = Selector(text=_NEVER_CLOSED.sub("", self.text), type="html")
        if self.text.count("<") > DEEPEST:
            check_depth(self.selector.root)

    @cached_property
    def base(self) -> str:
        """The URL that links are relative to: what the page names for it, where that is of the site."""
        named = next((base.get("href", "") for base in self.selector.root.iter("base") if base.get("href")), "")
        return urljoin(self.address, named.strip()) if locate(named, self.address, self.root) else self.address

    def resolve(self, href: str) -> str | None:
        """Return the absolute URL of what a page shows or links to, None where it is nothing of the web."""
        try:
            url = urljoin(self.base, href.strip())
            parts = urlsplit(url)
        except ValueError:
            return None
        return url if parts.scheme in ("http", "https") and parts.hostname else None

    @property
    def is_closed(self) -> bool:
        """Whether the page says where it ends; one that was cut off on its way to the server does not."""
        return _END.search(self.text[-_TAIL:]) is not None

    @cached_property
    def stream(self) -> list[Block | Picture]:
        """Text and pictures in reading order."""
        return list(blocks(self.selector.root))


class Page:
    """One page of the site; a subclass has a property for everything that can be read from it."""

    def __init__(self, response: Response | Document) -> None:
        self.document = response if isinstance(response, Document) else Document(response)
        self.address = self.document.address
        self.root = self.document.root
        self.selector = self.document.selector

    @property
    def tree(self) -> html.HtmlElement:
        """The root element."""
        return cast("html.HtmlElement", self.selector.root)

    @cached_property
    def key(self) -> str | None:
        """The publisher's key in the address that answered."""
        return key_of(self.address)

    @cached_property
    def names(self) -> set[str]:
        """The keys of the stories that the page itself says it is; what leads off the site or has no key says none."""
        said = [
            link.get("href") for link in self.tree.iter("link") if "canonical" in link.get("rel", "").lower().split()
        ]
        said += [meta.get("content") for meta in self.tree.iter("meta") if _NAMING & {*meta.values()}]
        located = (self.locate(url) for url in said if url)
        return {key for url in located if url and (key := key_of(url))}

    def locate(self, href: str) -> str | None:
        """Return the URL of the site that a link on this page leads to, None if it leads off the site."""
        return locate(href, self.document.base, self.root)

    def line(self, css: str) -> str | None:
        """Return the text of the first element that has any, as one line; None if there is none."""
        texts = (shown(found.root) for found in self.selector.css(css))
        return next((text for text in texts if text), None)


_NEVER_CLOSED = re.compile(r"(?i)<(?:wbr|source|track)\b[^>]*+>")
"""Tags without text that libxml2 does not know: it would put all that follows inside them."""
_NAMING = {"og:url", "twitter:url", "al:web:url"}
