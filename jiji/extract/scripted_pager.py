"""Scripted pager: next pages that only a script or a form opens, proven by their URLs.

Menus of page numbers, "load more" buttons and forms hold the URL in an attribute. It counts only if it is the page's
own URL but for the next number, or for the oldest article ID of the page.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from urllib.parse import urlencode

from jiji.extract.pager import ListPage, continues
from jiji.extract.tree import Element, Tree

_ATTRIBUTES = ("value", "data-href", "data-url", "data-next", "data-next-url", "data-next-page", "data-src", "onclick")
_ELEMENTS = "option, " + ", ".join(f"[{name}]" for name in _ATTRIBUTES[1:])
_MOST = 500
_QUOTED = re.compile(r"""(?:href\s*=|(?:open|assign|replace)\s*\()\s*["'](?P<url>[^"']+)["']""")
"""URL that the script of a click opens."""


def scripted_pages(tree: Tree, page: ListPage, locate: Callable[[str], str | None]) -> list[str]:
    """Return the URLs of the next page that are in no link; ``locate`` makes a URL of the site of a reference.

    >>> menu = "<select><option value='/list?p=1'>1<option value='/list?p=2'>2<option value='/list?p=3'>3</select>"
    >>> scripted_pages(Tree(menu), ListPage("/list"), str)
    ['/list?p=2']
    >>> form = "<form action=/list><input type=hidden name=p value=2><input type=submit value=Next></form>"
    >>> scripted_pages(Tree(form), ListPage("/list"), str)
    ['/list?p=2']
    """
    # case: next-page-without-a-link
    urls = (locate(reference) for reference in (*_references(tree), *map(_submitted, islice(tree.css("form"), _MOST))))
    return list(dict.fromkeys(url for url in urls if url and continues(url, page)))


def _references(tree: Tree) -> Iterator[str]:
    for element in islice(tree.css(_ELEMENTS), _MOST):
        values = [element.get(name).strip() for name in _ATTRIBUTES]
        yield from (value for value in values[:-1] if value)
        if found := _QUOTED.search(values[-1]):
            yield found["url"]


def _submitted(form: Element) -> str:
    """Return the URL that a form asks for, without the fields that a visitor fills in."""
    if form.get("method").lower() == "post" or not form.get("action"):
        return ""
    fields = [(field.get("name"), field.get("value")) for field in form.css("input, button")]
    return f"{form.get('action')}?{urlencode([field for field in fields if all(field)])}"
