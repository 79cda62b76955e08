"""Tree of a page, as a browser's HTML5 parser builds it, and the walk through it in reading order."""

from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from typing import Self

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from jiji.extract.hiding import hides, hiding_rules
from jiji.extract.limits import DEEPEST, TooMuchMarkup
from jiji.text.normalize import line

UNRENDERED_TAGS = frozenset("head iframe noscript object option script select style svg template textarea".split())
BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary table tbody"
    " td tfoot th thead title tr ul br".split()
)
"""Elements before and after which a browser starts a new line."""
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
    def own_text(self) -> str:
        """Text directly inside this element."""
        return self.node.text(deep=False)

    def css(self, selector: str) -> list[Self]:
        """Return the elements inside this one that a CSS selector matches, in reading order."""
        return [self._other(node) for node in self.node.css(selector)]

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
            or (bool(self.attributes) and (self.has("hidden") or hides(self.get("style"))))
        )

    def walk(self, *, hidden: bool = False) -> Iterator[tuple[Event, Self, str]]:
        """Yield each step through this element in reading order: its kind, the element, and the text.

        Hidden elements are left out with all that they hold, unless ``hidden``. Comments are left out.

        >>> [(event.name, element.tag, text) for event, element, text in Tree("<p>A<b>B</b>C").body.walk()][:6]
        [('START', 'body', ''), ('START', 'p', ''), ('TEXT', 'p', 'A'), ('START', 'b', ''), ('TEXT', 'b', 'B'), ('END', 'b', '')]
        """  # noqa: E501
        if self.is_hidden and not hidden:
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
                if hidden or not element.is_hidden:
                    yield Event.START, element, ""
                    open_elements.append((element, node.iter(include_text=True)))
                    break
            else:
                open_elements.pop()
                yield Event.END, above, ""

    def _other(self, node: LexborNode) -> Self:
        return type(self)(node, self.tree)


def _is_element(tag: str | None) -> bool:
    """Return whether the tag of a node is an element's, not that of a text or comment."""
    return tag is not None and not tag.startswith("-")


_NESTED_TOO_DEEP = "*" + ">*" * DEEPEST


class Tree:
    """Parsed page. The number and the length of its tags are checked before (`check_tags`)."""

    def __init__(self, text: str) -> None:
        self._parser = LexborHTMLParser(text)

    def check_depth(self) -> None:
        """Raise TooMuchMarkup for elements that are nested too deep for a walk in time.

        >>> Tree("<div>" * 2_500 + "deep").check_depth()
        Traceback (most recent call last):
        jiji.extract.limits.TooMuchMarkup: elements nested more than 500 deep
        """
        if self._parser.css_first(_NESTED_TOO_DEEP) is not None:
            raise TooMuchMarkup(f"elements nested more than {DEEPEST} deep")

    @cached_property
    def root(self) -> Element:
        """The ``html`` element."""
        root = self._parser.root
        if root is None:
            raise TooMuchMarkup("no root element")
        return Element(root, self)

    @cached_property
    def body(self) -> Element:
        """The ``body`` element; the root of a page of frames, which has none."""
        body = self._parser.body
        return self.root if body is None else Element(body, self)

    def css(self, selector: str) -> list[Element]:
        """Return the elements that a CSS selector matches, hidden ones too, in reading order."""
        return [Element(node, self) for node in self._parser.css(selector)]

    @cached_property
    def hidden_by_style_sheet(self) -> frozenset[int]:
        """Memory IDs of the elements that the page's own style sheets hide."""
        hidden: set[int] = set()
        for sheet in self._parser.css("style"):
            for selector, is_hiding in hiding_rules(sheet.text()):
                matched = self._matched(selector) if is_hiding or hidden else set()
                hidden = hidden | matched if is_hiding else hidden - matched
        return frozenset(hidden)

    def _matched(self, selector: str) -> set[int]:
        """Return the memory IDs of the elements that a page's selector matches; none for one with a pseudo-element."""
        try:
            return {node.mem_id for node in self._parser.css(selector)}
        except SelectolaxError:
            return set()
