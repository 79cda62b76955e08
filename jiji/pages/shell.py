"""Shell: a page without its content, which its scripts load or write."""

import re

from scrapy.http import Response

from jiji.exceptions import PageRejected
from jiji.extract.blocks import is_article_link, text_blocks
from jiji.extract.tree import Element
from jiji.pages.index import IndexPage
from jiji.pages.page import Document

_MOST_TEXT = 400
"""Characters of a shell's text, links apart: a frame of the site, a message to wait, a notice about cookies."""
_DATA_TYPES = re.compile(r"(?i)(?:application|text)/(?!(?:x-)?(?:java|ecma)script\b)|importmap|speculationrules")
"""Types of ``script`` elements that hold data, such as JSON-LD."""


def is_shell(response: Response, *, is_article: bool) -> bool:
    """Return whether a page may get its content from scripts, for a page that is known to hold none.

    The caller knows that the response is neither an article, in the one case, nor a block page. An index page holds
    content if it lists an article outside the box of today's headlines.
    """
    try:
        document = Document(response)
        # case: shell-with-structured-data-only
        if not any(_runs(script) for script in document.tree.css("script")):
            return False
        # case: notice-with-a-script
        text = sum(len(block.text) for block in text_blocks(document.stream) if not is_article_link(block))
        if text > _MOST_TEXT:
            return False
        return is_article or all(entry.in_headline_box for entry in IndexPage(document).entries)
    except PageRejected:
        return False


def _runs(script: Element) -> bool:
    return not _DATA_TYPES.match(script.get("type").strip())
