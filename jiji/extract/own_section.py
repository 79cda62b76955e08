"""Own section of an index page, by its breadcrumbs, its heading, its navigation or its title."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from jiji.extract.tree import Element, Event, Tree
from jiji.site.sections import Section, section_of
from jiji.text.normalize import line

_LONGEST = 200
_MOST = 20
"""Elements of one kind that are read."""
_CRUMBS = "[class*=crumb i], [id*=crumb i], [aria-label*=crumb i]"
_ACTIVE = (
    "[aria-current]:not([aria-current=false]), .active, .current, .selected, .is-active, .is-current, .on, .here,"
    " .is-selected, .current-menu-item, .cur, .now"
)
_NAVIGATION_TAGS = frozenset(("ul", "ol", "nav", "tr", "table", "header"))
_SEPARATOR = re.compile(r"\s+[-–—:]\s+|\s*[|｜»·<>＞/・:()（）\[\]]\s*")
_AROUND = re.compile(
    r"^(?:(?:latest|top|all|today's|our)\s)+"
    r"|(?:\s(?:news|headlines|list|stories|articles|section|index|top|page(?:\s\d+)?))+$",
    re.IGNORECASE,
)


def own_section(tree: Tree, breadcrumbs: Sequence[str]) -> Section | None:
    """Return the section whose index page a page says it is; None for home, and for a page that does not say it.

    Breadcrumbs count before the heading, then the navigation's current item and the title. A group of NATIONAL counts
    before NATIONAL.

    >>> def names(*htmls, breadcrumbs=()):
    ...     sections = (own_section(Tree(html), breadcrumbs) for html in htmls)
    ...     return [section and section.name for section in sections]
    >>> names("<h1>Politics News</h1><h2>ECONOMY</h2>", "<h2>POLITICS</h2><h2>ECONOMY</h2>", "<title>Jiji Press - OTHER</title>")
    ['politics', None, 'other']
    >>> names("<h1>POLITICS</h1>", "<h1>Photos</h1>", breadcrumbs=("HOME", "NATIONAL"))
    ['politics', 'national']
    >>> names("<title>ECONOMY | Jiji Press</title><ul><li>OTHER<li class=active>SPORTS</ul>")
    ['sports']
    """  # noqa: E501
    found = None
    for sections in (
        islice(_named(reversed(breadcrumbs or _marked_crumbs(tree))), 1),
        _named(_lines(tree, "h1")),
        _current_item(tree),
        _named(_lines(tree, "head > title")),
    ):
        section = _single(set(sections))
        # case: own-section-of-a-group-below-national
        if section and (found is None or section.parent == found.name):
            found = section
    return found


def _lines(tree: Tree, selector: str) -> Iterator[str]:
    """Return the texts of elements; of their pictures where they have none."""
    for element in islice(tree.css(selector), _MOST):
        alts = (picture.get("alt") for picture in element.css("img")[:1])
        yield line(element.own_text) if element.tag == "title" else element.line or line("".join(alts))


def _current_item(tree: Tree) -> Iterator[Section]:
    """Yield the sections of current items, each beside the label of another section."""
    for element in islice(tree.css(_ACTIVE), _MOST):
        # case: current-tab-of-a-box
        around = next((above for above in element.ancestors if above.tag in _NAVIGATION_TAGS), None)
        items = _named(item.line for item in islice(around.css("li, a, td, b, span"), _MOST)) if around else ()
        if len(set(items)) > 1:
            yield from _named([element.line])


def _marked_crumbs(tree: Tree) -> list[str]:
    """Return the texts inside elements that are named as breadcrumbs."""
    return [
        text
        for element in islice(tree.css(_CRUMBS), _MOST)
        for each in islice(_texts(element), _MOST)
        if (text := line(each))
    ]


def _texts(element: Element) -> Iterator[str]:
    return (text for event, _, text in element.walk() if event is Event.TEXT)


def _named(texts: Iterable[str]) -> Iterator[Section]:
    """Yield the sections that texts name, alone or beside the site's name and words such as "News"."""
    for text in texts:
        parts = [text, *_SEPARATOR.split(text)] if len(text) <= _LONGEST else []
        found = (section_of(part) or section_of(_AROUND.sub("", part)) for part in parts)
        yield from islice(filter(None, found), 1)


def _single(sections: set[Section]) -> Section | None:
    """Return the only section, or the group beside its parent; None for any other sections."""
    names = {section.name for section in sections}
    below = [section for section in sections if not any(other.parent == section.name for other in sections)]
    return below[0] if len(below) == 1 and names <= {below[0].name, below[0].parent} else None
