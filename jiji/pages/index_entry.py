"""Entry of an index page: one article, from all links of the page to it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jiji.extract.anchors import Anchor
from jiji.extract.link_text import Role, headline
from jiji.extract.section_labels import SectionLabel
from jiji.site.sections import Section, section_of
from jiji.site.urls import names_article_as_the_site
from jiji.text.list_wording import is_sentence, is_shortened, is_title, without_ellipsis, without_noise
from jiji.text.normalize import line

_ACTION_URL = re.compile(
    r"(?i)(?<![a-z])(?:print(?:er)?|e?mail|send|share|comments?|tweet|thumb(?:nail)?s?|popup|enlarge|pdf|clip|bookmark|login"
    r"|vote|rate|amp)(?![a-z])"
)
"""URLs of what can be done with an article."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """Article as an index page lists it."""

    id: str
    """Article ID."""
    url: str
    """URL that names the ID in the site's own form, if a link has it."""
    headline: str
    """Headline as printed, without times, counts, labels and marks; empty if none is printed."""
    section: Section | None
    """Section whose label stands over the entry."""
    in_headline_box: bool
    """True in the box of today's headlines, one a section, which every page of the site carries."""
    sections: tuple[Section, ...] = ()
    """All sections whose labels stand over the entry or in it."""
    lists: tuple[Section | None, ...] = (None,)
    """Lists in which the entry stands, by the section labels over them; None for a list without a label."""
    is_whole_headline: bool = True
    """False if the headline is shortened, is a sentence of the text, or is missing."""
    is_pinned: bool = False
    """True if the page marks the entry as pinned to the top. An unmarked entry may be pinned too."""


@dataclass(frozen=True, slots=True)
class _Link:
    """Link to one article, and the headline in its text."""

    anchor: Anchor
    headline: str


def index_entry(article_id: str, anchors: Sequence[Anchor], box_labels: set[SectionLabel | None]) -> IndexEntry:
    """Return the entry for all links to one article. A place in a list counts for more than one in the box."""
    links = [_Link(anchor, headline(anchor.parts)) for anchor in anchors]
    in_lists = [link for link in links if link.anchor.label not in box_labels]
    text = _headline(in_lists) or _headline(links)
    sections = tuple(dict.fromkeys(section for anchor in anchors for section in _sections(anchor)))
    first = (in_lists or links)[0].anchor.label
    return IndexEntry(
        id=article_id,
        url=min(links, key=lambda link: _url_rank(link, text)).anchor.url,
        headline=text,
        section=next(
            (section for section in sections if section.category), _section(first) or next(iter(sections), None)
        ),
        in_headline_box=not in_lists,
        sections=sections,
        lists=tuple(dict.fromkeys(_section(link.anchor.label) for link in in_lists)),
        is_whole_headline=bool(text) and not is_shortened(text) and not is_sentence(text),
        is_pinned=any(link.anchor.row.is_pinned for link in in_lists),
    )


def _section(label: SectionLabel | None) -> Section | None:
    return label.section if label else None


def _sections(anchor: Anchor) -> Iterable[Section]:
    """Return the sections over a link, beside it and in it."""
    # cases: label-behind-the-headline, label-inside-the-link, article-under-two-labels
    found = (_section(anchor.label), anchor.row.section, *(section_of(line(part.text)) for part in anchor.parts))
    return filter(None, found)


def _headline(links: Sequence[_Link]) -> str:
    """Return the headline that the links to one article print; else one of their alt texts and titles."""
    # case: several-links-of-one-entry
    printed = [(_headline_rank(link), link.headline) for link in links if link.headline]
    text = max(printed)[1] if printed else ""
    if text and not is_shortened(text):
        return text
    hints = [
        hint for link in links for each in link.anchor.hints if (hint := without_noise(each)) and not section_of(each)
    ]
    if not text:
        return next(iter(hints), "")
    # case: shortened-headline-with-a-title
    return next((hint for hint in hints if _continues(hint, text)), text)


def _continues(hint: str, shortened: str) -> bool:
    beginning = without_ellipsis(shortened)
    return bool(beginning) and hint.startswith(beginning) and len(hint) > len(beginning) and not is_shortened(hint)


def _headline_rank(link: _Link) -> tuple[bool, bool, bool, int]:
    """Return the rank of a link's text among all of one article, the headline's the highest."""
    in_heading = link.anchor.is_in_heading or any(part.role is Role.HEADLINE for part in link.anchor.parts)
    # case: teaser-without-an-end
    return not is_sentence(link.headline), in_heading, is_title(link.headline), len(link.headline)


def _url_rank(link: _Link, text: str) -> tuple[bool, bool, bool]:
    """Return the rank of a link's URL among all of one article, the article's own the lowest."""
    url = link.anchor.url
    return not names_article_as_the_site(url), _ACTION_URL.search(url) is not None, link.headline != text
