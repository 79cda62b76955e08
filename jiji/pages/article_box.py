"""Article's box: the innermost element around headline and paragraphs of a known layout, as lines and pictures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborNode

from jiji.extract.blocks import Picture, blocks, text_blocks
from jiji.extract.boilerplate import has_boilerplate_name, is_boilerplate_wording
from jiji.extract.limits import MOST_BLOCKS, MOST_PICTURES
from jiji.extract.tree import BLOCK_TAGS, Element, Tree
from jiji.site.sections import section_of
from jiji.text.normalize import line

_CRUMB_SEPARATOR = re.compile(r"[>＞›»→]")
_CRUMBS = re.compile(r"(?is)\bhome\b.*\barticle\b")
_PLAIN_SPACE = " \t\r\n"
"""White space that indents nothing."""
_MOST_CRUMBS = 4
_LONGEST_CRUMBS = 200
_DEEPEST = 50
"""Nested elements of a box."""
_MOST_ABOVE = 20
"""Elements above the box in one element among which the breadcrumbs are looked for."""
_INLINE_TAGS = frozenset("a abbr b big cite code em font i ins mark nobr small span strong sub sup tt u wbr".split())
_SILENT_TAGS = frozenset("-comment link meta script source style".split())
_BOX_TAGS = (BLOCK_TAGS | {"picture"}) - frozenset(
    "address aside blockquote details dialog fieldset form nav pre".split()
)


class UncertainError(Exception):
    """A line or an element of the box is not accounted for."""


@dataclass(frozen=True, slots=True)
class Selectors:
    """Selectors of a layout."""

    headline: str
    paragraphs: str
    """Elements that hold paragraphs directly."""
    date: str = "p.article-date"
    boilerplate: str = ".ad, .ads, .advertisement"
    """Boxes inside the article's box that hold nothing of it."""


@dataclass(slots=True, eq=False)
class Line:
    """Line of the box."""

    text: str
    role: str | None
    """Selector that matches the block element directly around the line; None for none of them."""
    is_indented: bool
    is_link: bool
    """All of it is a link."""
    has_link: bool


Lines = list[Line | Picture]


class ArticleBox:
    """Box of one page. Raises UncertainError for an element that no layout has, or that is hidden."""

    def __init__(self, tree: Tree, selectors: Selectors) -> None:
        self.lines: Lines = []
        """Lines and pictures in reading order."""
        self._tree = tree
        self._pictures = 0
        self._texts: list[str] = []
        self._linked = 0
        """Characters of the current line that are links."""
        self._node, self._roles = _find_box(tree, selectors)
        skipped = self._node.css(selectors.boilerplate)
        self._skipped = {node.mem_id for node in skipped}
        if any(node.css(f"{selectors.headline}, {selectors.paragraphs}") for node in skipped):
            raise UncertainError
        self._check_shown()
        self._read(self._node, None, 0)
        self._end_line(None)

    @property
    def crumbs_above(self) -> list[str]:
        """Crumbs in the nearest element above the box that holds nothing else: HOME first, Article last."""
        # case: crumbs-in-list-items-on-one-line
        for above in _around(self._node):
            for before in islice(_preceding(above), _MOST_ABOVE):
                text = before.text(separator=" ")
                # case: crumbs-with-an-invisible-character
                if not _CRUMBS.search(line(text) if len(text) <= _LONGEST_CRUMBS else text):
                    continue
                lines = text_blocks(blocks(Element(before, self._tree)))
                crumbs = split_crumbs([block.text for block in islice(lines, _MOST_CRUMBS + 1)])
                if are_crumbs(crumbs):
                    return crumbs
        return []

    def check_below(self) -> None:
        """Raise UncertainError for text below the box that is no list of other headlines and no boilerplate."""
        below = (Element(after, self._tree) for above in _around(self._node) for after in _following(above))
        first = next((block for element in below for block in text_blocks(blocks(element))), None)
        if first is None or first.link is not None or first.in_boilerplate:
            return
        if not section_of(first.text) and not is_boilerplate_wording(first.text):
            raise UncertainError

    def _check_shown(self) -> None:
        """Raise UncertainError for a hidden element in the box."""
        styled = (Element(node, self._tree) for node in self._node.css("[style], [hidden]"))
        hidden = self._tree.hidden_by_style_sheet
        if any(element.is_hidden for element in styled):
            raise UncertainError
        if hidden and any(node.mem_id in hidden for node in self._node.css("*")):
            raise UncertainError

    def _read(self, element: LexborNode, role: str | None, depth: int) -> None:
        """Read the content of an element; ``role`` is that of the innermost block element."""
        if depth > _DEEPEST or len(self.lines) > MOST_BLOCKS:
            raise UncertainError
        texts = self._texts
        for node in element.iter(include_text=True):
            tag = node.tag
            if tag == "-text":
                text = node.text_content or ""
                # white space opens no line: most texts stand between two elements
                if texts or text.strip(_PLAIN_SPACE):
                    texts.append(text)
            elif tag == "br":
                self._end_line(role)
            elif tag in _BOX_TAGS:
                self._read_block(node, role, depth)
            elif tag == "a":
                before = len(texts)
                self._read(node, role, depth + 1)
                self._linked += sum(map(len, texts[before:]))
            elif tag in _INLINE_TAGS:
                if node.mem_id in self._skipped:
                    raise UncertainError
                self._read(node, role, depth + 1)
            elif tag == "img":
                self._read_picture(node, role)
            elif tag not in _SILENT_TAGS and not (tag == "noframes" and "<img" not in node.text().lower()):
                raise UncertainError

    def _read_block(self, node: LexborNode, role: str | None, depth: int) -> None:
        self._end_line(role)
        if node.mem_id not in self._skipped:
            own = self._roles.get(node.mem_id)
            self._read(node, own, depth + 1)
            self._end_line(own)

    def _read_picture(self, node: LexborNode, role: str | None) -> None:
        self._end_line(role)
        self._pictures += 1
        if self._pictures > MOST_PICTURES:
            raise UncertainError
        image = Element(node, self._tree)
        self.lines.append(Picture(image.get("src").strip(), line(image.get("alt")), image))

    def _end_line(self, role: str | None) -> None:
        if not self._texts:
            return
        raw = self._texts[0] if len(self._texts) == 1 else "".join(self._texts)
        if not raw.isspace() and (text := line(raw)):
            is_indented = raw.lstrip(_PLAIN_SPACE).startswith(("\u00a0", "\u3000"))
            is_link = self._linked > 0 and self._linked >= len(raw.strip())
            self.lines.append(Line(text, role, is_indented, is_link, self._linked > 0))
        self._texts.clear()
        self._linked = 0


def _find_box(tree: Tree, selectors: Selectors) -> tuple[LexborNode, dict[int, str]]:
    """Return the box, and the selector by which each element in it was found, by memory ID."""
    headings, paragraphs = tree.find(selectors.headline), tree.find(selectors.paragraphs)
    if len(headings) != 1 or not paragraphs:
        raise UncertainError
    # case: badge-inside-the-headline
    if any(node.mem_id != headings[0].mem_id for node in headings[0].css("[class], ins, small, sup")):
        raise UncertainError
    roles = dict.fromkeys((node.mem_id for node in paragraphs), selectors.paragraphs)
    roles[headings[0].mem_id] = selectors.headline
    # in reading order: an element around the first and the last paragraph is around those between them
    around_all = {node.mem_id for node in _around(paragraphs[0])} & {node.mem_id for node in _around(paragraphs[-1])}
    box = next((node for node in _around(headings[0].parent) if node.mem_id in around_all), None)
    if box is None or box.mem_id in roles or sum(1 for _ in _around(box)) > _DEEPEST:
        raise UncertainError
    _check_frames([Element(node, tree) for node in paragraphs], box)
    return box, roles | {node.mem_id: selectors.date for node in tree.find(selectors.date)}


def _check_frames(paragraphs: list[Element], box: LexborNode) -> None:
    """Raise UncertainError for paragraphs in an element of the box that is named like boilerplate."""
    checked = {box.mem_id}
    for one in paragraphs:
        for above in one.ancestors:
            if above.node.mem_id in checked:
                break
            checked.add(above.node.mem_id)
            # case: reader-comments-without-a-heading
            if has_boilerplate_name(above):
                raise UncertainError


def split_crumbs(lines: list[str]) -> list[str]:
    """Return the crumbs on one line or several.

    >>> split_crumbs(["HOME > NATIONAL", "Article"])
    ['HOME', 'NATIONAL', 'Article']
    """
    return [crumb.strip() for text in lines for crumb in _CRUMB_SEPARATOR.split(text) if crumb.strip()]


def are_crumbs(crumbs: list[str]) -> bool:
    """Return whether words are breadcrumbs of an article: HOME first, Article last."""
    return 1 < len(crumbs) <= _MOST_CRUMBS and crumbs[0].lower() == "home" and crumbs[-1].lower() == "article"


def _preceding(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements before an element in the same element, the nearest first."""
    before = node.prev
    while before is not None:
        if before.tag is not None and not before.tag.startswith("-"):
            yield before
        before = before.prev


def _following(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements behind an element in the same element."""
    after = node.next
    while after is not None:
        if after.tag is not None and not after.tag.startswith("-"):
            yield after
        after = after.next


def _around(node: LexborNode | None) -> Iterator[LexborNode]:
    """Yield an element and those around it."""
    above = node
    while above is not None:
        yield above
        above = above.parent
