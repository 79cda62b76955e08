"""What all pages that tell a story have in common; a subclass names its markup in three lines."""

import re
from datetime import date
from functools import cached_property
from typing import ClassVar

from lxml import html

from jiji.extract.article import Anatomy, dissect
from jiji.extract.blocks import Block, Picture, own_text
from jiji.extract.headline import LONGEST_HEADLINE
from jiji.items import Article, Dateline, Image
from jiji.pages.page import Page
from jiji.site.sections import Category
from jiji.site.urls import canonical, key_of
from jiji.text.dates import day_of_key, page_date

MOST_PICTURES = 500
"""Of stories, icons and advertisements together; a page of photos has some dozens."""


class StoryPage(Page):
    """A page that tells one story: a property a field, in the item's order."""

    HEADLINE: ClassVar[str]
    """CSS of the headline."""
    PARAGRAPHS: ClassVar[str]
    """CSS of the elements that hold paragraphs directly."""
    DATE: ClassVar[str] = "p.article-date"
    """CSS of a printed date, where a page has one."""

    @property
    def matches(self) -> bool:
        """Whether the page has this layout."""
        raise NotImplementedError

    @property
    def breadcrumbs(self) -> list[str]:
        """The crumbs as printed: HOME, NATIONAL, Article."""
        return self._anatomy.breadcrumbs

    @property
    def headline(self) -> str:
        """The headline, once; empty where none is found."""
        return self._anatomy.headline

    @property
    def authors(self) -> list[str]:
        """The names in the byline."""
        return self._anatomy.authors

    @property
    def dateline(self) -> Dateline | None:
        """Where and when the story was filed."""
        return self._anatomy.dateline

    @cached_property
    def published(self) -> tuple[str, str | None]:
        """Day in Japan and moment that the page prints; an empty day where it prints none that is certain."""
        day, moment = page_date(self._dates[0], self._day)
        return day.isoformat() if day else "", moment.isoformat() if moment else None

    @cached_property
    def modified_at(self) -> str | None:
        """The moment of the last change, if the page prints one behind a word that says so."""
        moment = page_date(self._dates[1], self._day)[1]
        return moment.isoformat() if moment else None

    @property
    def body(self) -> str:
        """The paragraphs as printed, without byline, dateline, captions, subscribe sentence and furniture."""
        return "\n\n".join(self._anatomy.paragraphs)

    @property
    def truncated(self) -> bool:
        """Whether the page holds only a lead and asks to subscribe."""
        return self._anatomy.truncated

    @property
    def images(self) -> list[Image]:
        """The story's pictures, caption and credit apart."""
        return [
            Image(url, found.caption or None, found.credit)
            for found in self._anatomy.pictures
            if (url := self.document.resolve(_source(found.picture)))
        ]

    @cached_property
    def rules(self) -> dict[str, str]:
        """By which rule each field was found that the known markup names.

        "selector": by that markup; "structure": by what any such page has; "words": by what it says. A field that the
        page does not have is left out; all other fields are always found by words and structure.
        """
        date_rule = {} if not self.published[0] else {"published_date": "selector" if self.line(self.DATE) else "words"}
        return {field: rule for field, rule in self._anatomy.rules.items() if rule} | date_rule

    @property
    def tells_a_story(self) -> bool:
        """Whether there is a key, and words that only a story has: a notice in a story's place has none."""
        return bool(self.key) and self._anatomy.is_proven

    def check(self) -> None:
        """Raise ValueError where a page that tells a story is not to be believed, with the reason."""
        if others := self.names - {self.key or ""}:
            raise ValueError(f"another story: the page of {self.key} says that it is {', '.join(sorted(others))}")
        if "\ufffd" in self.document.text:
            raise ValueError("no story: the page holds U+FFFD, the sign for characters that were lost on the way here")
        if not (self._anatomy.has_end or self.document.is_closed):
            raise ValueError("no story: the page is cut off, nothing stands behind its text, not even </body>")

    def to_item(self, *, section: str, category: Category | None, fetched_at: str) -> Article:
        """Return the article; what only the crawl knows is told by the caller (``fetched_at``: UTC, ISO 8601)."""
        day, moment = self.published
        return Article(
            id=self.key or "",
            url=canonical(self.address),
            section=section,
            category=category,
            breadcrumbs=self.breadcrumbs,
            headline=self.headline,
            authors=self.authors,
            dateline=self.dateline,
            published_date=day or (self._day.isoformat() if self._day else ""),
            published_at=moment,
            published_source="page" if day else "key",
            modified_at=self.modified_at,
            body=self.body,
            truncated=self.truncated,
            images=self.images,
            fetched_at=fetched_at,
            layout=type(self).__name__,
        )

    @cached_property
    def _day(self) -> date | None:
        """The day of the key."""
        return day_of_key(self.key or "")

    @cached_property
    def _anatomy(self) -> Anatomy:
        if self._day is None:
            return dissect([], headline=None, title="", known=self._holds, day=date.min)
        if sum(isinstance(part, Picture) for part in self.document.stream) > MOST_PICTURES:
            raise ValueError(f"no story: more than {MOST_PICTURES} pictures")
        dates = {found.root for found in self.selector.css(self.DATE)}
        stream = [
            part
            for part in self.document.stream
            if (part.element not in dates if isinstance(part, Block) else self._is_of_story(part))
        ]
        title = self.line("head > title") or ""
        return dissect(stream, headline=self._known_headline, title=title, known=self._holds, day=self._day)

    @cached_property
    def _known_headline(self) -> str | None:
        """The headline where the known markup has one; of a heading that is never closed, what opens it."""
        found = (own_text(heading.root) for heading in self.selector.css(self.HEADLINE))
        return next((text for text in found if 0 < len(text) <= LONGEST_HEADLINE), None)

    @cached_property
    def _dates(self) -> tuple[str, str]:
        """What the page prints of its date, and of its last change."""
        printed = (self.line(self.DATE) or self._anatomy.dates)[:_LONGEST_DATE]
        before, _, behind = re.sub(_CHANGED, "\n", printed, count=1).partition("\n")
        return before, behind

    @cached_property
    def _holders(self) -> set[html.HtmlElement]:
        return {found.root for found in self.selector.css(self.PARAGRAPHS)}

    def _holds(self, block: Block) -> bool:
        """Say whether a block stands where this layout keeps its paragraphs."""
        return block.element in self._holders

    def _is_of_story(self, picture: Picture) -> bool:
        """Say whether a picture belongs to the story: no icon, no advertisement, no other story's thumbnail."""
        sizes = (re.match(r"\d+", picture.element.get(name, "")) for name in ("width", "height"))
        if any(size and int(size[0]) < _SMALLEST for size in sizes):
            return False
        if _FURNITURE.search(_source(picture).rpartition("/")[2] or _source(picture)):
            return False
        links = [above.get("href", "").strip() for above in picture.element.iterancestors("a")]
        return not any(self._leads_elsewhere(link) for link in links)

    def _leads_elsewhere(self, link: str) -> bool:
        if not self.document.resolve(link):
            return False
        located = self.locate(link)
        return located is None or key_of(located) not in (None, self.key)


_LONGEST_DATE = 200
_CHANGED = re.compile(r"(?i)[(,;/ ]*\b(?:updated|modified|revised|last update)\b:?")
_FURNITURE = re.compile(r"(?i)(?:^data:|^$|spacer|blank|pixel|icon|logo|btn|button|arrow|banner)")
_SMALLEST = 60
"""Pixels: whatever is declared narrower or lower is an icon, a rule or a counter."""


def _source(picture: Picture) -> str:
    lazy = (picture.element.get(name) for name in ("data-src", "data-original", "data-lazy"))
    return next((source for source in lazy if source), picture.source)
