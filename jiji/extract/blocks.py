"""Blocks: the text and pictures of a page in reading order, split where a browser starts a new line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree, html

from jiji.text.normalize import line


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, or a line between two line breaks."""

    text: str
    """One line, normalised."""
    indented: bool
    """Starts with a no-break or ideographic space, as the site's paragraphs do."""
    element: html.HtmlElement
    """Innermost block element around the text."""
    link: str | None = None
    """`href` of the first link, if all words of the block are links."""
    in_boilerplate: bool = False
    """Stands in an element that holds no article text: a navigation, a form, a footer."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An ``img`` element between blocks."""

    source: str
    alt: str
    element: html.HtmlElement
    in_boilerplate: bool = False


Stream = Sequence[Block | Picture]
"""Blocks and pictures in reading order."""

BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3"
    " h4 h5 h6 header hr html li main nav ol p pre section table tbody td tfoot th thead title tr ul br".split()
)
_UNRENDERED_TAGS = frozenset("head iframe noscript object option script select style svg template textarea".split())
_BOILERPLATE_TAGS = frozenset("aside button dialog footer form menu nav".split())
_LARGEST_FORM = 40
"""Elements of a form that is boilerplate. Old frameworks wrap the whole page in a larger one."""

_INDENT_LENGTH = 3
_INDENT = re.compile(r"(?<=\S)\s*?(?=(?:\u00a0[ \t\r\n]*){3})(?<!\u00a0)")
"""Place inside a text where a paragraph starts: before the three no-break spaces of the site's indent."""
_LETTER = re.compile(r"[^\W\d_]")


def blocks(root: html.HtmlElement) -> Iterator[Block | Picture]:
    """Yield blocks and pictures in reading order, without scripts, comments and hidden elements.

    >>> page = html.fromstring("<div>A<!--x-->B <b>c</b><script>no</script><p>&nbsp; d<br>e<img src=f alt=g></div>")
    >>> [block.text if isinstance(block, Block) else block.source for block in blocks(page)]
    ['AB c', 'd', 'e', 'f']
    """
    reader = _Reader(root)
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if is_hidden(element):
                walk.skip_subtree()
            else:
                reader.start(element)
        else:
            if event == "end":
                reader.end(element)
            if element is not root:
                reader.add(element.tail)
        if reader.finished:
            yield from reader.finished
            reader.finished.clear()
    reader.end_block()
    yield from reader.finished


class _Reader:
    """State of a walk through a tree, and the blocks and pictures that it finished."""

    def __init__(self, root: html.HtmlElement) -> None:
        self.finished: list[Block | Picture] = []
        self._open_blocks = [root]
        self._open_links: list[html.HtmlElement] = []
        self._boilerplate: html.HtmlElement | None = None
        """Outermost open element of boilerplate."""
        self._texts: list[str] = []
        self._first_link: str | None = None
        self._has_unlinked_letters = False

    def start(self, element: html.HtmlElement) -> None:
        """Enter an element."""
        tag = element.tag
        if tag in BLOCK_TAGS:
            self.end_block()
            self._open_blocks.append(element)
        elif tag == "span" and _is_displayed_as_block(element, self._open_blocks[-1]):
            self.end_block()
        # case: picture-without-caption-above-a-form
        if tag in _BOILERPLATE_TAGS and self._boilerplate is None and not _wraps_page(element):
            self._boilerplate = element
        if tag == "img":
            self.end_block(keep_indent=True)
            source, alt = element.get("src", "").strip(), line(element.get("alt", ""))
            self.finished.append(Picture(source, alt, element, self._boilerplate is not None))
        elif tag == "a":
            self._open_links.append(element)
        self.add(element.text)

    def end(self, element: html.HtmlElement) -> None:
        """Leave an element."""
        if element is self._open_blocks[-1] and element.tag in BLOCK_TAGS:
            self.end_block()
            self._open_blocks.pop()
        if element is self._boilerplate:
            self._boilerplate = None
        if self._open_links and element is self._open_links[-1]:
            self._open_links.pop()

    def add(self, text: str | None) -> None:
        """Add text to the current block."""
        if not text:
            return
        self._texts.append(text)
        if self._open_links:
            if self._first_link is None and _LETTER.search(text):
                self._first_link = self._open_links[-1].get("href", "")
        elif not self._has_unlinked_letters:
            self._has_unlinked_letters = _LETTER.search(text) is not None

    def end_block(self, *, keep_indent: bool = False) -> None:
        """Finish the current block, if it has text; an indent without text may be kept for the next block."""
        if not self._texts:
            return
        whole = "".join(self._texts)
        self._texts.clear()
        link = None if self._has_unlinked_letters else self._first_link
        indented = False
        # case: paragraphs-split-by-indents-alone
        for raw in _INDENT.split(whole) if whole.count("\u00a0") >= _INDENT_LENGTH else (whole,):
            indented = raw.lstrip(" \t\r\n").startswith(("\u00a0", "\u3000"))
            if text := line(raw):
                in_boilerplate = self._boilerplate is not None
                self.finished.append(Block(text, indented, self._open_blocks[-1], link, in_boilerplate))
        if indented and keep_indent and not line(whole):
            self._texts.append("\u00a0")
        self._first_link, self._has_unlinked_letters = None, False


def _is_displayed_as_block(span: html.HtmlElement, box: html.HtmlElement) -> bool:
    """Return whether a span starts a block: by its style, or as one of several spans of whole sentences in a box."""
    # case: spans-of-two-classes-set-as-blocks
    if "display:block" in re.sub(r"\s", "", span.get("style", "")).lower():
        return True
    before = span.getprevious()
    if before is None or before.tag != "span" or box.tag not in ("div", "section", "article", "main", "body"):
        return False
    # case: paragraphs-are-spans-of-one-class
    is_alike = not (before.tail or "").strip() and before.get("class") == span.get("class")
    return is_alike and (before.text or "").rstrip().endswith((".", "!", "?", '"', "\u201d"))


def _wraps_page(element: html.HtmlElement) -> bool:
    """Return whether an element is a form around a whole page."""
    return element.tag == "form" and sum(1 for _ in islice(element.iter(), _LARGEST_FORM + 1)) > _LARGEST_FORM


def text_blocks(stream: Iterable[Block | Picture]) -> Iterator[Block]:
    """Yield the blocks of a stream without its pictures."""
    return (part for part in stream if isinstance(part, Block))


def opening_text(element: html.HtmlElement) -> str:
    """Return the text at the start of an element, on one line, up to the first nested block with text.

    >>> opening_text(html.fromstring("<h1>Ships <b>sa</b>il<br>home<div>It was late.</div></h1>"))
    'Ships sail home'
    """
    opening = list[Block]()
    for block in text_blocks(blocks(element)):
        if opening and block.element is not opening[0].element:
            break
        opening.append(block)
    return " ".join(block.text for block in opening)


def visible_text(element: html.HtmlElement) -> str:
    """Return the text of an element as a browser shows it, on one line.

    >>> visible_text(html.fromstring("<h1>Ships <b>sa</b>il<br>home<script>no</script></h1>"))
    'Ships sail home'
    """
    if not len(element):
        return line(element.text or "")
    return " ".join(block.text for block in text_blocks(blocks(element)))


def is_hidden(element: html.HtmlElement) -> bool:
    """Return whether a browser does not show an element; text hidden behind a subscription is not read."""
    # case: hidden-attribute
    if element.tag in _UNRENDERED_TAGS or element.get("hidden") is not None:
        return True
    style = element.get("style")
    # case: ads-scripts-comments-hidden-in-article
    return style is not None and "display:none" in re.sub(r"\s", "", style).lower()
