"""Body of an article: its paragraphs and pictures, what stands between them, and doubts about it.

Each block from the first paragraph to the end of the text must be accounted for. It is a paragraph, a line of a list, a
table or a quotation, a caption, or boilerplate. Any other sentence is a doubt, and the page is rejected.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from jiji.extract.blocks import Block, Stream, text_blocks
from jiji.extract.boilerplate import has_boilerplate_name, is_boilerplate_label, is_boilerplate_wording
from jiji.extract.captions import BlockTest, CaptionedPicture, match_captions
from jiji.extract.paragraphs import ParagraphTest, is_prose, subscribe_position, until_end
from jiji.extract.tree import Element
from jiji.site.sections import section_of

_LIST_TAGS = frozenset("li dd dt blockquote pre tr caption".split())
_FURTHER_PAGE = re.compile(
    r"(?i)[\W\d]*(?:(?:continued|continues|go|read) (?:on|to)? ?)?(?:the )?(?:next|page|continued?|older)\b.{0,20}"
)
_PAGE_LINK = re.compile(r"(?i)\?(?:[^#]*&)?(?:p|page|pg)=\d")
"""Link to a further page by a query alone."""
_HEADING_TAGS = frozenset("h2 h3 h4 h5 h6".split())


@dataclass(slots=True)
class Body:
    """Body of an article."""

    paragraphs: list[Block]
    pictures: list[CaptionedPicture]
    truncated: bool
    """True if the page asks to subscribe, or leads to a further page of the article."""
    has_end: bool
    """True if something follows the text that stands only after an article."""
    doubts: list[str] = field(default_factory=list)
    """Sentences that are not accounted for."""


def read_body(content: Stream, is_selected: BlockTest, article_box: Element | None, article_id: str) -> Body:
    """Return the body of an article in a stream that begins with the first paragraph.

    ``article_box`` is the innermost element around headline and first paragraph.
    """
    test = ParagraphTest(content, is_selected)
    if test.first is None:
        return Body([], [], truncated=False, has_end=False)
    text = list(until_end(content, test))
    end = next(text_blocks(content[len(text) :]), None)
    reader = _BodyReader(text, end, test.first, test, article_box)
    pictures = match_captions(text, reader.is_text, frozenset(test.first.element.ancestors), before_text=False)
    captions = {block for picture in pictures for block in picture.blocks}
    lines = [block for block in text_blocks(text) if block not in captions]
    return Body(
        paragraphs=[block for block in lines if reader.is_text(block)],
        pictures=pictures,
        truncated=_is_truncated(content, max(len(text) - 1, 0), article_id),
        has_end=len(text) < len(content),
        doubts=[block.text for block in lines if reader.is_doubtful(block)],
    )


def _is_truncated(content: Stream, last: int, article_id: str) -> bool:
    """Return whether a text that ends at a position goes on behind a subscription or on another page."""
    if any(subscribe_position(content, at) is not None for at in range(last, len(content))):
        return True
    # cases: several-pages-continued-link, several-pages-link-rel-next, several-pages-numbers-below-the-text
    links = (block for block in text_blocks(content) if block.link is not None)
    return any(
        _FURTHER_PAGE.fullmatch(block.text) and (article_id in (block.link or "") or _PAGE_LINK.match(block.link or ""))
        for block in links
    )


class _BodyReader:
    """Parts of one body."""

    def __init__(
        self, text: Stream, end: Block | None, first: Block, test: ParagraphTest, article_box: Element | None
    ) -> None:
        self._first = first
        self._article_box = article_box
        # case: box-never-closed-between-paragraphs
        self._around_text = {
            box for block in (first, end) if block for box in (block.element, *block.element.ancestors)
        }
        self._elements_around: dict[Element, list[Element]] = {}
        self._has_picture: dict[Element, bool] = {}
        self._is_text: dict[Block, bool] = {}
        blocks = list(text_blocks(text))
        self._boilerplate = set(self._boilerplate_of(blocks))
        self._paragraphs = {block for block in blocks if test(block) and block not in self._boilerplate}
        self._text_box = self._common_box()
        self._before_last: set[Block] = set()
        last = max((at for at, block in enumerate(blocks) if self._has_text_mark(block)), default=0)
        self._before_last.update(blocks[:last])

    def is_text(self, block: Block) -> bool:
        """Return whether a block is a paragraph, or a line of a list, a table, a quotation, or a subheading."""
        if block not in self._is_text:
            self._is_text[block] = self._has_text_mark(block)
        return self._is_text[block]

    def _has_text_mark(self, block: Block) -> bool:
        if block in self._paragraphs:
            return True
        if block in self._boilerplate or block.link is not None or block.in_boilerplate:
            return False
        around = self._around(block)
        if self._text_box not in around:
            return False
        tags = {each.tag for each in around[: around.index(self._text_box)]}
        # cases: paragraphs-in-list-items, table-at-the-end-of-the-text, quote-in-a-blockquote
        if not _LIST_TAGS.isdisjoint(tags):
            return not self._is_beside_picture(block)
        # case: subheadings-between-paragraphs
        return not _HEADING_TAGS.isdisjoint(tags) and block in self._before_last

    def _is_beside_picture(self, block: Block) -> bool:
        """Return whether a line of a list or table may be a caption: the list or table holds a picture."""
        own = self._own_boxes(block)
        if not own:
            return False
        if own[-1] not in self._has_picture:
            self._has_picture[own[-1]] = bool(own[-1].css("img"))
        return self._has_picture[own[-1]]

    def is_doubtful(self, block: Block) -> bool:
        """Return whether a block may be a paragraph and is not accounted for."""
        if self.is_text(block) or block in self._boilerplate or block.in_boilerplate or block.link is not None:
            return False
        if is_boilerplate_wording(block.text) or section_of(block.text):
            return False
        if block in self._before_last:
            return " " in block.text
        in_article = self._article_box is None or self._article_box in block.element.ancestors
        return in_article and is_prose(block.text)

    def _boilerplate_of(self, blocks: list[Block]) -> Iterator[Block]:
        """Yield the blocks in boxes that a name or a label marks as boilerplate."""
        marked: set[Element] = set()
        for block in blocks:
            own = self._own_boxes(block)
            # cases: reader-comments-indented-like-paragraphs, reader-comments-in-a-list-below
            if own and is_boilerplate_label(block.text):
                marked.add(own[-1])
            marked.update(box for box in own if has_boilerplate_name(box))
        yield from (block for block in blocks if not marked.isdisjoint(self._own_boxes(block)))

    def _own_boxes(self, block: Block) -> list[Element]:
        """Return the elements around a block that are around neither end of the text, the innermost first."""
        return list(takewhile(lambda box: box not in self._around_text, self._around(block)))

    def _around(self, block: Block) -> list[Element]:
        """Return the elements around a block, the innermost first."""
        if block.element not in self._elements_around:
            self._elements_around[block.element] = [block.element, *block.element.ancestors]
        return self._elements_around[block.element]

    def _common_box(self) -> Element:
        """Return the innermost element around all paragraphs; around the parent of the only one."""
        common = list(self._first.element.ancestors)
        for block in self._paragraphs - {self._first}:
            around = set(self._around(block))
            common = [box for box in common if box in around]
        return common[0] if common else self._first.element
