"""A page as its reader meets it: text and pictures in reading order, and where a paragraph ends."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree, html

from jiji.text.normalize import line


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that stands by itself on the page: a paragraph, a heading, a line between two breaks."""

    text: str
    """One line, normalised."""
    indented: bool
    """Opens with a no-break or ideographic space, as the site's paragraphs do."""
    element: html.HtmlElement
    """The innermost block element that holds it."""
    link: str | None = None
    """Where it leads to, if it is nothing but links: the first of them."""
    beside: bool = False
    """Stands in what holds no story: a navigation, a form, a footer."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture where it stands between blocks."""

    source: str
    alt: str
    element: html.HtmlElement
    beside: bool = False
    """As in :class:`Block`."""


Stream = Sequence[Block | Picture]
"""Text and pictures in reading order."""

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3"
    " h4 h5 h6 header hr html li main nav ol p pre section table tbody td tfoot th thead title tr ul br".split()
)
_SILENT = frozenset("head iframe noscript object option script select style svg template textarea".split())
_BESIDE = frozenset("aside button dialog footer form menu nav".split())
_FORM = 40
"""Elements; a form of more is no box beside the story but, in old frameworks, the frame of the whole page."""


def blocks(root: html.HtmlElement) -> Iterator[Block | Picture]:
    """Yield what a reader is shown, in reading order; scripts, comments and hidden elements are left out.

    >>> page = html.fromstring("<div>A<!--x-->B <b>c</b><script>no</script><p>&nbsp; d<br>e<img src=f alt=g></div>")
    >>> [block.text if isinstance(block, Block) else block.source for block in blocks(page)]
    ['AB c', 'd', 'e', 'f']
    """
    run = _Run()
    open_blocks, beside = [root], list[html.HtmlElement]()
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if is_hidden(element):
                walk.skip_subtree()
                continue
            if tag in BLOCKS:
                yield from run.ended(open_blocks[-1], bool(beside))
                open_blocks.append(element)
            elif tag == "span" and _is_set_as_block(element, open_blocks[-1]):
                yield from run.ended(open_blocks[-1], bool(beside))
            if tag in _BESIDE and not beside and _is_beside(element):
                beside.append(element)
            if tag == "img":
                yield from run.ended(open_blocks[-1], bool(beside), keep_indent=True)
                yield Picture(element.get("src", "").strip(), line(element.get("alt", "")), element, bool(beside))
            elif tag == "a":
                run.links.append(element)
            run.add(element.text)
            continue
        if event == "end":
            if tag in BLOCKS and element is open_blocks[-1]:
                yield from run.ended(element, bool(beside))
                open_blocks.pop()
            for opened in (beside, run.links):
                if opened and element is opened[-1]:
                    opened.pop()
        if element is not root:
            run.add(element.tail)
    yield from run.ended(root, bool(beside))


class _Run:
    """A run of text that grows until a block ends it."""

    def __init__(self) -> None:
        self.links: list[html.HtmlElement] = []
        """The links that are open."""
        self._pieces: list[str] = []
        self._first_link: str | None = None
        self._has_words = False

    def add(self, text: str | None) -> None:
        """Take more text."""
        if not text:
            return
        self._pieces.append(text)
        if self.links:
            if self._first_link is None and _WORD.search(text):
                self._first_link = self.links[-1].get("href", "")
        elif not self._has_words:
            self._has_words = _WORD.search(text) is not None

    def ended(self, element: html.HtmlElement, beside: bool, *, keep_indent: bool = False) -> Iterator[Block]:
        """Yield the text so far as a block, if there is any; an indent alone may belong to what is behind a picture."""
        if not self._pieces:
            return
        whole = "".join(self._pieces)
        self._pieces.clear()
        indented = False
        for raw in _INDENT.split(whole) if whole.count("\u00a0") >= _INDENT_LENGTH else (whole,):
            indented = raw.lstrip(" \t\r\n").startswith(("\u00a0", "\u3000"))
            if text := line(raw):
                yield Block(text, indented, element, None if self._has_words else self._first_link, beside)
        if indented and keep_indent and not line(whole):
            self._pieces.append("\u00a0")
        self._first_link, self._has_words = None, False


_INDENT_LENGTH = 3
_INDENT = re.compile(r"(?<=\S)\s*?(?=(?:\u00a0[ \t\r\n]*){3})(?<!\u00a0)")
"""Where a paragraph opens in the midst of a run: with the three no-break spaces of the site's indent."""


def _is_set_as_block(span: html.HtmlElement, box: html.HtmlElement) -> bool:
    """Say whether a span opens a block: by its style, or as one of several in a box that each hold whole sentences."""
    if "display:block" in re.sub(r"\s", "", span.get("style", "")).lower():
        return True
    before = span.getprevious()
    if before is None or before.tag != "span" or box.tag not in ("div", "section", "article", "main", "body"):
        return False
    is_alike = not (before.tail or "").strip() and before.get("class") == span.get("class")
    return is_alike and (before.text or "").rstrip().endswith((".", "!", "?", '"', "\u201d"))


_WORD = re.compile(r"[^\W\d_]")


def _is_beside(element: html.HtmlElement) -> bool:
    """Say whether an element of that kind holds no story."""
    return element.tag != "form" or sum(1 for _ in islice(element.iter(), _FORM + 1)) <= _FORM


def texts_of(stream: Iterable[Block | Picture]) -> Iterator[Block]:
    """Yield the blocks of a stream without its pictures."""
    return (part for part in stream if isinstance(part, Block))


def own_text(element: html.HtmlElement) -> str:
    """Return the text that opens an element, on one line, up to the first other block inside it that has text.

    >>> own_text(html.fromstring("<h1>Ships <b>sa</b>il<br>home<div>It was late.</div></h1>"))
    'Ships sail home'
    """
    opening = list[Block]()
    for block in texts_of(blocks(element)):
        if opening and block.element is not opening[0].element:
            break
        opening.append(block)
    return " ".join(block.text for block in opening)


def shown(element: html.HtmlElement) -> str:
    """Return an element's text as a reader sees it, on one line.

    >>> shown(html.fromstring("<h1>Ships <b>sa</b>il<br>home<script>no</script></h1>"))
    'Ships sail home'
    """
    if not len(element):
        return line(element.text or "")
    return " ".join(block.text for block in texts_of(blocks(element)))


def is_hidden(element: html.HtmlElement) -> bool:
    """Say whether a reader is not shown an element; what is hidden behind a subscription is not ours to read."""
    if element.tag in _SILENT or "hidden" in element.attrib:
        return True
    style = element.get("style")
    return style is not None and "display:none" in re.sub(r"\s", "", style).lower()
