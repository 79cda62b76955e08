"""Page numbers in a group of links: the numbered pages, the number of the page itself, and the next ones."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, urlsplit

from jiji.extract.anchors import Anchor
from jiji.extract.page_address import AddressKind, is_page_name, page_address
from jiji.extract.pager_wording import current_number, item_range, page_number

PAGES_AHEAD = 3
"""Numbered pages that are offered beyond the page itself."""

Numbers = list[tuple[int, Anchor]]
"""Links to pages with their numbers, in the page's order."""

_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_LAST, _FIRST = re.compile(r"(?<!\w)\d{1,4}(?=(?:ページ|頁)?[\W_]*$)"), re.compile(r"\d{1,4}(?![A-Za-z\d])")
_RANGE = re.compile(r"\d{1,5}\s?[-–—~〜～]\s?\d{1,5}")


def numbered(group: Sequence[Anchor], page_url: str) -> Numbers:
    """Return the links that are numbered pages: the URL agrees with the number.

    A number alone proves nothing. It may be a count of comments, a day of a calendar, or a size of the font.
    """
    size = _page_size(group)
    read = [(number, anchor) for anchor in group if (number := _number(anchor, size))]
    unnamed = [(number, anchor) for number, anchor in read if page_address(anchor.url) is None]
    # case: first-page-without-a-number-in-its-url
    is_series = any(
        _is_series([number for number, _ in series], _values([each.url for _, each in series], page_url))
        for series in (unnamed, [each for each in unnamed if each[0] > 1])
    )
    return [
        (number, anchor)
        for number, anchor in read
        if ((number, anchor) in unnamed and is_series) or _agrees_with_address(number, anchor.url, size)
    ]


def own_number(group: Sequence[Anchor], numbers: Numbers, page_url: str) -> int | None:
    """Return the number of the page itself: as printed without a link, or by its URL; None if nothing tells it."""
    gaps = [group[0].before, *(anchor.after for anchor in group)]
    printed = next(filter(None, map(current_number, gaps)), None)
    linked, size = {number for number, _ in numbers}, _page_size(group)
    unlinked = [
        number
        for number in (_range_numbers(" | ".join(gaps), size) if size else _numbers_beside(gaps))
        if number not in linked and {number - 1, number + 1} & linked
    ]
    linked_to_itself = (number for number, anchor in numbers if anchor.url == page_url)
    return printed or next(iter(unlinked), None) or next(linked_to_itself, None) or _number_by_url(numbers, page_url)


def next_pages(numbers: Numbers, own: int | None) -> list[Anchor]:
    """Return the links to the pages after the page itself, one after the other, `PAGES_AHEAD` at most."""
    by_number = dict(reversed(numbers))
    order = [number for number, _ in numbers]
    # case: page-numbers-counted-down
    step = -1 if order == sorted(order, reverse=True) and any(number - 1 in by_number for number in by_number) else 1
    at = own if own is not None else (1 if step == 1 else max(order, default=0) + 1)
    after = sorted((number for number in by_number if (number - at) * step > 0), key=lambda number: number * step)
    in_a_row = [number for place, number in enumerate(after) if number == after[0] + place * step]
    return [by_number[number] for number in in_a_row[:PAGES_AHEAD]]


def _number(anchor: Anchor, size: int | None) -> int | None:
    for text in anchor.texts:
        if number := page_number(text):
            return number
        if size and (items := item_range(text)):
            return (items[0] - 1) // size + 1
    return None


def _page_size(group: Sequence[Anchor]) -> int | None:
    """Return the number of items of a page where links name ranges of items, None elsewhere."""
    ranges = [items for anchor in group for text in anchor.texts if (items := item_range(text))]
    return max((last - first + 1 for first, last in ranges), default=None)


def _numbers_beside(gaps: Sequence[str]) -> Iterator[int]:
    """Yield the numbers without a link among the links of a group: between two, right before the first, or after the last.

    >>> list(_numbers_beside(["July 8, 10:05 1 ", " 3 ", " of 300"])), list(_numbers_beside(["Pages: ", "", " 4"]))
    ([1, 3], [4])
    """  # noqa: E501
    before, *between, after = gaps
    yield from map(int, _LAST.findall(before))
    yield from (int(number) for gap in between for number in _NUMBER.findall(gap))
    if found := _FIRST.match(after.strip(" \n\t|[(-\u00b7\u2026")):
        yield int(found[0])


def _range_numbers(gap: str, size: int) -> Iterator[int]:
    ranges = (item_range(found[0]) for found in _RANGE.finditer(gap))
    return ((first - 1) // size + 1 for first, _ in filter(None, ranges))


def _agrees_with_address(number: int, url: str, size: int | None) -> bool:
    """Return whether the part of a URL that names a page may be the page of a number."""
    address = page_address(url)
    if address is None or address.kind is AddressKind.DATE:
        return False
    value = address.number
    if address.kind is not AddressKind.NUMBER or value is None:
        return True
    firsts = {(number - 1) * size, (number - 1) * size + 1} if size else set()
    return value in {number, number - 1, *firsts} or (number > 1 and value > number and value % (number - 1) in (0, 1))


def _is_series(numbers: list[int], values: list[int]) -> bool:
    """Return whether values count pages as their numbers do: from one, from zero, or by the first item."""
    if not numbers or len(values) != len(numbers):
        return False
    pairs = list(zip(numbers, values, strict=True))
    steps = {(value - first) / (number - 1) for number, value in pairs for first in (0, 1) if number > 1}
    return any(
        all(value == (number - 1) * step + first for number, value in pairs)
        for step in {1.0, *steps}
        for first in (0, 1)
    )


def _values(urls: list[str], page_url: str) -> list[int]:
    """Return the values of the one part in which URLs differ, from each other or from the page's; none for other URLs.

    >>> _values(["/list?c=pol&x=2", "/list?c=pol&x=3"], "/list?c=pol"), _values(["/list?c=pol&x=2"], "/list?c=pol")
    ([2, 3], [2])
    >>> [_values(urls, "/a") for urls in (["/a?x=1&y=1", "/a?x=2&y=2"], ["/a?font=12", "/a?font=14"], ["/24"])]
    [[], [], []]
    """
    parts = [_parts(url) for url in urls]
    if not parts or any(each.keys() != parts[0].keys() for each in parts):
        return []
    page = _parts(page_url)
    others = parts if len(parts) > 1 else [*parts, page]
    differing = [name for name in parts[0] if len({each.get(name) for each in others}) > 1]
    if len(differing) != 1 or not is_page_name(differing[0]):
        return []
    if len(parts) == 1 and (page.keys() - parts[0].keys() or not page.get(differing[0], "0").isdigit()):
        return []
    values = [each[differing[0]] for each in parts]
    return (
        list(map(int, values))
        if all(value.isascii() and value.isdigit() and len(value) < 9 for value in values)
        else []
    )


def _parts(url: str) -> dict[str, str]:
    split = urlsplit(url)
    return {f"/{at}": part for at, part in enumerate(split.path.strip("/").split("/"))} | dict(parse_qsl(split.query))


def _number_by_url(numbers: Numbers, page_url: str) -> int | None:
    """Return the number of the page by the part of its URL that the numbered links have too."""
    own = page_address(page_url)
    if own is None or own.kind is not AddressKind.NUMBER or own.number is None:
        values = _values([anchor.url for _, anchor in numbers], page_url) if numbers else []
        unnamed = _values([page_url, numbers[0][1].url], page_url) if values else []
        return unnamed[0] + numbers[0][0] - values[0] if unnamed else None
    for number, anchor in numbers:
        address = page_address(anchor.url)
        if address and address.number is not None and address.kind is own.kind:
            if address.number in (number, number - 1):
                return own.number + number - address.number
            if number > 1:
                return own.number // (address.number // (number - 1)) + 1
    return own.number
