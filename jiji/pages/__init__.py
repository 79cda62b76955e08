"""Pages of the site: selectors and fields, one file a kind of page, and the list of layouts."""

from itertools import chain

from scrapy.http import Response

from jiji.exceptions import PageRejected
from jiji.pages.article import ArticlePage
from jiji.pages.base_article import BaseArticlePage
from jiji.pages.block_page import detect_block_page, is_challenge
from jiji.pages.index import IndexPage
from jiji.pages.index_entry import IndexEntry
from jiji.pages.journal import JournalPage
from jiji.pages.page import Document
from jiji.pages.phone import PhonePage
from jiji.pages.photo import PhotoPage
from jiji.site.urls import article_id_in
from jiji.stats import BlockPageKind, RejectReason

LAYOUTS: tuple[type[BaseArticlePage], ...] = (PhonePage, PhotoPage, JournalPage, ArticlePage)
"""Layouts of article pages, tried in this order: the newest first, the most general last."""


def article_page(response: Response) -> BaseArticlePage:
    """Return the page in the first matching layout; raises PageRejected for any other response."""
    document = Document(response)
    pages = [layout(document) for layout in LAYOUTS]
    # the certain readings exclude each other: the most frequent layout, which is the most general, is tried first
    certain = (page for page in reversed(pages) if page.certain_parts)
    fallback = (page for page in pages if page.matches)
    if page := next(chain(certain, fallback), None):
        page.check()
        return page
    tried = ", ".join(layout.__name__ for layout in LAYOUTS)
    has_id = article_id_in(response.url) is not None
    detail = f"no headline and body in any layout ({tried})" if has_id else "no article ID in the URL"
    raise PageRejected(RejectReason.NOT_AN_ARTICLE, detail)


def block_page_kind(response: Response) -> BlockPageKind | None:
    """Return the kind of a block page of any status; None for an article, an index page, and any uncertain page."""
    if is_challenge(response):
        return BlockPageKind.BLOCKED
    try:
        document = Document(response)
        return None if any(layout(document).matches for layout in LAYOUTS) else detect_block_page(document)
    except PageRejected:
        return None


__all__ = ["LAYOUTS", "BaseArticlePage", "IndexEntry", "IndexPage", "article_page", "block_page_kind"]
