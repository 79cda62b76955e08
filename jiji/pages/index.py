"""An index page: which stories it lists, under which label, and where it leads on to."""

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import takewhile

from lxml import etree, html

from jiji.pages.page import Page
from jiji.sections import Section, section_of
from jiji.text import is_hidden, line
from jiji.urls import key_of

_NAVIGATION = "ul.clearfix > li > a"
_MORE = "p.link-more > a, a[rel=next]"
_MORE_WORDS = re.compile(r"(?i)\W*(?:(?:read|see|view|show)\s+)?(?:more|next|older)\b.{0,40}|[\w /-]{0,40}\bmore\W*")
_TITLES = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "dt", "th", "caption"))
_LABEL_LENGTH = 60


@dataclass(eq=False, slots=True)
class Heading:
    """A section's label where it stands on the page, and the keys of the stories below it."""

    section: Section
    keys: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a page of the site, and the heading over it."""

    url: str
    text: str
    heading: Heading | None
    element: html.HtmlElement

    @property
    def under(self) -> Section | None:
        """The section whose label stands over the link, None where no label does."""
        return self.heading.section if self.heading else None


@dataclass(frozen=True, slots=True)
class Listed:
    """A story as an index page lists it."""

    key: str
    url: str
    headline: str
    under: Section | None
    boxed: bool
    """Stands in the box of today's headlines, one a group, that every page of the site carries: no list of its own."""


class IndexPage(Page):
    """A page that lists stories: home, a section's index, a page behind a "more" link."""

    @cached_property
    def stories(self) -> list[Listed]:
        """The stories in the page's order, each once; a place in a list counts for more than one in a box."""
        found: dict[str, Listed] = {}
        for link in self._links[0]:
            key = key_of(link.url)
            if key is None:
                continue
            story = Listed(key, link.url, link.text, link.under, link.heading in self._boxed)
            found[key] = _merged(found[key], story) if key in found else story
        return list(found.values())

    @cached_property
    def more(self) -> list[Link]:
        """The links that lead to a longer list, in the page's order."""
        known = {found.root for found in self.selector.css(_MORE)}
        return [
            link
            for link in self._links[0]
            if key_of(link.url) is None and (link.element in known or _MORE_WORDS.fullmatch(link.text))
        ]

    def leads_to(self, section: Section) -> tuple[str, str] | None:
        """Return the URL of a section's index and how it was found: by the navigation, a label or a "more" link."""
        navigation = {found.root for found in self.selector.css(_NAVIGATION)}
        named = [link for link in self._links[0] if key_of(link.url) is None and section_of(link.text) is section]
        found = {
            "navigation": [link for link in named if link.element in navigation],
            "label": named,
            "more": [link for link in self.more if link.under is section],
        }
        return next(((links[0].url, rule) for rule, links in found.items() if links), None)

    @cached_property
    def _boxed(self) -> set[Heading | None]:
        """The headings in the box of today's headlines: HEADLINES, then the groups with one story each at the most."""
        headings = self._links[1]
        boxed: set[Heading | None] = set()
        for at, heading in enumerate(headings):
            if heading.section.name == "national" and not heading.keys:
                groups = list(takewhile(lambda other: other.section.parent == "national", headings[at + 1 :]))
                if all(len(group.keys) <= 1 for group in groups):
                    boxed.update(groups)
        return boxed

    @cached_property
    def _links(self) -> tuple[list[Link], list[Heading]]:
        """All links to pages of the site, and all headings, in the page's order.

        A label governs what follows it inside the element that holds it, until the next heading there; the innermost
        label counts. One walk, so that a page of a great many links costs no more than its length.
        """
        outline = _Outline()
        links: list[Link] = []
        walk = etree.iterwalk(self.tree, events=("start", "end", "comment"))
        for event, element in walk:
            if event == "start":
                outline.enter(element)
                if is_hidden(element):
                    walk.skip_subtree()
                elif element.tag == "a" and (url := self._target(element)):
                    heading = outline.heading
                    links.append(Link(url, _text(element), heading, element))
                    if heading and (key := key_of(url)):
                        heading.keys.add(key)
            else:
                outline.leave(element, closes=event == "end")
        return links, outline.headings

    def _target(self, element: html.HtmlElement) -> str | None:
        href = element.get("href", "").strip()
        return None if href.startswith("#") or not href else self.locate(href)


def _merged(one: Listed, two: Listed) -> Listed:
    """Return what two links to one story tell together: a list before a box, a group before none."""
    in_list, other = (two, one) if one.boxed and not two.boxed else (one, two)
    tells_more = other.under and other.under.category and not (in_list.under and in_list.under.category)
    return replace(
        in_list, headline=in_list.headline or other.headline, under=other.under if tells_more else in_list.under
    )


def _text(element: html.HtmlElement) -> str:
    return line(element.text_content()) or next((line(img.get("alt", "")) for img in element.iter("img")), "")


@dataclass(slots=True)
class _Frame:
    """An element that is open: its text so far, the label that governs what comes next, and its title."""

    text: str = ""
    heading: Heading | None = None
    title: str | None = None

    def add(self, text: str) -> None:
        """Take more text, as long as it may still be a label."""
        if len(self.text) <= _LABEL_LENGTH:
            self.text += text[: _LABEL_LENGTH + 1]


class _Outline:
    """The labels over the place that a walk through a page has reached."""

    def __init__(self) -> None:
        self.headings: list[Heading] = []
        self._frames = [_Frame()]

    @property
    def heading(self) -> Heading | None:
        """The innermost label that governs this place."""
        return next((frame.heading for frame in reversed(self._frames) if frame.heading), None)

    def enter(self, element: html.HtmlElement) -> None:
        """Go into an element."""
        self._frames.append(_Frame(element.text or ""))
        self._name(element.text or "")

    def leave(self, element: html.HtmlElement, *, closes: bool) -> None:
        """Go out of an element, or past a comment; a title ends the reign of the label before it."""
        if closes:
            frame = self._frames.pop()
            if element.tag in _TITLES or frame.title == frame.text:
                self._frames[-1].title, self._frames[-1].heading = frame.text, None
            if not (element.tag == "a" and key_of(element.get("href", ""))):
                self._name(frame.text, is_title=element.tag in _TITLES)
            self._frames[-1].add(frame.text)
        self._frames[-1].add(element.tail or "")
        self._name(element.tail or "")

    def _name(self, text: str, *, is_title: bool = False) -> None:
        """Let a text that is a section's label govern what follows; "Politics: more" is a link on, not a label."""
        section = section_of(text) if len(text) <= _LABEL_LENGTH else None
        if section is None or (_MORE_WORDS.fullmatch(line(text)) and not is_title):
            return
        if not (self.headings and self.headings[-1].section is section and not self.headings[-1].keys):
            self.headings.append(Heading(section))
        self._frames[-1].heading = self.headings[-1]
