"""An index page: which stories it lists, under which label, and where it leads on to."""

from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile

from lxml import etree, html

from jiji.extract.blocks import is_hidden, shown
from jiji.extract.section_labels import Heading, Outline, leads_on, turns_page
from jiji.pages.page import Page
from jiji.site.sections import Section, section_of
from jiji.site.urls import key_of
from jiji.text.normalize import line

MOST_LINKS = 2_000
"""A page with more of them is no index; the longest that is known has some two hundred."""

_NAVIGATION = "ul.clearfix > li > a"
_MORE = "p.link-more > a, a[rel=next]"


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a page of the site, and the heading over it."""

    url: str
    text: str
    is_printed: bool
    """Whether the text is printed, and does not only stand for a picture."""
    turns_page: bool
    """Leads to the next page of the list it stands on; no label over it says more."""
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
        """The stories in the page's order, each once; a place in a list counts for more than one in a box.

        Raises ValueError for a page of so many links that it cannot be an index, and for one that is cut off in a list:
        what it does not show would be taken for something that is not there.
        """
        if self._links[0] and key_of(self._links[0][-1].url) and not self.document.is_closed:
            raise ValueError("no whole index page: it ends with a link to a story, and without </body>")
        found: dict[str, list[Link]] = {}
        for link in self._links[0]:
            if key := key_of(link.url):
                found.setdefault(key, []).append(link)
        return [_listed(key, links, self._boxed) for key, links in found.items()]

    @cached_property
    def more(self) -> list[Link]:
        """The links that lead to a longer list, in the page's order."""
        known = {found.root for found in self.selector.css(_MORE)}
        found = [
            link
            for link in self._links[0]
            if key_of(link.url) is None and (link.element in known or leads_on(link.text) or turns_page(link.text))
        ]
        return list({link.url: link for link in reversed(found)}.values())[::-1]

    @cached_property
    def refused(self) -> list[str]:
        """What links that read as if they led to a story, a section or a further page name instead: not the site."""
        anchors = islice(self.tree.iter("a", "area"), MOST_LINKS)
        hrefs = ((anchor.get("href", "").strip(), anchor) for anchor in anchors)
        return [
            href
            for href, anchor in hrefs
            if href and not href.startswith("#") and self.locate(href) is None and _lures(href, shown(anchor))
        ]

    def leads_to(self, section: Section) -> tuple[str, str] | None:
        """Return the URL of a section's index and how it was found: by the navigation, a label or a "more" link."""
        navigation = {found.root for found in self.selector.css(_NAVIGATION)}
        named = [link for link in self._links[0] if key_of(link.url) is None and section_of(link.text) is section]
        found = {
            "navigation": [link for link in named if link.element in navigation],
            "label": named,
            "more": [link for link in self.more if link.under is section and not link.turns_page],
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
        outline = Outline()
        links: list[Link] = []
        walk = etree.iterwalk(self.tree, events=("start", "end", "comment"))
        for event, element in walk:
            if event == "start":
                outline.enter(element)
                if is_hidden(element):
                    walk.skip_subtree()
                elif element.tag in ("a", "area") and (url := self._target(element)):
                    if key := key_of(url):
                        outline.meet(key)
                    links.append(_link(url, element, outline.heading))
                    if len(links) > MOST_LINKS:
                        raise ValueError(f"no index page: more than {MOST_LINKS} links")
            else:
                outline.leave(element, closes=event == "end")
        return links, outline.headings

    def _target(self, element: html.HtmlElement) -> str | None:
        href = element.get("href", "").strip()
        return None if href.startswith("#") or not href else self.locate(href)


def _lures(href: str, text: str) -> bool:
    return bool(key_of(href) or section_of(text) or leads_on(text) or turns_page(text))


def _link(url: str, element: html.HtmlElement, heading: Heading | None) -> Link:
    printed = shown(element)
    pages = element.get("rel") == "next" or turns_page(printed)
    return Link(url, printed or _text(element), bool(printed), pages, None if pages else heading, element)


def _listed(key: str, links: list[Link], boxed: set[Heading | None]) -> Listed:
    """Return what all links to one story tell: a list before a box, a group before none, text before a picture."""
    in_lists = [link for link in links if link.heading not in boxed] or links
    told = [link.under for link in links if link.under]
    return Listed(
        key=key,
        url=links[0].url,
        headline=next((link.text for link in links if link.text and link.is_printed), links[0].text),
        under=next((section for section in told if section.category), in_lists[0].under or next(iter(told), None)),
        boxed=in_lists[0].heading in boxed,
    )


def _text(element: html.HtmlElement) -> str:
    """Return what stands for a link without text: its picture's other text, or its title."""
    alts = (line(picture.get("alt", "")) for picture in element.iter("img"))
    return next(filter(None, alts), "") or line(element.get("title", ""))
