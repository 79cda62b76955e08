"""Further pages of an article: links to them, by their wording or by the page number in their address."""

import re
from urllib.parse import urlsplit

from jiji.extract.blocks import Block

_WORDING = re.compile(
    r"(?i)[\W\d]*+(?:(?:continued|continues|go|read) (?:on|to)? ?)?(?:the )?(?:next|page|continued?|older)\b.{0,20}"
)
_PAGE_QUERY = re.compile(r"(?i)\?(?:[^#]*&)?(?:p|page|pg)=\d")
"""Address that is a query alone, with the number of a page."""
_FURTHER_PAGE = re.compile(
    rb"(?i)[?&;](?:p|page|pg|pn|pageno|paged|part|offset|start)=(?:[2-9]|1\d)\d{0,2}(?![\w.])|k=\d{13}[-_][2-9](?!\w)"
)
_LINE = re.compile(
    r"(?i)\W*+(?:(?:continue[ds]?|continues|go|read|turn) ?(?:on|to)? (?:the )?(?:next )?page(?: \d{1,2})?|next page"
    r"|page \d{1,2} ?(?:of|/) ?\d{1,2}|\d{1,2} ?(?:of|/) ?\d{1,2}(?: pages)?)\W*+"
)
_NUMBERS = re.compile(r"(?i)(?:\W|page|next|prev(?:ious)?|of|\b\d{1,2}\b)++")
_LONGEST_ADDRESS = 300
_BEFORE = re.compile(rb"""[^"'<>\s]*$""")
_BEHIND = re.compile(rb"""[^"'<>\s]*""")


def is_further_page_link(block: Block, article_id: str) -> bool:
    """Return whether the words of a link lead to a further page of the article."""
    if block.link is None or not _WORDING.fullmatch(block.text):
        return False
    return article_id in block.link or _PAGE_QUERY.match(block.link) is not None


def is_further_page_line(block: Block) -> bool:
    """Return whether a line directly below a text says that it goes on, without a link that shows where."""
    # case: several-pages-continued-without-a-link
    has_address = block.link is not None and not block.link.lower().startswith(("#", "javascript:"))
    return not has_address and _LINE.fullmatch(block.text) is not None


def is_page_numbers(block: Block) -> bool:
    """Return whether a line holds nothing but the numbers of pages, one of them a link."""
    # case: several-pages-numbers-like-a-paragraph
    return _NUMBERS.fullmatch(block.text) is not None and bool(block.element.css("a[href]"))


def has_further_page(markup: bytes, url: str, article_id: str) -> bool:
    """Return whether a page links to its own address with the number of a further page.

    >>> url = "https://jen.jiji.com/jc/eng?g=eco&k=2026012700123"
    >>> has_further_page(b'<a href="/jc/eng?k=2026012700123&amp;p=2">2</a>', url, "2026012700123")
    True
    >>> has_further_page(b'<a href="/jc/photo?k=2026012700123&amp;p=2">2</a>', url, "2026012700123")
    False
    """
    wanted, own_path = article_id.encode(), urlsplit(url).path.encode()
    # cases: several-pages-numbers-in-a-navigation, several-pages-continued-on-a-page
    at = markup.find(wanted) if wanted else -1
    while at >= 0:
        before = _BEFORE.search(markup[max(at - _LONGEST_ADDRESS, 0) : at])
        behind = _BEHIND.match(markup[at : at + _LONGEST_ADDRESS])
        address = (before[0] if before else b"") + (behind[0] if behind else b"")
        path = address.removeprefix(b"href=").partition(b"?")[0]
        if _FURTHER_PAGE.search(address) and (not path or path.endswith(own_path)):
            return True
        at = markup.find(wanted, at + len(wanted))
    return False
