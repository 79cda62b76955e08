"""Headline of an article page without a known layout, and its place on any page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from jiji.extract.blocks import Block, Picture, Stream, is_article_link, opening_text
from jiji.extract.boilerplate import is_boilerplate_wording
from jiji.extract.rule import ExtractionRule
from jiji.site.sections import section_of
from jiji.text.wire_copy import has_dateline

_REPEAT_DISTANCE = 4
"""Blocks between the two printings of a headline."""
_MOST_LINES = 4
"""Lines over which a headline may be broken."""
LONGEST_HEADLINE = 300
"""Characters. A headline of the wire has a hundred."""
_HEADING_TAGS = ("h1", "h2", "h3")
_NO_HEADING = 9
_SEPARATOR = r"\s+[-–—]\s+|\s*[|»·]"
_WORD = re.compile(r"[^\W\d_]{2,}")
_SITE_NAME = re.compile(r"(?i)(?:the )?jiji press\b.{0,30}")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Possible headline, joined if it is broken over several lines."""

    text: str
    level: int
    """Heading level: 1 for ``h1``, 9 for no heading."""


def find_headline(stream: Stream, title: str) -> tuple[str, ExtractionRule | None]:
    """Return the headline above the first paragraph and its extraction rule; an empty text without a certain one.

    Wording: a line repeated in the page's ``title``. Structure: a line printed twice that is no caption, else the only
    heading of the highest level, except for the site's name and headings over lists.
    """
    above: list[Block | Picture] = []
    for part in stream:
        if isinstance(part, Block) and (part.indented or has_dateline(part.text)):
            break
        above.append(part)
    candidates = list(_candidates(above))
    in_title = max((line.text for line in candidates if _is_in_title(line.text, title)), key=len, default="")
    if in_title:
        return in_title, ExtractionRule.WORDING
    first_picture = next((at for at, part in enumerate(above) if isinstance(part, Picture)), len(above))
    # case: headline-as-a-plain-line-twice
    pairs = pairwise(_candidates(above[:first_picture]))
    twice = [one.text for one, two in pairs if one.text == two.text and _is_worded(one.text)]
    heading = _only_top_heading(candidates, above)
    # case: crumb-marks-twice-first-crumb-top
    found = heading if not twice or heading in twice else "" if heading else twice[0]
    return found, ExtractionRule.STRUCTURE if found else None


def _is_worded(text: str) -> bool:
    """Return whether a line has the words of a headline; marks and menus do not.

    >>> _is_worded("Ship Sails Home"), _is_worded(">"), _is_worded("Menu")
    (True, False, False)
    """
    return len(_WORD.findall(text)) > 1 and not is_boilerplate_wording(text)


def _only_top_heading(candidates: list[_Candidate], above: Stream) -> str:
    """Return the only heading of the highest level, an empty text if there are several."""
    headings = [line for line in candidates if line.level < _NO_HEADING]
    highest = min((line.level for line in headings), default=_NO_HEADING)
    top = dict.fromkeys(line.text for line in headings if line.level == highest)
    # case: heading-over-a-list-beside-the-headline
    over_lists = _headings_over_lists(above)
    # case: site-name-as-only-top-heading
    likely = [text for text in top if not _SITE_NAME.fullmatch(text) and text not in over_lists]
    return likely[0] if len(likely) == 1 else ""


def _headings_over_lists(above: Stream) -> set[str]:
    """Return the lines directly above a link to another article."""
    return {
        one.text
        for one, two in pairwise(above)
        if isinstance(one, Block) and isinstance(two, Block) and is_article_link(two)
    }


def _candidates(above: Stream) -> Iterator[_Candidate]:
    """Yield the possible headlines: each line, and the lines of one element together."""
    # case: heading-in-an-aside
    blocks = [block for block in above if isinstance(block, Block) and not block.in_boilerplate and block.link is None]
    for element, group in groupby(blocks, key=lambda block: block.element):
        lines = [block.text for block in group]
        level = _HEADING_TAGS.index(element.tag) + 1 if element.tag in _HEADING_TAGS else _NO_HEADING
        is_heading = level < _NO_HEADING
        # case: advertisement-inside-the-only-heading
        lines = [opening_text(element)] if is_heading and element.css("[class], [id], a, button") else lines
        joined = [" ".join(lines)] if len(lines) > 1 and (is_heading or len(lines) <= _MOST_LINES) else []
        for text in joined if is_heading and joined else [*lines, *joined]:
            # case: section-label-twice-above-the-headline
            if len(text) <= LONGEST_HEADLINE and not section_of(text):
                yield _Candidate(text, level)


def _is_in_title(text: str, title: str) -> bool:
    """Return whether a page's title is a line, or the line and the site's name.

    >>> _is_in_title("Ship Sails Home", "Ship Sails Home | JIJI PRESS"), _is_in_title("JIJI PRESS", "Ship | JIJI PRESS")
    (True, False)
    """
    if text not in title or _SITE_NAME.fullmatch(text) or " " not in text:
        return False
    before, _, behind = title.partition(text)
    return all(not part.strip() or re.match(_SEPARATOR, part) for part in (behind, before[::-1]))


def after_headline(stream: Stream, headline: str) -> Stream:
    """Return the part of a stream after the headline, whether it is printed once or twice, on one line or several."""
    ends = [at + lines for at in range(len(stream)) if (lines := _lines_printing(headline, stream, at))]
    return stream[max(end for end in ends if end - ends[0] <= _REPEAT_DISTANCE) :] if ends else stream


def _lines_printing(headline: str, stream: Stream, at: int) -> int:
    """Return the number of blocks from a position on that together print a headline, else 0."""
    lines: list[str] = []
    for block in stream[at : at + _MOST_LINES]:
        if isinstance(block, Picture) or not headline.startswith(" ".join([*lines, block.text])):
            return 0
        lines.append(block.text)
        if len(" ".join(lines)) == len(headline):
            return len(lines)
    return 0
