"""Which section's label stands over a place on an index page."""

import re
from dataclasses import dataclass, field

from lxml import html

from jiji.extract.blocks import BLOCKS
from jiji.site.sections import Section, section_of
from jiji.text.dates import reads_as_day
from jiji.text.normalize import line

_TITLES = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "dt", "th", "caption"))
_LABEL_LENGTH = 60


@dataclass(eq=False, slots=True)
class Heading:
    """A section's label where it stands on the page, and the keys of the stories below it."""

    section: Section
    keys: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Frame:
    """An element that is open."""

    text: str = ""
    """Its text so far, no longer than a label may be."""
    heading: Heading | None = None
    """The label that governs what comes next in it."""
    title: str | None = None
    """The last title that ended in it."""
    labels: int = 0
    """How many labels stand in it."""
    has_story: bool = False
    inline: str | None = None
    """What came behind its last inline label: labels with only marks between are a navigation."""

    def add(self, text: str) -> None:
        """Take more text."""
        if len(self.text) <= _LABEL_LENGTH:
            self.text += text[: _LABEL_LENGTH + 1]
        if self.inline is not None:
            self.inline += text


class Outline:
    """The labels over the place that a walk through a page has reached.

    A label governs what follows it inside the element that holds it, until the next title there; the innermost label
    counts. The walk tells of each element that it enters and leaves, so a page costs no more than its length.
    """

    def __init__(self) -> None:
        self.headings: list[Heading] = []
        self._frames = [_Frame()]

    @property
    def heading(self) -> Heading | None:
        """The innermost label that governs this place."""
        return next((frame.heading for frame in reversed(self._frames) if frame.heading), None)

    def enter(self, element: html.HtmlElement) -> None:
        """Go into an element."""
        text = element.get("alt", "") if element.tag == "img" else element.text or ""
        self._frames.append(_Frame(text))
        self._name(text)

    def meet(self, key: str) -> None:
        """Take note of a story here."""
        if self.heading:
            self.heading.keys.add(key)
        self._frames[-1].has_story = True

    def leave(self, element: html.HtmlElement, *, closes: bool) -> None:
        """Go out of an element, or past a comment."""
        if closes:
            frame = self._frames.pop()
            self._close(frame, element)
        self._frames[-1].add(element.tail or "")
        self._name(element.tail or "")

    def _close(self, frame: _Frame, element: html.HtmlElement) -> None:
        above = self._frames[-1]
        is_title = (element.tag in _TITLES or frame.title == line(frame.text)) and not frame.has_story
        if is_title and not reads_as_day(line(frame.text)):
            above.title, above.heading = line(frame.text), None
        is_label = not frame.has_story and self._name(frame.text, is_header=is_title or frame.labels == 1)
        above.has_story = above.has_story or frame.has_story
        above.labels += 0 if is_label else frame.labels
        above.add(f" {frame.text} " if element.tag in BLOCKS else frame.text)
        if is_label and element.tag not in BLOCKS:
            if above.inline is not None and not re.search(r"\w", above.inline.removesuffix(frame.text)):
                above.heading = None
            above.inline = ""

    def _name(self, text: str, *, is_header: bool = False) -> bool:
        """Let a text that is a section's label govern what follows; say whether it is one.

        "Politics: more" is a link on and no label, unless it is the ``is_header`` of a box that has its label inside.
        """
        section = section_of(text) if len(text) <= _LABEL_LENGTH else None
        if section is None or (leads_on(line(text)) and not is_header):
            return False
        if not (self.headings and self.headings[-1].section is section and not self.headings[-1].keys):
            self.headings.append(Heading(section))
        self._frames[-1].heading = self.headings[-1]
        self._frames[-1].labels += 1
        return True


_MORE = re.compile(
    r"(?i)\W*(?:(?:read|see|view|show)\s+)?(?:(?:more|next|older|see all)\b.{0,40}|all\W*)|[\w /-]{0,40}\bmore\W*"
)
_PAGING = re.compile(r"(?i)\W*(?:next|older)\b.{0,20}|\d{1,3}")


def leads_on(text: str) -> bool:
    """Say whether a link's text promises more of a list.

    >>> leads_on("more \u00bb"), leads_on("See all"), leads_on("Moreover, Rain Fell")
    (True, True, False)
    """
    return _MORE.fullmatch(text) is not None


def turns_page(text: str) -> bool:
    """Say whether a link's text leads to the next page of the list it stands on, and to no other list.

    >>> turns_page("Next \u00bb"), turns_page("more")
    (True, False)
    """
    return _PAGING.fullmatch(text) is not None
