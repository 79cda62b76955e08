"""Parts of an article, found by the reading order and the wording of a page.

Reading order of the site's article pages (seen): breadcrumbs, the headline twice, a picture with its caption twice, the
byline, indented paragraphs from the dateline on, the subscribe sentence, boxes of other headlines. The selectors of a
known layout are used where they are given.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from jiji.extract.blocks import Block, Picture, Stream, text_blocks
from jiji.extract.body import read_body
from jiji.extract.captions import BlockTest, CaptionedPicture, match_captions
from jiji.extract.headline import after_headline, find_headline
from jiji.extract.paragraphs import find_start, is_prose
from jiji.extract.rule import ExtractionRule
from jiji.items import Dateline
from jiji.site.sections import label
from jiji.text.block_page_wording import kind_in_text, kind_in_title
from jiji.text.dates import is_page_date
from jiji.text.wire_copy import (
    byline_authors,
    has_dateline,
    is_byline,
    is_opening_matter,
    resembles_dateline,
    split_dateline,
)

_CRUMB_SEPARATOR = re.compile(r"[>＞›»→]")
_TWO_WORDS = re.compile(r"[^\W\d_]{2}.*[^\w'’][^\W\d_]{2}", re.DOTALL)
_TEMPLATE_VARIABLE = re.compile(
    r"\W*(?:\{\{.*\}\}|\$\{.*\}|<%.*%>|\[%.*%\]|%\w+%|__\w+__|undefined|null|\[object \w+\]|lorem ipsum.*"
    r"|(?:now )?loading|please wait|coming soon"
    r"|no (?:data|content|text|article|body)|to be (?:filled in|announced|added)"
    r"|(?:an? )?(?:\w+ )?error (?:has )?occurred|(?:the )?(?:article|story|text|content|body)(?: is)?"
    r" (?:body|text|not available|unavailable|missing|goes here))\W*",
    re.IGNORECASE,
)
_MOST_CRUMBS = 12
_LONGEST_BREADCRUMBS = 300
_LONGEST_NOTICE = 400
"""Characters of a block page in the article layout."""
_NOTICE_PARAGRAPHS = 2
"""Paragraphs of a block page in the article layout."""


@dataclass(slots=True)
class ArticleParts:
    """Parts of one article."""

    breadcrumbs: list[str]
    headline: str
    authors: list[str]
    dateline: Dateline | None
    printed_dates: str
    """Lines between headline and text that are dates and nothing else."""
    machine_times: list[str]
    """Times of ``time`` elements between headline and text."""
    paragraphs: list[str]
    truncated: bool
    pictures: list[CaptionedPicture]
    indented: bool
    """True if the first paragraph is indented as the site's paragraphs are."""
    has_end: bool
    """True if something follows the paragraphs that stands only after an article."""
    doubts: list[str]
    """Sentences in the text that are not accounted for."""
    rules: dict[str, ExtractionRule] = field(default_factory=dict)
    """Extraction rules of headline and body, if these were found."""

    @property
    def is_article(self) -> bool:
        """True if the page has wording that only an article has, and is not a block page in the article layout."""
        if not (self.headline and self.paragraphs) or not any(map(has_words, self.paragraphs)):
            return False
        if self.dateline:
            return True
        in_article_section = bool(self.breadcrumbs) and label(self.breadcrumbs[-1]) == "article"
        is_long = sum(map(len, self.paragraphs)) >= _LONGEST_NOTICE
        is_short = len(self.paragraphs) <= _NOTICE_PARAGRAPHS and not is_long
        # case: notice-in-the-article-layout
        is_notice = kind_in_title(self.headline) or (is_short and any(map(kind_in_text, self.paragraphs)))
        # case: truncated-without-article-crumb-and-dateline
        reads_as_article = self.truncated or (in_article_section and (self.indented or is_long))
        return reads_as_article and not is_notice


def has_words(text: str) -> bool:
    """Return whether a text has something to read: a few words, and no variable of a template.

    >>> has_words("Rain fell."), has_words(". . ."), has_words("x"), has_words("{{ article.body }}")
    (True, False, False, False)
    """
    # cases: body-of-one-letter, body-of-only-dots, body-of-a-template-variable, body-of-a-placeholder
    return _TWO_WORDS.search(text) is not None and _TEMPLATE_VARIABLE.fullmatch(text) is None


def extract_article(
    stream: Stream, *, headline: str | None, title: str, is_selected: BlockTest, article_id: str, day: date
) -> ArticleParts:
    """Return the parts of the article in a page's stream.

    ``headline`` is the text at the layout's headline selector, None if that matches nothing. ``title`` is the page's
    title. ``is_selected`` is true for blocks that the layout's paragraph selector matches. ``day`` is the day of
    ``article_id``.
    """
    breadcrumbs, end = find_breadcrumbs(stream)
    headline, headline_rule = (headline, ExtractionRule.SELECTOR) if headline else find_headline(stream[end:], title)
    # case: photo-without-caption-alt-repeats-headline
    stream = [_without_repeated_alt(part, headline) for part in stream]
    content = after_headline(stream[end:], headline)
    start, body_rule = find_start(content, is_selected)
    opening = [part for part in content[:start] if isinstance(part, Picture) or not is_page_date(part.text)]
    body = read_body(content[start:], is_selected, article_id)
    first = body.paragraphs[0] if body.paragraphs else None
    text_boxes = frozenset(first.element.ancestors) if first else frozenset()
    # case: update-line-below-a-picture-without-caption
    pictures = match_captions(
        opening, lambda block: is_opening_matter(block.text), text_boxes, before_text=True, article_id=article_id
    )
    dateline, rest = split_dateline(first.text, day) if first else (None, "")
    return ArticleParts(
        breadcrumbs=breadcrumbs,
        headline=headline,
        authors=next(filter(None, (byline_authors(block.text) for block in text_blocks(opening))), []),
        dateline=dateline,
        printed_dates=" ".join(block.text for block in text_blocks(content[:start]) if is_page_date(block.text)),
        # case: metadata-time-element-agrees
        machine_times=[one.get("datetime") for block in text_blocks(opening) for one in block.element.css("time")],
        paragraphs=[text for text in (rest, *(block.text for block in body.paragraphs[1:])) if text],
        truncated=body.truncated,
        pictures=[*pictures, *body.pictures],
        indented=first is not None and first.indented,
        has_end=body.has_end,
        doubts=[*_unread_bylines(opening), *([] if dateline else _unread_datelines(body.paragraphs)), *body.doubts],
        rules={name: rule for name, rule in (("headline", headline_rule), ("body", body_rule)) if rule},
    )


def _unread_bylines(opening: Stream) -> list[str]:
    """Return the lines above the text that begin like a byline but cannot be read as one."""
    # case: byline-with-an-unknown-office
    return [
        block.text
        for block in text_blocks(opening)
        if re.match(r"(?:By|BY) [A-Z]", block.text) and not is_byline(block.text) and not is_prose(block.text)
    ]


def _unread_datelines(paragraphs: Sequence[Block]) -> list[str]:
    """Return the opening of a text without a dateline, if it resembles one, or if just one stands further below."""
    # cases: dateline-in-an-unknown-form, note-above-the-only-dateline
    opening = [block.text for block in paragraphs[:1] if resembles_dateline(block.text)]
    below = [block.text for block in paragraphs[1:] if has_dateline(block.text)]
    return opening or (below if len(below) == 1 else [])


def _without_repeated_alt(part: Block | Picture, headline: str) -> Block | Picture:
    """Return a picture without an alt text that repeats the headline."""
    return replace(part, alt="") if isinstance(part, Picture) and part.alt == headline else part


def find_breadcrumbs(stream: Stream) -> tuple[list[str], int]:
    """Return the breadcrumbs as printed, and the position after them in the stream.

    They are one line with separators (``HOME > NATIONAL > Article``), or a line each, with a separator on a line of its
    own between them, or from HOME to Article. Those below the dateline belong to another part of the page.
    """
    for at, block in enumerate(stream):
        if not isinstance(block, Block):
            continue
        if not _starts_breadcrumbs(block.text):
            # case: crumbs-below-the-text-alone
            if has_dateline(block.text) and block.link is None:
                break
            continue
        crumbs = _split_crumbs([block])
        if len(crumbs) > 1:
            return crumbs, at + 1
        lines = list(text_blocks(stream[at : at + _MOST_CRUMBS]))
        last = _last_crumb([line.text for line in lines])
        if last:
            return _split_crumbs(lines[: last + 1]), stream.index(lines[last], at) + 1
    return [], 0


def _last_crumb(lines: list[str]) -> int:
    """Return the position of the last crumb among lines that begin with the first; 0 without breadcrumbs."""
    # case: crumb-marks-twice-first-crumb-top
    separated = 0
    while separated + 2 < len(lines) and _CRUMB_SEPARATOR.fullmatch(lines[separated + 1]):
        separated += 2
    labels = [label(text) for text in lines]
    if separated or "article" not in labels or "home" in labels[1 : labels.index("article")]:
        return separated
    return labels.index("article")


def _starts_breadcrumbs(text: str) -> bool:
    """Return whether a line begins with the home page's crumb."""
    if len(text) > _LONGEST_BREADCRUMBS:
        return False
    return label(_CRUMB_SEPARATOR.split(text)[0]) in ("home", "top")


def _split_crumbs(lines: Sequence[Block]) -> list[str]:
    return [crumb.strip() for line in lines for crumb in _CRUMB_SEPARATOR.split(line.text) if crumb.strip()]
