"""Index page: listed articles, the section labels over them, and links to further index pages."""

from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile

from lxml import etree, html

from jiji.exceptions import PageRejected
from jiji.extract.blocks import is_hidden, visible_text
from jiji.extract.section_labels import LabelTracker, SectionLabel, is_more_link, is_next_page_link
from jiji.pages.page import Page
from jiji.site.sections import Section, section_of
from jiji.site.urls import article_id_in
from jiji.stats import RejectReason
from jiji.text.normalize import line

MOST_LINKS = 2_000
"""Links of an index page. The longest known one has some two hundred."""

_NAVIGATION = "ul.clearfix > li > a"
_MORE = "p.link-more > a, a[rel=next]"


@dataclass(frozen=True, slots=True)
class Link:
    """Link to a page of the site, and the section label over it."""

    url: str
    text: str
    is_printed: bool
    """True if the text is printed; false if it is the alt text of a picture, or a title."""
    label: SectionLabel | None
    """Section label over the link; None for a link to the next page of the same index."""
    element: html.HtmlElement

    @property
    def section(self) -> Section | None:
        """Section whose label stands over the link."""
        return self.label.section if self.label else None


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """Article as an index page lists it."""

    id: str
    """Article ID."""
    url: str
    headline: str
    section: Section | None
    """Section whose label stands over the entry."""
    in_headline_box: bool
    """True in the box of today's headlines, one a section, which every page of the site carries."""


class IndexPage(Page):
    """Page that lists articles: home, a section's index page, a further page of it."""

    @cached_property
    def entries(self) -> list[IndexEntry]:
        """Listed articles in the page's order, each once. A place in a list counts for more than one in the box.

        Raises PageRejected for a page with too many links, and for one that is cut off in a list.
        """
        if self._links[0] and article_id_in(self._links[0][-1].url) and not self.document.is_closed:
            raise PageRejected(RejectReason.CUT_OFF, "it ends with a link to an article, and without </body>")
        found: dict[str, list[Link]] = {}
        for link in self._links[0]:
            if article_id := article_id_in(link.url):
                found.setdefault(article_id, []).append(link)
        return [_entry(article_id, links, self._box_labels) for article_id, links in found.items()]

    @cached_property
    def pagination_links(self) -> list[Link]:
        """Links to further index pages, in the page's order."""
        selected = {found.root for found in self.selector.css(_MORE)}
        found = [
            link
            for link in self._links[0]
            if article_id_in(link.url) is None
            and (link.element in selected or is_more_link(link.text) or is_next_page_link(link.text))
        ]
        return list({link.url: link for link in reversed(found)}.values())[::-1]

    @cached_property
    def offsite_links(self) -> list[str]:
        """Off-site URLs in links that look like links to an article, a section or a further index page."""
        anchors = islice(self.tree.iter("a", "area"), MOST_LINKS)
        hrefs = ((anchor.get("href", "").strip(), anchor) for anchor in anchors)
        return [
            href
            for href, anchor in hrefs
            if href
            and not href.startswith("#")
            and self.locate(href) is None
            and _looks_like_site_link(href, visible_text(anchor))
        ]

    def section_link(self, section: Section) -> tuple[str, str] | None:
        """Return the URL of a section's index page, and "navigation", "label" or "more" for the kind of its link."""
        navigation = {found.root for found in self.selector.css(_NAVIGATION)}
        labelled = [
            link for link in self._links[0] if article_id_in(link.url) is None and section_of(link.text) is section
        ]
        found = {
            "navigation": [link for link in labelled if link.element in navigation],
            "label": labelled,
            "more": [link for link in self.pagination_links if link.section is section],
        }
        return next(((links[0].url, kind) for kind, links in found.items() if links), None)

    @cached_property
    def _box_labels(self) -> set[SectionLabel | None]:
        """Labels in the box of today's headlines: below HEADLINES, with one article each at most."""
        labels = self._links[1]
        box_labels: set[SectionLabel | None] = set()
        for at, label in enumerate(labels):
            if label.section.name == "national" and not label.article_ids:
                below = list(takewhile(lambda other: other.section.parent == "national", labels[at + 1 :]))
                # case: categories-with-many-articles-each
                if all(len(other.article_ids) <= 1 for other in below):
                    box_labels.update(below)
        return box_labels

    @cached_property
    def _links(self) -> tuple[list[Link], list[SectionLabel]]:
        """Links to pages of the site and section labels, in the page's order."""
        tracker = LabelTracker()
        links: list[Link] = []
        walk = etree.iterwalk(self.tree, events=("start", "end", "comment"))
        for event, element in walk:
            if event != "start":
                tracker.leave(element, is_element=event == "end")
                continue
            tracker.enter(element)
            if is_hidden(element):
                walk.skip_subtree()
            elif element.tag in ("a", "area") and (url := self._target(element)):
                if article_id := article_id_in(url):
                    tracker.add_article(article_id)
                links.append(_link(url, element, tracker.label))
                if len(links) > MOST_LINKS:
                    raise PageRejected(RejectReason.TOO_MUCH_MARKUP, f"more than {MOST_LINKS} links")
        return links, tracker.labels

    def _target(self, anchor: html.HtmlElement) -> str | None:
        href = anchor.get("href", "").strip()
        return None if href.startswith("#") or not href else self.locate(href)


def _looks_like_site_link(href: str, text: str) -> bool:
    return bool(article_id_in(href) or section_of(text) or is_more_link(text) or is_next_page_link(text))


def _link(url: str, anchor: html.HtmlElement, label: SectionLabel | None) -> Link:
    printed = visible_text(anchor)
    # case: list-and-todays-headlines-box
    is_next_page = anchor.get("rel") == "next" or is_next_page_link(printed)
    return Link(url, printed or _alternative_text(anchor), bool(printed), None if is_next_page else label, anchor)


def _entry(article_id: str, links: list[Link], box_labels: set[SectionLabel | None]) -> IndexEntry:
    """Return the entry for all links to one article: a list before the box, a category before none, text before alt."""
    in_lists = [link for link in links if link.label not in box_labels] or links
    sections = [link.section for link in links if link.section]
    return IndexEntry(
        id=article_id,
        url=links[0].url,
        headline=next((link.text for link in links if link.text and link.is_printed), links[0].text),
        section=next(
            (section for section in sections if section.category), in_lists[0].section or next(iter(sections), None)
        ),
        in_headline_box=in_lists[0].label in box_labels,
    )


def _alternative_text(anchor: html.HtmlElement) -> str:
    """Return the text for a link without printed text: its picture's alt text, or its title."""
    # cases: labels-that-are-pictures, link-with-a-title-only
    alts = (line(picture.get("alt", "")) for picture in anchor.iter("img"))
    return next(filter(None, alts), "") or line(anchor.get("title", ""))
