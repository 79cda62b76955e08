"""Document and page: a response decoded once, as a tree and as a stream of blocks."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response, TextResponse

from jiji.exceptions import PageRejected
from jiji.extract.blocks import Block, Picture, blocks, within_limits
from jiji.extract.limits import TooMuchMarkup, check_tags
from jiji.extract.paragraphs import until_boilerplate
from jiji.extract.pictures import file_name, is_picture_file, is_small, source
from jiji.extract.tree import Tree
from jiji.site.urls import article_id_in, locate
from jiji.stats import RejectReason
from jiji.text.charset import declarations, decode_with_charset

_CLOSING_TAG = re.compile(
    rb"(?is)</(?:body|html)\b[^<>]*>"
    rb"(?:\s++|<!--(?:(?!-->).)*+-->|<(?P<raw>script|style|noscript)\b(?:(?!</(?P=raw)).)*+|<[^<>]*+>)*+\Z"
)
"""Closing tag with no text behind it."""
_TAIL = 4096
"""Bytes at the end of a page with its closing tag. Counters may follow it."""
_SHORTEST_NAME = 4
"""Characters of a picture's file name that is not found by chance."""
_PLAIN_PATH = re.compile(r"/(?:[\w-]+/)*[\w-]+(?:\.\w+)?", re.ASCII)
_PLAIN_ROOT = re.compile(r"https?://[a-z0-9.:-]+/")
_REPLACEMENT_CHARACTER = "\ufffd"
_SUBSETS_OF_UTF_8 = {"utf-8", "ascii"}
"""Charsets whose bytes are UTF-8 already."""
_URL_PROPERTIES = {"og:url", "twitter:url", "al:web:url"}


class Document:
    """Response, decoded and parsed once for any number of page classes."""

    def __init__(self, response: Response) -> None:
        """Parse the response; raises PageRejected for a binary one, an uncertain charset, or too much markup."""
        self.url = response.url
        self.site_root = _root(self.url)
        text, charset = _decoded(response)
        self.lost_characters = _REPLACEMENT_CHARACTER in text
        """True if characters were replaced by U+FFFD before the page was sent."""
        self.markup = (response.body if charset in _SUBSETS_OF_UTF_8 else text.encode()).replace(b"\0", b"")
        """Markup in UTF-8."""
        with _rejecting():
            check_tags(self.markup)

    @cached_property
    def tree(self) -> Tree:
        """Tree of the page, of any depth."""
        return Tree(self.markup)

    def check_depth(self) -> None:
        """Raise PageRejected for elements nested too deep for a walk through the page in time."""
        with _rejecting():
            self.tree.check_depth()

    @cached_property
    def base_url(self) -> str:
        """Base URL of relative links: the page's ``base`` if it is on the site."""
        named = next((href for base in self.tree.css("base") if (href := base.get("href"))), "")
        # cases: base-on-the-site, base-off-site
        is_on_site = named and locate(named, self.url, self.site_root)
        return urljoin(self.url, named.strip()) if is_on_site else self.url

    @cached_property
    def _base_root(self) -> str:
        """Base URL up to the path."""
        return self.site_root[:-1] if self.base_url == self.url else _root(self.base_url)[:-1]

    def resolve(self, href: str) -> str | None:
        """Return the absolute URL of a link or picture, None for any scheme but http and https."""
        href = href.strip()
        if _PLAIN_PATH.fullmatch(href):
            return self._base_root + href  # as most pictures are
        try:
            url = urljoin(self.base_url, href)
            parts = urlsplit(url)
        except ValueError:
            return None
        return url if parts.scheme in ("http", "https") and parts.hostname else None

    @property
    def is_closed(self) -> bool:
        """True if the page has its closing tag outside a comment. A page cut off on its way lacks it."""
        # cases: body-closed-above-the-article, html-closed-between-paragraphs, comment-never-closed
        has_open_comment = self.markup.rfind(b"<!--") > self.markup.rfind(b"-->")
        return not has_open_comment and _CLOSING_TAG.search(self.markup[-_TAIL:]) is not None

    @property
    def is_cut_in_text(self) -> bool:
        """True if the page ends in the middle of a text or a tag, and is not closed."""
        # case: paragraph-begins-like-the-subscribe-sentence
        return not self.markup.rstrip().endswith(b">") and not self.is_closed

    def is_article_picture(self, picture: Picture, article_id: str) -> bool:
        """Return whether a picture belongs to the article: no icon, no advertisement, no thumbnail of another one."""
        if is_small(picture) or not source(picture.element):
            return False
        # case: advertisement-picture-with-off-site-link
        links = [above.get("href").strip() for above in picture.element.ancestors if above.tag == "a"]
        foreign = [link for link in links if not is_picture_file(link) and self._leads_elsewhere(link, article_id)]
        return all(self._shows_same(link, source(picture.element)) for link in foreign)

    def _shows_same(self, href: str, picture: str) -> bool:
        """Return whether a link leads to a picture's file on another host; a banner is on the host that it leads to."""
        # case: picture-linked-to-its-like-without-a-file-ending
        name, hosts = file_name(picture), [urlsplit(self.resolve(each) or "").netloc for each in (href, picture)]
        return len(name) >= _SHORTEST_NAME and name == file_name(href) and hosts[0] != hosts[1]

    def _leads_elsewhere(self, href: str, article_id: str) -> bool:
        """Return whether a link leads off the site or to another article."""
        if not self.resolve(href):
            return False
        if article_id_in(href) not in (None, article_id):
            return True  # most links: no need to resolve them
        located = locate(href, self.base_url, self.site_root)
        return located is None or article_id_in(located) not in (None, article_id)

    @cached_property
    def article_stream(self) -> list[Block | Picture]:
        """Blocks and pictures in reading order, without the boxes that stand below an article.

        Raises PageRejected for more of them than any article has.
        """
        self.check_depth()
        with _rejecting():
            return list(within_limits(until_boilerplate(blocks(self.tree.root))))

    @cached_property
    def stream(self) -> list[Block | Picture]:
        """Blocks and pictures in reading order."""
        self.check_depth()
        return list(blocks(self.tree.root))


class Page:
    """Page of the site. A subclass adds a property for each field."""

    def __init__(self, response: Response | Document) -> None:
        self.document = response if isinstance(response, Document) else Document(response)
        self.url = self.document.url

    @property
    def tree(self) -> Tree:
        """Tree of the document."""
        return self.document.tree

    @cached_property
    def article_id(self) -> str | None:
        """Article ID in the URL of the response."""
        return article_id_in(self.url)

    @cached_property
    def declared_ids(self) -> set[str]:
        """Article IDs in the URLs of the site that the page declares as its own, in ``link`` and ``meta`` elements."""
        # cases: canonical-url-of-another-article, og-url-of-another-article
        tree = self.tree
        urls = [link.get("href") for link in tree.css("link") if "canonical" in link.get("rel").lower().split()]
        urls += [meta.get("content") for meta in tree.css("meta") if _URL_PROPERTIES & {*meta.attributes.values()}]
        located = (self.locate(url) for url in urls if article_id_in(url))
        return {article_id for url in located if url and (article_id := article_id_in(url))}

    def locate(self, href: str) -> str | None:
        """Return the URL of the site for a link, None for an off-site link."""
        return locate(href, self.document.base_url, self.document.site_root)

    def line(self, css: str) -> str | None:
        """Return the text of the first selected element with text, as one line; None without such an element."""
        texts = (found.line for found in self.tree.css(css))
        return next((text for text in texts if text), None)


def _root(url: str) -> str:
    """Return a URL up to the path.

    >>> _root("https://jen.jiji.com/jc/eng?k=1"), _root("https://jen.jiji.com?k=1")
    ('https://jen.jiji.com/', 'https://jen.jiji.com/')
    """
    plain = _PLAIN_ROOT.match(url)
    return plain[0] if plain else urljoin(url, "/")


@contextmanager
def _rejecting() -> Iterator[None]:
    """Reject a page with too much markup."""
    try:
        yield
    except TooMuchMarkup as error:
        raise PageRejected(RejectReason.TOO_MUCH_MARKUP, str(error)) from None


def _decoded(response: Response) -> tuple[str, str]:
    """Return the text of a response and its charset."""
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    if not isinstance(response, TextResponse):
        raise PageRejected(RejectReason.NOT_TEXT, f"{response.url} is {content_type!r}")
    try:
        return decode_with_charset(response.body, *declarations(content_type, response.body))
    except UnicodeError as error:
        raise PageRejected(RejectReason.CHARSET, str(error)) from None
