"""Address of a further page: the part of a URL that names a page of a list, and its value."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

_PAGE_NAMES = frozenset(
    "p pg pn page paged pageno page_no pagenum page_num pagenumber page_number pageid pageindex page_index currentpage"
    " current_page start startat start_at offset first begin skip from_item index idx st cpage pager pagination".split()
)
_OLDER_NAMES = frozenset("before before_id max max_id until older older_than end_id last last_id lt to_id".split())
_NEWER_NAMES = frozenset("since since_id min min_id newer newer_than gt".split())
_CURSOR_NAMES = frozenset(
    "cursor after after_id next next_token token continuation from from_id c_id key_id pos".split()
)
_DATE_NAMES = frozenset("d day date dt ymd yyyymmdd ym month m mon year y yyyy archive cal calendar".split())
_OTHER_NAMES = frozenset(
    "size font fs fontsize text_size lang tab slide photo img rank sort order view mode star rate v ver".split()
)
_IN_PATH = (
    re.compile(r"(?<=/)(?:page|pages|p|pg|paged)[-_/]?(?P<value>\d{1,6})(?=/|\.|$)", re.IGNORECASE),
    re.compile(r"(?<=/)[a-z][a-z_-]*?[-_.]?(?P<value>\d{1,4})(?=\.(?:s?html?|php|aspx?|cgi|jsp)$)", re.IGNORECASE),
)
_OLDER_IN_PATH = re.compile(r"(?<=/)(?:before|until|older|max)[-_/](?P<value>[\w-]+)", re.IGNORECASE)
_DATE_IN_PATH = re.compile(
    r"/(?:19|20)\d{2}(?:[-_/]\d{1,2}){0,2}(?=/|\.|$)|/(?:19|20)\d{2}[01]\d(?:[0-3]\d)?(?=/|\.|$)"
)
_DATE_VALUE = re.compile(r"(?:19|20)\d{2}[-/.]?[01]\d(?:[-/.]?[0-3]\d)?")


class AddressKind(Enum):
    """Kind of the part of a URL that tells a page of a list from the others."""

    NUMBER = "the number of a page or of its first item"
    OLDER = "an article or moment before which the page begins"
    NEWER = "an article or moment after which the page begins"
    CURSOR = "a place in the list"
    DATE = "a day, month or year"


@dataclass(frozen=True, slots=True)
class PageAddress:
    """URL of a page, and the part of it that names the page."""

    kind: AddressKind
    value: str
    rest: tuple[str, ...]
    """All other parts of the URL."""

    @property
    def number(self) -> int | None:
        """Value as a number, None for any other value."""
        return int(self.value) if self.value.isascii() and self.value.isdigit() and len(self.value) <= 9 else None


@lru_cache(maxsize=4096)
def page_address(url: str) -> PageAddress | None:
    """Return the part of a URL that names a page of a list; None for a URL without one.

    >>> def read(url):
    ...     address = page_address(url)
    ...     return address and (address.kind.name, address.value)
    >>> read("/jc/list?c=pol&p=2"), read("/jc/list/page/3/"), read("/jc/list_4.html"), read("/jc/list?c=pol")
    (('NUMBER', '2'), ('NUMBER', '3'), ('NUMBER', '4'), None)
    >>> read("/jc/list?before=2026010500123"), read("/jc/list?d=20260105"), read("/jc/2026/01/"), read("/jc/list?next=aGk")
    (('OLDER', '2026010500123'), ('DATE', '20260105'), ('DATE', '/2026/01'), ('CURSOR', 'aGk'))
    """  # noqa: E501
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    rest = _all_parts(url)
    for at, (name, value) in enumerate(query, start=1):
        if kind := _kind(name.lower().replace("-", "_"), value):
            return PageAddress(kind, value, tuple(rest[:at] + rest[at + 1 :]))
    path = unquote(parts.path)
    for kind, pattern in ((AddressKind.OLDER, _OLDER_IN_PATH), *((AddressKind.NUMBER, each) for each in _IN_PATH)):
        if found := pattern.search(path):
            without = path[: found.start("value")].rstrip("-_./") + path[found.end("value") :].rstrip("/")
            return PageAddress(
                kind, found["value"], (re.sub(r"(?i)/(?:pages?|p|pg|paged|index)(?=\.|$)", "", without), *rest[1:])
            )
    date = _DATE_IN_PATH.search(path)
    return PageAddress(AddressKind.DATE, date[0], (path.replace(date[0], ""), *rest[1:])) if date else None


def rest_of(url: str) -> tuple[str, ...]:
    """Return the parts of a URL without the one that names a page of a list.

    >>> rest_of("/jc/list?c=pol&p=2") == rest_of("/jc/list?c=pol"), rest_of("/jc/list/page/2/") == rest_of("/jc/list/")
    (True, True)
    """
    address = page_address(url)
    return address.rest if address else tuple(_all_parts(url))


def _all_parts(url: str) -> list[str]:
    parts = urlsplit(url)
    return [
        parts.path.rstrip("/"),
        *(f"{name}={value}" for name, value in parse_qsl(parts.query, keep_blank_values=True)),
    ]


def is_page_name(name: str) -> bool:
    """Return whether a parameter of a URL may count pages: neither a date nor another property of the page's view.

    >>> is_page_name("x"), is_page_name("month"), is_page_name("fontsize")
    (True, False, False)
    """
    return name.lower() not in _DATE_NAMES | _OTHER_NAMES


def _kind(name: str, value: str) -> AddressKind | None:
    if name in _OLDER_NAMES and value:
        return AddressKind.OLDER
    if name in _NEWER_NAMES and value:
        return AddressKind.NEWER
    if name in _DATE_NAMES and (_DATE_VALUE.fullmatch(value) or value.isdigit()):
        return AddressKind.DATE
    if name in _PAGE_NAMES and value.isdigit() and len(value) < 9:
        return AddressKind.NUMBER
    return AddressKind.CURSOR if name in _CURSOR_NAMES and value else None
