"""Strategies that draw pages: whole ones, as the site prints them or could after a redesign, and damaged ones."""

import re
from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st

from accuracy.hand import HABITS
from accuracy.setting import Choices, Sheet
from accuracy.stories import SEEDS, Fields, stories

KINDS = {
    "area": "article",
    "of2013": "article",
    "table": "article",
    "breaks": "article",
    "redesign": "article",
    "journal": "journal",
    "photos": "photos",
}
"""Template → kind of page."""
DRESSES = ("as it is", "as it is", "renamed", "bare", "divs", "shouted")
"""What becomes of a template's tags and names."""
CHARSETS = ("utf-8", "utf-8", "utf-8", "euc-jp", "Shift_JIS", "iso-2022-jp")
CODECS = {"Shift_JIS": "cp932", "iso-2022-jp": "iso2022_jp"}
"""Declared name → the codec that writes what browsers read under it."""


@dataclass(frozen=True)
class Page:
    """A page as served, and what is to be read from it."""

    layout: str
    """Template and dress, for reports."""
    content_type: str
    body: bytes
    expected: Fields


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """Draw a page as a whole and sound server would send it."""
    template = draw(st.sampled_from(list(KINDS)))
    story = draw(stories(KINDS[template]))
    wear = draw(st.sampled_from(DRESSES))
    # Where neither a class nor an indent is left, only the sense would tell a paragraph from an advertisement; a text
    # with no dateline, no indent and no sentence that asks to subscribe is not to be told from a notice.
    needs_indent = wear == "bare" or template == "breaks" or story.dateline is None
    choices = Choices(
        template=template,
        indented=needs_indent or draw(st.sampled_from((True, True, False))),
        twice=draw(st.booleans()),
        spread=draw(st.booleans()),
        furnished=draw(st.sampled_from((True, True, False))),
        habits=frozenset(draw(st.lists(st.sampled_from(HABITS), max_size=4))),
        charset=draw(st.sampled_from(CHARSETS)),
        seed=draw(SEEDS),
    )
    html = dressed(Sheet(story, choices).html(), wear, Random(choices.seed))
    return Page(f"{template}, {wear}", *encoded(html, choices), story.fields())


def dressed(html: str, wear: str, rng: Random) -> str:
    """Return a page's text with its names and tags in another spelling."""
    if wear == "renamed":
        words: dict[str, str] = {}
        return re.sub(
            r'\b(class|id)="([^"]*)"',
            lambda found: f'{found[1]}="{words.setdefault(found[2], f"x{rng.randrange(16**6):06x}")}"',
            html,
        )
    if wear == "bare":
        return re.sub(r' (?:class|id)="[^"]*"', "", html)
    if wear == "divs":
        return re.sub(r"<(/?)(?:p|section|article|figure|figcaption|main|aside)\b", r"<\1div", html)
    if wear == "shouted":
        html = re.sub(r"</(?:p|li|dt|dd|td|tr)>\s*", "\n", html)
        return re.sub(r"</?[a-z0-9]+\b", lambda found: found[0].upper(), html)
    return html


def encoded(html: str, choices: Choices) -> tuple[str, bytes]:
    """Return a page's content type and bytes; what the encoding lacks becomes a character reference."""
    body = html.encode(CODECS.get(choices.charset, choices.charset), errors="xmlcharrefreplace")
    return f"text/html; charset={choices.charset}", body
