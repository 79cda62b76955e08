"""How pages are set: the templates, the hand that marks up text, and the encoding of the bytes."""

import textwrap
from dataclasses import dataclass
from random import Random

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup, escape

from devtools.replica.stories import Story

ENVIRONMENT = Environment(
    loader=PackageLoader("devtools.replica"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
)

ARTICLE_LAYOUTS = ("area.html", "paragraphs.html", "breaks.html", "table.html", "uppercase.html")
INDENTS = tuple(Markup(space * 3) for space in ("&nbsp; ", "\u00a0 ", "&#160; "))
ENTITIES = {"&#34;": "&quot;", "…": "&hellip;", "é": "&eacute;", " percent": "&nbsp;percent", " yen": "&nbsp;yen"}
SOURCE_WIDTH = 76


@dataclass(frozen=True)
class Dress:
    """The encoding of a page and where it is declared."""

    charset: str
    in_header: bool
    in_meta: bool

    @property
    def content_type(self) -> str:
        """The HTTP header's value."""
        return f"text/html; charset={self.charset}" if self.in_header else "text/html"

    def encode(self, html: str) -> bytes:
        """The page's bytes; what the encoding lacks becomes a character reference."""
        return html.encode(self.charset, errors="xmlcharrefreplace")


DRESSES = {
    Dress("UTF-8", in_header=True, in_meta=True): 45,
    Dress("utf-8", in_header=True, in_meta=False): 20,
    Dress("utf-8", in_header=False, in_meta=True): 20,
    Dress("EUC-JP", in_header=True, in_meta=True): 7,
    Dress("EUC-JP", in_header=False, in_meta=True): 4,
    Dress("euc-jp", in_header=True, in_meta=False): 4,
}
"""Dress → how many pages in a hundred wear it."""


def dress(page: str) -> Dress:
    """The dress of the page with this name."""
    [chosen] = Random(f"dress {page}").choices(list(DRESSES), list(DRESSES.values()))
    return chosen


def render(template: str, **context: object) -> str:
    """A page's text."""
    return ENVIRONMENT.get_template(template).render(**context)


@dataclass(frozen=True)
class Hand:
    """How a page's author types: indents, named entities, lines broken in the source."""

    indent: Markup
    entities: bool
    wraps: bool

    def ink(self, text: str) -> Markup:
        """The text as markup."""
        markup = str(escape(text))
        if self.entities:
            for plain, entity in ENTITIES.items():
                markup = markup.replace(plain, entity)
        if self.wraps:
            markup = textwrap.fill(markup, SOURCE_WIDTH, break_long_words=False, break_on_hyphens=False)
        return Markup(markup)

    def paragraph(self, text: str) -> Markup:
        """The text as markup, indented."""
        return self.indent + self.ink(text)


@dataclass(frozen=True)
class Look:
    """Everything about a story's page that is not the story."""

    template: str
    hand: Hand
    dress: Dress


def look(story: Story, style: int) -> Look:
    """The look of a story's page; another `style` never has the same layout as the one before."""
    rng = Random(f"look {story.key}")
    layouts = ARTICLE_LAYOUTS if story.section == "national" else (f"{story.section}.html",)
    first, indent = rng.randrange(len(layouts)), rng.randrange(len(INDENTS))
    entities, wraps = rng.random() < 0.4, rng.random() < 0.3
    return Look(
        template=layouts[(first + style) % len(layouts)],
        hand=Hand(INDENTS[(indent + style) % len(INDENTS)], entities ^ bool(style % 2), wraps),
        dress=dress(f"{story.key} {style}"),
    )
