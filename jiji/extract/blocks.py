"""Blocks: the text and pictures of a page in reading order, split where a browser starts a new line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from jiji.extract.boilerplate import has_boilerplate_name
from jiji.extract.limits import MOST_BLOCKS, MOST_PICTURES, TooMuchMarkup
from jiji.extract.tree import BLOCK_TAGS, Element, Event
from jiji.site.urls import article_id_in
from jiji.text.advertising import is_advertising_label
from jiji.text.normalize import line


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A paragraph, a heading, a line between two line breaks, or a row of a table. Blocks compare by identity."""

    text: str
    """One line, normalised."""
    indented: bool
    """Starts with a no-break or ideographic space, as the site's paragraphs do."""
    element: Element
    """Innermost block element around the text."""
    link: str | None = None
    """`href` of the first link, if all words of the block are links."""
    in_boilerplate: bool = False
    """Stands in an element that holds no article text: a navigation, a form, a footer."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """An ``img`` element between blocks."""

    source: str
    alt: str
    element: Element
    in_boilerplate: bool = False


Stream = Sequence[Block | Picture]
"""Blocks and pictures in reading order."""

BOILERPLATE_TAGS = frozenset("aside button dialog footer form menu nav".split())
_CELL_TAGS = frozenset(("td", "th"))
_LARGEST_FORM = 40
"""Elements of a form that is boilerplate. Old frameworks wrap the whole page in a larger one."""

_INDENT_LENGTH = 3
_INDENT = re.compile(r"(?<=\S)\s*?(?=(?:\u00a0[ \t\r\n]*){3})(?<!\u00a0)")
"""Place inside a text where a paragraph starts: before the three no-break spaces of the site's indent."""
_BADGE = re.compile(
    r"(?i)\W*(?:new|pr|ads?|edit|live|video|updated?|exclusive|premium|free|members only|\d+ min(?:ute)?s? read)\W*"
)
"""Text of a marked part of a headline that is no part of its wording."""
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_LETTER = re.compile(r"[^\W\d_]")


def blocks(root: Element, leave_out: AbstractSet[Element] = frozenset()) -> Iterator[Block | Picture]:
    """Yield blocks and pictures in reading order, without hidden elements and those of ``leave_out``.

    >>> from jiji.extract.tree import Tree
    >>> page = Tree("<div>A<!--x-->B <b>c</b><script>no</script><p>&nbsp; d<br>e<img src=f alt=g></div>").body
    >>> [block.text if isinstance(block, Block) else block.source for block in blocks(page)]
    ['AB c', 'd', 'e', 'f']
    """
    reader = _Reader(root)
    for event, element, text in root.walk(leave_out):
        if event is Event.TEXT:
            reader.add(text)
        elif event is Event.START:
            reader.start(element)
        else:
            reader.end(element)
        if reader.finished:
            yield from reader.finished
            reader.finished.clear()
    reader.end_block()
    yield from reader.finished


class _Reader:
    """State of a walk through a tree, and the blocks and pictures that it finished."""

    def __init__(self, root: Element) -> None:
        self.finished: list[Block | Picture] = []
        self._open_blocks = [root]
        self._open_links: list[Element] = []
        self._boilerplate: Element | None = None
        """Outermost open element of boilerplate."""
        self._data_row: Element | None = None
        """Open row of a table whose cells hold nothing but words."""
        self._texts: list[str] = []
        self._first_link: str | None = None
        self._has_unlinked_letters = False

    def start(self, element: Element) -> None:
        """Enter an element."""
        tag = element.tag
        if tag in _CELL_TAGS and self._open_blocks[-1] == self._data_row:
            self._texts.append(" ")
        elif tag in BLOCK_TAGS:
            self.end_block()
            self._open_blocks.append(element)
            # case: table-between-paragraphs
            if tag == "tr" and _is_data_row(element):
                self._data_row = element
        elif tag == "button" or (
            (tag == "span" or "-" in tag) and _is_displayed_as_block(element, self._open_blocks[-1])
        ):
            self.end_block()
        # case: picture-without-caption-above-a-form
        if tag in BOILERPLATE_TAGS and self._boilerplate is None and not _wraps_page(element):
            self._boilerplate = element
        if tag == "img":
            self.end_block(keep_indent=True)
            source, alt = element.get("src").strip(), line(element.get("alt"))
            self.finished.append(Picture(source, alt, element, self._boilerplate is not None))
        elif tag == "a":
            self._open_links.append(element)

    def end(self, element: Element) -> None:
        """Leave an element."""
        if element.tag in BLOCK_TAGS and element == self._open_blocks[-1]:
            self.end_block()
            self._open_blocks.pop()
        elif element.tag == "button":
            self.end_block()
        if self._boilerplate is not None and element == self._boilerplate:
            self._boilerplate = None
        if element.tag == "a" and self._open_links:
            self._open_links.pop()

    def add(self, text: str) -> None:
        """Add text to the current block."""
        self._texts.append(text)
        if self._open_links:
            if self._first_link is None and _LETTER.search(text):
                self._first_link = self._open_links[-1].get("href")
        elif not self._has_unlinked_letters:
            # case: table-with-linked-names-and-figures
            sought = _LETTER_OR_DIGIT if self._open_blocks[-1] == self._data_row else _LETTER
            self._has_unlinked_letters = sought.search(text) is not None

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


def _is_data_row(row: Element) -> bool:
    """Return whether the cells of a row hold nothing but words; the tables of old layouts hold boxes."""
    cells = list(row.children)
    return (
        len(cells) > 1
        and all(BLOCK_TAGS.isdisjoint(part.tag for part in cell.css("*")) for cell in cells)
        and (not row.css("img"))
    )


def _is_displayed_as_block(span: Element, box: Element) -> bool:
    """Return whether a span starts a block: by its style, or as one of several spans of whole sentences in a box."""
    # case: spans-of-two-classes-set-as-blocks
    if "display:block" in re.sub(r"\s", "", span.get("style")).lower():
        return True
    if box.tag not in ("div", "section", "article", "main", "body"):
        return False
    before = span.previous
    # cases: paragraphs-are-spans-of-one-class, paragraphs-are-elements-of-a-script-library
    is_alike = before is not None and before.tag == span.tag and before.get("class") == span.get("class")
    return is_alike and before is not None and before.own_text.rstrip().endswith((".", "!", "?", '"', "\u201d"))


def _wraps_page(element: Element) -> bool:
    """Return whether an element is a form around a whole page."""
    return element.tag == "form" and len(element.css("*")) > _LARGEST_FORM


def within_limits(stream: Iterable[Block | Picture]) -> Iterator[Block | Picture]:
    """Yield a stream; raises TooMuchMarkup for more lines or pictures than any article has."""
    pictures = 0
    for count, part in enumerate(stream):
        pictures += isinstance(part, Picture)
        if count >= MOST_BLOCKS or pictures > MOST_PICTURES:
            raise TooMuchMarkup(f"more than {MOST_BLOCKS} lines or {MOST_PICTURES} pictures")
        yield part


def text_blocks(stream: Iterable[Block | Picture]) -> Iterator[Block]:
    """Yield the blocks of a stream without its pictures."""
    return (part for part in stream if isinstance(part, Block))


def is_article_link(block: Block, own_id: str | None = None) -> bool:
    """Return whether a block consists of links to articles, other ones than ``own_id``."""
    return block.link is not None and article_id_in(block.link) not in (None, own_id)


def opening_text(element: Element) -> str:
    """Return the text at the start of an element, on one line, up to the first nested block with text.

    Buttons and advertisements inside it are left out.

    >>> from jiji.extract.tree import Tree
    >>> opening_text(Tree("<h1>Ships <b>sa</b>il<br>home<div>It was late.</div></h1>").css("h1")[0])
    'Ships sail home'
    """
    # cases: share-buttons-inside-h1, advertisement-text-inside-h1
    foreign = {part for part in element.css("*") if part.tag == "button" or _is_advertisement(part)}
    opening = list[Block]()
    for block in text_blocks(blocks(element, foreign)):
        if opening and block.element != opening[0].element:
            break
        opening.append(block)
    return " ".join(block.text for block in opening)


def _is_advertisement(part: Element) -> bool:
    if has_boilerplate_name(part) or (part.tag == "a" and is_advertising_label(part.line)):
        return True
    # case: badge-inside-the-headline
    return part.has("class") and _BADGE.fullmatch(part.line) is not None
