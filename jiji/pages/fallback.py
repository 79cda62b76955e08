"""Fallback reading: an article read by the structure and the wording of its page, and by what the selectors match."""

from datetime import date

from jiji.extract.article import ArticleParts, extract_article
from jiji.extract.blocks import Block, opening_text
from jiji.extract.further_pages import has_further_page
from jiji.extract.headline import LONGEST_HEADLINE
from jiji.extract.pictures import without_twins
from jiji.pages.article_box import Selectors
from jiji.pages.page import Document


def read_fallback(document: Document, selectors: Selectors, article_id: str, day: date | None) -> ArticleParts:
    """Return the parts of an article as far as they are found, none without the ``day`` of its ID."""
    if day is None:
        return extract_article([], headline=None, title="", is_selected=bool, article_id="", day=date.min)
    tree = document.tree
    # case: date-line-classed-as-body
    dates = set(tree.css(selectors.date))
    selected = set(tree.css(selectors.paragraphs))
    headlines = map(opening_text, tree.css(selectors.headline))
    titles = (title.line for title in tree.css("head > title"))
    stream = (
        part
        for part in document.article_stream
        if (part.element not in dates if isinstance(part, Block) else document.is_article_picture(part, article_id))
    )
    parts = extract_article(
        list(without_twins(stream)),
        headline=next((text for text in headlines if 0 < len(text) <= LONGEST_HEADLINE), None),
        title=next(filter(None, titles), ""),
        is_selected=lambda block: block.element in selected,
        article_id=article_id,
        day=day,
    )
    parts.truncated = parts.truncated or has_further_page(document.markup, document.url, article_id)
    return parts
