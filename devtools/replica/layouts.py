"""Layouts of the replica's pages: template, spelling of the markup, and encoding."""

import textwrap
from dataclasses import dataclass
from random import Random

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup, escape

from devtools.newsroom.story import Story

ENVIRONMENT = Environment(
    loader=PackageLoader("devtools.replica"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
)

ARTICLE_TEMPLATES = ("area.html", "paragraphs.html", "breaks.html", "table.html", "uppercase.html")
INDENTS = tuple(Markup(space * 3) for space in ("&nbsp; ", "\u00a0 ", "&#160; "))
ENTITIES = {"&#34;": "&quot;", "…": "&hellip;", "é": "&eacute;", " percent": "&nbsp;percent", " yen": "&nbsp;yen"}
SOURCE_WIDTH = 76


@dataclass(frozen=True)
class Encoding:
    """Charset of a page, and the places that declare it."""

    charset: str
    in_header: bool
    in_meta: bool

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        return f"text/html; charset={self.charset}" if self.in_header else "text/html"

    def encode(self, html: str) -> bytes:
        """Return the page's bytes. A character that the charset lacks becomes a character reference."""
        return html.encode(self.charset, errors="xmlcharrefreplace")


ENCODINGS = {
    Encoding("UTF-8", in_header=True, in_meta=True): 45,
    Encoding("utf-8", in_header=True, in_meta=False): 20,
    Encoding("utf-8", in_header=False, in_meta=True): 20,
    Encoding("EUC-JP", in_header=True, in_meta=True): 7,
    Encoding("EUC-JP", in_header=False, in_meta=True): 4,
    Encoding("euc-jp", in_header=True, in_meta=False): 4,
}
"""Encoding → its share of the pages in percent."""


@dataclass(frozen=True)
class MarkupStyle:
    """Spelling of text in a page's source: indents, named entities, line breaks."""

    indent: Markup
    has_entities: bool
    wraps_lines: bool

    def markup(self, text: str) -> Markup:
        """Return a text as markup."""
        markup = str(escape(text))
        if self.has_entities:
            for plain, entity in ENTITIES.items():
                markup = markup.replace(plain, entity)
        if self.wraps_lines:
            markup = textwrap.fill(markup, SOURCE_WIDTH, break_long_words=False, break_on_hyphens=False)
        return Markup(markup)

    def paragraph(self, text: str) -> Markup:
        """Return a text as markup with an indent."""
        return self.indent + self.markup(text)


@dataclass(frozen=True)
class Layout:
    """Layout of an article page."""

    template: str
    style: MarkupStyle
    encoding: Encoding


# The first word of a seed is arbitrary, but another one would give every page another layout or encoding.
def encoding_of(page: str) -> Encoding:
    """Return the encoding of the page with this name."""
    [chosen] = Random(f"dress {page}").choices(list(ENCODINGS), list(ENCODINGS.values()))
    return chosen


def layout_of(story: Story, changes: int) -> Layout:
    """Return the layout of a story's page after so many layout changes. Each change gives another template."""
    rng = Random(f"look {story.key}")
    templates = ARTICLE_TEMPLATES if story.section == "national" else (f"{story.section}.html",)
    first, indent = rng.randrange(len(templates)), rng.randrange(len(INDENTS))
    has_entities, wraps_lines = rng.random() < 0.4, rng.random() < 0.3
    return Layout(
        template=templates[(first + changes) % len(templates)],
        style=MarkupStyle(INDENTS[(indent + changes) % len(INDENTS)], has_entities ^ bool(changes % 2), wraps_lines),
        encoding=encoding_of(f"{story.key} {changes}"),
    )


def render(template: str, **context: object) -> str:
    """Return a page's text."""
    return ENVIRONMENT.get_template(template).render(**context)
