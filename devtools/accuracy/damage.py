"""Hypothesis strategy for damaged pages. A damaged page must be read right in every field or be refused.

Damage that no reader could undo is left out:
- Pictures keep their tags (a picture would be lost or doubled), `alt` texts, and the tags of their boxes (only these
  tell a caption printed once from the text around it). Boxes between two paragraphs keep their tags as well (only these
  tell an advertisement from a subheading).
- Hidden parts keep their tags and styles (they would show), links their ends (they tell a picture's owner), and icons
  their sizes.
- Two paragraphs keep their only separator: a line break, an opening tag where nothing is closed, or an opening tag
  behind a lost closing tag.
- A page keeps the links to further pages of the story: without them it looks complete.
- A page keeps all its markup where only markup separates the story from boilerplate (`Page.depends_on_markup`).
"""

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from hypothesis import strategies as st

from devtools.accuracy.pages import CHARSETS, Page, pages
from devtools.accuracy.stories import SEEDS

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)\b[^<>]*>")
_PROTECTED = re.compile(
    r"(?is)<!-- (?P<box>picture|boilerplate) -->.*?<!-- /(?P=box) -->|<!--.*?-->|<img[^>]*>"
    r"|<(?P<silent>script|style|noscript|title|template|svg)\b.*?</(?P=silent)>"
    r"|<(?P<hidden>div|span) style=.*?</(?P=hidden)>"
)
FOREIGN = ("EUC-KR", "GB2312", "Big5")
SWALLOWING = {
    "<svg><path>": "</svg>",
    "<template>": "</template>",
    "<select><option>": "</select>",
    "<textarea>": "</textarea>",
    "<!-- ": "-->",
    "<title>": "</title>",
    "<noscript>": "</noscript>",
    "<option>": "</option>",
}
"""Markup that hides all text behind it from some parsers and browsers → its end."""
_NAMES = re.compile(r' (?:class|id)="[^"]*"')


def cut(page: Page, rng: Random) -> Page:
    """Cut the page off, as a broken connection does."""
    return replace(page, cut=rng.randrange(len(page.body)))


def tags_lost(page: Page, rng: Random) -> Page:
    """Remove some tags."""
    return _edited(page, rng, lambda tag: "")


def tags_doubled(page: Page, rng: Random) -> Page:
    """Double some tags."""
    return _edited(page, rng, lambda tag: tag * 2)


def never_closed(page: Page, rng: Random) -> Page:
    """Remove all closing tags of one name."""
    tags = _tags(page)
    closed = sorted({tag[2] for tag in tags if tag[1]})
    name = rng.choice(closed) if closed else ""
    return _without(page, [tag for tag in tags if tag[1] and tag[2] == name])


def names_lost(page: Page, rng: Random) -> Page:
    """Remove some classes and ids."""
    found = list(_NAMES.finditer(page.html))
    return _without(page, rng.sample(found, min(len(found), 3)))


def wrongly_declared(page: Page, rng: Random) -> Page:
    """Declare another charset than that of the bytes."""
    other = rng.choice([charset for charset in (*CHARSETS, *FOREIGN) if charset != page.charset])
    return replace(page, declared=other, html=page.html.replace(f"charset={page.charset}", f"charset={other}"))


def swallowed(page: Page, rng: Random) -> Page:
    """Open an element before a paragraph, and never close it."""
    places = [tag.start() for tag in _tags(page) if not tag[1] and tag[2].lower() in ("p", "section")]
    if not places:
        return page
    at = rng.choice(places)
    rest = page.html[at:].lower()
    opening = rng.choice([start for start, end in SWALLOWING.items() if end not in rest])
    return replace(page, html=page.html[:at] + opening + page.html[at:])


ANY_PAGE = (cut, wrongly_declared)
MARKUP = (tags_lost, tags_doubled, never_closed, names_lost, swallowed)
DAMAGES: tuple[Callable[[Page, Random], Page], ...] = ANY_PAGE + MARKUP


@st.composite
def damaged(draw: st.DrawFn) -> Page:
    """Draw a damaged page."""
    damage = draw(st.sampled_from(DAMAGES))
    whole = pages().filter(lambda page: not page.goes_on)
    page: Page = draw(whole if damage in ANY_PAGE else whole.filter(lambda page: not page.depends_on_markup))
    return replace(damage(page, Random(draw(SEEDS))), damage=damage.__name__.replace("_", " "))


def _tags(page: Page) -> list[re.Match[str]]:
    protected = [found.span() for found in _PROTECTED.finditer(page.html)]
    closes_nothing = page.rewrite == "uppercase"
    return [
        tag
        for tag in _TAG.finditer(page.html)
        if not any(start <= tag.start() < end for start, end in protected)
        and tag[2].lower() not in ("a", "br", "wbr", "meta")
        and (tag[1] or not closes_nothing)
    ]


def _edited(page: Page, rng: Random, edit: Callable[[str], str]) -> Page:
    tags = _tags(page)
    chosen = rng.sample(tags, min(len(tags), rng.randrange(1, 4)))
    closed = [tag.end() for tag in chosen if tag[1]]
    html = page.html
    for tag in sorted(chosen, key=lambda tag: -tag.start()):
        if any(page.html[end : tag.start()].isspace() or end == tag.start() for end in closed):
            continue
        html = html[: tag.start()] + edit(tag[0]) + html[tag.end() :]
    return replace(page, html=html)


def _without(page: Page, parts: list[re.Match[str]]) -> Page:
    html = page.html
    for part in sorted(parts, key=lambda part: -part.start()):
        html = html[: part.start()] + html[part.end() :]
    return replace(page, html=html)
