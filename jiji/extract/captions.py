"""Captions and credits of pictures."""

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice, takewhile

from jiji.extract.blocks import Block, Picture, Stream, is_article_link
from jiji.extract.pictures import source
from jiji.extract.tree import BLOCK_TAGS, Element
from jiji.text.advertising import is_advertising_label
from jiji.text.wire_copy import credit_beside_picture, split_credit

_NEAR = 3
"""Blocks before and after a caption among which it may be repeated."""
_MOST_LINES = 3
"""Lines over which a caption may be printed."""
_DEEPEST_BOX = 5
"""Block elements around a picture that may be its box. A table has four."""
_LARGEST_BOX = 20
"""Elements of a picture's box in front of its text."""
_GENERIC_ALT = re.compile(
    r"(?i)[\W\d]*(?:(?:photo|image|picture|img|pic|thumbnail)s?[\W\d]*)?|\S+\.(?:jpe?g|png|gif|webp)"
)
"""Alt text that does not describe the picture."""
_HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "title"))

BlockTest = Callable[[Block], bool]
Elements = AbstractSet[Element]


@dataclass(frozen=True, slots=True)
class CaptionedPicture:
    """Picture with its caption, its credit, and the blocks of the page that print them."""

    picture: Picture
    caption: str
    credit: str | None
    blocks: frozenset[Block]


def match_captions(
    part: Stream, is_text: BlockTest, text_boxes: Elements, *, before_text: bool, article_id: str
) -> list[CaptionedPicture]:
    """Return the pictures of a part of a page with their captions.

    A line below a picture is certainly its caption if it stands there twice, or also above the picture, or as its alt
    text, with or without the credit. Without such a line the caption is, in this order, a line in the picture's box,
    the alt text, and the only line between the picture and the article text.

    ``is_text`` is true for bylines and paragraphs. ``text_boxes`` are the elements around the whole article text, which
    are never a picture's box. ``before_text`` is true if the article text follows the part.
    """
    captioned: list[CaptionedPicture] = []
    above: list[Block] = []
    last = max((at for at, block in enumerate(part) if isinstance(block, Picture)), default=None)
    for at, block in enumerate(part):
        if isinstance(block, Block):
            if is_text(block):
                above = []
            elif not _is_boilerplate(block, article_id) and block.link is None:
                above.append(block)
        else:
            used = captioned[-1].blocks if captioned else frozenset()
            free = [block for block in above if block not in used]
            below = list(_blocks_below(part, at))
            free_below = [one for one in below if not _is_boilerplate(one, article_id)]
            box = _box_of(block.element, text_boxes)
            is_before_text = before_text and at == last
            likely = _likely_caption(block, below, free_below, is_text, box, before_text=is_before_text)
            captioned.append(_match_caption(block, free, below, is_text, likely, box))
            above = []
    return captioned


def _match_caption(
    picture: Picture,
    above: list[Block],
    below: list[Block],
    is_text: BlockTest,
    likely: list[str],
    box: Element | None,
) -> CaptionedPicture:
    # case: advertisement-label-twice-below-picture
    # case: menu-words-twice-below-a-picture-in-a-box
    boxed = {_without_credit(block.text) for block in below if box is not None and box in _around(block)}
    lines = [
        "" if is_advertising_label(one.text) or (boxed and _without_credit(one.text) not in boxed) else one.text
        for one in below
    ]
    elsewhere = [text for text in (*(block.text for block in above), picture.alt) if text]
    certain = _certain_captions(lines, set(map(_without_credit, elsewhere)))
    printed = certain[0] if certain else likely
    caption, credit = split_credit(" ".join(printed))
    # case: caption-once-with-and-once-without-credit
    repeated = [split_credit(text)[1] for text in (*elsewhere, *lines) if _without_credit(text) == caption]
    # case: photo-credit-in-its-own-element
    apart = [(block.text, one) for block in below if not is_text(block) and (one := credit_beside_picture(block.text))]
    used = {line for run in certain for line in run} | set(printed) | {line for line, _ in apart[:1]}
    return CaptionedPicture(
        picture,
        caption,
        credit or next(filter(None, repeated), None) or next((one for _, one in apart), None),
        frozenset(
            [
                block
                for at, block in enumerate(below)
                if (block.text in used or _without_credit(block.text) == caption)
                and not _is_told(below, at, is_text)
                and not (block.indented and may_be_paragraph(picture, block, is_text))
            ]
            + [block for block in above if _without_credit(block.text) == caption]
        ),
    )


def _is_told(below: list[Block], at: int, is_text: BlockTest) -> bool:
    """Return whether a line below a picture is a paragraph, and no caption that is printed like one."""
    # cases: paragraph-equal-to-a-caption, last-paragraph-equal-to-a-caption
    return is_text(below[at]) and any(one.text != below[at].text or not is_text(one) for one in below[:at])


def may_be_paragraph(picture: Picture, block: Block, is_text: BlockTest) -> bool:
    """Return whether a line that repeats a picture's alt text may be a paragraph: a sentence outside its box."""
    # cases: paragraph-equal-to-an-alt-text, plain-paragraph-equal-to-an-alt-text
    if not is_text(block) or not block.text.endswith(".") or _without_credit(picture.alt) != block.text:
        return False
    box = next((above for above in picture.element.ancestors if above.tag in BLOCK_TAGS), None)
    return box is not None and box not in _around(block)


def _certain_captions(lines: list[str], elsewhere: AbstractSet[str]) -> list[list[str]]:
    """Return the runs of lines below a picture that are repeated there, above it or in its alt text."""
    # cases: caption-over-two-lines, caption-twice-below-picture-without-alt
    runs = (lines[start : start + length] for start in range(len(lines)) for length in range(1, _MOST_LINES + 1))
    return [
        run
        for run in runs
        if _without_credit(" ".join(run)) in elsewhere or (len(run) == 1 and run[0] and lines.count(run[0]) > 1)
    ]


def _likely_caption(
    picture: Picture,
    below: list[Block],
    free: list[Block],
    is_text: BlockTest,
    box: Element | None,
    *,
    before_text: bool,
) -> list[str]:
    """Return the caption by its place: in the picture's box, as alt text, or alone between picture and text.

    ``free`` are the lines ``below`` that are not boilerplate.
    """
    between = [
        block for block in takewhile(lambda block: not is_text(block), below) if not credit_beside_picture(block.text)
    ]
    free = [block for block in between if block in free]
    # case: caption-that-is-a-link
    boxed = [block.text for block in free if box is not None and box in _around(block)]
    # case: picture-box-never-closed
    if (
        not boxed
        and below[:1] == free[:1]
        and all(block.link is None for block in free)
        and _open_box_together(picture.element, below)
    ):
        boxed = [block.text for block in free]
    # case: picture-with-generic-alt
    if boxed or not _GENERIC_ALT.fullmatch(picture.alt):
        return boxed[:1] or [picture.alt]
    before_text = before_text or any(map(is_text, below))
    return [block.text for block in free if len(between) == 1 and before_text and block.link is None]


def _is_boilerplate(block: Block, article_id: str) -> bool:
    # cases: heading-below-picture-without-caption, caption-that-is-a-link-to-its-article
    return block.element.tag in _HEADING_TAGS or is_article_link(block, article_id) or is_advertising_label(block.text)


def _around(block: Block) -> Iterator[Element]:
    yield block.element
    yield from block.element.ancestors


def _box_of(picture: Element, text_boxes: Elements) -> Element | None:
    """Return the box of one picture and its words, None for a picture without a box of its own."""
    around = (above for above in picture.ancestors if above.tag in BLOCK_TAGS)
    for level, above in enumerate(islice(around, _DEEPEST_BOX)):
        # cases: two-lines-below-picture-without-caption, two-pictures-in-one-box
        if above in text_boxes or (level and _has_other_pictures(above, picture)):
            return None
        if _has_text(above):
            return above
    return None


def _has_text(box: Element) -> bool:
    return bool(box.line)


def _has_other_pictures(box: Element, picture: Element) -> bool:
    # case: picture-twice-for-screen-and-print
    own = source(picture)
    return any(image != picture and source(image) != own for image in box.css("img"))


def _open_box_together(picture: Element, below: list[Block]) -> bool:
    """Return whether a picture and the next line open a block together: a picture's box that is never closed."""
    if not picture.opens_parent:
        return False
    above = picture.parent
    while above is not None and above.tag not in BLOCK_TAGS and above.opens_parent:
        above = above.parent
    return above is not None and any(above in block.element.ancestors for block in below[:1])


def _blocks_below(part: Stream, at: int) -> Iterator[Block]:
    """Yield the blocks below a picture, up to the next picture and within a caption's reach."""
    for block in part[at + 1 : at + 1 + 2 * _MOST_LINES]:
        if isinstance(block, Picture):
            return
        # case: picture-without-caption-above-a-form
        if part[at].in_boilerplate or not block.in_boilerplate:
            yield block


def _without_credit(text: str) -> str:
    return split_credit(text)[0]


def is_repeated_caption(stream: Stream, at: int) -> bool:
    """Return whether a block is certainly a caption: its line is repeated nearby, or is a picture's alt text."""
    block = stream[at]
    near = [*stream[max(at - _NEAR, 0) : at], *stream[at + 1 : at + _NEAR]]
    return isinstance(block, Block) and any(
        _without_credit(block.text) == _without_credit(other.text if isinstance(other, Block) else other.alt)
        for other in near
    )
