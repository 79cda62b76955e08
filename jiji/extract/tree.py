"""Tree of a page, as a browser's HTML5 parser builds it, and the walk through it in reading order."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from enum import Enum
from functools import cached_property
from typing import Self

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from jiji.extract.hiding import hides, hiding_rules
from jiji.extract.limits import DEEPEST, TooMuchMarkup
from jiji.text.normalize import line

UNRENDERED_TAGS = frozenset(
    "datalist del head iframe noembed noframes object option s script select strike style svg template textarea".split()
)
"""Elements that are not shown, and deleted text."""
BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary table tbody"
    " td tfoot th thead title tr ul br".split()
)
"""Elements before and after which a browser starts a new line."""
_CLOSED_TAGS = frozenset(("details", "dialog"))
"""Elements that are hidden until they are opened."""
_TEXT = "-text"
_DOCUMENT = "-document"


class Event(Enum):
    """Step of a walk."""

    START = "an element begins"
    TEXT = "text of the element"
    END = "the element ends"


class Element:
    """Element of a tree. Two objects for one element are equal; compare them with ``==``, never with ``is``."""

    __slots__ = ("_attributes", "node", "tag", "tree")

    def __init__(self, node: LexborNode, tree: "Tree") -> None:
        self.node = node
        self.tag = node.tag or ""
        self.tree = tree
        self._attributes: dict[str, str | None] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Element) and self.node.mem_id == other.node.mem_id

    def __hash__(self) -> int:
        return self.node.mem_id

    @property
    def attributes(self) -> dict[str, str | None]:
        """Attributes by name. An attribute may have no value."""
        if self._attributes is None:
            self._attributes = self.node.attributes
        return self._attributes

    def get(self, name: str) -> str:
        """Return an attribute's value; an empty text for a missing attribute."""
        return self.attributes.get(name) or ""

    def has(self, name: str) -> bool:
        """Return whether the element has an attribute, with or without a value."""
        return name in self.attributes

    @property
    def parent(self) -> Self | None:
        """Element around this one; None for the root."""
        above = self.node.parent
        return None if above is None or above.tag == _DOCUMENT else self._other(above)

    @property
    def ancestors(self) -> Iterator[Self]:
        """Elements around this one, the innermost first."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    @property
    def children(self) -> Iterator[Self]:
        """Elements directly inside this one."""
        return (self._other(node) for node in self.node.iter() if _is_element(node.tag))

    @property
    def previous(self) -> Self | None:
        """Element directly before this one in the same element, with no text but white space between them."""
        before = self._node_before
        return self._other(before) if before is not None and _is_element(before.tag) else None

    @property
    def opens_parent(self) -> bool:
        """True if nothing stands before the element in the element around it."""
        return self._node_before is None

    @property
    def ends_parent(self) -> bool:
        """True if no element stands behind the element in the element around it."""
        after = self.node.next
        while after is not None and not _is_element(after.tag):
            after = after.next
        return after is None

    @property
    def has_sentence(self) -> bool:
        """True if a sentence ends in the element, whether a browser shows it or not."""
        return _SENTENCE_END.search(self.node.text()) is not None

    @property
    def _node_before(self) -> LexborNode | None:
        """Element or text before this one in the element around it, white space and comments apart."""
        before = self.node.prev
        while before is not None and not _is_element(before.tag) and not (before.text_content or "").strip():
            before = before.prev
        return before

    @property
    def own_text(self) -> str:
        """Text directly inside this element."""
        return self.node.text(deep=False)

    def css(self, selector: str) -> list[Self]:
        """Return the elements inside this one that a CSS selector matches, in reading order."""
        own = self.node.mem_id
        return [self._other(node) for node in self.node.css(selector) if node.mem_id != own]

    @property
    def line(self) -> str:
        """Text as a browser shows it, normalised, on one line.

        >>> Tree("<h1>Ships <b>sa</b>il<br>home<script>no</script></h1>").css("h1")[0].line
        'Ships sail home'
        """
        return line(
            "".join(" " if element.tag in BLOCK_TAGS and not text else text for _, element, text in self.walk())
        )

    @property
    def is_hidden(self) -> bool:
        """True if a browser does not show the element; text hidden behind a subscription is not read."""
        # cases: hidden-attribute, ads-scripts-comments-hidden-in-article
        return (
            self.tag in UNRENDERED_TAGS
            or self.node.mem_id in self.tree.hidden_by_style_sheet
            or (self.tag in _CLOSED_TAGS and not self.has("open"))
            or (bool(self.attributes) and (self.has("hidden") or self._is_hidden_by_style))
        )

    @property
    def _is_hidden_by_style(self) -> bool:
        """True if the element's own style hides it. A transparent picture is shown as soon as it is loaded."""
        style = self.get("style")
        return hides(style) and not (self.tag == "img" and "opacity" in style)

    def walk(self, leave_out: AbstractSet["Element"] = frozenset()) -> Iterator[tuple[Event, Self, str]]:
        """Yield each step through this element in reading order: its kind, the element, and the text.

        Hidden elements and those of ``leave_out`` are left out with all that they hold, comments too. A quotation
        (``q``) has the quotes that a browser adds.

        >>> [(event.name, element.tag, text) for event, element, text in Tree("<p>A<b>B</b>C").body.walk()][:6]
        [('START', 'body', ''), ('START', 'p', ''), ('TEXT', 'p', 'A'), ('START', 'b', ''), ('TEXT', 'b', 'B'), ('END', 'b', '')]
        """  # noqa: E501
        if self.is_hidden:
            return
        yield Event.START, self, ""
        open_elements = [(self, self.node.iter(include_text=True))]
        while open_elements:
            above, nodes = open_elements[-1]
            for node in nodes:
                tag = node.tag
                if tag == _TEXT:
                    yield Event.TEXT, above, node.text_content or ""
                if not _is_element(tag):
                    continue
                element = self._other(node)
                if not element.is_hidden and element not in leave_out:
                    yield Event.START, element, ""
                    if tag == "q":
                        yield Event.TEXT, element, '"'
                    open_elements.append((element, node.iter(include_text=True)))
                    break
            else:
                open_elements.pop()
                if above.tag == "q":
                    yield Event.TEXT, above, '"'
                yield Event.END, above, ""

    def _other(self, node: LexborNode) -> Self:
        return type(self)(node, self.tree)


def _is_element(tag: str | None) -> bool:
    """Return whether the tag of a node is an element's, not that of a text or comment."""
    return tag is not None and not tag.startswith("-")


_SELECTED_NAME = re.compile(r"[.#]([\w-]+)")
"""Class or ID in a selector."""
_NOSCRIPT = re.compile(rb"(?i)(</?)noscript\b")
"""Lexbor parses the content of a ``noscript``. Browsers with scripts take it as text, like that of a ``noframes``."""
_AMP_PICTURE = re.compile(rb"(?i)(</?)amp-img\b")
"""Picture of a page in AMP, with the attributes of an ``img``."""
_PAGE_END = re.compile(r"(?i)</(?:body|html)\b")
_MARKUP_END = re.compile(r"(?i)</(?:p|div|body|html)\b")
_HEAD_TAGS = ("base", "link", "meta", "script", "style")
"""Elements that every page is searched for, all at once."""
_HEAD_SELECTOR = ", ".join(_HEAD_TAGS)
_RAW_TAGS = frozenset("iframe noembed noframes plaintext script style textarea title xmp".split())
_SWALLOWING_TAGS = ", ".join(sorted(_RAW_TAGS | {"datalist", "object", "option", "select", "svg"}))
"""Elements that hide the rest of a page if they are not closed."""
_HIDING_TAGS = "del, s, strike, svg, [hidden], [style]"
"""Elements that hide what is in them, if they are closed where they should be or not."""
_FRAME_TAGS = "p[class], div[class], td[class]"
_MOST_HIDDEN = 50
"""Hidden elements that are searched for a part of the page."""
_DELETED_TAGS = frozenset(("del", "s", "strike"))
_SENTENCE_END = re.compile(r"\w[.!?][\"'”’]?(?:\s|\Z)")
_TEXT_TAGS = "p, div, section, article, br, h1, h2, h3, table"
_LONGEST_END = 4096
_NESTED_TOO_DEEP = "*" + ">*" * DEEPEST


def _kinds(elements: Iterable[Element]) -> Iterator[tuple[str, str]]:
    return ((one.tag, one.get("class")) for one in elements)


class Tree:
    """Parsed page. The number and the length of its tags are checked before (`check_tags`)."""

    def __init__(self, markup: str | bytes) -> None:
        if isinstance(markup, str):
            markup = markup.encode()
        self._lower = markup.lower()
        if b"noscript" in self._lower:
            markup = _NOSCRIPT.sub(rb"\1noframes", markup)
        if b"<amp-img" in self._lower:  # case: picture-of-amp
            markup = _AMP_PICTURE.sub(rb"\1img", markup)
        self._parser = LexborHTMLParser(markup)
        self._unclosed: dict[str, bool] = {}
        self._found: dict[str, list[LexborNode]] = {}
        # nodes and no elements, which would refer to the tree: without a cycle it is released at once

    def check_depth(self) -> None:
        """Raise TooMuchMarkup for elements that are nested too deep for a walk in time.

        >>> Tree("<div>" * 2_500 + "deep").check_depth()
        Traceback (most recent call last):
        jiji.extract.limits.TooMuchMarkup: elements nested more than 500 deep
        """
        if self._parser.css_first(_NESTED_TOO_DEEP) is not None:
            raise TooMuchMarkup(f"elements nested more than {DEEPEST} deep")

    @property
    def root(self) -> Element:
        """The ``html`` element."""
        root = self._parser.root
        if root is None:
            raise TooMuchMarkup("no root element")
        return Element(root, self)

    @property
    def body(self) -> Element:
        """The ``body`` element; the root of a page of frames, which has none."""
        body = self._parser.body
        return self.root if body is None else Element(body, self)

    def css(self, selector: str) -> list[Element]:
        """Return the elements that a CSS selector matches, hidden ones too, in reading order."""
        if selector in _HEAD_TAGS:
            return [Element(node, self) for node in self.find(_HEAD_SELECTOR) if node.tag == selector]
        return [Element(node, self) for node in self._parser.css(selector)]

    def find(self, selector: str) -> list[LexborNode]:
        """Return the nodes that a layout's selector matches, in reading order; they are looked for once.

        A selector whose names stand nowhere in the page needs no search.

        >>> tree = Tree("<h1 id=top>Rain</h1><p>Rain fell.")
        >>> [len(tree.find(selector)) for selector in ("h1#top", "p", "p.lead, #top > p")]
        [1, 1, 0]
        """
        if selector not in self._found:
            names = _SELECTED_NAME.findall(selector)
            is_possible = not names or any(map(self.mentions, names))
            self._found[selector] = self._parser.css(selector) if is_possible else []
        return self._found[selector]

    def mentions(self, word: str) -> bool:
        """Return whether a word stands anywhere in the markup, in capitals or not."""
        return word.lower().encode() in self._lower

    @property
    def swallowing_tag(self) -> str | None:
        """Tag of an element that is not shown, was never closed, and holds a part of the page; None without one."""
        found = self.css(_SWALLOWING_TAGS)
        # cases: textarea-never-closed, title-in-the-body-never-closed, xmp-never-closed
        for element in (one for one in found if one.tag in _RAW_TAGS):
            if element.tag == "title" and element.parent is not None and element.parent.tag == "head":
                continue
            end = _MARKUP_END if element.tag in ("textarea", "title") else _PAGE_END
            if end.search(element.node.text()[-_LONGEST_END:]):
                return element.tag
        # case: select-never-closed-between-paragraphs
        for element in found:
            if element.tag not in _RAW_TAGS and element.node.css_first(_TEXT_TAGS) is not None:
                return element.tag
        # cases: hidden-span-never-closed, deleted-text-never-closed
        for element in self.css(_HIDING_TAGS)[:_MOST_HIDDEN]:
            if self.has_unclosed(element.tag) and element.is_hidden and self._swallows(element):
                return element.tag
        # cases: template-never-closed, dialog-never-closed-between-paragraphs
        return next((tag for tag in ("template", "dialog", "details") if self.has_unclosed(tag)), None)

    def _swallows(self, hidden: Element) -> bool:
        """Return whether a hidden element that may be unclosed holds sentences like those of the shown part."""
        # case: deleted-text-never-closed-in-the-headline
        if hidden.tag in _DELETED_TAGS:
            return True
        if not hidden.has_sentence:
            return False
        # case: svg-never-closed-between-lines
        if hidden.ends_parent or hidden.tag == "svg" or "\u00a0" in hidden.node.text():
            return True
        # case: hidden-div-never-closed
        inside = Counter(_kinds(hidden.css(_FRAME_TAGS)))
        return any(self._frame_kinds[kind] > number for kind, number in inside.items())

    @cached_property
    def _frame_kinds(self) -> Counter[tuple[str, str]]:
        """Number of the elements of each tag and class that may hold text."""
        return Counter(_kinds(self.css(_FRAME_TAGS)))

    def has_unclosed(self, tag: str) -> bool:
        """Return whether a tag is opened more often than closed."""
        if tag not in self._unclosed:
            opened, closed = (
                len(re.findall(rb"<%s%s(?=[\s/>])" % (slash, tag.encode()), self._lower)) for slash in (b"", b"/")
            )
            self._unclosed[tag] = opened > closed
        return self._unclosed[tag]

    @cached_property
    def hidden_by_style_sheet(self) -> frozenset[int]:
        """Memory IDs of the elements that the page's own style sheets hide."""
        hidden: set[int] = set()
        for sheet in self.css("style"):
            for selector, is_hiding in hiding_rules(sheet.node.text()):
                matched = self._matched(selector) if is_hiding or hidden else set()
                hidden = hidden | matched if is_hiding else hidden - matched
        return frozenset(hidden)

    def _matched(self, selector: str) -> set[int]:
        """Return the memory IDs of the elements that a page's selector matches; none for one with a pseudo-element."""
        try:
            return {node.mem_id for node in self._parser.css(selector)}
        except SelectolaxError:
            return set()
