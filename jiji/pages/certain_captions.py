"""Captions of the certain reading: lines that print a caption beside its picture or in its alternative text, twice."""

import re
from collections.abc import Iterator
from itertools import takewhile

from jiji.extract.blocks import Picture
from jiji.extract.captions import CaptionedPicture
from jiji.pages.article_box import Line, Lines, UncertainError
from jiji.text.wire_copy import is_same_headline, split_credit

_GENERIC_ALT = re.compile(r"(?i)[\W\d]*(?:(?:photo|image|picture)s?[\W\d]*)?")


def runs_between(text: Lines, told: list[Line]) -> Iterator[Lines]:
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


def captioned(run: Lines, headline: str) -> list[CaptionedPicture]:
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
