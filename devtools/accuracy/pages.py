"""Hypothesis strategy for pages in present, past and possible layouts of the site."""

import re
from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st

from devtools.accuracy.markup import VARIATIONS
from devtools.accuracy.page_context import FRAMES, QUOTES, PageContext, PageOptions
from devtools.accuracy.stories import SEEDS, expected, stories
from devtools.newsroom.expected import Fields

TEMPLATES = {
    "area": ("national",),
    "of2013": ("national",),
    "table": ("national",),
    "breaks": ("national",),
    "redesign": ("national", "journal"),
    "journal": ("journal",),
    "photos": ("photos",),
}
"""Template → sections of its stories."""
REWRITES = ("none", "none", "renamed", "unnamed", "divs", "uppercase", "spaced")
"""Changes of a template's tags, classes and ids."""
WIDE_SPACES = (" ", "\n", " " * 3000, "\n\t\t" * 900)
"""White space before an attribute."""
CHARSETS = ("utf-8", "utf-8", "utf-8", "euc-jp", "Shift_JIS", "iso-2022-jp")
_LINKED_SUBHEADING = re.compile(r"<(h\d|b|strong)><a [^<>]*>[^<]*</a></\1>")
"""Subheading that is all a link, as the label of a box is."""
CODECS = {"Shift_JIS": "cp932", "iso-2022-jp": "iso2022_jp"}
"""Declared charset → the codec of the characters that browsers read under it."""


@dataclass(frozen=True)
class Page:
    """Generated page, its expected fields, and its transfer."""

    template: str
    rewrite: str
    expected: Fields
    html: str
    charset: str
    """Charset of the bytes."""
    declared: str
    """Charset in the header. Empty: none."""
    depends_on_markup: bool
    """True: only markup separates some of the text from boilerplate.

    That is text without an indent, items of a list, or a single paragraph, whose indent proves nothing.
    """
    goes_on: bool = False
    """True: links to further pages stand below the story."""
    may_be_refused: bool = False
    """True: a reader that is not sure may refuse the page."""
    cut: int | None = None
    """Length in bytes of a page that was cut off. None: complete."""
    damage: str = ""
    """Kind of damage. Empty: none."""

    @property
    def body(self) -> bytes:
        """The bytes as served. A character that the charset lacks is a character reference."""
        return self.html.encode(CODECS.get(self.charset, self.charset), errors="xmlcharrefreplace")[: self.cut]

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        return f"text/html; charset={self.declared}" if self.declared else "text/html"


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """Draw a complete, undamaged page."""
    template = draw(st.sampled_from(list(TEMPLATES)))
    story = draw(stories(draw(st.sampled_from(TEMPLATES[template]))))
    rewrite = draw(st.sampled_from(REWRITES))
    # Without class and indent only the meaning separates a paragraph from an advertisement. Without dateline, indent
    # and the sentence about subscribing nothing separates a story from a notice.
    needs_indent = rewrite == "unnamed" or template == "breaks" or story.dateline is None
    charset = draw(st.sampled_from(CHARSETS))
    in_header, in_meta = draw(st.sampled_from(((True, True), (True, False), (False, True))))
    fields = expected(story)
    published_time, goes_on = "", False
    if template in ("area", "of2013", "table") and draw(st.sampled_from((True, False, False, False))):
        published_time = fields["published_at"] = f"{story.published:%Y-%m-%d}T10:15:00+09:00"
        fields |= {"published_source": "page", "published_date": f"{story.published:%Y-%m-%d}"}
    if not story.truncated and draw(st.sampled_from((True, *(False,) * 7))):
        goes_on = fields["truncated"] = True
    indent_share = 1.0 if needs_indent else draw(st.sampled_from((1.0, 1.0, 1.0, 0.5)))
    wrapper = draw(st.sampled_from(("", "", *QUOTES, *FRAMES)))
    options = PageOptions(
        template=template,
        indented=needs_indent or draw(st.sampled_from((True, True, False))),
        headline_twice=draw(st.booleans()),
        pictures_inline=draw(st.booleans()),
        has_boilerplate=draw(st.sampled_from((True, True, False))),
        variations=frozenset(draw(st.lists(st.sampled_from(VARIATIONS), max_size=4))),
        charset=charset if in_meta else "",
        indent_share=indent_share,
        published_time=published_time,
        wrapper=wrapper,
        goes_on=goes_on,
        seed=draw(SEEDS),
    )
    html = PageContext(story, options).html()
    return Page(
        template=template,
        rewrite=rewrite,
        expected=fields,
        html=rewritten(html, rewrite, Random(options.seed)),
        charset=charset,
        declared=charset if in_header else "",
        depends_on_markup=not options.indented
        or indent_share < 1
        or bool(story.bullets | story.rows | story.subheadings)
        or len(story.paragraphs) == 1,
        goes_on=goes_on,
        may_be_refused=goes_on
        or _LINKED_SUBHEADING.search(html) is not None
        or wrapper in FRAMES
        or (indent_share < 1 and (rewrite != "none" or template == "redesign")),
    )


def rewritten(html: str, rewrite: str, rng: Random) -> str:
    """Return a page's text with other tags, classes and ids."""
    if rewrite == "renamed":
        names: dict[str, str] = {}
        return re.sub(
            r'\b(class|id)="([^"]*)"',
            lambda found: f'{found[1]}="{names.setdefault(found[2], f"x{rng.randrange(16**6):06x}")}"',
            html,
        )
    if rewrite == "unnamed":
        return re.sub(r' (?:class|id)="[^"]*"', "", html)
    if rewrite == "divs":
        return re.sub(r"<(/?)(?:p|section|article|figure|figcaption|main|aside)\b", r"<\1div", html)
    if rewrite == "spaced":
        return re.sub(r' (class|id|src)="', lambda found: f'{rng.choice(WIDE_SPACES)}{found[1]}="', html)
    if rewrite == "uppercase":
        html = re.sub(r"</(?:p|li|dt|dd|td|tr)>\s*", "\n", html)
        return re.sub(r"</?[a-z0-9]+\b", lambda found: found[0].upper(), html)
    return html
