"""Pages as they arrive when something went wrong; what no reader could know any more is not done to them.

A damaged page must be read right in every field or be refused. So it is spared:
- a picture's tag (the picture would be gone, or there twice), its address and other text, and the tags of its box (they
  alone tell a caption that is printed once from what stands around); the same of a box between two paragraphs (it alone
  tells an advertisement from a subheading);
- the tags and styles of what is hidden (it would show); where a link leads and ends (it tells whose a picture is);
  sizes (they tell an icon);
- whatever alone divides two paragraphs: a line break, an opening tag where nothing is closed or where the closing tag
  before it is lost as well;
- all markup where nothing else tells the story from what stands between its parts.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from hypothesis import strategies as st

from devtools.accuracy.pages import CHARSETS, Page, pages
from devtools.accuracy.stories import SEEDS

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)\b[^<>]*>")
_SPARED = re.compile(
    r"(?is)<!-- (?P<box>picture|furniture) -->.*?<!-- /(?P=box) -->|<!--.*?-->|<img[^>]*>"
    r"|<(?P<silent>script|style|noscript|title)\b.*?</(?P=silent)>|<(?P<hidden>div|span) style=.*?</(?P=hidden)>"
)
_NAMES = re.compile(r' (?:class|id)="[^"]*"')


def cut(page: Page, rng: Random) -> Page:
    """The connection broke."""
    return replace(page, cut=rng.randrange(len(page.body)))


def tags_lost(page: Page, rng: Random) -> Page:
    """Some tags are not there."""
    return _edited(page, rng, lambda tag: "")


def tags_doubled(page: Page, rng: Random) -> Page:
    """Some tags are there twice."""
    return _edited(page, rng, lambda tag: tag * 2)


def never_closed(page: Page, rng: Random) -> Page:
    """No element of one name is ever closed."""
    tags = _tags(page)
    closed = sorted({tag[2] for tag in tags if tag[1]})
    name = rng.choice(closed) if closed else ""
    return _without(page, [tag for tag in tags if tag[1] and tag[2] == name])


def names_lost(page: Page, rng: Random) -> Page:
    """Some classes and ids are not there."""
    found = list(_NAMES.finditer(page.html))
    return _without(page, rng.sample(found, min(len(found), 3)))


def wrongly_declared(page: Page, rng: Random) -> Page:
    """The page says that it is in another encoding than it is."""
    other = rng.choice([charset for charset in CHARSETS if charset != page.charset])
    return replace(page, declared=other, html=page.html.replace(f"charset={page.charset}", f"charset={other}"))


TO_ANY_PAGE = (cut, wrongly_declared)
TO_MARKUP = (tags_lost, tags_doubled, never_closed, names_lost)
DAMAGES: tuple[Callable[[Page, Random], Page], ...] = TO_ANY_PAGE + TO_MARKUP


@st.composite
def damaged(draw: st.DrawFn) -> Page:
    """Draw a page that is not as it was sent."""
    damage = draw(st.sampled_from(DAMAGES))
    page: Page = draw(pages() if damage in TO_ANY_PAGE else pages().filter(lambda page: not page.frail))
    return replace(damage(page, Random(draw(SEEDS))), damage=damage.__name__.replace("_", " "))


def _tags(page: Page) -> list[re.Match[str]]:
    spared = [found.span() for found in _SPARED.finditer(page.html)]
    closes_nothing = page.layout.endswith("shouted")
    return [
        tag
        for tag in _TAG.finditer(page.html)
        if not any(start <= tag.start() < end for start, end in spared)
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
