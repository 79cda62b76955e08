"""Block pages: captcha, login, access denied, maintenance and soft 404, served with status 200.

The wording of the title and the headings counts on every page. The wording of other text and the marks of bot checks
count only on a page without a list of articles.
"""

import re
from collections.abc import Iterator

from jiji.exceptions import PageRejected
from jiji.extract.article import find_breadcrumbs
from jiji.extract.blocks import Block, text_blocks
from jiji.extract.paragraphs import is_article_link
from jiji.pages.index import IndexPage
from jiji.pages.page import Document
from jiji.site.sections import section_of
from jiji.stats import BlockPageKind
from jiji.text.block_page_wording import kind_in_text, kind_in_title
from jiji.text.normalize import line
from jiji.text.wire_copy import has_dateline

_BOT_CHECKS = re.compile(
    r"(?i)g-recaptcha|recaptcha/(?:api|enterprise)|h-?captcha|cf[-_](?:challenge|turnstile|chl|error)|challenge-(?:form|platform"
    r"|error)|px-captcha|datadome|_incapsula_|ddos-guard|awswaf|captcha[-_]?(?:form|box|container|image|delivery)"
)
_LONGEST = 2000
"""Characters of text on a block page, links apart; also the characters of an attribute or script that are searched."""
_SHORTEST_LIST = 3
"""Entries under no label, or under the label of the page itself, that make a list."""


def detect_block_page(document: Document) -> BlockPageKind | None:
    """Return the kind of block page of a document that is no article; None for any other page."""
    blocks = [block for block in text_blocks(document.stream) if not is_article_link(block)]
    if sum(len(block.text) for block in blocks) > _LONGEST or any(has_dateline(block.text) for block in blocks):
        return None
    by_title = next(filter(None, map(kind_in_title, _titles(document, blocks))), None)
    if by_title or _is_index(document):
        return by_title
    by_text = next(filter(None, (kind_in_text(block.text) for block in blocks)), None)
    return by_text or (BlockPageKind.BLOCKED if _is_guarded(document) else None)


def _titles(document: Document, blocks: list[Block]) -> Iterator[str]:
    yield from (line(title.own_text) for title in document.tree.css("head > title"))
    yield from (block.text for block in blocks if block.element.tag in ("h1", "h2") or block.element.tag == "title")
    if len(blocks) in (1, 2):
        yield blocks[0].text


def _is_index(document: Document) -> bool:
    """Return whether a page lists articles outside the boxes that every page of the site carries."""
    breadcrumbs = find_breadcrumbs(document.stream)[0]
    own = section_of(breadcrumbs[-1]) if breadcrumbs else None
    try:
        entries = [entry for entry in IndexPage(document).entries if not entry.in_headline_box]
    except PageRejected:
        return True
    if own:
        return any(entry.section in (own, None) or entry.section.parent == own.name for entry in entries)
    return sum(entry.section is None or entry.section.parent is not None for entry in entries) >= _SHORTEST_LIST


def _is_guarded(document: Document) -> bool:
    """Return whether a page asks for a password or has the marks of a bot check."""
    if document.selector.xpath('//input[translate(@type, "PASWORD", "pasword") = "password"]'):
        return True
    marks = document.selector.xpath(
        "//script/@src | //iframe/@src | //form/@action | //*/@class | //*/@id | //script/text()"
    )
    return any(_BOT_CHECKS.search(mark[:_LONGEST]) for mark in marks.getall())
