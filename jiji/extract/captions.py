"""Which of the lines around a picture is its caption."""

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice, takewhile

from lxml import html

from jiji.extract.blocks import BLOCKS, Block, Picture, Stream
from jiji.text.notices import is_advertisement
from jiji.text.wire_copy import lone_credit, split_credit

_NEAR = 3
_LEVELS = 5
"""How many blocks inside each other a picture's box may be: a table has four."""
_NEAR_ELEMENTS = 20
"""How many elements a picture's box may have before its words."""
_SPREAD = 3
"""Over how many lines a caption may be printed."""
_GENERIC = re.compile(r"(?i)[\W\d]*(?:(?:photo|image|picture|img|pic|thumbnail)s?[\W\d]*)?|\S+\.(?:jpe?g|png|gif|webp)")
"""The other text of a picture that says nothing of it."""
_TITLES = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "title"))

Frames = AbstractSet[html.HtmlElement]
"""Elements that hold the whole text of a story."""


@dataclass(frozen=True, slots=True)
class Captioned:
    """A picture, its caption and credit, and the lines of the page that print them."""

    picture: Picture
    caption: str
    credit: str | None
    lines: frozenset[str]


def captioned(part: Stream, is_other: Callable[[Block], bool], frames: Frames, *, opens: bool) -> list[Captioned]:
    """Return the pictures of a part of a page with their captions.

    A caption is proven by standing twice below its picture, or above it too, or as its other text, with or without the
    credit. If none is proven, the other text is it; without one, a line below that ``is_other`` does not claim, and
    that is either in the picture's box or all that stands between the picture and the text. ``frames`` are the
    elements around the whole text, which are no picture's box; ``opens`` says that the text begins where the part ends.
    """
    pictures: list[Captioned] = []
    above: list[str] = []
    last = max((at for at, block in enumerate(part) if isinstance(block, Picture)), default=None)
    for at, block in enumerate(part):
        if isinstance(block, Block):
            above = [] if is_other(block) else [*above, block.text] if not _is_furniture(block) else above
        else:
            taken = pictures[-1].lines if pictures else frozenset()
            free = [text for text in above if text not in taken]
            below = list(_below(part, at))
            lone = _unproven(block, below, is_other, frames, followed=opens and at == last)
            pictures.append(_captioned(block, free, below, is_other, lone))
            above = []
    return pictures


def _captioned(
    picture: Picture, above: list[str], below: list[Block], is_other: Callable[[Block], bool], lone: list[str]
) -> Captioned:
    lines = ["" if is_advertisement(block.text) else block.text for block in below]
    elsewhere = [text for text in (*above, picture.alt) if text]
    told_elsewhere = set(map(_told, elsewhere))
    proven = [
        run
        for begin in range(len(lines))
        for run in (lines[begin : begin + length] for length in range(1, _SPREAD + 1))
        if _told(" ".join(run)) in told_elsewhere or (len(run) == 1 and lines.count(run[0]) > 1)
    ]
    printed = proven[0] if proven else lone
    caption, credit = split_credit(" ".join(printed))
    same = [split_credit(text)[1] for text in (*elsewhere, *lines) if _told(text) == caption]
    alone = [(block.text, one) for block in below if not is_other(block) and (one := lone_credit(block.text))]
    used = {line for run in proven for line in run} | set(printed) | {line for line, _ in alone[:1]}
    return Captioned(
        picture,
        caption,
        credit or next(filter(None, same), None) or next((one for _, one in alone), None),
        frozenset(used | {text for text in above if _told(text) == caption}),
    )


def _unproven(
    picture: Picture, below: list[Block], is_other: Callable[[Block], bool], frames: Frames, *, followed: bool
) -> list[str]:
    """Return what is a caption by its place: in the picture's box, as its other text, or alone above the text."""
    between = [block for block in takewhile(lambda block: not is_other(block), below) if not lone_credit(block.text)]
    free = [block for block in between if not _is_furniture(block)]
    box = _box(picture, frames)
    boxed = [block.text for block in free if box is not None and box in (block.element, *block.element.iterancestors())]
    if not boxed and below[:1] == free[:1] and _opens_box_with(picture.element, below):
        boxed = [block.text for block in free]
    if boxed or not _GENERIC.fullmatch(picture.alt):
        return boxed[:1] or [picture.alt]
    followed = followed or any(map(is_other, below))
    return [block.text for block in free if len(between) == 1 and followed]


def _is_furniture(block: Block) -> bool:
    return block.element.tag in _TITLES or block.link is not None or is_advertisement(block.text)


def _box(picture: Picture, frames: Frames) -> html.HtmlElement | None:
    """Return the box around one picture that has words as well, None if there is none but the frame of the text."""
    around = (above for above in picture.element.iterancestors() if above.tag in BLOCKS)
    for level, above in enumerate(islice(around, _LEVELS)):
        if above in frames or (level and _has_others(above, picture.element)):
            return None
        if _has_words(above):
            return above
    return None


def _has_words(above: html.HtmlElement) -> bool:
    near = islice(above.iter(), _NEAR_ELEMENTS)
    return any((part.text or "").strip() or (part is not above and (part.tail or "").strip()) for part in near)


def _has_others(above: html.HtmlElement, picture: html.HtmlElement) -> bool:
    images = (image for image in above.iter("img") if next(image.iterancestors("noscript"), None) is None)
    return any(image is not picture for image in images)


def _opens_box_with(picture: html.HtmlElement, below: list[Block]) -> bool:
    """Say whether a picture and the next line open the block that holds both: a picture's box that is not closed."""
    above = picture.getparent()
    while above is not None and above.tag not in BLOCKS and above.getprevious() is None:
        picture, above = above, above.getparent()
    if above is None or picture.getprevious() is not None or (above.text or "").strip():
        return False
    return any(above in block.element.iterancestors() for block in below[:1])


def _below(part: Stream, at: int) -> Iterator[Block]:
    """Yield the blocks below a picture, up to the next one or to what lies beyond the reach of any caption."""
    for block in part[at + 1 : at + 1 + 2 * _SPREAD]:
        if isinstance(block, Picture):
            return
        if part[at].beside or not block.beside:
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
