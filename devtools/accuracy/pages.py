"""Strategies that draw pages: as the site prints them, or could after a redesign."""

import re
from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st

from devtools.accuracy.hand import HABITS
from devtools.accuracy.setting import Choices, Sheet
from devtools.accuracy.stories import SEEDS, Fields, stories

TEMPLATES = {
    "area": ("article",),
    "of2013": ("article",),
    "table": ("article",),
    "breaks": ("article",),
    "redesign": ("article", "journal"),
    "journal": ("journal",),
    "photos": ("photos",),
}
"""Template → kinds of story that it sets."""
DRESSES = ("as it is", "as it is", "renamed", "bare", "divs", "shouted")
"""What becomes of a template's tags and names."""
CHARSETS = ("utf-8", "utf-8", "utf-8", "euc-jp", "Shift_JIS", "iso-2022-jp")
CODECS = {"Shift_JIS": "cp932", "iso-2022-jp": "iso2022_jp"}
"""Declared name → the codec that writes what browsers read under it."""


@dataclass(frozen=True)
class Page:
    """A page, what is to be read from it, and how it is sent."""

    layout: str
    """Template and dress, for reports."""
    expected: Fields
    html: str
    charset: str
    """Which the bytes are in."""
    declared: str
    """Which the header says; empty: none."""
    frail: bool
    """Whether markup alone tells some of its text from what stands around: text without an indent, items of a list, or
    one paragraph only, whose indent says nothing of others.
    """
    cut: int | None = None
    """After how many bytes the page ends; None: it is whole."""
    damage: str = ""
    """What happened to it, for reports; empty: nothing."""

    @property
    def body(self) -> bytes:
        """The bytes as served; what the encoding lacks is a character reference."""
        return self.html.encode(CODECS.get(self.charset, self.charset), errors="xmlcharrefreplace")[: self.cut]

    @property
    def content_type(self) -> str:
        """The header's value."""
        return f"text/html; charset={self.declared}" if self.declared else "text/html"


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """Draw a page that is whole and sound."""
    template = draw(st.sampled_from(list(TEMPLATES)))
    story = draw(stories(draw(st.sampled_from(TEMPLATES[template]))))
    wear = draw(st.sampled_from(DRESSES))
    # Where neither a class nor an indent is left, only the sense would tell a paragraph from an advertisement; a text
    # with no dateline, no indent and no sentence that asks to subscribe is not to be told from a notice.
    needs_indent = wear == "bare" or template == "breaks" or story.dateline is None
    charset = draw(st.sampled_from(CHARSETS))
    in_header, in_meta = draw(st.sampled_from(((True, True), (True, False), (False, True))))
    choices = Choices(
        template=template,
        indented=needs_indent or draw(st.sampled_from((True, True, False))),
        twice=draw(st.booleans()),
        spread=draw(st.booleans()),
        furnished=draw(st.sampled_from((True, True, False))),
        habits=frozenset(draw(st.lists(st.sampled_from(HABITS), max_size=4))),
        charset=charset if in_meta else "",
        seed=draw(SEEDS),
    )
    return Page(
        layout=f"{template}, {wear}",
        expected=story.fields(),
        html=dressed(Sheet(story, choices).html(), wear, Random(choices.seed)),
        charset=charset,
        declared=charset if in_header else "",
        frail=not choices.indented or bool(story.bullets) or len(story.paragraphs) == 1,
    )


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
