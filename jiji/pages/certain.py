"""Certain reading: an article read by the selectors of its layout, if each line of the article's box is accounted for.

In reading order the box holds breadcrumbs, the sizes of text, the headline once or twice, a printed date, pictures with
their captions, a byline, the paragraphs from the dateline on, and the subscribe sentence. Any other line or element
makes the reading uncertain, and the fallback reads the page. The two share no code that finds a part.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import takewhile

from jiji.extract.article import ArticleParts, has_words
from jiji.extract.blocks import Picture
from jiji.extract.boilerplate import is_boilerplate_wording, is_teaser
from jiji.extract.captions import CaptionedPicture
from jiji.extract.headline import LONGEST_HEADLINE
from jiji.extract.rule import ExtractionRule
from jiji.extract.tree import Tree
from jiji.pages.article_box import ArticleBox, Line, Lines, Selectors, UncertainError, are_crumbs, split_crumbs
from jiji.site.sections import section_of
from jiji.text.dates import is_page_date
from jiji.text.wire_copy import (
    byline_authors,
    has_dateline,
    is_byline,
    is_opening_matter,
    is_publisher_copyright,
    is_same_headline,
    lone_credit,
    may_ask_to_subscribe,
    may_open_subscribe,
    names_subscribing,
    resembles_dateline,
    split_credit,
    split_dateline,
    subscribe_start,
)

_SIZES = re.compile(r"(?i)(?:text size|small|medium|large|[\W_])+")
_GENERIC_ALT = re.compile(r"(?i)[\W\d]*(?:(?:photo|image|picture)s?[\W\d]*)?")
_SUBSCRIBE_LINES = 3


def read_certain(
    tree: Tree, selectors: Selectors, day: date, is_article_picture: Callable[[Picture], bool]
) -> ArticleParts | None:
    """Return the parts of an article, None where a line or an element of its box is not accounted for."""
    try:
        box = ArticleBox(tree, selectors)
        return _parts(box, selectors, day, is_article_picture)
    except UncertainError:
        return None


def _parts(
    box: ArticleBox, selectors: Selectors, day: date, is_article_picture: Callable[[Picture], bool]
) -> ArticleParts:
    lines = [one for one in box.lines if isinstance(one, Line) or is_article_picture(one)]
    headline, at = _headline(lines, selectors.headline)
    content = [one for one in lines[at + 1 :] if not (isinstance(one, Line) and _prints(one, headline, selectors))]
    opening = list(takewhile(lambda one: not _is_first_paragraph(one, selectors), content))
    text, truncated = _until_end(content[len(opening) :], box)
    told = [one for one in text if isinstance(one, Line) and one.role == selectors.paragraphs]
    dateline, rest = split_dateline(told[0].text, day) if told else (None, "")
    crumbs = _crumbs(lines[:at], headline, box)
    # case: indented-caption-twice-no-dateline
    is_below_picture = bool(opening) and isinstance(opening[-1], Picture)
    is_lead = truncated and bool(crumbs and told) and told[0].is_indented and not is_below_picture
    is_article = dateline is not None or (is_lead and not resembles_dateline(told[0].text))
    if not told or not is_article or not any(map(has_words, [rest, *(one.text for one in told[1:])])):
        raise UncertainError
    _check_paragraphs(told)
    if not truncated and any(may_ask_to_subscribe(one.text) for one in told[-_SUBSCRIBE_LINES:]):
        raise UncertainError
    bylines = [one for one in opening if isinstance(one, Line) and is_byline(one.text)]
    dates = [one for one in opening if isinstance(one, Line) and one.role == selectors.date]
    if len(bylines) > 1 or len(dates) > 1:
        raise UncertainError
    pictures = _captioned([one for one in opening if one not in (*bylines, *dates)], headline)
    for run in _runs_between(text, told):
        pictures += _captioned(run, headline)
    return ArticleParts(
        breadcrumbs=crumbs,
        headline=headline,
        authors=[name for one in bylines for name in byline_authors(one.text)],
        dateline=dateline,
        printed_dates="".join(one.text for one in dates),
        machine_times=[],
        paragraphs=[rest, *(one.text for one in told[1:])],
        truncated=truncated,
        pictures=pictures,
        indented=told[0].is_indented,
        has_end=truncated,
        doubts=[],
        rules={"headline": ExtractionRule.CERTAIN, "body": ExtractionRule.CERTAIN},
    )


def _headline(lines: Lines, selector: str) -> tuple[str, int]:
    """Return the headline, which may stand on several lines, and the position of its last line."""
    found = {at: one.text for at, one in enumerate(lines) if isinstance(one, Line) and one.role == selector}
    headline = " ".join(found.values())
    # case: advertisement-text-inside-h1
    if any(isinstance(one, Line) and one.role == selector and one.has_link for one in lines):
        raise UncertainError
    if not 0 < len(headline) <= LONGEST_HEADLINE or max(found) - min(found) >= len(found):
        raise UncertainError
    return headline, max(found)


def _prints(one: Line, headline: str, selectors: Selectors) -> bool:
    """Return whether a line prints the headline again."""
    return one.role != selectors.paragraphs and is_same_headline(one.text, headline)


def _crumbs(lines: Lines, headline: str, box: ArticleBox) -> list[str]:
    """Return the crumbs above the headline, where only sizes of text stand beside them in the box."""
    texts: list[str] = []
    for one in lines:
        if isinstance(one, Picture):
            raise UncertainError
        if not _SIZES.fullmatch(one.text) and not is_same_headline(one.text, headline):
            texts.append(one.text)
    crumbs = split_crumbs(texts)
    if texts and not are_crumbs(crumbs):
        raise UncertainError
    return crumbs or box.crumbs_above


def _is_first_paragraph(one: Line | Picture, selectors: Selectors) -> bool:
    return isinstance(one, Line) and one.role == selectors.paragraphs and not is_opening_matter(one.text)


def _until_end(content: Lines, box: ArticleBox) -> tuple[Lines, bool]:
    """Return the text up to the subscribe sentence or a box of other headlines, and True for the former."""
    may_ask = [isinstance(one, Line) and names_subscribing(one.text) for one in content]
    for at, one in enumerate(content):
        if not isinstance(one, Line):
            continue
        behind = at + _SUBSCRIBE_LINES
        if True in may_ask[at:behind] and (length := _subscribe_lines(content[at:behind])):
            _check_behind(content[at + length :])
            return content[:at], True
        if one.role is None and (section_of(one.text) or is_publisher_copyright(one.text)):
            _check_behind(content[at:])
            if any(isinstance(each, Line) and _asks_to_subscribe(each.text) for each in content[at:]):
                raise UncertainError
            return content[:at], False
    box.check_below()
    return content, False


def _subscribe_lines(lines: Lines) -> int:
    """Return the number of lines that print the subscribe sentence together; 0 for other lines."""
    texts: list[str] = []
    for one in lines:
        if isinstance(one, Picture) or not may_open_subscribe(texts[0] if texts else one.text):
            break
        texts.append(one.text)
        if subscribe_start(" ".join(texts)) == 0:
            return len(texts)
    return 0


def _check_behind(behind: Lines) -> None:
    """Raise UncertainError for a paragraph or a picture behind the end."""
    if any(isinstance(one, Picture) or one.role is not None for one in behind):
        raise UncertainError


def _check_paragraphs(told: list[Line]) -> None:
    """Raise UncertainError for paragraphs that may be another thing, are printed twice, or are indented in part."""
    if len({one.text for one in told}) < len(told):
        raise UncertainError
    for one in told[1:]:
        tests = _NO_SENTENCE if _SENTENCE.fullmatch(one.text) else _NO_PARAGRAPH
        # case: line-of-asterisks-between-paragraphs
        if (
            not re.search(r"\w", one.text)
            or one.is_link
            or (one.has_link and is_teaser(one.text))
            or one.is_indented != told[0].is_indented
            or any(test(one.text) for test in tests)
        ):
            raise UncertainError


def _asks_to_subscribe(text: str) -> bool:
    return subscribe_start(text) is not None


_SENTENCE = re.compile(r'["“‘]?[A-Z0-9][^()\[\]©]*[.!?]["”’]*')
"""Line that is neither a credit, a note, a label nor a copyright line."""
_NO_SENTENCE: tuple[Callable[[str], object], ...] = (is_boilerplate_wording, _asks_to_subscribe, is_byline)
"""Tests for sentences that are no paragraph of the article."""
_NO_PARAGRAPH: tuple[Callable[[str], object], ...] = (
    *_NO_SENTENCE,
    is_opening_matter,
    is_page_date,
    is_publisher_copyright,
    has_dateline,
    lone_credit,
    section_of,
)
"""Tests for lines that are no paragraph of the article."""


def _runs_between(text: Lines, told: list[Line]) -> Iterator[Lines]:
    """Yield the lines and pictures between two paragraphs, and behind the last one."""
    run: Lines = []
    paragraphs = set(told)
    for one in text:
        if one not in paragraphs:
            run.append(one)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _captioned(run: Lines, headline: str) -> list[CaptionedPicture]:
    """Return the pictures of a run with their captions, where each line of the run is part of a caption."""
    found: list[CaptionedPicture] = []
    above = [one for one in takewhile(lambda one: isinstance(one, Line), run) if isinstance(one, Line)]
    rest = run[len(above) :]
    if any(isinstance(one, Line) and one.role is not None for one in run) or (above and not rest):
        raise UncertainError
    while rest:
        picture = rest[0]
        below = [one for one in takewhile(lambda one: isinstance(one, Line), rest[1:]) if isinstance(one, Line)]
        rest = rest[1 + len(below) :]
        own = _first_caption(below) if rest else below
        if isinstance(picture, Picture):
            found.append(_with_caption(picture, [one.text for one in (*above, *own)], headline))
        above = below[len(own) :]
    return found


def _first_caption(lines: list[Line]) -> list[Line]:
    """Return the first lines that print one caption, with or without its credit."""
    captions = [split_credit(one.text)[0] for one in lines]
    return [one for at, one in enumerate(lines) if set(captions[: at + 1]) == {captions[0]}]


def _with_caption(picture: Picture, lines: list[str], headline: str) -> CaptionedPicture:
    """Return a picture with its caption; raises UncertainError for a caption that is not printed twice."""
    alt = "" if _GENERIC_ALT.fullmatch(picture.alt) or is_same_headline(picture.alt, headline) else picture.alt
    prints = [split_credit(text) for text in (*lines, *([alt] if alt else []))]
    captions, sources = {caption for caption, _ in prints}, {credit for _, credit in prints if credit}
    if len(captions) > 1 or len(sources) > 1 or (lines and len(prints) == 1):
        raise UncertainError
    return CaptionedPicture(picture, next(iter(captions), ""), next(iter(sources), None), frozenset())
