"""Pages that stand in the way of others: a check for robots, a login, maintenance, "not found" with status 200.

What a page says in its title and headings counts most; what it says elsewhere, and the marks of the usual checks for
robots, count where it lists no stories and tells none.
"""

import re
from collections.abc import Iterator

from jiji.extract.article import trail
from jiji.extract.blocks import Block, shown, texts_of
from jiji.extract.paragraphs import only_links
from jiji.pages.index import IndexPage
from jiji.pages.page import Document
from jiji.site.sections import section_of
from jiji.text.notices import BLOCKED, names_barrier, says_barrier
from jiji.text.wire_copy import has_dateline

_GUARDS = re.compile(
    r"(?i)g-recaptcha|recaptcha/(?:api|enterprise)|h-?captcha|cf[-_](?:challenge|turnstile|chl|error)|challenge-(?:form|platform"
    r"|error)|px-captcha|datadome|_incapsula_|ddos-guard|awswaf|captcha[-_]?(?:form|box|container|image|delivery)"
)
_LONG = 2000
"""Characters of words that are no links: more than any notice has."""
_LISTED = 3
"""So many stories under no label, or under the label of the page itself, make a list."""


def barrier_of(document: Document) -> str | None:
    """Return which barrier a page is, "blocked", "maintenance" or "missing", that is no story; None if it is none."""
    blocks = [block for block in texts_of(document.stream) if not only_links(block)]
    if sum(len(block.text) for block in blocks) > _LONG or any(has_dateline(block.text) for block in blocks):
        return None
    named = next(filter(None, map(names_barrier, _titles(document, blocks))), None)
    if named or _is_index(document):
        return named
    said = next(filter(None, (says_barrier(block.text) for block in blocks)), None)
    return said or (BLOCKED if _is_guarded(document) else None)


def _titles(document: Document, blocks: list[Block]) -> Iterator[str]:
    yield from (shown(found.root) for found in document.selector.css("head > title"))
    yield from (block.text for block in blocks if block.element.tag in ("h1", "h2") or block.element.tag == "title")
    if (text := [block.text for block in blocks]) and len(text) <= 2:
        yield text[0]


def _is_index(document: Document) -> bool:
    """Say whether a page lists stories beyond the boxes that every page of the site carries."""
    crumbs = trail(document.stream)[0]
    own = section_of(crumbs[-1]) if crumbs else None
    try:
        stories = [story for story in IndexPage(document).stories if not story.boxed]
    except ValueError:
        return True
    if own:
        return any(story.under in (own, None) or story.under.parent == own.name for story in stories)
    return sum(story.under is None or story.under.parent is not None for story in stories) >= _LISTED


def _is_guarded(document: Document) -> bool:
    """Say whether a page asks for a password, or has the marks of a check for robots."""
    if document.selector.xpath('//input[translate(@type, "PASWORD", "pasword") = "password"]'):
        return True
    marks = document.selector.xpath(
        "//script/@src | //iframe/@src | //form/@action | //*/@class | //*/@id | //script/text()"
    )
    return any(_GUARDS.search(mark[:_LONG]) for mark in marks.getall())
