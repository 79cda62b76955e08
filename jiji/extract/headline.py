"""Which line of a page is its headline, and where it is printed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from jiji.extract.blocks import Block, Picture, Stream
from jiji.extract.paragraphs import only_links
from jiji.site.sections import section_of
from jiji.text.wire_copy import has_dateline

_AREA = 4
"""How many blocks apart the two printings of a headline may stand."""
_SPLIT = 4
"""Over how many blocks a headline may be spread by line breaks."""
LONGEST_HEADLINE = 300
"""Characters; a headline of the wire has a hundred."""
_HEADINGS = ("h1", "h2", "h3")
_BOUNDARY = r"\s+[-–—]\s+|\s*[|»·]"
_SITE = re.compile(r"(?i)(?:the )?jiji press\b.{0,30}")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that may be the headline; one that is broken is put together."""

    text: str
    level: int
    """As a heading: 1 for ``h1``; 9 for no heading."""


def find_headline(stream: Stream, title: str) -> tuple[str, str]:
    """Return what a page without known markup offers as headline above its first paragraph, and by which rule.

    "words": a line that the page's ``title`` repeats. "structure": a line printed twice that is no caption, else the
    only heading of the highest level, the site's name and what stands over lists apart. Empty where none is sure.
    """
    above: list[Block | Picture] = []
    for part in stream:
        if isinstance(part, Block) and (part.indented or has_dateline(part.text)):
            break
        above.append(part)
    pictures = [at for at, part in enumerate(above) if isinstance(part, Picture)]
    before = above[: pictures[0]] if pictures else above
    lines, all_lines = list(_lines(before)), list(_lines(above))
    titled = max((line.text for line in all_lines if _is_titled(line.text, title)), key=len, default="")
    if titled:
        return titled, "words"
    doubled = [one.text for one, two in pairwise(lines) if one.text == two.text]
    headings = [line for line in all_lines if line.level <= len(_HEADINGS)]
    highest = dict.fromkeys(line.text for line in headings if line.level == min(line.level for line in headings))
    likely = [text for text in highest if not _SITE.fullmatch(text) and text not in _over_lists(above)]
    found = (doubled + (likely if len(likely) == 1 else []) + [""])[0]
    return found, "structure" if found else ""


def _over_lists(above: Stream) -> set[str]:
    """Return the lines that stand over a link to another story."""
    return {
        one.text
        for one, two in pairwise(above)
        if isinstance(one, Block) and isinstance(two, Block) and only_links(two)
    }


def _lines(above: Stream) -> Iterator[_Line]:
    """Yield what may be a headline: lines by themselves, and the lines of one element together."""
    blocks = [block for block in above if isinstance(block, Block) and not block.beside and block.link is None]
    for element, group in groupby(blocks, key=lambda block: block.element):
        texts = [block.text for block in group]
        level = _HEADINGS.index(element.tag) + 1 if element.tag in _HEADINGS else 9
        whole = [" ".join(texts)] if len(texts) > 1 and (level < 9 or len(texts) <= _SPLIT) else []
        for text in whole if level < 9 and whole else [*texts, *whole]:
            if len(text) <= LONGEST_HEADLINE and not section_of(text):
                yield _Line(text, level)


def _is_titled(text: str, title: str) -> bool:
    """Say whether the page's title is a line, or the line and the site's name.

    >>> _is_titled("Ship Sails Home", "Ship Sails Home | JIJI PRESS"), _is_titled("JIJI PRESS", "Ship | JIJI PRESS")
    (True, False)
    """
    if text not in title or _SITE.fullmatch(text) or " " not in text:
        return False
    before, _, behind = title.partition(text)
    return all(not part.strip() or re.match(_BOUNDARY, part) for part in (behind, before[::-1]))


def behind_headline(stream: Stream, headline: str) -> Stream:
    """Return what follows the headline, both printings of it, each on one line or on several."""
    ends = [at + length for at in range(len(stream)) for length in [_printed(stream, at, headline)] if length]
    return stream[max(end for end in ends if end - ends[0] <= _AREA) :] if ends else stream


def _printed(stream: Stream, at: int, line: str) -> int:
    """Return over how many blocks a line is printed from here on; 0 if it is not."""
    parts: list[str] = []
    for block in stream[at : at + _SPLIT]:
        if isinstance(block, Picture) or not line.startswith(" ".join([*parts, block.text])):
            return 0
        parts.append(block.text)
        if len(" ".join(parts)) == len(line):
            return len(parts)
    return 0
