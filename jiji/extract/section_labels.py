"""Section labels over the links of an index page, and the wording of pagination links."""

import re
from dataclasses import dataclass, field

from lxml import html

from jiji.extract.tree import BLOCK_TAGS
from jiji.site.sections import Section, section_of
from jiji.text.dates import is_day
from jiji.text.normalize import line

_HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "dt", "th", "caption"))
_LONGEST_LABEL = 60


@dataclass(eq=False, slots=True)
class SectionLabel:
    """Section's label at one place of a page, and the IDs of the articles below it."""

    section: Section
    article_ids: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _OpenElement:
    """State of an element that the walk has entered and not left."""

    text: str = ""
    """Text so far, cut a little beyond the longest label."""
    label: SectionLabel | None = None
    """Label that governs the next content of the element."""
    heading: str | None = None
    """Last heading inside the element."""
    label_count: int = 0
    has_article: bool = False
    after_inline_label: str | None = None
    """Text after the last inline label. Labels with only punctuation between them are a navigation."""

    def add(self, text: str) -> None:
        """Add text."""
        if len(self.text) <= _LONGEST_LABEL:
            self.text += text[: _LONGEST_LABEL + 1]
        if self.after_inline_label is not None:
            self.after_inline_label += text


class LabelTracker:
    """Section labels over the current place of a walk through a page.

    A label governs what follows it inside the element around it, until the next heading there. The innermost label
    counts. The walk calls `enter` and `leave` for each element, so the cost grows with the length of the page only.
    """

    def __init__(self) -> None:
        self.labels: list[SectionLabel] = []
        """Labels in the page's order."""
        self._open = [_OpenElement()]

    @property
    def label(self) -> SectionLabel | None:
        """Innermost label that governs the current place."""
        return next((element.label for element in reversed(self._open) if element.label), None)

    def enter(self, element: html.HtmlElement) -> None:
        """Enter an element."""
        # case: labels-that-are-pictures
        text = element.get("alt", "") if element.tag == "img" else element.text or ""
        self._open.append(_OpenElement(text))
        self._read_label(text)

    def add_article(self, article_id: str) -> None:
        """Record a link to an article at the current place."""
        if self.label:
            self.label.article_ids.add(article_id)
        self._open[-1].has_article = True

    def leave(self, element: html.HtmlElement, *, is_element: bool) -> None:
        """Leave an element, or pass a comment."""
        if is_element:
            self._close(self._open.pop(), element)
        self._open[-1].add(element.tail or "")
        # case: label-as-plain-text-behind-a-break
        self._read_label(element.tail or "")

    def _close(self, closed: _OpenElement, element: html.HtmlElement) -> None:
        parent, text = self._open[-1], line(closed.text)
        # case: heading-inside-a-heading-box
        is_heading = (element.tag in _HEADING_TAGS or closed.heading == text) and not closed.has_article
        # case: days-as-subheadings
        if is_heading and not is_day(text):
            parent.heading, parent.label = text, None
        # case: heading-with-more-link-beside-it
        is_box_header = is_heading or closed.label_count == 1
        is_label = not closed.has_article and self._read_label(closed.text, is_box_header=is_box_header)
        parent.has_article = parent.has_article or closed.has_article
        parent.label_count += 0 if is_label else closed.label_count
        is_block = element.tag in BLOCK_TAGS
        parent.add(f" {closed.text} " if is_block else closed.text)
        if is_label and not is_block:
            # case: navigation-in-one-line-beside-a-list
            between = parent.after_inline_label
            if between is not None and not re.search(r"\w", between.removesuffix(closed.text)):
                parent.label = None
            parent.after_inline_label = ""

    def _read_label(self, text: str, *, is_box_header: bool = False) -> bool:
        """Return whether a text is a section's label; from here on the label governs the open element.

        "Politics more" is a pagination link and no label, except as the header of a box with its label inside.
        """
        section = section_of(text) if len(text) <= _LONGEST_LABEL else None
        # case: more-link-named-for-a-section
        if section is None or (is_more_link(line(text)) and not is_box_header):
            return False
        if not (self.labels and self.labels[-1].section is section and not self.labels[-1].article_ids):
            self.labels.append(SectionLabel(section))
        self._open[-1].label = self.labels[-1]
        self._open[-1].label_count += 1
        return True


_MORE = re.compile(
    r"(?i)\W*(?:(?:read|see|view|show)\s+)?(?:(?:more|next|older|see all)\b.{0,40}|all\W*)|[\w /-]{0,40}\bmore\W*"
)
_NEXT_PAGE = re.compile(r"(?i)\W*(?:next|older)\b.{0,20}|\d{1,3}")


def is_more_link(text: str) -> bool:
    """Return whether a link's text announces more of a list.

    >>> is_more_link("more \u00bb"), is_more_link("See all"), is_more_link("Moreover, Rain Fell")
    (True, True, False)
    """
    return _MORE.fullmatch(text) is not None


def is_next_page_link(text: str) -> bool:
    """Return whether a link's text announces the next page of the same index.

    >>> is_next_page_link("Next \u00bb"), is_next_page_link("more")
    (True, False)
    """
    return _NEXT_PAGE.fullmatch(text) is not None
