"""Boxes of boilerplate between the paragraphs of an article, by their names, their labels and their links."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise, takewhile

from jiji.extract.blocks import Block, is_article_link
from jiji.extract.boilerplate import has_boilerplate_name, is_boilerplate_label, is_teaser
from jiji.extract.captions import BlockTest
from jiji.extract.paragraphs import is_bold
from jiji.extract.tree import Element
from jiji.site.sections import section_of
from jiji.site.urls import article_id_in

_ITEM_TAGS = frozenset("li dd dt tr".split())
HEADING_TAGS = frozenset("h2 h3 h4 h5 h6".split())


class Boxes:
    """Elements around the blocks of a text."""

    def __init__(self, around_text: AbstractSet[Element]) -> None:
        """Prepare for a text; ``around_text`` are the elements around one of its ends."""
        self._around_text = around_text
        self._around: dict[Element, list[Element]] = {}
        self._own: dict[Element, list[Element]] = {}

    def around(self, block: Block) -> list[Element]:
        """Return the elements around a block, the innermost first."""
        if block.element not in self._around:
            self._around[block.element] = [block.element, *block.element.ancestors]
        return self._around[block.element]

    def own(self, block: Block) -> list[Element]:
        """Return the elements around a block that are around no end of the text, the innermost first."""
        if block.element not in self._own:
            own = takewhile(lambda box: box not in self._around_text, self.around(block))
            self._own[block.element] = list(own)
        return self._own[block.element]


def boilerplate_blocks(blocks: Sequence[Block], boxes: Boxes, is_paragraph: BlockTest, article_id: str) -> set[Block]:
    """Return the blocks in boxes of boilerplate, and the headings over a link to another article."""
    marked = _lists_of_links(blocks, boxes, is_paragraph, article_id)
    for block in blocks:
        own = boxes.own(block)
        # cases: reader-comments-indented-like-paragraphs, reader-comments-in-a-list-below
        if own and is_boilerplate_label(block.text):
            marked.add(own[-1])
    every_box = {box for block in blocks for box in boxes.own(block)}
    marked.update(box for box in every_box if has_boilerplate_name(box))
    found = {block for block in blocks if not marked.isdisjoint(boxes.own(block))}
    # case: heading-and-list-of-headlines-between-paragraphs
    headings: set[Block] = set()
    for below, block in pairwise(reversed(blocks)):
        is_heading = block.element.tag in HEADING_TAGS or is_bold(block.element)
        is_over_heading = below in headings and below.element.parent == block.element.parent
        if is_heading and (is_over_heading or is_article_link(below, article_id)):
            headings.add(block)
    # case: teaser-inside-a-paragraph-of-the-text
    teasers = {block for block in blocks if is_teaser(block.text) and _has_article_link(block, article_id)}
    return found | headings | teasers


def _has_article_link(block: Block, article_id: str) -> bool:
    return any(article_id_in(link.get("href")) not in (None, article_id) for link in block.element.css("a"))


def _lists_of_links(blocks: Sequence[Block], boxes: Boxes, is_paragraph: BlockTest, article_id: str) -> set[Element]:
    """Return the boxes with a link to another article, and with neither a paragraph nor an item without such a link."""
    # cases: box-of-headlines-between-paragraphs, teasers-below-the-text
    linked = {box for block in blocks if is_article_link(block, article_id) for box in boxes.own(block)}
    told = {
        box
        for block in blocks
        if is_paragraph(block) or (linked and _is_item(block, boxes, linked))
        for box in boxes.own(block)
    }
    return linked - told


def _is_item(block: Block, boxes: Boxes, linked: AbstractSet[Element]) -> bool:
    """Return whether a block stands in an item of a list or table that has no link to another article."""
    if block.link is not None or section_of(block.text) or is_boilerplate_label(block.text):
        return False
    item = next((box for box in boxes.own(block) if box.tag in _ITEM_TAGS), None)
    return item is not None and item not in linked
