"""The only place that knows the site's markup: one file a kind of page, and the list of them all."""

from scrapy.http import Response

from jiji.pages.article import ArticlePage
from jiji.pages.index import IndexPage, Listed
from jiji.pages.journal import JournalPage
from jiji.pages.page import Document
from jiji.pages.photo import PhotoPage
from jiji.pages.story import StoryPage

LAYOUTS: tuple[type[StoryPage], ...] = (PhotoPage, JournalPage, ArticlePage)
"""Newest layout first, the most general last; a changed layout gets a class of its own in front of the old one."""


def story_page(response: Response) -> StoryPage:
    """Return the page by the first layout that matches; raises ValueError where none does, with what was looked for."""
    document = Document(response)
    for layout in LAYOUTS:
        page = layout(document)
        if page.matches:
            return page
    names = ", ".join(layout.__name__ for layout in LAYOUTS)
    raise ValueError(f"no story: a key in the address, a headline and a body were looked for by {names}")


__all__ = ["LAYOUTS", "IndexPage", "Listed", "StoryPage", "story_page"]
