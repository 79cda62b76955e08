"""Index page: listed articles, the section labels over them, and links to further index pages."""

from dataclasses import dataclass, replace
from datetime import date
from email.utils import parsedate_to_datetime
from functools import cached_property
from itertools import islice
from urllib.parse import urlsplit

from scrapy.http import Response

from jiji.exceptions import PageRejected
from jiji.extract.anchors import Anchor, hints, read_anchors
from jiji.extract.article import find_breadcrumbs
from jiji.extract.own_section import own_section
from jiji.extract.page_address import rest_of
from jiji.extract.pager import ListPage, further_pages, is_other, pager_words, says_next
from jiji.extract.pager_wording import PagerWord, page_number, pager_word
from jiji.extract.scripted_pager import scripted_pages
from jiji.extract.section_labels import SectionLabel
from jiji.extract.tree import Element
from jiji.pages.index_entry import IndexEntry, index_entry
from jiji.pages.page import Document, Page
from jiji.site.plausible_ids import plausible_ids
from jiji.site.sections import Section, section_of
from jiji.site.urls import article_id_in, names_article_as_the_site, names_key
from jiji.stats import RejectReason
from jiji.text.zones import JAPAN

MOST_LINKS = 2_000
"""Links of an index page. The longest known one has some two hundred."""

_LINKS = "a, area"
_NAVIGATION = "ul.clearfix > li > a"
_MORE = "p.link-more > a"
_NEXT = "link[rel~=next i]"


@dataclass(frozen=True, slots=True)
class Link:
    """Link to a further index page."""

    url: str
    text: str
    section: Section | None = None
    """Section whose label stands over the link to a list of its own; None for the next page of the page's list."""


class IndexPage(Page):
    """Page that lists articles: home, a section's index page, a further page of it."""

    def __init__(self, response: Response | Document, *, today: date | None = None) -> None:
        """``today`` is the day in Japan after which no article can be; by default the server's."""
        super().__init__(response)
        self._located: dict[str, str | None] = {}
        self._today = today or (_server_day(response) if isinstance(response, Response) else None)

    @cached_property
    def entries(self) -> list[IndexEntry]:
        """Listed articles in the page's order, each once.

        Raises PageRejected for a page with too many links, and for one that is cut off in a list.
        """
        anchors, _ = self._content
        if anchors and anchors[-1].article_id and not self.document.is_closed:
            raise PageRejected(RejectReason.CUT_OFF, "it ends with a link to an article, and without </body>")
        found: dict[str, list[Anchor]] = {}
        for anchor in anchors:
            if anchor.article_id:
                found.setdefault(anchor.article_id, []).append(anchor)
        entries = [index_entry(article_id, links, self._box_labels) for article_id, links in found.items()]
        # case: whole-list-in-a-sticky-box
        is_pin = 2 * sum(entry.is_pinned for entry in entries) <= len(entries)
        return entries if is_pin else [replace(entry, is_pinned=False) for entry in entries]

    @cached_property
    def own_section(self) -> Section | None:
        """Section whose index page this is, as the page itself says; None for home and where it does not say it."""
        # case: home-with-a-navigation
        if self.url == self.document.site_root:
            return None
        return own_section(self.tree, find_breadcrumbs(self.document.stream)[0])

    @cached_property
    def pagination_links(self) -> list[Link]:
        """Links to further index pages, in the order in which they should be followed, the next page first.

        First come the next pages of the page's own list, then the lists of sections, and longer ones ("more").
        """
        anchors, _ = self._content
        declared = [url for link in self.tree.css(_NEXT) if (url := self._target(link))]
        further = {link.url: link for link in (Link(url, "") for url in declared if not self._article_id(url, None))}
        ids = [anchor.article_id for anchor in anchors if anchor.article_id and anchor.label not in self._box_labels]
        page = ListPage(self.url, max(ids, default=""), min(ids, default=""))
        next_pages = further_pages(anchors, page)
        if not next_pages and not further:
            further = {url: Link(url, "") for url in scripted_pages(self.tree, page, self.locate)}
        groups = {anchor.url: group for anchor in next_pages if (group := self._group_over(anchor))}
        for anchor in next_pages:
            # cases: next-link-of-a-section-list, pagers-of-several-groups
            group = groups.get(anchor.url) if len(set(groups.values())) > 1 else None
            further.setdefault(anchor.url, Link(anchor.url, _text(anchor), group))
        marked = set(self.tree.css(_MORE))
        has_list = False
        for anchor in anchors:
            has_list = has_list or anchor.label is not None or anchor.article_id is not None
            # case: more-in-the-navigation
            is_more = anchor.element in marked or (has_list and _is_more(anchor))
            if is_more and anchor.url not in further and not anchor.article_id:
                further[anchor.url] = Link(anchor.url, _text(anchor), anchor.label.section if anchor.label else None)
        return sorted(further.values(), key=lambda link: link.section is not None)

    @cached_property
    def offsite_links(self) -> list[str]:
        """Off-site URLs in links that look like links to an article, a section or a further index page."""
        elements = islice(self.tree.css(_LINKS), MOST_LINKS)
        hrefs = ((element.get("href").strip(), element) for element in elements)
        return [
            href
            for href, element in hrefs
            if href
            and not href.startswith("#")
            and self.locate(href) is None
            and (article_id_in(href) or any(map(_is_site_text, (element.line, *hints(element)))))
        ]

    def section_link(self, section: Section) -> tuple[str, str] | None:
        """Return the URL of a section's index page, and "navigation", "label" or "more" for the kind of its link."""
        navigation = set(self.tree.css(_NAVIGATION))
        anchors = [anchor for anchor in self._content[0] if anchor.article_id is None]
        labelled = [anchor for anchor in anchors if section_of(_text(anchor)) is section]
        found = {
            "navigation": [anchor.url for anchor in labelled if anchor.element in navigation],
            "label": [anchor.url for anchor in labelled],
            "more": [link.url for link in self.pagination_links if link.section is section],
        }
        return next(((urls[0], kind) for kind, urls in found.items() if urls), None)

    @cached_property
    def _box_labels(self) -> set[SectionLabel | None]:
        """Labels in the box of today's headlines: below HEADLINES, each once, with one article each at most."""
        boxes: list[list[SectionLabel]] = []
        is_box = False
        for label in self._content[1]:
            if label.section.name == "national" and not label.article_ids:
                boxes.append([])
                is_box = True
            elif is_box and label.section.parent == "national":
                boxes[-1].append(label)
            else:
                is_box = False
        # case: categories-with-many-articles-each
        return {
            label
            for box in boxes
            if len({label.section for label in box}) == len(box) and all(len(label.article_ids) <= 1 for label in box)
            for label in box
        }

    def _group_over(self, anchor: Anchor) -> Section | None:
        """Return the group whose label stands over a link to another list than the page's own."""
        is_own_list = rest_of(anchor.url) == rest_of(self.url)
        return anchor.label.section if anchor.label and anchor.label.section.category and not is_own_list else None

    @cached_property
    def _content(self) -> tuple[list[Anchor], list[SectionLabel]]:
        """Links to pages of the site, and section labels, in the page's order."""
        self.document.check_depth()
        anchors, labels = read_anchors(self.tree, target=self._target, article_id=self._article_id, most=MOST_LINKS)
        if len(anchors) > MOST_LINKS:
            raise PageRejected(RejectReason.TOO_MUCH_MARKUP, f"more than {MOST_LINKS} links")
        return anchors, labels

    @cached_property
    def _article_ids(self) -> frozenset[str]:
        """Article IDs in the links of the page, without those of the future."""
        elements = islice(self.tree.css(_LINKS), 2 * MOST_LINKS)
        urls = (self._target(element) for element in elements)
        return plausible_ids((article_id for url in urls if url and (article_id := article_id_in(url))), self._today)

    def _article_id(self, url: str, element: Element | None) -> str | None:
        """Return the article ID that a link names. A link to the next page may carry one to say where it begins."""
        article_id = article_id_in(url)
        if article_id not in self._article_ids:
            return None
        # case: cursor-with-an-article-id
        may_be_cursor = not names_article_as_the_site(url) and (
            urlsplit(url).path == urlsplit(self.url).path or not names_key(url)
        )
        return None if may_be_cursor and (element is None or says_next(element)) else article_id

    def _target(self, element: Element) -> str | None:
        """Return the URL of the page of the site to which a link leads."""
        href = element.get("href").strip()
        if href not in self._located:
            self._located[href] = None if href.startswith("#") or not href else self.locate(href)
        return self._located[href]


def _text(anchor: Anchor) -> str:
    return next(anchor.texts, "")


def _is_more(anchor: Anchor) -> bool:
    """Return whether a link leads to a longer list: by its wording, or as an arrow behind a section's label."""
    words = pager_words(anchor)
    return not is_other(anchor) and (
        PagerWord.MORE in words or (PagerWord.ARROW_RIGHT in words and anchor.is_beside_label)
    )


def _is_site_text(text: str) -> bool:
    return section_of(text) is not None or pager_word(text) is not None or page_number(text) is not None


def _server_day(response: Response) -> date | None:
    """Return the day in Japan by the server's clock."""
    try:
        return parsedate_to_datetime((response.headers.get("Date") or b"").decode("latin-1")).astimezone(JAPAN).date()
    except (ValueError, OverflowError):
        return None
