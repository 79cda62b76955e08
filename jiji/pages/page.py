"""Document and page: a response decoded once, as a tree and as a stream of blocks."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import cast
from urllib.parse import urljoin, urlsplit

from lxml import html
from parsel import Selector
from scrapy.http import Response, TextResponse
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

from jiji.exceptions import PageRejected
from jiji.extract.blocks import Block, Picture, blocks, visible_text
from jiji.extract.limits import DEEPEST, TooMuchMarkup, check_depth, check_tags
from jiji.extract.tree import Tree
from jiji.site.urls import article_id_in, locate
from jiji.stats import RejectReason
from jiji.text.charset import decode

_CLOSING_TAG = re.compile(r"(?i)</(?:body|html)\b")
_TAIL = 4096
"""Characters at the end of a page with its closing tag. Counters may follow it."""
_UNKNOWN_VOID_TAGS = re.compile(r"(?i)<(?:wbr|source|track)\b[^>]*+>")
"""Void tags unknown to libxml2: it would put the rest of the page inside them."""
_URL_PROPERTIES = {"og:url", "twitter:url", "al:web:url"}


class Document:
    """Response, decoded and parsed once for any number of page classes."""

    def __init__(self, response: Response) -> None:
        """Parse the response; raises PageRejected for a binary one, an uncertain charset, or too much markup."""
        self.url = response.url
        self.site_root = urljoin(self.url, "/")
        self.text = _decoded(response).replace("\0", "")
        with _rejecting():
            check_tags(self.text)

    @cached_property
    def tree(self) -> Tree:
        """Tree of the page, of any depth."""
        return Tree(self.text)

    def check_depth(self) -> None:
        """Raise PageRejected for elements nested too deep for a walk through the page in time."""
        with _rejecting():
            self.tree.check_depth()

    @cached_property
    def selector(self) -> Selector:
        """Tree of lxml, for the pages that are not read by `tree` yet."""
        selector = Selector(text=_UNKNOWN_VOID_TAGS.sub("", self.text), type="html")
        if self.text.count("<") > DEEPEST:
            with _rejecting():
                check_depth(selector.root)
        return selector

    @cached_property
    def base_url(self) -> str:
        """Base URL of relative links: the page's ``base`` if it is on the site."""
        named = next((base.get("href", "") for base in self.selector.root.iter("base") if base.get("href")), "")
        # cases: base-on-the-site, base-off-site
        is_on_site = named and locate(named, self.url, self.site_root)
        return urljoin(self.url, named.strip()) if is_on_site else self.url

    def resolve(self, href: str) -> str | None:
        """Return the absolute URL of a link or picture, None for any scheme but http and https."""
        try:
            url = urljoin(self.base_url, href.strip())
            parts = urlsplit(url)
        except ValueError:
            return None
        return url if parts.scheme in ("http", "https") and parts.hostname else None

    @property
    def is_closed(self) -> bool:
        """True if the page has its closing tag. A page cut off on its way lacks it."""
        return _CLOSING_TAG.search(self.text[-_TAIL:]) is not None

    @cached_property
    def stream(self) -> list[Block | Picture]:
        """Blocks and pictures in reading order."""
        return list(blocks(self.selector.root))


class Page:
    """Page of the site. A subclass adds a property for each field."""

    def __init__(self, response: Response | Document) -> None:
        self.document = response if isinstance(response, Document) else Document(response)
        self.url = self.document.url

    @property
    def selector(self) -> Selector:
        """Selector of the document."""
        return self.document.selector

    @property
    def tree(self) -> html.HtmlElement:
        """Root element."""
        return cast("html.HtmlElement", self.selector.root)

    @cached_property
    def article_id(self) -> str | None:
        """Article ID in the URL of the response."""
        return article_id_in(self.url)

    @cached_property
    def declared_ids(self) -> set[str]:
        """Article IDs in the URLs of the site that the page declares as its own, in ``link`` and ``meta`` elements."""
        # cases: canonical-url-of-another-article, og-url-of-another-article
        urls = [
            link.get("href") for link in self.tree.iter("link") if "canonical" in link.get("rel", "").lower().split()
        ]
        urls += [meta.get("content") for meta in self.tree.iter("meta") if _URL_PROPERTIES & {*meta.values()}]
        located = (self.locate(url) for url in urls if url)
        return {article_id for url in located if url and (article_id := article_id_in(url))}

    def locate(self, href: str) -> str | None:
        """Return the URL of the site for a link, None for an off-site link."""
        return locate(href, self.document.base_url, self.document.site_root)

    def line(self, css: str) -> str | None:
        """Return the text of the first selected element with text, as one line; None without such an element."""
        texts = (visible_text(found.root) for found in self.selector.css(css))
        return next((text for text in texts if text), None)


@contextmanager
def _rejecting() -> Iterator[None]:
    """Reject a page with too much markup."""
    try:
        yield
    except TooMuchMarkup as error:
        raise PageRejected(RejectReason.TOO_MUCH_MARKUP, str(error)) from None


def _decoded(response: Response) -> str:
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    if not isinstance(response, TextResponse):
        raise PageRejected(RejectReason.NOT_TEXT, f"{response.url} is {content_type!r}")
    declared = http_content_type_encoding(content_type), html_body_declared_encoding(response.body)
    try:
        return decode(response.body, *declared)
    except UnicodeError as error:
        raise PageRejected(RejectReason.CHARSET, str(error)) from None
