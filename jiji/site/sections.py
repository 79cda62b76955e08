"""Sections of the site: a table of names, labels and index pages.

Source: labels in the navigation and boxes of Jiji Press's English site (seen). NATIONAL was NATION until January 2025,
and old copies of pages still say so (seen). The URLs of index pages other than
NATIONAL's are unknown, so a section is found by its label. The path in ``fallback`` is used if no label is found.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from jiji.site.listing import Category
from jiji.text.normalize import line


@dataclass(frozen=True, slots=True)
class Section:
    """Section of the site: one row of the table."""

    name: str
    """Name of its spider and of its feed."""
    labels: tuple[str, ...]
    """Labels in navigation and headings, best first, as :func:`label` spells them."""
    parent: str | None = None
    """Section whose index page also lists this one's articles under its label."""
    category: Category | None = None
    """Category of the articles that are listed under this section's label."""
    fallback: str | None = "/jc/eng?g=eco"
    """Path of the index page, or of the parent's, for use without a label; None if no such URL is known."""


SECTIONS = {
    section.name: section
    for section in (
        Section("national", ("national", "nation", "headlines")),
        Section("politics", ("politics",), parent="national", category="politics"),
        Section("economy", ("economy",), parent="national", category="economy"),
        Section("sports", ("sports",), parent="national", category="sports"),
        Section("other", ("other",), parent="national", category="other"),
        Section("journal", ("afp-jiji press news journal", "news journal"), fallback=None),
        Section("photos", ("photos", "photo"), fallback=None),
    )
}

_LONGEST_LABEL = 80
_BY_LABEL = {label: section for section in SECTIONS.values() for label in section.labels}


def label(text: str) -> str:
    r"""Return a label in one spelling, without case, extra spaces, entities, a trailing arrow, colon or "more".

    An empty text for a line that is too long for a label.

    >>> label(" NATIONAL \u00bb"), label("AFP\u2010Jiji Press  News&nbsp;Journal (more)"), label("Photos &raquo;")
    ('national', 'afp-jiji press news journal', 'photos')
    """
    plain = re.sub(r"[‐-―−]", "-", line(unescape(text))).casefold()
    if len(plain) > _LONGEST_LABEL:
        return ""
    return re.sub(r"^[\W_]+|(?:[\W_]+(?:more|list|index|top))?[\W_]*$", "", plain)


def section_of(text: str) -> Section | None:
    """Return the section with a label, None for any other text.

    >>> section_of("SPORTS more >>").name, section_of("Politics and more besides")
    ('sports', None)
    """
    return _section_of(text) if len(text) < _LONGEST_LABEL else None


@lru_cache(maxsize=4096)
def _section_of(text: str) -> Section | None:
    return _BY_LABEL.get(label(text))


def covers(section: Section, other: Section) -> bool:
    """Return whether articles listed under ``other`` belong to ``section``.

    >>> covers(SECTIONS["national"], SECTIONS["sports"]), covers(SECTIONS["sports"], SECTIONS["national"])
    (True, False)
    """
    return section.name in (other.name, other.parent)


def lineage(section: Section) -> tuple[Section, ...]:
    """Return a section and its parent.

    >>> [section.name for section in lineage(SECTIONS["sports"])]
    ['sports', 'national']
    """
    return (section, SECTIONS[section.parent]) if section.parent else (section,)
