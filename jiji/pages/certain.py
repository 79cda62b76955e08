"""Certain reading: an article read by the selectors of its layout alone, if each line of the article's box is accounted for.

The box is the innermost element around the headline and all paragraphs. In reading order it holds breadcrumbs, the
sizes of text, the headline once or twice, a printed date, pictures with their captions, a byline, the paragraphs from
the dateline on, and the subscribe sentence. Any other line or element makes the reading uncertain, and
`jiji.extract` reads the page. The two readings share no code that finds a part.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from selectolax.lexbor import LexborNode

from jiji.extract.article import ArticleParts
from jiji.extract.blocks import Picture
from jiji.extract.boilerplate import is_boilerplate_wording
from jiji.extract.captions import CaptionedPicture
from jiji.extract.headline import LONGEST_HEADLINE
from jiji.extract.rule import ExtractionRule
from jiji.extract.tree import BLOCK_TAGS, Element, Tree
from jiji.site.sections import section_of
from jiji.text.dates import is_page_date
from jiji.text.normalize import line
from jiji.text.wire_copy import (
    byline_authors,
    is_byline,
    is_opening_matter,
    is_publisher_copyright,
    is_same_headline,
    lone_credit,
    may_open_subscribe,
    split_credit,
    split_dateline,
    subscribe_start,
)

_INLINE_TAGS = frozenset("a abbr b big cite code em font i ins mark nobr small span strong sub sup tt u wbr".split())
_SILENT_TAGS = frozenset("script style link meta source".split())
_BOX_TAGS = (BLOCK_TAGS | {"picture"}) - frozenset("address aside blockquote details dialog fieldset form nav pre".split())
_SIZES = re.compile(r"(?i)(?:text size|small|medium|large|[\W_])+")
_CRUMB_SEPARATOR = re.compile(r"[>＞›»→]")
_GENERIC_ALT = re.compile(r"(?i)[\W\d]*(?:(?:photo|image|picture)s?[\W\d]*)?")
_FEWEST_PRINTS = 2
"""Prints of a caption, its alt text included, that prove it."""


@dataclass(frozen=True, slots=True)
class Selectors:
    """Selectors of a layout."""

    headline: str
    paragraphs: str
    """Elements that hold paragraphs directly."""
    date: str = "p.article-date"
    boilerplate: str = ".ad, .ads, .advertisement"
    """Boxes inside the article's box that hold nothing of it."""


class _Uncertain(Exception):
    """A line or an element is not accounted for."""


@dataclass(slots=True)
class _Line:
    """Line of the box."""

    text: str
    role: str | None
    """Selector that matches the element directly around the line; None for none of them."""
    is_indented: bool
    is_link: bool


def read_certain(
    tree: Tree, selectors: Selectors, day: date, is_article_picture: Callable[[Picture], bool]
) -> ArticleParts | None:
    """Return the parts of an article, None where a line or an element of its box is not accounted for."""
    try:
        return _Reading(tree, selectors).parts(day, is_article_picture)
    except _Uncertain:
        return None
