"""Base of the page classes with one article: fields, checks and the item; a subclass names selectors."""

import re
from datetime import date, datetime
from functools import cached_property
from typing import ClassVar

from jiji.exceptions import PageRejected
from jiji.extract.article import ArticleParts, extract_article
from jiji.extract.blocks import Block, Picture, opening_text
from jiji.extract.headline import LONGEST_HEADLINE
from jiji.extract.metadata import MachineTime, agreed, machine_times, moments
from jiji.extract.pictures import is_picture_file, is_small, source
from jiji.extract.rule import ExtractionRule
from jiji.extract.tree import Element
from jiji.items import Article, Dateline, Image
from jiji.pages.page import Page
from jiji.site.listing import Listing
from jiji.site.urls import article_id_in, canonical
from jiji.stats import RejectReason
from jiji.text.dates import PublishedSource, day_of_id, page_date, published_day
from jiji.text.zones import JAPAN

MOST_PICTURES = 500
"""Pictures of a page, icons and advertisements included. A photo page has some dozens."""
_LONGEST_DATE = 200
_MODIFIED_LABEL = re.compile(r"(?i)[(,;/ ]*\b(?:updated|modified|revised|last update)\b:?")


class BaseArticlePage(Page):
    """Page with one article: a property a field, in the item's order."""

    HEADLINE: ClassVar[str]
    """CSS of the headline."""
    PARAGRAPHS: ClassVar[str]
    """CSS of the elements that hold paragraphs directly."""
    DATE: ClassVar[str] = "p.article-date"
    """CSS of a printed date."""

    @property
    def matches(self) -> bool:
        """True if the page has this layout."""
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
            if (url := self.document.resolve(source(found.picture)))
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
            rules["published_date"] = ExtractionRule.SELECTOR if self.line(self.DATE) else ExtractionRule.WORDING
        return rules

    @property
    def is_article(self) -> bool:
        """True if the URL has an article ID and the page has wording that only an article has."""
        return bool(self.article_id) and self._parts.is_article

    def check(self) -> None:
        """Raise PageRejected for another article's page, lost characters, or a page that is cut off."""
        if others := self.declared_ids - {self.article_id or ""}:
            detail = f"the page of {self.article_id} declares to be {', '.join(sorted(others))}"
            raise PageRejected(RejectReason.OTHER_ARTICLE, detail)
        if "\ufffd" in self.document.text:
            raise PageRejected(RejectReason.CHARSET, "the page holds U+FFFD: it lost characters before it was sent")
        if tag := self.document.tree.swallowing_tag:
            raise PageRejected(RejectReason.CUT_OFF, f"a part of the page is inside a {tag} element that is not closed")
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
    def _parts(self) -> ArticleParts:
        if self._day is None:
            return extract_article(
                [], headline=None, title="", is_selected=self._is_selected, article_id="", day=date.min
            )
        if sum(isinstance(part, Picture) for part in self.document.stream) > MOST_PICTURES:
            raise PageRejected(RejectReason.TOO_MUCH_MARKUP, f"more than {MOST_PICTURES} pictures")
        # case: date-line-classed-as-body
        dates = set(self.document.tree.css(self.DATE))
        stream = [
            part
            for part in self.document.stream
            if (part.element not in dates if isinstance(part, Block) else self._is_article_picture(part))
        ]
        title = self.line("head > title") or ""
        return extract_article(
            stream,
            headline=self._selected_headline,
            title=title,
            is_selected=self._is_selected,
            article_id=self.article_id or "",
            day=self._day,
        )

    @cached_property
    def _selected_headline(self) -> str | None:
        """Headline by the layout's selector; only the opening text of a heading that is never closed."""
        texts = map(opening_text, self.document.tree.css(self.HEADLINE))
        return next((text for text in texts if 0 < len(text) <= LONGEST_HEADLINE), None)

    @cached_property
    def _printed_dates(self) -> tuple[str, str]:
        """Printed date of publication, and of the last change."""
        # a date line that is never closed holds the article
        lines = (opening_text(found) for found in self.document.tree.css(self.DATE))
        printed = (next(filter(None, lines), "") or self._parts.printed_dates)[:_LONGEST_DATE]
        published, _, modified = re.sub(_MODIFIED_LABEL, "\n", printed, count=1).partition("\n")
        return published, modified

    @cached_property
    def _selected_elements(self) -> set[Element]:
        return set(self.document.tree.css(self.PARAGRAPHS))

    def _is_selected(self, block: Block) -> bool:
        """Return whether the layout's paragraph selector matches a block."""
        return block.element in self._selected_elements

    def _is_article_picture(self, picture: Picture) -> bool:
        """Return whether a picture belongs to the article: no icon, no advertisement, no thumbnail of another one."""
        if is_small(picture) or not source(picture):
            return False
        # case: advertisement-picture-with-off-site-link
        links = [above.get("href").strip() for above in picture.element.ancestors if above.tag == "a"]
        return not any(self._leads_elsewhere(link) for link in links if not is_picture_file(link))

    def _leads_elsewhere(self, href: str) -> bool:
        """Return whether a link leads off the site or to another article."""
        if not self.document.resolve(href):
            return False
        if article_id_in(href) not in (None, self.article_id):
            return True  # most links: no need to resolve them
        located = self.locate(href)
        return located is None or article_id_in(located) not in (None, self.article_id)
