"""Body of an article: its paragraphs and pictures, what stands between them, and doubts about it.

Each block from the first paragraph to the end of the text must be accounted for. It is a paragraph, a line of a list, a
table or a quotation, a caption, or boilerplate. Any other sentence is a doubt, and the page is rejected.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jiji.extract.blocks import Block, Stream, is_article_link, text_blocks
from jiji.extract.boilerplate import is_boilerplate_wording
from jiji.extract.boilerplate_boxes import HEADING_TAGS, Boxes, boilerplate_blocks
from jiji.extract.captions import BlockTest, CaptionedPicture, match_captions, may_be_paragraph
from jiji.extract.further_pages import is_further_page_line, is_further_page_link, is_page_numbers
from jiji.extract.paragraphs import ParagraphTest, is_bold, is_prose, subscribe_position, until_end
from jiji.extract.tree import Element
from jiji.site.sections import section_of
from jiji.text.wire_copy import is_publisher_copyright, may_ask_to_subscribe

_LIST_TAGS = frozenset("li dd dt blockquote pre tr caption".split())
_BOX_TAGS = frozenset("aside button div footer form menu nav section".split())
_LINES_BELOW = 3
"""Lines from the last paragraph on that may ask to subscribe."""
_WORD = re.compile(r"\w")


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


def read_body(content: Stream, is_selected: BlockTest, article_id: str) -> Body:
    """Return the body of an article in a stream that begins with the first paragraph."""
    test = ParagraphTest(content, is_selected)
    first = test.first
    if first is None:
        return Body([], [], truncated=False, has_end=False)
    around_first = frozenset((first.element, *first.element.ancestors))
    # case: reader-comments-below-the-subscribe-sentence
    foreign = boilerplate_blocks(list(text_blocks(content)), Boxes(around_first), test, article_id)
    text = list(until_end(content, test, foreign))
    end = next(text_blocks(content[len(text) :]), None)
    told = max((at for at, block in enumerate(text) if isinstance(block, Block) and test(block)), default=0)
    truncated = _is_truncated(content, max(len(text) - 1, 0), article_id) or any(
        is_further_page_line(block) for block in text_blocks(content[told : told + 1 + _LINES_BELOW])
    )
    reader = _BodyReader(list(text_blocks(text)), end, first, test, article_id)
    pictures = match_captions(
        text, reader.is_text, around_first - {first.element}, before_text=False, article_id=article_id
    )
    captions = {block for picture in pictures for block in picture.blocks}
    lines = [block for block in text_blocks(text) if block not in captions]
    behind = [block for block in _until_final(content, len(text)) if block not in foreign]
    doubtful = [block for block in lines if reader.is_doubtful(block)]
    # case: box-of-headlines-between-plain-paragraphs
    doubtful += [block for block in behind if test.is_told(block) and not block.in_boilerplate]
    doubtful += [
        block
        for one in pictures
        for block in one.blocks
        if len(one.blocks) == 1 and may_be_paragraph(one.picture, block, reader.is_text)
    ]
    # case: request-to-subscribe-in-unknown-words
    last = max((at for at, block in enumerate(lines) if reader.is_text(block)), default=0)
    below = [*lines[last : last + _LINES_BELOW], *([end] if end else [])]
    doubtful += [block for block in below if not truncated and _may_ask(block)]
    return Body(
        paragraphs=[block for block in lines if reader.is_text(block)],
        pictures=pictures,
        truncated=truncated,
        has_end=len(text) < len(content),
        doubts=[block.text for block in doubtful],
    )


def _may_ask(block: Block) -> bool:
    return not block.in_boilerplate and may_ask_to_subscribe(block.text)


def _until_final(content: Stream, at: int) -> Iterator[Block]:
    """Yield the blocks from a position up to a subscribe sentence, without copyright lines."""
    for position in range(at, len(content)):
        block = content[position]
        if isinstance(block, Block):
            if subscribe_position(content, position) is not None:
                return
            if not is_publisher_copyright(block.text):
                yield block


def _is_truncated(content: Stream, last: int, article_id: str) -> bool:
    """Return whether a text that ends at a position goes on behind a subscription or on another page."""
    if any(subscribe_position(content, at) is not None for at in range(last, len(content))):
        return True
    # cases: several-pages-continued-link, several-pages-link-rel-next, several-pages-numbers-below-the-text
    return any(is_further_page_link(block, article_id) for block in text_blocks(content))


class _BodyReader:
    """Parts of one body."""

    def __init__(
        self, blocks: Sequence[Block], end: Block | None, first: Block, test: ParagraphTest, article_id: str
    ) -> None:
        self._first = first
        # case: box-never-closed-between-paragraphs
        ends = (block for block in (first, end) if block)
        self._boxes = Boxes({box for block in ends for box in (block.element, *block.element.ancestors)})
        self._has_picture: dict[Element, bool] = {}
        self._is_text: dict[Block, bool] = {}
        self._boilerplate = boilerplate_blocks(blocks, self._boxes, test, article_id)
        self._paragraphs = {block for block in blocks if test(block) and block not in self._boilerplate}
        self._text_box = self._common_box()
        self._before_last: set[Block] = set()
        last = max((at for at, block in enumerate(blocks) if self._has_text_mark(block)), default=0)
        self._before_last.update(blocks[:last])

    def is_text(self, block: Block) -> bool:
        """Return whether a block is a paragraph, or a line of a list, a table, a quotation, or a subheading."""
        if block not in self._is_text:
            # cases: line-of-asterisks-between-paragraphs, several-pages-numbers-like-a-paragraph
            is_worded = _WORD.search(block.text) is not None
            is_pager = is_page_numbers(block) or is_further_page_line(block)
            # case: copyright-line-above-the-last-paragraph
            is_foreign = is_pager or is_publisher_copyright(block.text)
            self._is_text[block] = self._has_text_mark(block) and is_worded and not is_foreign
        return self._is_text[block]

    def _has_text_mark(self, block: Block) -> bool:
        if block in self._paragraphs:
            return True
        if block in self._boilerplate or block.link is not None or block.in_boilerplate:
            return False
        around = self._boxes.around(block)
        if self._text_box not in around:
            return False
        tags = {each.tag for each in around[: around.index(self._text_box)]}
        # cases: paragraphs-in-list-items, table-at-the-end-of-the-text, quote-in-a-blockquote
        if not _LIST_TAGS.isdisjoint(tags):
            return not self._is_beside_picture(block)
        # cases: subheadings-between-paragraphs, subheadings-in-bold-of-another-class
        is_bold_line = block.element.parent == self._text_box and is_bold(block.element)
        return (is_bold_line or not HEADING_TAGS.isdisjoint(tags)) and block in self._before_last

    def _is_beside_picture(self, block: Block) -> bool:
        """Return whether a line of a list or table may be a caption: the list or table holds a picture."""
        own = self._boxes.own(block)
        if not own:
            return False
        if own[-1] not in self._has_picture:
            self._has_picture[own[-1]] = bool(own[-1].css("img"))
        return self._has_picture[own[-1]]

    def is_doubtful(self, block: Block) -> bool:
        """Return whether a block may be a paragraph and is not accounted for."""
        if self.is_text(block) or not _WORD.search(block.text):
            return False
        if block.link is not None:
            # case: link-never-closed
            is_open = is_prose(block.text) and block.element.tree.has_unclosed("a")
            # case: linked-subheading
            is_heading = block.element.tag in HEADING_TAGS or is_bold(block.element)
            is_subheading = is_heading and block in self._before_last and not is_article_link(block)
            return (
                (is_open or is_subheading) and not is_boilerplate_wording(block.text) and block not in self._boilerplate
            )
        if block in self._boilerplate or block.in_boilerplate:
            return is_prose(block.text) and (
                _is_in_unclosed_box(self._boxes.around(block)) or self._is_told_aside(block)
            )
        if is_boilerplate_wording(block.text):
            return False
        if block in self._before_last:
            # case: subheadings-in-bold-named-like-sections
            return " " in block.text or section_of(block.text) is not None
        return is_prose(block.text)

    def _is_told_aside(self, block: Block) -> bool:
        """Return whether an ``aside`` without a name or a label of boilerplate holds a sentence."""
        # case: paragraphs-in-an-aside
        aside = next((box for box in self._boxes.own(block) if box.tag == "aside"), None)
        return aside is not None and block not in self._boilerplate and not is_boilerplate_wording(block.text)

    def _common_box(self) -> Element:
        """Return the innermost element around all paragraphs; around the parent of the only one."""
        common = list(self._first.element.ancestors)
        for block in self._paragraphs - {self._first}:
            around = set(self._boxes.around(block))
            common = [box for box in common if box in around]
        return common[0] if common else self._first.element


def _is_in_unclosed_box(around: Sequence[Element]) -> bool:
    """Return whether a box around a block may have been left open, so that it holds more than was meant."""
    # cases: aside-never-closed-between-paragraphs, advertisement-box-never-closed
    return any(box.tag in _BOX_TAGS and box.tree.has_unclosed(box.tag) for box in around)
