"""Where a story's paragraphs begin and end, and what tells them from what stands between them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from lxml import html

from jiji.extract.blocks import Block, Picture, Stream, texts_of
from jiji.extract.captions import is_echo
from jiji.site.sections import section_of
from jiji.site.urls import key_of
from jiji.text.notices import is_advertisement
from jiji.text.wire_copy import SUBSCRIBE_OPENING, byline_authors, has_dateline, subscribe_start

_COPYRIGHT = re.compile(r"(?i)END|[\[(]?\s*(?:copyright\W*(?:\(c\)|©|by\b|jiji\b|\d{4})|\(c\)|©).*")
_SPLIT = 3
"""Over how many blocks the subscribe sentence may be spread by line breaks."""
_REACH = 1_000
"""Characters at the end of a block in which the sentence begins."""
_BOX_HEAD = 4
"""In how many blocks and pictures a box shows what it is."""

Known = Callable[[Block], bool]
"""Says whether a block stands where the known markup keeps paragraphs."""


def start_of(story: Stream, known: Known) -> tuple[int, str]:
    """Return where the first paragraph stands, and by which rule it was found.

    "selector": the first block, the first indented one if there is any, where the known markup keeps paragraphs.
    "structure": the first indented block. "words": the dateline, if it comes before these.
    """
    blocks = [(at, block) for at, block in enumerate(story) if isinstance(block, Block) and not block.beside]
    inside = [(at, block) for at, block in blocks if known(block)]
    dateline = next((at for at, block in blocks if has_dateline(block.text)), None)
    indented = _first(
        story, [(at, block) for at, block in blocks if block.indented and _stands_with(block, inside, known)]
    )
    plain = None if indented is not None else _first(story, inside)
    if plain is not None and dateline is not None and plain > 0 and isinstance(story[plain - 1], Picture):
        plain = None
    found = [at for at in (dateline, indented, plain) if at is not None]
    if not found:
        return len(story), ""
    start = story[min(found)]
    if isinstance(start, Block) and known(start):
        return min(found), "selector"
    return min(found), "structure" if min(found) == indented else "words"


def _stands_with(block: Block, inside: list[tuple[int, Block]], known: Known) -> bool:
    """Say whether a block is one of those inside the known markup, or like the first of them and in its box."""
    if not inside or known(block):
        return True
    first = inside[0][1].element
    return block.element.tag == first.tag and _share(block.element, first)


def _first(story: Stream, blocks: list[tuple[int, Block]]) -> int | None:
    """Return where the first block stands that is no byline and no caption by proof."""
    return next((at for at, block in blocks if not byline_authors(block.text) and not is_echo(story, at)), None)


def teller(telling: Stream, known: Known) -> Callable[[Block], bool]:
    """Return what tells the story's paragraphs from what stands between them.

    Where the first one opens with an indent, so do the others; where the markup is known, it counts as well; where
    neither is given, paragraphs look like the first and stand in its box.
    """
    first = next(texts_of(telling), None)
    if first is None:
        return lambda _: False
    indented = {block.element for block in texts_of(telling) if block.indented}
    behind = set[html.HtmlElement]() if len(indented) < 2 else _behind_last_indented(telling)
    home, place = first.element.getparent(), _place(first.element)

    def is_told(block: Block) -> bool:
        if block.beside and not first.beside and not (block.indented and _kind(block) == _kind(first)):
            return False
        if first.indented and (block.indented or block.element in indented):
            return not only_links(block)
        if block.link is not None or is_advertisement(block.text):
            return False
        if block.element.tag in ("li", "blockquote") and any(above is home for above in block.element.iterancestors()):
            return True
        if known(first):
            return (
                known(block)
                and block.element not in behind
                and (block.element.get("class") is not None or _share(block.element, first.element))
            )
        is_alike = _place(block.element) == place
        return is_alike and (not first.indented or (block.element not in behind and _is_subheading(block.element)))

    return is_told


def _behind_last_indented(telling: Stream) -> set[html.HtmlElement]:
    """Return what stands below the last indented paragraph: subheadings stand between paragraphs, not there."""
    blocks = list(texts_of(telling))
    last = max(at for at, block in enumerate(blocks) if block.indented)
    return {block.element for block in blocks[last + 1 :]} - {blocks[last].element}


def _kind(block: Block) -> tuple[str, str | None]:
    return str(block.element.tag), block.element.get("class")


def _is_subheading(element: html.HtmlElement) -> bool:
    """Say whether what stands unindented between indented paragraphs, as one of them by its kind, is set in bold."""
    return len(element) == 1 and element[0].tag in ("b", "strong") and not (element.text or "").strip()


def _share(one: html.HtmlElement, other: html.HtmlElement) -> bool:
    """Say whether two elements stand in one box, or one is the box of the other."""
    box, other_box = _place(one)[0], _place(other)[0]
    return box is other_box or box is other or one is other_box


def _place(element: html.HtmlElement) -> tuple[html.HtmlElement | None, str, str | None]:
    """Return what paragraphs have in common that are not indented: their kind, and what holds them."""
    above = element.getparent()
    if above is not None and len(above) == 1 and not (above.text or "").strip():  # each in a frame of its own
        return above.getparent(), str(element.tag), element.get("class")
    return above, str(element.tag), element.get("class")


def up_to_end(stream: Stream) -> Iterator[Block | Picture]:
    """Yield the stream up to the subscribe sentence, a copyright line or the first box of other stories."""
    for at, block in enumerate(stream):
        if isinstance(block, Block):
            begin = subscribe_begin(stream, at)
            if begin:
                yield replace(block, text=block.text[:begin].rstrip())
            if begin is not None or _COPYRIGHT.fullmatch(block.text) or opens_box(stream[at : at + _BOX_HEAD]):
                return
        yield block


def subscribe_begin(stream: Stream, at: int) -> int | None:
    """Return where in a block the subscribe sentence begins that it or the next lines go on with."""
    block = stream[at]
    if isinstance(block, Picture) or SUBSCRIBE_OPENING not in block.text.lower():
        return None
    end = block.text[-_REACH:]
    begin = subscribe_start(" ".join([end, *(one.text[:_REACH] for one in texts_of(stream[at + 1 : at + _SPLIT]))]))
    return None if begin is None or begin >= len(end) else begin + len(block.text) - len(end)


def opens_box(stream: Stream) -> bool:
    """Say whether a stream begins with a box of other stories: a section's label, then another or a link to a story."""
    one, two = [*texts_of(stream), None, None][:2]
    if one is None or two is None or one.indented or not section_of(one.text):
        return False
    return section_of(two.text) is not None or only_links(two)


def only_links(block: Block) -> bool:
    """Say whether a block is nothing but links to stories."""
    return block.link is not None and key_of(block.link) is not None
