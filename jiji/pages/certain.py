"""Certain reading: an article read by the selectors of its layout, if each line of the article's box is accounted for.

In reading order the box holds breadcrumbs, the sizes of text, the headline once or twice, a printed date, pictures with
their captions, a byline, the paragraphs from the dateline on, and the subscribe sentence. Any other line or element
makes the reading uncertain, and the fallback reads the page. The two share no code that finds a part.
"""

import re
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from datetime import date

from jiji.extract.article import ArticleParts, has_words
from jiji.extract.blocks import Picture
from jiji.extract.boilerplate import is_boilerplate_wording, is_teaser
from jiji.extract.headline import LONGEST_HEADLINE
from jiji.extract.rule import ExtractionRule
from jiji.extract.tree import Tree
from jiji.pages.article_box import ArticleBox, Line, Lines, Selectors, UncertainError, are_crumbs, split_crumbs
from jiji.pages.certain_captions import captioned, runs_between
from jiji.site.sections import section_of
from jiji.text.dates import is_page_date
from jiji.text.wire_copy import (
    has_dateline,
    is_byline,
    is_opening_matter,
    is_publisher_copyright,
    is_same_headline,
    lone_credit,
    may_ask_to_subscribe,
    names_subscribing,
    opens_with_subscribe_sentence,
    read_byline,
    resembles_dateline,
    split_dateline,
    subscribe_start,
)

_SIZES = re.compile(r"(?i)(?:text size|small|medium|large|[\W_])+")
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
    opening = _read_opening(content, selectors)
    content = content[opening.length :]
    asking = {one for one in content if isinstance(one, Line) and names_subscribing(one.text)}
    text, truncated = _until_end(content, asking, box)
    told = [one for one in text if isinstance(one, Line) and one.role == selectors.paragraphs]
    dateline, rest = split_dateline(told[0].text, day) if told else (None, "")
    crumbs = _crumbs(lines[:at], headline, box)
    # case: indented-caption-twice-no-dateline
    is_told = bool(crumbs and told) and told[0].is_indented and not opening.ends_in_picture
    is_article = dateline is not None or (is_told and not resembles_dateline(told[0].text))
    if not told or not is_article or not any(map(has_words, [rest, *(one.text for one in told[1:])])):
        raise UncertainError
    _check_paragraphs(told, asking)
    if not truncated and any(may_ask_to_subscribe(one.text) for one in told[-_SUBSCRIBE_LINES:]):
        raise UncertainError
    pictures = captioned(opening.captions, headline)
    for run in runs_between(text, told):
        pictures += captioned(run, headline)
    return ArticleParts(
        breadcrumbs=crumbs,
        headline=headline,
        authors=opening.authors or [],
        dateline=dateline,
        printed_dates=opening.date or "",
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


@dataclass(slots=True)
class _Opening:
    """Lines and pictures between the headline and the first paragraph."""

    length: int = 0
    authors: list[str] | None = None
    """Persons in the byline; None without a byline."""
    date: str | None = None
    captions: Lines = field(default_factory=list)
    """Pictures, and lines that have to be captions."""
    ends_in_picture: bool = False


def _read_opening(content: Lines, selectors: Selectors) -> _Opening:
    """Return what stands above the first paragraph; raises UncertainError for two bylines or two dates."""
    opening = _Opening()
    for one in content:
        authors = read_byline(one.text) if isinstance(one, Line) else None
        if authors is not None:
            if opening.authors is not None:
                raise UncertainError
            opening.authors = authors
        elif isinstance(one, Line) and one.role == selectors.date:
            if opening.date is not None:
                raise UncertainError
            opening.date = one.text
        elif isinstance(one, Line) and one.role == selectors.paragraphs and not is_opening_matter(one.text):
            break
        else:
            opening.captions.append(one)
        opening.length += 1
        opening.ends_in_picture = isinstance(one, Picture)
    return opening


def _until_end(content: Lines, asking: Set[Line], box: ArticleBox) -> tuple[Lines, bool]:
    """Return the text up to the subscribe sentence or a box of other headlines, and True for the former.

    ``asking`` are the lines in which a part of the sentence may stand.
    """
    for at, one in enumerate(content):
        if not isinstance(one, Line):
            continue
        following = content[at : at + _SUBSCRIBE_LINES]
        if not asking.isdisjoint(following) and (length := _subscribe_lines(following)):
            _check_behind(content[at + length :])
            return content[:at], True
        if one.role is None and (section_of(one.text) or is_publisher_copyright(one.text)):
            _check_behind(content[at:])
            if any(isinstance(each, Line) and subscribe_start(each.text) is not None for each in content[at:]):
                raise UncertainError
            return content[:at], False
    box.check_below()
    return content, False


def _subscribe_lines(lines: Lines) -> int:
    """Return the number of lines that print the subscribe sentence together; 0 for other lines."""
    texts: list[str] = []
    for one in lines:
        if isinstance(one, Picture):
            break
        texts.append(one.text)
        if opens_with_subscribe_sentence(" ".join(texts)):
            return len(texts)
    return 0


def _check_behind(behind: Lines) -> None:
    """Raise UncertainError for a paragraph or a picture behind the end."""
    if any(isinstance(one, Picture) or one.role is not None for one in behind):
        raise UncertainError


def _check_paragraphs(told: list[Line], asking: Set[Line]) -> None:
    """Raise UncertainError for paragraphs that may be another thing, are printed twice, or are indented in part."""
    if len({one.text for one in told}) < len(told):
        raise UncertainError
    for one in told[1:]:
        asks = one in asking and subscribe_start(one.text) is not None
        is_link = one.is_link or (one.has_link and is_teaser(one.text))
        if is_link or asks or one.is_indented != told[0].is_indented or _is_no_paragraph(one.text):
            raise UncertainError


def _is_no_paragraph(text: str) -> bool:
    """Return whether a line may be another thing than a paragraph. A whole sentence passes most tests unasked."""
    if _SENTENCE.fullmatch(text):
        return is_boilerplate_wording(text) or is_byline(text)
    # case: line-of-asterisks-between-paragraphs
    return not re.search(r"\w", text) or any(test(text) for test in _NO_PARAGRAPH)


_SENTENCE = re.compile(r'["“‘]?[A-Z0-9][^()\[\]©]*[.!?]["”’]*')
"""Line that is neither a credit, a note, a label nor a copyright line."""
_NO_PARAGRAPH: tuple[Callable[[str], object], ...] = (
    is_boilerplate_wording,
    is_opening_matter,
    is_page_date,
    is_publisher_copyright,
    has_dateline,
    lone_credit,
    section_of,
)
"""Tests for lines that are no paragraph of the article."""
