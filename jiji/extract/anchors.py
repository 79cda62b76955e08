"""Anchors: the links of an index page in reading order, each with the text, the names and the label around it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from jiji.extract.link_text import Piece, pieces, words
from jiji.extract.section_labels import LabelTracker, SectionLabel
from jiji.extract.tree import BLOCK_TAGS, Element, Event, Tree
from jiji.site.sections import Section, section_of
from jiji.text.list_wording import is_pin_mark, is_pin_name
from jiji.text.normalize import line

_ROW_TAGS = frozenset(("li", "tr", "article"))
_HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_FRAME_TAGS = frozenset(("html", "body"))
_MOST_NAMES = 6
"""Elements around a link, itself included, whose class names say what it is for."""
_MOST_PIN_NAMES = 3
_LONGEST_GAP = 200
_SAME_GROUP = re.compile(r"(?:[\W\d_]|\b(?:pages?|of|go|to|from|results?|items?)\b|ページ|件)*+", re.IGNORECASE)
"""Text between two links of one group, such as the links of a pager."""


@dataclass(eq=False, slots=True)
class Row:
    """Entry of a list, or another block element: what stands beside its links."""

    article_ids: set[str] = field(default_factory=set)
    labels: list[Section] = field(default_factory=list)
    """Sections whose labels stand in the row."""
    is_pinned: bool = False
    is_list_row: bool = False

    @property
    def section(self) -> Section | None:
        """Section that is printed in the row of one article, before or behind it."""
        is_one = self.is_list_row and len(self.article_ids) == 1 and len(set(self.labels)) == 1
        return self.labels[0] if is_one else None


@dataclass(eq=False, slots=True)
class Anchor:
    """Link to a page of the site."""

    url: str
    element: Element
    article_id: str | None
    parts: list[Piece]
    """Printed text."""
    hints: list[str]
    """Alt texts of pictures in the link, its label for screen readers, and its title."""
    names: str
    """Class names and IDs of the link and of the elements around it."""
    label: SectionLabel | None
    """Section label over the link."""
    row: Row
    is_in_heading: bool
    group: int
    """Number of the group: links with only numbers and punctuation between them."""
    before: str
    """Text between the link before and this one."""
    after: str = ""
    """Text between this link and the next."""

    @property
    def texts(self) -> Iterator[str]:
        """Each text that says what the link is for: the printed one first."""
        return filter(None, (words(self.parts), *self.hints))

    @property
    def is_beside_label(self) -> bool:
        """True if the link stands right behind a section's label."""
        return bool(self.row.labels) or section_of(self.before) is not None

    @property
    def rel(self) -> list[str]:
        """Relations of the link."""
        return self.element.get("rel").lower().split()


@dataclass(slots=True)
class _Open:
    """State of an open element."""

    names: tuple[str, ...]
    row: Row
    is_in_heading: bool
    links_before: int
    """Links to pages of the site before the element."""


class _Reader:
    """State of a walk through a page."""

    def __init__(
        self, target: Callable[[Element], str | None], article_id: Callable[[str, Element], str | None]
    ) -> None:
        self.anchors: list[Anchor] = []
        self.tracker = LabelTracker()
        self._target = target
        self._article_id = article_id
        self._open = [_Open((), Row(), is_in_heading=False, links_before=0)]
        self._links: list[Element] = []
        """Open links to pages of the site."""
        self._gap = ""
        self._group = 0
        self._has_left_group = False
        """True if an element with several links ended since the last link."""

    def start(self, element: Element) -> Anchor | None:
        """Enter an element; return the anchor if it is a link."""
        self.tracker.enter(element)
        above, names = self._open[-1], ""
        if element.attributes and element.tag not in _FRAME_TAGS:
            names = f"{element.get('class')} {element.get('id')}".strip()
        is_row = element.tag in _ROW_TAGS or (element.tag in BLOCK_TAGS and not above.row.is_list_row)
        row = Row(is_list_row=element.tag in _ROW_TAGS) if is_row else above.row
        nearest = (names, *above.names)[:_MOST_NAMES] if names or above.names else ()
        row.is_pinned = row.is_pinned or any(map(is_pin_name, filter(None, nearest[:_MOST_PIN_NAMES])))
        is_in_heading = above.is_in_heading or element.tag in _HEADING_TAGS
        self._open.append(_Open(nearest, row, is_in_heading, len(self.anchors)))
        url = self._target(element) if element.tag in ("a", "area") else None
        if url is None:
            return None
        self._links.append(element)
        return self._add(element, url)

    def _add(self, element: Element, url: str) -> Anchor:
        here = self._open[-1]
        if article_id := self._article_id(url, element):
            self.tracker.add_article(article_id)
            here.row.article_ids.add(article_id)
        last = self.anchors[-1] if self.anchors else None
        is_beside = last and not last.article_id and not article_id and _SAME_GROUP.fullmatch(self._gap)
        self._group += not is_beside or self._has_left_group
        self._has_left_group = False
        if last:
            last.after = self._gap
        names = " ".join(filter(None, here.names))
        anchor = Anchor(
            url, element, article_id, pieces(element), hints(element), names, self.tracker.label, here.row,
            here.is_in_heading, self._group, self._gap,
        )  # fmt: skip
        self._gap = ""
        self.anchors.append(anchor)
        return anchor

    def add(self, text: str) -> None:
        """Add text of the current element."""
        row = self._open[-1].row
        if section := self.tracker.read(text):
            row.labels.append(section)
        # case: pinned-entries
        row.is_pinned = row.is_pinned or is_pin_mark(line(text[: 2 * _LONGEST_GAP]))
        if not self._links and len(self._gap) < _LONGEST_GAP:
            self._gap += text[:_LONGEST_GAP]

    def end(self, element: Element) -> None:
        """Leave an element."""
        self.tracker.leave(element)
        left = self._open.pop()
        self._has_left_group = self._has_left_group or len(self.anchors) - left.links_before > 1
        if self._links and element == self._links[-1]:
            self._links.pop()
        elif not self._links and element.tag in BLOCK_TAGS and len(self._gap) < _LONGEST_GAP:
            self._gap += " "

    def finish(self) -> None:
        """Set the text behind the last link."""
        if self.anchors:
            self.anchors[-1].after = self._gap


def read_anchors(
    tree: Tree,
    *,
    target: Callable[[Element], str | None],
    article_id: Callable[[str, Element], str | None],
    most: int,
) -> tuple[list[Anchor], list[SectionLabel]]:
    """Return the links of a page, at most ``most``, and its section labels, both in reading order.

    ``target`` returns the URL of a link to a page of the site, ``article_id`` the article ID that a link names.
    """
    reader = _Reader(target, article_id)
    for event, element, text in tree.root.walk():
        if event is Event.TEXT:
            reader.add(text)
        elif event is Event.END:
            reader.end(element)
        elif reader.start(element) and len(reader.anchors) > most:
            break
    reader.finish()
    return reader.anchors, reader.tracker.labels


def hints(link: Element) -> list[str]:
    """Return the texts of a link that are not printed: alt texts of its pictures, its label, its title.

    >>> hints(Tree("<a href=x title='Next page'><img alt='next'></a>").css("a")[0])
    ['next', 'Next page']
    """
    # cases: labels-that-are-pictures, link-with-a-title-only
    alts = (picture.get("alt") for picture in islice(link.css("img"), _MOST_NAMES))
    return [
        text for each in (*alts, link.get("aria-label"), link.get("title"), link.get("alt")) if (text := line(each))
    ]
