"""What all pages that tell a story have in common; a subclass names its markup in three lines."""

import re
from functools import cached_property
from typing import ClassVar
from urllib.parse import urljoin

from lxml import html

from jiji.dates import day_of_key, page_date
from jiji.items import Article, Dateline, Image
from jiji.pages.anatomy import Anatomy, dissect
from jiji.pages.page import Page
from jiji.sections import Category
from jiji.text import Block, Picture
from jiji.wire import asks_to_subscribe, split_credit


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
        day, moment = page_date(self.line(self.DATE) or "", day_of_key(self.key or ""))
        return day.isoformat() if day else "", moment.isoformat() if moment else None

    @property
    def body(self) -> str:
        """The paragraphs as printed, without byline, dateline, captions, subscribe sentence and furniture."""
        return "\n\n".join(self._anatomy.paragraphs)

    @property
    def truncated(self) -> bool:
        """Whether the page holds only a lead and asks to subscribe."""
        return any(isinstance(block, Block) and asks_to_subscribe(block.text) for block in self.document.stream)

    @property
    def images(self) -> list[Image]:
        """The story's pictures, caption and credit apart."""
        return [self._image(picture, lines) for picture, lines in self._anatomy.pictures]

    def to_item(self, *, section: str, category: Category | None, fetched_at: str) -> Article:
        """Return the article; what only the crawl knows is told by the caller (``fetched_at``: UTC, ISO 8601)."""
        of_key = day_of_key(self.key or "")
        day, moment = self.published
        return Article(
            id=self.key or "",
            url=self.locate(self.address) or self.address,
            section=section,
            category=category,
            breadcrumbs=self.breadcrumbs,
            headline=self.headline,
            authors=self.authors,
            dateline=self.dateline,
            published_date=day or (of_key.isoformat() if of_key else ""),
            published_at=moment,
            published_source="page" if day else "key",
            body=self.body,
            truncated=self.truncated,
            images=self.images,
            fetched_at=fetched_at,
            layout=type(self).__name__,
        )

    @cached_property
    def _anatomy(self) -> Anatomy:
        day = day_of_key(self.key or "")
        if day is None:
            return Anatomy([], "", [], None, [], [])
        stream = [part for part in self.document.stream if isinstance(part, Block) or _is_of_story(part)]
        return dissect(stream, headline=self.line(self.HEADLINE), known=self._holds, day=day)

    @cached_property
    def _holders(self) -> set[html.HtmlElement]:
        return {found.root for found in self.selector.css(self.PARAGRAPHS)}

    def _holds(self, block: Block) -> bool:
        """Say whether a block stands where this layout keeps its paragraphs."""
        return block.element in self._holders

    def _image(self, picture: Picture, lines: list[str]) -> Image:
        printed = lines[0] if lines else picture.alt if picture.alt != self.headline else ""
        caption, credit = split_credit(printed)
        others = (split_credit(" " + line) for line in lines[1:])
        credit = credit or next((found for rest, found in others if not rest.strip()), None)
        return Image(urljoin(self.document.base, _source(picture)), caption or None, credit)


_FURNITURE = re.compile(r"(?i)(?:^data:|^$|spacer|blank|pixel|icon|logo|btn|button|arrow|banner)")
_SMALLEST = 60
"""Pixels: whatever is declared narrower or lower is an icon, a rule or a counter."""


def _source(picture: Picture) -> str:
    lazy = (picture.element.get(name) for name in ("data-src", "data-original", "data-lazy"))
    return next((source for source in lazy if source), picture.source)


def _is_of_story(picture: Picture) -> bool:
    """Say whether a picture belongs to a story and not to the page's furniture."""
    sizes = (re.match(r"\d+", picture.element.get(name, "")) for name in ("width", "height"))
    tiny = any(size and int(size[0]) < _SMALLEST for size in sizes)
    return not (tiny or _FURNITURE.search(_source(picture).rpartition("/")[2] or _source(picture)))
