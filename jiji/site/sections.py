"""The table of the site's sections: what each is called on the site, and where to look for it.

Source: labels seen in the navigation and boxes of Jiji Press's English site. The URLs of lists other than NATIONAL's
are not known, so a section is found by its label; ``fallback`` is what to read where no label is found.
"""

import re
from dataclasses import dataclass
from html import unescape
from typing import Literal

from jiji.text.normalize import line

Category = Literal["politics", "economy", "sports", "other"]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the site: a row of the table below."""

    name: str
    """Of the spider and of the feed."""
    labels: tuple[str, ...]
    """What the navigation and headings call it, best first, as :func:`label` spells it."""
    parent: str | None = None
    """The section whose index has a list of this one as well."""
    category: Category | None = None
    """What an article that stands in a list of this section is about."""
    fallback: str | None = "/jc/eng?g=eco"
    """Path of the index, its parent's if it has one, for where no label leads to one; None: no such URL is known."""


SECTIONS = {
    section.name: section
    for section in (
        Section("national", ("national", "headlines")),
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
    r"""Return a label in one spelling: case, spacing, entities, and a trailing arrow, colon or "more" do not matter.

    >>> label(" NATIONAL \u00bb"), label("AFP\u2010Jiji Press  News&nbsp;Journal (more)"), label("Photos &raquo;")
    ('national', 'afp-jiji press news journal', 'photos')
    """
    plain = re.sub(r"[‐-―−]", "-", line(unescape(text))).casefold()
    return re.sub(r"^[\W_]+|(?:[\W_]+(?:more|list|index|top))?[\W_]*$", "", plain)


def section_of(text: str) -> Section | None:
    """Return the section that a heading or link names, None for any other text.

    >>> section_of("SPORTS more >>").name, section_of("Politics and more besides")
    ('sports', None)
    """
    return _BY_LABEL.get(label(text)) if len(text) < _LONGEST_LABEL else None


def covers(section: Section, other: Section) -> bool:
    """Say whether a list of ``other`` is a list of stories of ``section``.

    >>> covers(SECTIONS["national"], SECTIONS["sports"]), covers(SECTIONS["sports"], SECTIONS["national"])
    (True, False)
    """
    return section.name in (other.name, other.parent)


def lineage(section: Section) -> tuple[Section, ...]:
    """Return a section and the one whose index has a list of it as well.

    >>> [section.name for section in lineage(SECTIONS["sports"])]
    ['sports', 'national']
    """
    return (section, SECTIONS[section.parent]) if section.parent else (section,)
