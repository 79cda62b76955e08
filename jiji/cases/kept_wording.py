"""Wording of a line that a scrambled page keeps: the site's own words, dates, datelines and the grammar of wire copy.

The words of the article are not among them. The tests of the extraction decide, so there is no second list of wordings.
"""

import re
from collections.abc import Iterator, Sequence
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
    may_open_subscribe,
    split_credit,
    split_dateline,
    split_mark,
    subscribe_start,
)

Span = tuple[int, int]

_LONGEST_NOTICE = 100
"""Characters of a line of boilerplate that is kept whole, and those kept of a longer one."""
_MOST_LINES = 4
"""Lines of a subscribe sentence."""
_NO_ARTICLE_DAY = date(2000, 1, 1)
_CRUMB = re.compile(r"[^>＞›»→|]+")
_PART = re.compile(r"(?:^|[>＞›»→|·:：]|\s[-–—])\s*(?P<part>[^>＞›»→|·:：]+?)\s*(?=$|[>＞›»→|·:：]|\s[-–—]\s)")
"""Part of a title, or of a line with a label."""
_CONTINUED = re.compile(r"(?i)\b(?:continued|continues|go|read) (?:on|to) (?:the )?(?:next|page)\b.{0,20}")
_DATE = re.compile(
    rf"\b{MONTH}\s(?:\d{{1,2}}(?!\d)(?:,?\s\d{{4}})?|\d{{4}})|\d{{1,2}}\s{MONTH}|\d{{1,4}}\s?[年月日時分件]"
    r"|[(\[](?:[\w.'’-]+ ){1,3}time[)\]]"
    r"|\b\d{1,2}:\d{2}(?:\s?[ap]\.?m\b\.?)?(?:\s?(?:JST|GMT|UTC))?|\bT\d\d:\d\d[\d:.+Z-]*",
    re.IGNORECASE,
)
_SITE_NAME = re.compile(r"(?i)\b(?:afp-)?jiji(?: press)?(?: english news)?(?:,? ltd\.?)?|時事(?:通信社?|ドットコム)?")
_BRACKETED = re.compile(r"[\[(【［（]\s*([^\])】］）]{1,40}?)\s*[\])】］）]")
_PARTICLE = re.compile(r"(?<!\S)(?:(?:[a-z]+|[A-Z]\.?|[JS]r\.?|[IV]+|JR\.?|SR\.?)(?!\S)|[dD]['’]|al-|el-)")
"""Word of a name that is no name by itself."""
_MENU = frozenset(
    """about us|advertise|archive|archives|article|contact|contact us|cookie policy|copyright|english|faq|go|help|home
    |japanese|large|latest news|live|log in|login|logout|mail|medium|menu|most read|most viewed|my page|news|ok|pdf
    |photo|photos|print|privacy policy|ranking|access ranking|rss|search|share|sign up|site map|sitemap|small|subscribe
    |subscribers|summary_large_image|terms|terms of use|text size|top|top news|top page|top stories|tweet|update|updated
    |video|日本語|検索|会員|ログイン|お問い合わせ""".replace("\n", "")
    .replace("    |", "|")
    .split("|")
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


def subscribe_lines(texts: Sequence[str]) -> set[str]:
    """Return the lines over which a subscribe sentence goes.

    >>> sorted(subscribe_lines(["Rain fell.", "To read a full story,", "please click here", "to subscribe.", "HOME"]))
    ['To read a full story,', 'please click here', 'to subscribe.']
    """
    found: set[str] = set()
    for at, text in enumerate(texts):
        for end in range(at + 2, at + _MOST_LINES + 1) if may_open_subscribe(text) and not text.endswith(".") else ():
            lines = texts[at:end]
            if all(len(line) <= _LONGEST_NOTICE for line in lines) and subscribe_start(" ".join(lines)) == 0:
                found.update(lines)
                if lines[-1].endswith("."):
                    break
    return found


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
        yield start, min(stop + 1 if stop > 0 else len(text), start + _LONGEST_NOTICE)
    if (headline := without_noise(text)) != text:
        at = text.find(headline)
        yield from ((0, at), (at + len(headline), len(text)))
    yield from (found.span() for found in _BRACKETED.finditer(text) if section_of(found[1]))
    parts = (found for found in _PART.finditer(text) if section_of(found["part"]) or page_number(found["part"]))
    yield from (found.span("part") for found in parts)
    yield from (found.span() for pattern in (_DATE, _SITE_NAME, _CONTINUED) for found in pattern.finditer(text))


def _around_names(text: str) -> Iterator[Span]:
    """Yield the parts of a byline between the names of persons, and the particles in these."""
    at = 0
    for name in byline_authors(text):
        start = text.find(name, at)
        yield at, start
        at = start + len(name)
        yield from ((start + word.start(), start + word.end()) for word in _PARTICLE.finditer(name))
    yield at, len(text)
