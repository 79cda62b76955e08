"""Base of the page classes with one article: fields, checks and the item; a subclass names selectors."""

import re
from datetime import date, datetime
from functools import cached_property
from typing import ClassVar

from jiji.exceptions import PageRejected
from jiji.extract.article import ArticleParts
from jiji.extract.blocks import Picture, opening_text
from jiji.extract.further_pages import has_further_page
from jiji.extract.metadata import MachineTime, agreed, machine_times, moments
from jiji.extract.pictures import source
from jiji.extract.rule import ExtractionRule
from jiji.extract.tree import Element, Tree
from jiji.items import Article, Dateline, Image
from jiji.pages.article_box import Selectors
from jiji.pages.certain import read_certain
from jiji.pages.fallback import read_fallback
from jiji.pages.page import Page
from jiji.site.listing import Listing
from jiji.site.urls import PHONE_PATH, canonical
from jiji.stats import RejectReason
from jiji.text.dates import PublishedSource, day_of_id, page_date, published_day
from jiji.text.zones import JAPAN

SAMPLED = 20
"""Certain pages of which one, by its article ID, is read by the fallback too."""
_COMPARED = ("breadcrumbs", "headline", "authors", "dateline", "body", "truncated", "images")
_LONGEST_DATE = 200
_MODIFIED_LABEL = re.compile(r"(?i)[(,;/ ]*\b(?:updated|modified|revised|last update)\b:?")


class BaseArticlePage(Page):
    """Page with one article: a property a field, in the item's order."""

    SELECTORS: ClassVar[Selectors]
    """Selectors of the layout."""

    @property
    def may_apply(self) -> bool:
        """True if the page may have this layout by its address."""
        return PHONE_PATH not in self.url

    @property
    def matches(self) -> bool:
        """True if the page has this layout, for a page that the certain reading does not read."""
        raise NotImplementedError

    @property
    def breadcrumbs(self) -> list[str]:
        """Breadcrumbs as printed: HOME, NATIONAL, Article."""
        return self._parts.breadcrumbs

    @property
    def headline(self) -> str:
        """Headline; empty if none is found."""
        return self._parts.headline

    @property
    def authors(self) -> list[str]:
        """Names in the byline."""
        return self._parts.authors

    @property
    def dateline(self) -> Dateline | None:
        """Place and day of filing."""
        return self._parts.dateline

    @cached_property
    def published(self) -> tuple[str, str | None]:
        """Day in Japan and moment that the page prints; an empty day if none is certain."""
        day, moment = page_date(self._printed_dates[0], self._day)
        moment = moment or self._machine_time(MachineTime.PUBLISHED, {day} if day else self._likely_days)
        if moment and not day:
            day = moment.astimezone(JAPAN).date()
        return day.isoformat() if day else "", moment.isoformat() if moment else None

    @cached_property
    def modified_at(self) -> str | None:
        """Moment of the last change, printed after a label such as "Updated" or machine-readable."""
        published = self.published[1]
        moment = page_date(self._printed_dates[1], self._day)[1]
        if moment is None and published:
            moment = self._machine_time(MachineTime.MODIFIED, self._likely_days)
            moment = moment if moment and moment > datetime.fromisoformat(published) else None
        return moment.isoformat() if moment else None

    @property
    def body(self) -> str:
        """Paragraphs as printed, without byline, dateline, captions, subscribe sentence and boilerplate."""
        return "\n\n".join(self._parts.paragraphs)

    @property
    def truncated(self) -> bool:
        """True if the page holds only a lead and asks to subscribe."""
        return self._parts.truncated

    @property
    def images(self) -> list[Image]:
        """Pictures of the article, caption and credit apart."""
        found = (
            Image(url, found.caption or None, found.credit)
            for found in self._parts.pictures
            if (url := self.document.resolve(source(found.picture.element)))
        )
        # cases: picture-twice-small-and-in-the-text, picture-twice-for-screen-and-print
        images: dict[str, Image] = {}
        for image in found:
            known = images.setdefault(image.url, image)
            images[image.url] = Image(image.url, known.caption or image.caption, known.credit or image.credit)
        return list(images.values())

    @cached_property
    def rules(self) -> dict[str, ExtractionRule]:
        """Extraction rule of each field for which the layout has a selector, if the page has the field."""
        rules = dict(self._parts.rules)
        if self.published[0]:
            rules["published_date"] = (
                ExtractionRule.SELECTOR if self.line(self.SELECTORS.date) else ExtractionRule.WORDING
            )
        return rules | dict.fromkeys(self._disputed_fields, ExtractionRule.DISPUTED)

    @property
    def _disputed_fields(self) -> list[str]:
        """Fields that the two readings read differently, on a certain page of the sample; other pages have none.

        A page that the fallback refuses disputes nothing.
        """
        if not self.certain_parts or int(self.article_id or 0) % SAMPLED:
            return []
        other = type(self)(self.document)
        other.certain_parts = None
        try:
            other.check()
        except PageRejected:
            return []
        return [name for name in _COMPARED if getattr(self, name) != getattr(other, name)] if other.is_article else []

    @property
    def is_article(self) -> bool:
        """True if the URL has an article ID and the page has wording that only an article has."""
        return bool(self.article_id) and self._parts.is_article

    def check(self) -> None:
        """Raise PageRejected for another article's page, lost characters, or a page that is cut off."""
        if others := self.declared_ids - {self.article_id or ""}:
            detail = f"the page of {self.article_id} declares to be {', '.join(sorted(others))}"
            raise PageRejected(RejectReason.OTHER_ARTICLE, detail)
        if self.document.lost_characters:
            raise PageRejected(RejectReason.CHARSET, "the page holds U+FFFD: it lost characters before it was sent")
        if self.document.is_cut_in_text:
            raise PageRejected(RejectReason.CUT_OFF, "the page ends in the middle of a text or a tag")
        if self.certain_parts:
            return
        if tag := self.document.tree.swallowing_tag:
            raise PageRejected(RejectReason.CUT_OFF, f"a part of the page is inside a {tag} element that is not closed")
        # case: picture-in-noscript-only
        if self._has_picture_without_scripts:
            raise PageRejected(RejectReason.UNCERTAIN, "a picture stands in a noscript element alone")
        if self._parts.doubts:
            detail = f"not certainly text or boilerplate: {'; '.join(self._parts.doubts)[:200]}"
            raise PageRejected(RejectReason.UNCERTAIN, detail)
        if not (self._parts.has_end or self.document.is_closed):
            raise PageRejected(RejectReason.CUT_OFF, "nothing follows the text, not even </body>")

    def to_item(self, listing: Listing, *, section: str, fetched_at: str) -> Article:
        """Return the article of a listing; ``fetched_at`` is UTC in ISO 8601."""
        _, moment = self.published
        day, source = self._published_day
        return Article(
            id=self.article_id or "",
            url=canonical(self.url),
            section=section,
            category=listing.category,
            breadcrumbs=self.breadcrumbs,
            headline=self.headline,
            authors=self.authors,
            dateline=self.dateline,
            published_date=day,
            published_at=moment,
            published_source=source,
            modified_at=self.modified_at,
            body=self.body,
            truncated=self.truncated,
            images=self.images,
            first_seen_at=listing.first_seen_at,
            fetched_at=fetched_at,
            layout=type(self).__name__,
        )

    @property
    def _published_day(self) -> tuple[str, PublishedSource]:
        """Day of publication and its source; an empty day without an article ID."""
        if self._day is None:
            return "", "key"
        printed, filed = (
            date.fromisoformat(day) if day else None
            for day in (self.published[0], self.dateline.date if self.dateline else None)
        )
        day, source = published_day(printed, self._day, filed)
        return day.isoformat(), source

    @property
    def _has_picture_without_scripts(self) -> bool:
        """True if a picture of the article is shown only by a browser without scripts."""
        hidden = [
            Tree(element.node.text()) for element in self.document.tree.css("noframes") if "<img" in element.node.text()
        ]
        pictures = [Picture(image.get("src"), "", image) for tree in hidden for image in tree.css("img")]
        own = [one for one in pictures if self.document.is_article_picture(one, self.article_id or "")]
        shown = {image.url for image in self.images}
        return any(self.document.resolve(source(one.element)) not in shown for one in own)

    def _machine_time(self, kind: MachineTime, days: set[date]) -> datetime | None:
        """Return the moment of a kind that the page declares for one of these days."""
        in_header = self._parts.machine_times if kind is MachineTime.PUBLISHED else []
        declared = [*machine_times(self.document.tree, kind, self.headline), *moments(in_header)]
        return agreed(declared, days) if declared else None

    @property
    def _likely_days(self) -> set[date]:
        """Days in Japan on which the article was published, as far as its ID and its dateline tell."""
        filed = self.dateline.date if self.dateline else None
        return {day for day in (self._day, date.fromisoformat(filed) if filed else None) if day}

    @cached_property
    def _day(self) -> date | None:
        return day_of_id(self.article_id or "")

    @cached_property
    def certain_parts(self) -> ArticleParts | None:
        """Parts by the certain reading; None where a line of the article's box is not accounted for."""
        if self._day is None or not self.may_apply:
            return None
        article_id, document = self.article_id or "", self.document
        parts = read_certain(
            document.tree, self.SELECTORS, self._day, lambda one: document.is_article_picture(one, article_id)
        )
        if parts is None or not parts.is_article:
            return None
        is_whole = parts.truncated or (
            document.is_closed
            and not document.tree.swallowing_tag
            and not has_further_page(document.markup, document.url, article_id)
        )
        return parts if is_whole else None

    @cached_property
    def fallback_parts(self) -> ArticleParts:
        """Parts by the fallback reading."""
        return read_fallback(self.document, self.SELECTORS, self.article_id or "", self._day)

    @property
    def _parts(self) -> ArticleParts:
        return self.certain_parts or self.fallback_parts

    @cached_property
    def _printed_dates(self) -> tuple[str, str]:
        """Printed date of publication, and of the last change."""
        # a date line that is never closed holds the article
        tree = self.document.tree
        lines = (opening_text(Element(node, tree)) for node in tree.find(self.SELECTORS.date))
        printed = (next(filter(None, lines), "") or self._parts.printed_dates)[:_LONGEST_DATE]
        published, _, modified = re.sub(_MODIFIED_LABEL, "\n", printed, count=1).partition("\n")
        return published, modified
