"""The saved stories once more, on pages that were changed: other names, other elements, other furniture around them."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from jiji.pages import story_page
from tests.pages.test_cases import cases, read, told

MARKS = re.compile(r"(?i)<!--.*?-->|<script\b.*?</script>|<style\b.*?</style>", re.DOTALL)


def in_text(html: str, change: Callable[[str], str]) -> str:
    """Change the markup outside scripts, styles and comments."""
    parts, end = [], 0
    for found in MARKS.finditer(html):
        parts += [change(html[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*parts, change(html[end:])])


def renamed(html: str) -> str:
    """All classes and ids are new; what had one name has one again."""

    def name(found: re.Match[str]) -> str:
        return f' {found[1]}="x{hashlib.sha256(found[2].encode()).hexdigest()[:6]}"'

    return in_text(html, lambda part: re.sub(r'(?i)\s(class|id)\s*=\s*("[^"]*"|[^\s>"]+)', name, part))


def unnamed(html: str) -> str:
    """No element has a class or an id."""
    return in_text(html, lambda part: re.sub(r'(?i)\s(?:class|id)\s*=\s*("[^"]*"|[^\s>"]+)', "", part))


def divs(html: str) -> str:
    """Every paragraph is a ``div``."""
    return in_text(html, lambda part: re.sub(r"(?i)<(/?)p\b", r"<\1div", part))


def sections(html: str) -> str:
    """Every ``div`` is a ``section``."""
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
    """More stands above and below what was the page."""
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
MAY_BE_REFUSED = 2
"""Stories in each way: one without dateline and indent, one without breadcrumb below a masthead that is a heading."""


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_page_is_read_right_in_every_field_or_refused(change: str) -> None:
    stories = [case.values[0] for case in cases("ArticlePage", "JournalPage", "PhotoPage")]
    refused, wrong = [], []
    for case in stories:
        outcome = read_changed(case, CHANGES[change])
        if isinstance(outcome, str):
            refused.append(f"{case.name}: {outcome}")
        elif outcome:
            wrong.append((case.name, outcome))
    assert not wrong
    assert len(refused) <= MAY_BE_REFUSED, refused


def read_changed(case: Path, changes: list[Callable[[str], str]]) -> str | dict[str, object]:
    """Return why a changed page is refused, else the fields that are not what is expected."""
    response, expected = read(case)
    html = response.body.decode("latin-1")
    for change in changes:
        html = change(html)
    try:
        item = told(story_page(response.replace(body=html.encode("latin-1"))))
    except ValueError as error:
        return str(error)
    return {name: item[name] for name in expected["item"] if name != "layout" and item[name] != expected["item"][name]}
