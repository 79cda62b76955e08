"""Pagers: the links to the further pages of the same list, by wording, relation, URL and neighbours together.

A list shows the newest article first. Its further pages hold older articles, whether a link calls them next, previous
or older. Only the next few pages are offered.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from jiji.extract.anchors import Anchor, hints
from jiji.extract.page_address import AddressKind, PageAddress, page_address, rest_of
from jiji.extract.page_numbers import Numbers, next_pages, numbered, own_number
from jiji.extract.pager_wording import PagerWord, page_number, pager_word
from jiji.extract.tree import Element

_OTHER_NAMES = re.compile(
    r"(?<![a-z])(?:calendar|datepicker|comments?|reply|sns|social|share|font-?size|text-?size|rating|rank(?:ing)?s?|votes?|tag-?cloud"
    r"|carousel|slider?|swiper|tabs?|breadcrumbs?|lang(?:uage)?)(?![a-z])",
    re.IGNORECASE,
)
"""Class names of links that look like a pager's."""
_OTHER_PATHS = re.compile(
    r"/(?:calendar|comments?|rank(?:ing)?|rate|vote|share|mail|login|poll|print)\b", re.IGNORECASE
)
_PAGER_NAMES = re.compile(
    r"(?<![a-z])(?:pager|pagination|paging|paginate|page-?(?:nav|navi|navigation|numbers?|list)|pages|pagenavi)(?![a-z])",
    re.IGNORECASE,
)
_NAME = re.compile(r"next|prev|older|newer", re.IGNORECASE)
"""Beginning of a class name that says where a link without text leads."""
_WEEK = re.compile(
    r"(?:\b(?:su|mo|tu|we|th|fr|sa)[a-z]{0,7}\b\W*){5}|(?:[日月火水木金土]\W*){5}|(?:\b[SMTWF]\b\W*){5}",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z.]*\s+(?:19|20)\d\d\b|(?:19|20)\d\d年\s?\d{1,2}月",
    re.IGNORECASE,
)
_MONTH_NAME = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b|\d{1,2}月|(?:19|20)\d\d[./年]\s?\d{1,2}",
    re.IGNORECASE,
)
_CALENDAR_DAYS = 5
"""Numbers with links to days that make a calendar."""
_DAYS_OF_A_MONTH = range(28, 32)
_CERTAIN = {PagerWord.OLDER: 1, PagerWord.NEWER: -1, PagerWord.END: -1}
"""Words whose direction no other evidence changes: 1 is further on, -1 is back."""
_USUAL = {PagerWord.NEXT: 1, PagerWord.ARROW_RIGHT: 1, PagerWord.PREVIOUS: -1, PagerWord.ARROW_LEFT: -1}
_ARROWS = (PagerWord.ARROW_RIGHT, PagerWord.ARROW_LEFT)
_SHORTEST_MOMENT = 6
"""Digits of a year and month."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """Page whose links are read: its URL, and its newest and oldest article ID."""

    url: str
    newest: str = ""
    oldest: str = ""


def further_pages(anchors: Sequence[Anchor], page: ListPage) -> list[Anchor]:
    """Return the links to the next pages of a page's own list, in the order in which they should be followed."""
    candidates = [anchor for anchor in anchors if anchor.article_id is None and not is_other(anchor)]
    groups = (list(group) for _, group in groupby(candidates, key=lambda anchor: anchor.group))
    found = [anchor for group in groups for anchor in _further(group, page) if anchor.url != page.url]
    return list({anchor.url: anchor for anchor in reversed(found)}.values())[::-1]


def pager_words(anchor: Anchor) -> list[PagerWord]:
    """Return the meanings of a link's texts; of its class names for a link without text."""
    return _meanings(list(anchor.texts)) if any(anchor.texts) else _named_meanings(anchor.element)


def says_next(link: Element) -> bool:
    """Return whether a link says that it leads to another page of the list.

    >>> from jiji.extract.tree import Tree
    >>> [says_next(Tree(f"<a {attributes}></a>").css("a")[0]) for attributes in ("rel=next", "class=btn-next", "class=x")]
    [True, True, False]
    """  # noqa: E501
    texts = [text for text in (link.line, *hints(link)) if text]
    return "next" in link.get("rel").lower().split() or bool(_meanings(texts) if texts else _named_meanings(link))


def _meanings(texts: Sequence[str]) -> list[PagerWord]:
    return [word for text in texts if (word := pager_word(text))]


def _named_meanings(link: Element) -> list[PagerWord]:
    """Return the meanings of a link's class names and ID.

    >>> from jiji.extract.tree import Tree
    >>> _named_meanings(Tree("<a class='pagination__next' id=x></a><a class=next></a>").css("a")[0])
    [<PagerWord.NEXT: 'next'>]
    """
    found = (_NAME.match(part) for part in re.split(r"[\s_-]+", f"{link.get('class')} {link.get('id')}"))
    return _meanings([match[0] for match in found if match])


def is_other(anchor: Anchor) -> bool:
    """Return whether a link belongs to comments, a calendar, a slide show or the like."""
    return _OTHER_NAMES.search(anchor.names) is not None or _OTHER_PATHS.search(anchor.url) is not None


def _further(group: Sequence[Anchor], page: ListPage) -> list[Anchor]:
    """Return the next pages in a group: the one by word first, then those by number."""
    if _is_calendar(group):
        # case: calendar-and-archive-box-beside-a-pager
        group = [anchor for anchor in group if _kind(anchor) is not AddressKind.DATE]
    if _is_month(group):
        # case: calendar-without-dates-in-its-urls
        group = [anchor for anchor in group if not any(map(page_number, anchor.texts))]
    if not group:
        return []
    numbers = numbered(group, page.url)
    own = own_number(group, numbers, page.url)
    ahead = next_pages(numbers, own)
    directions = [(anchor, *_direction(anchor, page)) for anchor in group if _is_directed(anchor, group, numbers, page)]
    named = [anchor for anchor, direction, _ in directions if direction > 0]
    if not named and not ahead and own in (None, 1) and _is_first(page_address(page.url)):
        # case: previous-is-the-older-page
        named = [anchor for anchor, direction, is_certain in directions if direction < 0 and not is_certain]
    # case: arrow-that-skips-pages
    nearest = [anchor for anchor in named if not ahead or _page_value(anchor) in (0, _page_value(ahead[0]))]
    return [*sorted(nearest, key=_page_value)[:1], *ahead]


def _is_directed(anchor: Anchor, group: Sequence[Anchor], numbers: Numbers, page: ListPage) -> bool:
    """Return whether a link leads to the next or the previous page. An arrow alone may also adorn a link."""
    words = pager_words(anchor)
    if (
        continues(anchor.url, page)
        or {"next", "prev"} & set(anchor.rel)
        or any(word not in (*_ARROWS, PagerWord.MORE) for word in words)
    ):
        return True
    if PagerWord.MORE in words:
        # case: more-link-to-the-next-page-of-the-same-list
        address = page_address(anchor.url)
        return address is not None and address.rest == rest_of(page.url)
    if anchor.is_beside_label:
        return False
    is_pager = bool(numbers) or _PAGER_NAMES.search(anchor.names) or page_address(anchor.url)
    return any(word in _ARROWS for word in words) and bool(is_pager or _has_counterpart(anchor, group))


def continues(url: str, page: ListPage) -> bool:
    """Return whether a URL alone proves that it is the next page, whatever the link says.

    It is the page's own but for the next number, or for the article ID that is the oldest of the page.
    """
    # cases: next-page-in-other-words, cursor-with-an-article-id
    if page.oldest and page.oldest in url:
        return urlsplit(url).path.startswith(urlsplit(page.url).path)
    address, own = page_address(url), page_address(page.url)
    if address is None or address.kind is not AddressKind.NUMBER or address.rest != rest_of(page.url):
        return False
    own_number = own.number if own and own.kind is AddressKind.NUMBER else 1
    return own_number is not None and address.number == own_number + 1


def _has_counterpart(anchor: Anchor, group: Sequence[Anchor]) -> bool:
    return any(set(pager_words(other)) & _USUAL.keys() for other in group if other is not anchor)


def _direction(anchor: Anchor, page: ListPage) -> tuple[int, bool]:
    """Return 1 for further on and -1 for back, and whether more than the usual meaning of a word says so."""
    words = pager_words(anchor)
    for word in words:
        if word in _CERTAIN:
            return _CERTAIN[word], True
    if "next" in anchor.rel:
        return 1, True
    if continues(anchor.url, page):
        return 1, True
    if by_address := _direction_by_address(page_address(anchor.url), page):
        return by_address, True
    if "prev" in anchor.rel:
        return -1, False
    return next((_USUAL[word] for word in words if word in _USUAL), 0), False


def _direction_by_address(address: PageAddress | None, page: ListPage) -> int:
    """Return the direction by a URL's part that names a page, compared with the page itself; 0 if it tells none.

    >>> page = ListPage("/list?c=pol&p=2", newest="2026060200111", oldest="2026060100222")
    >>> urls = "/list?c=pol&p=3", "/list?c=pol&p=1", "/list?after=2026060100222", "/list?from=2026060300111", "/list?cursor=x"
    >>> [_direction_by_address(page_address(url), page) for url in urls]
    [1, -1, 1, -1, 0]
    """  # noqa: E501
    if address is None:
        return 0
    own = page_address(page.url)
    if address.kind is AddressKind.NUMBER:
        value, own_value = address.number or 0, own.number if own and own.kind is address.kind else None
        if own and own.rest != address.rest:
            return 0
        return _sign(value - (own_value or 0))
    digits = "".join(filter(str.isdigit, address.value))
    if len(digits) >= _SHORTEST_MOMENT and page.oldest:
        here = own.value if own and own.kind is address.kind else ""
        here = "".join(filter(str.isdigit, here))
        oldest, newest = (here or page.oldest)[: len(digits)], (here or page.newest)[: len(digits)]
        if digits < oldest or (digits == oldest and not here):
            return 1
        if digits > newest or (digits == newest and not here):
            return -1
    return {AddressKind.OLDER: 1, AddressKind.NEWER: -1}.get(address.kind, 0)


def _is_first(address: PageAddress | None) -> bool:
    return address is None or (address.kind is AddressKind.NUMBER and (address.number or 0) <= 1)


def _page_value(anchor: Anchor) -> int:
    """Return the number in a link's URL by which the nearest of several next pages is found."""
    address = page_address(anchor.url)
    return address.number or 0 if address and address.kind is AddressKind.NUMBER else 0


def _is_calendar(group: Sequence[Anchor]) -> bool:
    """Return whether links lead to the days of a calendar, or to its next month."""
    dated = [anchor for anchor in group if _kind(anchor) is AddressKind.DATE]
    if not dated:
        return False
    if sum(any(map(page_number, anchor.texts)) for anchor in dated) >= _CALENDAR_DAYS:
        return True
    is_arrow = any(word in _ARROWS for anchor in dated for word in pager_words(anchor))
    return any(_WEEK.search(gap) or (is_arrow and _MONTH.search(gap)) for gap in _gaps(group))


def _is_month(group: Sequence[Anchor]) -> bool:
    """Return whether links are the days of one month, below its name or those of the weekdays."""
    days = {number for anchor in group for number in map(page_number, anchor.texts) if number}
    is_month = len(days) in _DAYS_OF_A_MONTH and days == {*range(1, len(days) + 1)}
    return is_month and any(_WEEK.search(gap) or _MONTH_NAME.search(gap) for gap in _gaps(group))


def _gaps(group: Sequence[Anchor]) -> Iterator[str]:
    yield from (gap for each in group for gap in (each.before, each.after))


def _kind(anchor: Anchor) -> AddressKind | None:
    address = page_address(anchor.url)
    return address.kind if address else None


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
