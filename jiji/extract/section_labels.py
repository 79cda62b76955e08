"""Section labels over the links of an index page."""

import re
from dataclasses import dataclass, field

from jiji.extract.pager_wording import PagerWord, pager_word
from jiji.extract.tree import BLOCK_TAGS, Element
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
    around: SectionLabel | None = None
    """Innermost label that governs the element itself."""
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
        if self.after_inline_label is not None and len(self.after_inline_label) <= _LONGEST_LABEL:
            self.after_inline_label += text[: _LONGEST_LABEL + 1]


class LabelTracker:
    """Section labels over the current place of a walk through a page.

    A label governs what follows it inside the element around it, until the next heading there. The innermost label
    counts. The walk calls `enter`, `read` and `leave`, so the cost grows with the length of the page only.
    """

    def __init__(self) -> None:
        self.labels: list[SectionLabel] = []
        """Labels in the page's order."""
        self._open = [_OpenElement()]
        self._article_link: _OpenElement | None = None
        """Open link to an article, inside which no text is a label."""

    @property
    def label(self) -> SectionLabel | None:
        """Innermost label that governs the current place."""
        return self._open[-1].label or self._open[-1].around

    def enter(self, element: Element) -> None:
        """Enter an element."""
        self._open.append(_OpenElement(around=self.label))
        # case: labels-that-are-pictures
        if element.tag == "img":
            self.read(element.get("alt"))

    def add_article(self, article_id: str) -> None:
        """Record a link to an article, which was just entered."""
        if self.label:
            self.label.article_ids.add(article_id)
        self._open[-1].has_article = True
        self._article_link = self._article_link or self._open[-1]

    def read(self, text: str) -> Section | None:
        """Read text of the current element; return the section if it is a label."""
        self._open[-1].add(text)
        # case: label-as-plain-text-behind-a-break
        return self.label.section if self._read_label(text) and self.label else None

    def leave(self, element: Element) -> None:
        """Leave an element."""
        closed = self._open.pop()
        if closed is self._article_link:
            self._article_link = None
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
        section = section_of(text) if len(text) <= _LONGEST_LABEL and self._article_link is None else None
        # case: more-link-named-for-a-section
        if section is None or (pager_word(line(text)) is PagerWord.MORE and not is_box_header):
            return False
        if not (self.labels and self.labels[-1].section is section and not self.labels[-1].article_ids):
            self.labels.append(SectionLabel(section))
        self._open[-1].label = self.labels[-1]
        self._open[-1].label_count += 1
        return True
