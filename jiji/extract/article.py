"""The parts of a story in the order in which a reader meets them: known from words and order, not from markup alone.

Breadcrumb, headline (twice), picture with its caption (twice), byline, paragraphs from the dateline on, each opening
with no-break spaces, the sentence that asks to subscribe, boxes with other headlines. Source: article pages seen in
public.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from jiji.extract.blocks import Block, Picture, Stream, texts_of
from jiji.extract.captions import Captioned, captioned
from jiji.extract.headline import behind_headline, find_headline
from jiji.extract.paragraphs import Known, start_of, subscribe_begin, teller, up_to_end
from jiji.items import Dateline
from jiji.site.sections import label
from jiji.text.dates import is_page_date
from jiji.text.notices import names_barrier, says_barrier
from jiji.text.wire_copy import byline_authors, split_dateline

_MARK = re.compile(r"[>＞›»→]")
_TRAIL_LENGTH = 12
_LONGEST_TRAIL = 300
_MUCH_TEXT = 400
"""Characters that no notice in an article's place has."""
_NOTICE = 2
"""Paragraphs that a notice in an article's place may have."""


@dataclass(slots=True)
class Anatomy:
    """The parts of one story."""

    breadcrumbs: list[str]
    headline: str
    authors: list[str]
    dateline: Dateline | None
    dates: str
    """The lines between headline and text that are nothing but dates."""
    paragraphs: list[str]
    truncated: bool
    pictures: list[Captioned]
    indented: bool
    """Whether the first paragraph opens as the site's paragraphs do."""
    has_end: bool
    """Whether something stands behind the paragraphs that comes only there."""
    rules: dict[str, str] = field(default_factory=dict)
    """By which rule headline and body were found."""

    @property
    def is_proven(self) -> bool:
        """Whether words that only a story has stand on the page, and not a notice in a story's place."""
        if not (self.headline and self.paragraphs):
            return False
        is_article = bool(self.breadcrumbs) and label(self.breadcrumbs[-1]) == "article"
        is_long = sum(map(len, self.paragraphs)) >= _MUCH_TEXT
        is_short = len(self.paragraphs) <= _NOTICE and not is_long
        is_notice = names_barrier(self.headline) or (is_short and any(map(says_barrier, self.paragraphs)))
        reads_as_one = self.truncated or (is_article and (self.indented or is_long))
        return bool(self.dateline) or (reads_as_one and not is_notice)


def dissect(stream: Stream, *, headline: str | None, title: str, known: Known, day: date) -> Anatomy:
    """Return the parts of the story that a page's stream tells.

    ``headline`` is what the known markup gives, if anything, ``title`` the page's; ``known`` says whether a block
    stands where the known markup keeps paragraphs; ``day`` is the day of the page's key. Where the markup is silent,
    words and order answer.
    """
    crumbs, behind = trail(stream)
    headline, rule = (headline, "selector") if headline else find_headline(stream[behind:], title)
    stream = [_without_text(part, headline) for part in stream]
    story = behind_headline(stream[behind:], headline)
    start, body_rule = start_of(story, known)
    opening, telling = _without_dates(story[:start]), list(up_to_end(story[start:]))
    first = next(texts_of(telling), None)
    is_told = teller(telling, known)
    frames = frozenset(first.element.iterancestors()) if first else frozenset()
    pictures = [
        *captioned(opening, lambda block: bool(byline_authors(block.text)), frames, opens=True),
        *captioned(telling, is_told, frames, opens=False),
    ]
    captions = {line for picture in pictures for line in picture.lines}
    paragraphs = [block.text for block in texts_of(telling) if is_told(block) and block.text not in captions]
    dateline, rest = split_dateline(paragraphs[0], day) if paragraphs else (None, "")
    return Anatomy(
        breadcrumbs=crumbs,
        headline=headline,
        authors=next((names for block in texts_of(opening) if (names := byline_authors(block.text))), []),
        dateline=dateline,
        dates=" ".join(block.text for block in texts_of(story[:start]) if is_page_date(block.text)),
        paragraphs=[text for text in (rest, *paragraphs[1:]) if text],
        truncated=any(subscribe_begin(stream, at) is not None for at in range(len(stream))),
        pictures=pictures,
        indented=first is not None and first.indented,
        has_end=len(telling) < len(story) - start,
        rules={"headline": rule, "body": body_rule},
    )


def _without_text(part: Block | Picture, headline: str) -> Block | Picture:
    """Return a picture whose other text only repeats the headline without it."""
    return replace(part, alt="") if isinstance(part, Picture) and part.alt == headline else part


def _without_dates(stream: Stream) -> Stream:
    return [part for part in stream if isinstance(part, Picture) or not is_page_date(part.text)]


def trail(stream: Stream) -> tuple[list[str], int]:
    """Return the breadcrumbs as printed, and where in the stream they end.

    Either one line with marks between (``HOME > NATIONAL > Article``) or a list of lines from HOME to Article.
    """
    for at, block in enumerate(stream):
        if (
            not isinstance(block, Block)
            or len(block.text) > _LONGEST_TRAIL
            or "home" not in block.text.lower()
            or label(_MARK.split(block.text)[0]) != "home"
        ):
            continue
        crumbs = _crumbs([block])
        if len(crumbs) > 1:
            return crumbs, at + 1
        near = list(texts_of(stream[at : at + _TRAIL_LENGTH]))
        names = [label(other.text) for other in near]
        if "article" in names and "home" not in names[1 : names.index("article")]:
            end = names.index("article")
            return _crumbs(near[: end + 1]), stream.index(near[end], at) + 1
    return [], 0


def _crumbs(printed: Sequence[Block]) -> list[str]:
    return [crumb.strip() for block in printed for crumb in _MARK.split(block.text) if crumb.strip()]
