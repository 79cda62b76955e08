"""Paragraphs of an article: their start, their end, and boilerplate between them."""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from jiji.extract.blocks import BOILERPLATE_TAGS, Block, Picture, Stream, is_article_link, text_blocks
from jiji.extract.boilerplate import is_boilerplate_wording
from jiji.extract.captions import BlockTest, is_repeated_caption
from jiji.extract.rule import ExtractionRule
from jiji.extract.tree import Element
from jiji.site.sections import section_of
from jiji.text.advertising import is_advertising_label
from jiji.text.wire_copy import (
    has_dateline,
    is_opening_matter,
    is_publisher_copyright,
    may_open_subscribe,
    subscribe_start,
)

_END = re.compile(r"END|\(END\)")
"""Mark of wire copy behind the text."""
_PROSE = re.compile(r"""(?s)\S+ .*\S[.!?…。][)"'”’\]」]*""")
_SUBSCRIBE_LINES = 3
"""Lines over which the subscribe sentence may be broken."""
_SUBSCRIBE_REACH = 1_000
"""Characters at the end of a block in which the subscribe sentence starts."""
_BOX_OPENING = 4
"""Blocks and pictures at the start of a box that show its kind."""


_FEWEST_FRAMES, _MOST_FRAMES = 3, 6


def find_start(content: Stream, is_selected: BlockTest) -> tuple[int, ExtractionRule | None]:
    """Return the position of the first paragraph and its extraction rule; the stream's length without a paragraph.

    The first paragraph is the first indented block, else the first block in the layout's paragraphs (``is_selected``),
    but no later than the dateline.
    """
    blocks = [(at, block) for at, block in enumerate(content) if isinstance(block, Block) and not block.in_boilerplate]
    selected = [(at, block) for at, block in blocks if is_selected(block)]
    # case: paragraphs-are-spans-of-one-class
    dateline = next((at for at, block in blocks if has_dateline(block.text)), None)
    # case: dateline-none
    indented = _first_text(
        content,
        [(at, block) for at, block in blocks if block.indented and _is_near_selected(block, selected, is_selected)],
    )
    # case: article-headline-no-date-not-indented
    plain = None if indented is not None else _first_text(content, selected)
    starts = [at for at in (indented, plain) if at is not None]
    # cases: datelines-only-in-later-paragraphs, caption-classed-as-body-above-unindented-text
    if dateline is not None and (not starts or min(starts) > dateline or _is_caption(content, min(starts), dateline)):
        starts = [dateline]
    # case: byline-with-an-unknown-office
    if dateline is not None and not any(is_prose(block.text) for block in text_blocks(content[min(starts) : dateline])):
        starts = [dateline]
    if not starts:
        return len(content), None
    start = content[min(starts)]
    if isinstance(start, Block) and is_selected(start):
        return min(starts), ExtractionRule.SELECTOR
    return min(starts), ExtractionRule.STRUCTURE if min(starts) == indented else ExtractionRule.WORDING


def _is_caption(content: Stream, at: int, dateline: int) -> bool:
    """Return whether a block is the only one between a picture and the dateline, opening matter apart."""
    between = [block for block in text_blocks(content[at + 1 : dateline]) if not is_opening_matter(block.text)]
    return at > 0 and isinstance(content[at - 1], Picture) and not between


def _is_near_selected(block: Block, selected: list[tuple[int, Block]], is_selected: BlockTest) -> bool:
    """Return whether a block is one of the selected blocks, or of the same tag and in the same box as the first."""
    if not selected or is_selected(block):
        return True
    first = selected[0][1].element
    return block.element.tag == first.tag and _share_box(block.element, first)


def _first_text(content: Stream, blocks: list[tuple[int, Block]]) -> int | None:
    """Return the position of the first block that is neither opening matter nor a repeated caption."""
    # cases: br-separated-paragraphs, indented-caption-twice-no-dateline, correction-note-above-the-dateline
    return next(
        (at for at, block in blocks if not is_opening_matter(block.text) and not is_repeated_caption(content, at)), None
    )


def is_prose(text: str) -> bool:
    """Return whether a line ends like a sentence.

    >>> is_prose('"It rains," he said.'), is_prose("Share this page"), is_prose("Log in.")
    (True, False, True)
    """
    return _PROSE.fullmatch(text) is not None


def _is_told(block: Block) -> bool:
    """Return whether an unindented block below an indented paragraph is a sentence of the article."""
    return is_prose(block.text) and not is_boilerplate_wording(block.text)


class ParagraphTest:
    """Test for blocks that are certainly paragraphs, by the marks of the first one.

    If the first paragraph is indented, so are the others. If the layout selects it, it selects the others. Otherwise
    paragraphs have the tag, the class and the box of the first.
    """

    def __init__(self, text: Stream, is_selected: BlockTest) -> None:
        """Prepare the test for a stream that begins with the first paragraph."""
        self.first = next(text_blocks(text), None)
        self._is_selected = is_selected
        self._indented = {block.element for block in text_blocks(text) if block.indented}
        self._after_indented = _after_last_indented(text) if len(self._indented) > 1 else set()

    def __call__(self, block: Block) -> bool:
        """Return whether a block is certainly a paragraph."""
        first = self.first
        if first is None:
            return False
        # case: box-never-closed-between-paragraphs
        if block.in_boilerplate and not first.in_boilerplate and not self._is_in_open_box(block, first):
            return False
        # cases: br-separated-only-first-indented, indented-link-to-another-article
        if first.indented and (block.indented or block.element in self._indented):
            return not is_article_link(block)
        # case: advertising-label-between-unindented-paragraphs
        if block.link is not None or is_advertising_label(block.text):
            return False
        if self._is_selected(first):
            return self._is_selected(block) and self._is_beside(first, block)
        # case: closing-tags-of-br-not-indented
        if not self._is_alike(first, block):
            return False
        # cases: bold-subheading-without-classes, indent-of-some-in-unknown-classes
        is_subheading = block.element not in self._after_indented and is_bold(block.element)
        # case: line-of-the-site-between-plain-paragraphs
        if not is_prose(block.text) and is_boilerplate_wording(block.text):
            return False
        # case: subheadings-in-bold-named-like-sections
        if section_of(block.text):
            return is_subheading
        return not first.indented or is_subheading or _is_told(block)

    def _is_in_open_box(self, block: Block, first: Block) -> bool:
        """Return whether a block of boilerplate is a paragraph in a box that was never closed."""
        # case: comments-in-a-form-indented-like-paragraphs
        is_alike = block.indented and _kind(block) == _kind(first)
        return is_alike and any(map(block.element.tree.has_unclosed, sorted(BOILERPLATE_TAGS)))

    def is_told(self, block: Block) -> bool:
        """Return whether a block is a paragraph and reads as a sentence of the article."""
        return self(block) and _is_told(block)

    def is_strong(self, block: Block) -> bool:
        """Return whether a block has the strongest mark that the first paragraph has: the indent, or the selector."""
        if self.first is None or block.link is not None or section_of(block.text):
            return False
        return block.indented if self.first.indented else self._is_selected(self.first) and self._is_selected(block)

    def _is_beside(self, first: Block, block: Block) -> bool:
        """Return whether a selected block belongs to the text of the first paragraph."""
        # cases: line-below-the-last-indented-paragraph, indent-missing-at-the-end
        has_class = block.element.has("class")
        is_after = block.element in self._after_indented
        return (not is_after or _is_told(block)) and (has_class or _share_box(block.element, first.element))

    def _is_alike(self, first: Block, block: Block) -> bool:
        """Return whether a block has tag, class and box of the first paragraph, or stands in a frame like its frame."""
        if _position(block.element) == _position(first.element):
            return True
        # case: paragraphs-in-lists-of-their-own
        frames, first_frames = _frames(block.element), _frames(first.element)
        if len(frames) > _FEWEST_FRAMES and frames == first_frames:
            return True
        # case: two-paragraphs-in-one-frame
        frame, first_frame = block.element.parent, first.element.parent
        if frame is None or first_frame is None or not frame.has("class"):
            return False
        return _kind(block) == _kind(first) and _position(frame) == _position(first_frame)


def _after_last_indented(text: Stream) -> set[Element]:
    """Return the elements after the last indented paragraph: no subheading stands there."""
    blocks = list(text_blocks(text))
    last = max(at for at, block in enumerate(blocks) if block.indented)
    return {block.element for block in blocks[last + 1 :]} - {blocks[last].element}


def _kind(block: Block) -> tuple[str, str]:
    return block.element.tag, block.element.get("class")


def is_bold(element: Element) -> bool:
    """Return whether a whole element is bold, as an unindented subheading between indented paragraphs is."""
    children = list(element.children)
    return len(children) == 1 and children[0].tag in ("b", "strong") and children[0].opens_parent


def _share_box(one: Element, other: Element) -> bool:
    """Return whether two elements stand in one box, or one is the box of the other."""
    box, other_box = _position(one)[0], _position(other)[0]
    return box in (other_box, other) or one == other_box


def _frames(element: Element) -> list[object]:
    """Return tag and class of an element and of each frame that holds it alone, and at last the box around these."""
    frames: list[object] = [(element.tag, element.get("class"))]
    above = element.parent
    while above is not None and len(frames) < _MOST_FRAMES and element.opens_parent and element.ends_parent:
        frames.append((above.tag, above.get("class")))
        element, above = above, above.parent
    return [*frames, above]


def _position(element: Element) -> tuple[Element | None, str, str]:
    """Return box, tag and class of an element, the common marks of unindented paragraphs."""
    above = element.parent
    # case: paragraphs-in-wrappers-of-their-own
    if above is not None and len(list(above.children)) == 1 and element.opens_parent:
        above = above.parent
    return above, element.tag, element.get("class")


def until_boilerplate(stream: Iterable[Block | Picture]) -> Iterator[Block | Picture]:
    """Yield a stream up to the first section label below a dateline and a subscribe sentence.

    Most of a page stands below it: boxes of other headlines, the journal, the photos, the footer.
    """
    has_begun = has_ended = False
    for part in stream:
        yield part
        if not isinstance(part, Block):
            continue
        if not has_begun:
            has_begun = has_dateline(part.text)
        elif not has_ended:
            has_ended = may_open_subscribe(part.text) and subscribe_start(part.text) is not None
        elif not part.indented and section_of(part.text):
            return


def until_end(content: Stream, test: ParagraphTest, foreign: AbstractSet[Block]) -> Iterator[Block | Picture]:
    """Yield the stream up to the subscribe sentence, the publisher's copyright line or a box of other headlines.

    ``foreign`` are blocks in boxes of boilerplate, which may look like paragraphs.

    A line that only looks like an end stands before further paragraphs.
    """
    # cases: story-quotes-the-subscribe-sentence, copyright-credit-between-paragraphs, subheadings-named-like-sections
    last = max(
        (
            at
            for at, block in enumerate(content)
            if isinstance(block, Block) and test.is_strong(block) and block not in foreign
        ),
        default=0,
    )
    last_alike = max(
        (
            at
            for at, block in enumerate(content)
            if isinstance(block, Block) and block not in foreign and test.is_told(block)
        ),
        default=0,
    )
    for at, block in enumerate(content):
        if isinstance(block, Block):
            subscribe = subscribe_position(content, at)
            if subscribe is not None and (at >= last or _ends_with(content[at : last + 1], block.element)):
                # case: subscribe-sentence-in-the-last-paragraph
                if subscribe:
                    yield replace(block, text=block.text[:subscribe].rstrip())
                return
            # cases: copyright-line-of-the-publisher-ends-the-text, copyright-line-between-paragraphs
            if is_publisher_copyright(block.text) and at > last:
                return
            # cases: box-inside-article-no-subscribe-sentence, box-of-headlines-in-plain-text
            is_between = block in foreign and at < last_alike
            is_box = not is_between and _starts_headline_box(content[at : at + _BOX_OPENING])
            if at > last and (is_box or _END.fullmatch(block.text)):
                return
        yield block


def _ends_with(part: Stream, element: Element) -> bool:
    """Return whether a part of a stream is short, and only lines of one element."""
    return len(part) <= _SUBSCRIBE_LINES and all(one.element == element for one in part)


def subscribe_position(stream: Stream, at: int) -> int | None:
    """Return the position of a subscribe sentence in a block, complete there or in the next blocks."""
    block = stream[at]
    if isinstance(block, Picture) or not may_open_subscribe(block.text):
        return None
    end = block.text[-_SUBSCRIBE_REACH:]
    alone = subscribe_start(end)
    if alone is not None:
        return alone + len(block.text) - len(end)
    # case: subscribe-sentence-over-several-lines
    following = (one.text[:_SUBSCRIBE_REACH] for one in text_blocks(stream[at + 1 : at + _SUBSCRIBE_LINES]))
    start = subscribe_start(" ".join([end, *following]))
    return None if start is None or start >= len(end) else start + len(block.text) - len(end)


def _starts_headline_box(stream: Stream) -> bool:
    """Return whether a stream starts with a section's label, and then another label or a link to an article."""
    one, two = [*text_blocks(stream), None, None][:2]
    if one is None or two is None or one.indented or not section_of(one.text):
        return False
    return section_of(two.text) is not None or is_article_link(two)
