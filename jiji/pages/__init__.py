"""The only place that knows the site's markup: one file a kind of page, and the list of them all."""

from scrapy.http import Response

from jiji.pages.article import ArticlePage
from jiji.pages.base_article import StoryPage
from jiji.pages.block_page import barrier_of
from jiji.pages.index import IndexPage, Listed
from jiji.pages.journal import JournalPage
from jiji.pages.page import Document
from jiji.pages.photo import PhotoPage

LAYOUTS: tuple[type[StoryPage], ...] = (PhotoPage, JournalPage, ArticlePage)
"""Newest layout first, the most general last; a changed layout gets a class of its own in front of the old one."""


def story_page(response: Response) -> StoryPage:
    """Return the page by the first layout that matches; raises ValueError where none does, with what was looked for."""
    document = Document(response)
    for layout in LAYOUTS:
        page = layout(document)
        if page.matches:
            page.check()
            return page
    names = ", ".join(layout.__name__ for layout in LAYOUTS)
    raise ValueError(f"no story: a key in the address, a headline and a body were looked for by {names}")


def barrier(response: Response) -> str | None:
    """Return what stands in the way of what was asked for; None for a story, an index, and whatever is not certain.

    "blocked": a check for robots, a login, access denied. "maintenance": the site is closed for a while. "missing": a
    page that says with status 200 that there is none. Never raises.
    """
    try:
        document = Document(response)
        return None if any(layout(document).matches for layout in LAYOUTS) else barrier_of(document)
    except ValueError:
        return None


__all__ = ["LAYOUTS", "IndexPage", "Listed", "StoryPage", "barrier", "story_page"]
