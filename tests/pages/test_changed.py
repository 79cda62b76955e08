"""Saved article pages with changed markup: other names, other elements, more boilerplate around them."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from jiji.exceptions import PageRejected
from jiji.pages import article_page
from tests.pages.case_folders import ARTICLES, page_fields, read

MARKS = re.compile(r"(?i)<!--.*?-->|<script\b.*?</script>|<style\b.*?</style>", re.DOTALL)


def in_text(html: str, change: Callable[[str], str]) -> str:
    """Change the markup outside scripts, styles and comments."""
    parts, end = [], 0
    for found in MARKS.finditer(html):
        parts += [change(html[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*parts, change(html[end:])])


def renamed(html: str) -> str:
    """Give each class and id a new name, the same at each place."""

    def name(found: re.Match[str]) -> str:
        return f' {found[1]}="x{hashlib.sha256(found[2].encode()).hexdigest()[:6]}"'

    return in_text(html, lambda part: re.sub(r'(?i)\s(class|id)\s*=\s*("[^"]*"|[^\s>"]+)', name, part))


def unnamed(html: str) -> str:
    """Remove all classes and ids."""
    return in_text(html, lambda part: re.sub(r'(?i)\s(?:class|id)\s*=\s*("[^"]*"|[^\s>"]+)', "", part))


def divs(html: str) -> str:
    """Turn each ``p`` into a ``div``."""
    return in_text(html, lambda part: re.sub(r"(?i)<(/?)p\b", r"<\1div", part))


def sections(html: str) -> str:
    """Turn each ``div`` into a ``section``."""
    return in_text(html, lambda part: re.sub(r"(?i)<(/?)div\b", r"<\1section", part))


LINK = '<li><a href="/jc/eng?g=eco&amp;k=20200102{0:05}">Rowers Win Race No. {0}</a></li>'
ABOVE = f"""<div class="cookies"><h2>Cookies</h2><p>We use cookies. See our policy.</p><button>Accept</button></div>
<nav><ul><li><a href="/">HOME</a></li><li><a href="/jc/eng?g=eco">NATIONAL</a></li>
<li><a href="/s">SPORTS</a></li></ul></nav>
<header class="sticky"><form action="/search"><input name="q"><button>Search</button></form></header>
<div class="most"><h3>Most read</h3><ol>{"".join(map(LINK.format, range(5)))}</ol></div>"""
BELOW = f"""<aside><h3>Related stories</h3><ul>{"".join(map(LINK.format, range(10, 14)))}</ul></aside>
<div class="share"><a href="#f">Share</a> <a href="#m">Mail</a></div>
<form class="letter"><h4>Newsletter</h4><p>Get our newsletter every morning.</p>
<input name="mail"><button>Go</button></form>
<div class="comments"><h3>Comments</h3><p>Ken: To read this was fun.</p><textarea>Say something</textarea></div>
<p><a href="/">HOME</a> &gt; <a href="/jc/eng?g=eco">NATIONAL</a> &gt; Article</p>
<div class="ad"><p>ADVERTISEMENT</p></div>"""


def wrapped(html: str) -> str:
    """Add boilerplate above and below the page."""
    html = re.sub(r"(?i)<body[^>]*>", lambda found: found[0] + ABOVE, html, count=1)
    return re.sub(r"(?i)</body>", lambda found: BELOW + found[0], html, count=1)


CHANGES: dict[str, list[Callable[[str], str]]] = {
    "renamed": [renamed],
    "unnamed": [unnamed],
    "divs": [divs],
    "sections": [sections],
    "wrapped": [wrapped],
    "all of it": [renamed, divs, sections, wrapped],
    "all of it, unnamed": [unnamed, sections, wrapped],
}
NEW_NAMES = {renamed, unnamed, divs, sections}
"""Changes of the names by which a style sheet or a reader tells parts of the page."""
MAY_BE_REJECTED = 2
"""Pages of each change: one without dateline and indent, one without breadcrumbs below a masthead that is a heading."""


@pytest.mark.parametrize("change", CHANGES)
def test_changed_page_is_read_right_in_every_field_or_rejected(change: str) -> None:
    rejected, wrong = [], []
    for case in ARTICLES:
        expected = read(case)[1]
        if expected.get("names_matter") and NEW_NAMES & set(CHANGES[change]):
            continue
        outcome = read_changed(case, CHANGES[change])
        if isinstance(outcome, str):
            rejected += [] if expected.get("or_refused") else [f"{case.name}: {outcome}"]
        elif outcome:
            wrong.append((case.name, outcome))
    assert not wrong
    assert len(rejected) <= MAY_BE_REJECTED, rejected


def read_changed(case: Path, changes: list[Callable[[str], str]]) -> str | dict[str, object]:
    """Return the reason of a rejection, else the fields that differ from the expected ones."""
    response, expected = read(case)
    html = response.body.decode("latin-1")
    for change in changes:
        html = change(html)
    try:
        item = page_fields(article_page(response.replace(body=html.encode("latin-1"))))
    except PageRejected as error:
        return str(error)
    return {name: item[name] for name in expected["item"] if name != "layout" and item[name] != expected["item"][name]}
