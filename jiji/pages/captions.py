"""Which of the lines around a picture is its caption."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jiji.text import Block, Picture, Stream
from jiji.wire import lone_credit, split_credit

_NEAR = 3
_SPREAD = 3
"""Over how many lines a caption may be printed."""


@dataclass(frozen=True, slots=True)
class Captioned:
    """A picture, its caption and credit, and the lines of the page that print them."""

    picture: Picture
    caption: str
    credit: str | None
    lines: frozenset[str]


def captioned(part: Stream, is_other: Callable[[Block], bool]) -> list[Captioned]:
    """Return the pictures of a part of a page with their captions.

    A caption is proven by standing twice below its picture, or above it too, or as its other text, with or without the
    credit. If none is proven, the other text is it; without one, the first line below that ``is_other`` does not claim.
    """
    pictures: list[Captioned] = []
    above: list[str] = []
    for at, block in enumerate(part):
        if isinstance(block, Block):
            above.append(block.text)
        else:
            taken = pictures[-1].lines if pictures else frozenset()
            free = [text for text in above if text not in taken]
            pictures.append(_captioned(block, free, list(_below(part, at)), is_other))
            above = []
    return pictures


def _captioned(picture: Picture, above: list[str], below: list[Block], is_other: Callable[[Block], bool]) -> Captioned:
    lines = [block.text for block in below]
    elsewhere = [text for text in (*above, picture.alt) if text]
    told_elsewhere = set(map(_told, elsewhere))
    proven = [
        run
        for begin in range(len(lines))
        for run in (lines[begin : begin + length] for length in range(1, _SPREAD + 1))
        if _told(" ".join(run)) in told_elsewhere or (len(run) == 1 and lines.count(run[0]) > 1)
    ]
    first_below = [block.text for block in below if not is_other(block)][:1]
    printed = proven[0] if proven else [picture.alt] if picture.alt else first_below
    caption, credit = split_credit(" ".join(printed))
    same = [split_credit(text)[1] for text in (*elsewhere, *lines) if _told(text) == caption]
    alone = [(line, lone) for line in lines if (lone := lone_credit(line))]
    used = {line for run in proven for line in run} | set(printed) | {line for line, _ in alone[:1]}
    return Captioned(
        picture,
        caption,
        credit or next(filter(None, same), None) or next((lone for _, lone in alone), None),
        frozenset(used | {text for text in above if _told(text) == caption}),
    )


def _below(part: Stream, at: int) -> Iterator[Block]:
    """Yield the blocks below a picture, up to the next one or to what lies beyond the reach of any caption."""
    for block in part[at + 1 : at + 1 + 2 * _SPREAD]:
        if isinstance(block, Picture):
            return
        yield block


def _told(text: str) -> str:
    """Return a caption without its credit."""
    return split_credit(text)[0]


def is_echo(stream: Stream, at: int) -> bool:
    """Say whether a block is a caption by proof: the same line stands close to it, or is a picture's other text."""
    block = stream[at]
    near = [*stream[max(at - _NEAR, 0) : at], *stream[at + 1 : at + _NEAR]]
    return isinstance(block, Block) and any(
        _told(block.text) == _told(other.text if isinstance(other, Block) else other.alt) for other in near
    )
