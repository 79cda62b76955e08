"""Wording of a line that a scrambled page keeps: the site's own words, dates, datelines and the grammar of wire copy.

The words of the article are not among them. The tests of the extraction decide, so there is no second list of wordings.
"""

import re
from collections.abc import Iterator
from datetime import date

from jiji.extract.boilerplate import is_boilerplate_wording
from jiji.extract.pager_wording import item_range, page_number, pager_word
from jiji.site.sections import label, section_of
from jiji.text.block_page_wording import kind_in_text, kind_in_title
from jiji.text.dates import MONTH, is_page_date
from jiji.text.list_wording import is_noise, is_pin_mark, without_noise
from jiji.text.wire_copy import (
    byline_authors,
    is_byline,
    is_opening_matter,
    is_publisher_copyright,
    lone_credit,
    split_credit,
    split_dateline,
    split_mark,
    subscribe_start,
)

Span = tuple[int, int]

_LONGEST_NOTICE = 100
"""Characters of a line of boilerplate that is kept whole, and those kept of a longer one."""
_NO_ARTICLE_DAY = date(2000, 1, 1)
_CRUMB = re.compile(r"[^>＞›»→|]+")
_DATE = re.compile(
    rf"\b{MONTH}\s\d{{1,2}}(?!\d)(?:,?\s\d{{4}})?|\d{{1,2}}\s{MONTH}|\d{{1,4}}\s?[年月日時分件]"
    r"|\b\d{1,2}:\d{2}(?:\s?[ap]\.?m\b\.?)?(?:\s?(?:JST|GMT|UTC))?|\bT\d\d:\d\d[\d:.+Z-]*",
    re.IGNORECASE,
)
_SITE_NAME = re.compile(r"(?i)\b(?:afp-)?jiji(?: press)?(?: english news)?(?:,? ltd\.?)?|時事(?:通信社?|ドットコム)?")
_BRACKETED = re.compile(r"[\[(【［（]\s*([^\])】］）]{1,40}?)\s*[\])】］）]")
_PARTICLE = re.compile(r"[a-z]+|[A-Z]\.?|[JS]r\.?|[IV]+|JR\.?|SR\.?")
_MENU = frozenset(
    """about us|advertise|archive|archives|article|contact|contact us|cookie policy|copyright|english|faq|go|help|home
    |japanese|large|latest news|live|log in|login|logout|mail|medium|menu|most read|most viewed|my page|news|ok|pdf
    |photo|photos|print|privacy policy|ranking|access ranking|rss|search|share|sign up|site map|sitemap|small|subscribe
    |subscribers|summary_large_image|terms|terms of use|text size|top|top news|top page|top stories|tweet|update|updated
    |video|日本語|検索|会員|ログイン|お問い合わせ""".replace("\n", "").replace("    |", "|").split("|")
)
"""Words of menus, which name no article."""


def kept_spans(text: str, *, is_block_page: bool) -> list[Span]:
    """Return the parts of a line that are kept.

    >>> text = "Tokyo, Jan. 27 (Jiji Press)--Rain fell on Jan. 26."
    >>> [text[start:end] for start, end in kept_spans(text, is_block_page=False)]
    ['Tokyo, Jan. 27 (Jiji Press)--', 'Jan. 27', 'Jan. 26', 'Jiji Press']
    >>> text = "By Hana Orito and Ken Doi"
    >>> [text[start:end] for start, end in kept_spans(text, is_block_page=False)]
    ['By ', ' and ']
    >>> kept_spans("HOME > NATIONAL > Article", is_block_page=False)[0], kept_spans("Rain Falls", is_block_page=False)
    ((0, 25), [])
    """
    if is_kept_whole(text, is_block_page=is_block_page):
        return [(0, len(text))]
    return [span for span in _parts(text) if span[0] < span[1]]


def is_kept_whole(text: str, *, is_block_page: bool) -> bool:
    """Return whether a line is wording of the site."""
    if all(_is_menu(crumb) for crumb in _CRUMB.findall(text)):
        return True
    tests = (pager_word, page_number, item_range, is_noise, is_pin_mark, is_publisher_copyright, is_page_date)
    if any(test(text) for test in tests) or (len(text) <= _LONGEST_NOTICE and is_boilerplate_wording(text)):
        return True
    return is_block_page and bool(kind_in_title(text) or kind_in_text(text))


def _is_menu(text: str) -> bool:
    return section_of(text) is not None or label(text) in _MENU or not re.search(r"[^\W\d_]", text)


def _parts(text: str) -> Iterator[Span]:
    """Yield the parts of an article's line that are kept."""
    yield 0, len(text) - len(split_dateline(text, _NO_ARTICLE_DAY)[1])
    yield 0, len(text) - len(split_mark(text)[1])
    if is_byline(text):
        yield from _around_names(text)
    elif is_opening_matter(text):
        yield 0, len(text) if len(text) <= _LONGEST_NOTICE else text.find(":") + 1
    elif is_boilerplate_wording(text):
        yield 0, _LONGEST_NOTICE // 2
    caption, credit = split_credit(text)
    if credit or lone_credit(text):
        yield len(caption) if credit else 0, len(text)
    if (start := subscribe_start(text)) is not None:
        stop = text.find(".", start)
        yield start, stop + 1 if stop > 0 else len(text)
    if (headline := without_noise(text)) != text:
        at = text.find(headline)
        yield from ((0, at), (at + len(headline), len(text)))
    yield from (found.span() for found in _BRACKETED.finditer(text) if section_of(found[1]))
    yield from (found.span() for pattern in (_DATE, _SITE_NAME) for found in pattern.finditer(text))


def _around_names(text: str) -> Iterator[Span]:
    """Yield the parts of a byline between the names of persons, and the particles in these."""
    at = 0
    for name in byline_authors(text):
        start = text.find(name, at)
        yield at, start
        at = start + len(name)
        yield from (
            (start + word.start(), start + word.end()) for word in re.finditer(r"\S+", name) if _PARTICLE.fullmatch(word[0])
        )
    yield at, len(text)
