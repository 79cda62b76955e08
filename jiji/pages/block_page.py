"""Block pages: captcha, login, access denied, maintenance and soft 404, served with any status.

The wording of the title and the headings counts on every page. The wording of other text and the marks of bot checks
count only on a page without a list of articles.
"""

import re
from collections.abc import Iterator

from scrapy.http import Response

from jiji.exceptions import PageRejected
from jiji.extract.article import find_breadcrumbs
from jiji.extract.blocks import Block, is_article_link, text_blocks
from jiji.extract.tree import Element
from jiji.pages.index import IndexPage
from jiji.pages.page import Document
from jiji.site.sections import section_of
from jiji.stats import BlockPageKind
from jiji.text.block_page_wording import kind_in_text, kind_in_title
from jiji.text.wire_copy import has_dateline

_BOT_CHECKS = re.compile(
    r"(?i)cf[-_](?:challenge|turnstile|chl|error)|challenge-(?:form|platform|error)|px-captcha|datadome|_incapsula_|ddos-guard"
    r"|awswaf|gokuprops|captcha[-_]?(?:form|box|container|image|delivery)"
)
"""Names of scripts and elements that only bot checks have."""
_CAPTCHAS = re.compile(r"(?i)g-recaptcha|recaptcha/(?:api|enterprise)|h-?captcha")
"""Names that a form of an ordinary page may have too, such as that of a newsletter."""
_OTHER_FORMS = "input[type=email i], input[type=search i], textarea, input[name*=mail i]"
_CHALLENGE_HEADERS = {"cf-mitigated": "challenge", "x-amzn-waf-action": "captcha challenge"}
"""Response headers with the values that say that the page is a bot check."""
_LONGEST = 2000
"""Characters of text on a block page, links apart; also the characters of an attribute or script that are searched."""
_STORY, _SENTENCE = 120, 60
"""Least characters of a page's sentences that make it no bot check, and of one of them."""
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
    return by_text or (BlockPageKind.BLOCKED if _is_guarded(document, has_story=_has_story(blocks)) else None)


def is_challenge(response: Response) -> bool:
    """Return whether the headers of a response say that it is a bot check."""
    return any(
        (response.headers.get(name) or b"").decode("latin-1").lower() in values.split()
        for name, values in _CHALLENGE_HEADERS.items()
    )


def _titles(document: Document, blocks: list[Block]) -> Iterator[str]:
    yield from (found.line for found in document.tree.css("head > title"))
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


def _has_story(blocks: list[Block]) -> bool:
    """Return whether a page has sentences of its own outside forms and the like."""
    sentences = (
        block.text for block in blocks if not block.in_boilerplate and block.text.endswith((".", '"', "\u201d"))
    )
    return sum(len(text) for text in sentences if len(text) >= _SENTENCE) >= _STORY


def _is_guarded(document: Document, *, has_story: bool) -> bool:
    """Return whether a page has the marks of a bot check, or asks for a password or captcha and tells no story."""
    if any(_BOT_CHECKS.search(mark) for mark in _marks(document.tree.root)):
        return True
    if has_story:
        # case: short-feature-with-a-newsletter-form-and-captcha
        return False
    if document.tree.css("input[type=password i]"):
        return True
    in_other_forms = [
        element
        for form in document.tree.css("form")
        if form.css(_OTHER_FORMS)
        for element in form.css("[class], [id], iframe")
    ]
    # the script of a captcha may serve the form of a newsletter
    tags = "[class], [id], iframe" if any(map(_is_captcha, in_other_forms)) else "[class], [id], iframe, script"
    return any(_is_captcha(each) for each in document.tree.css(tags) if each not in in_other_forms)


def _is_captcha(element: Element) -> bool:
    return any(_CAPTCHAS.search(mark) for mark in _marks_of(element))


def _marks(root: Element) -> Iterator[str]:
    return (mark for element in root.css("script, iframe, form, [class], [id]") for mark in _marks_of(element))


def _marks_of(element: Element) -> Iterator[str]:
    """Yield the names in an element by which a bot check is known."""
    yield from (element.get(name)[:_LONGEST] for name in ("src", "action", "class", "id"))
    if element.tag == "script":
        yield element.own_text[:_LONGEST]
