"""Findings of a probe: plain values about each page that it read."""

from dataclasses import dataclass, field
from enum import StrEnum

from jiji.extract.rule import ExtractionRule
from jiji.probe.problems import Problem


class PageKind(StrEnum):
    """Kind of page that a response turned out to be."""

    ARTICLE = "article"
    INDEX = "index page"
    BLOCK_PAGE = "block page"
    NOT_UNDERSTOOD = "not understood"
    HTTP_ERROR = "HTTP error"
    NO_RESPONSE = "no response"
    NOT_REQUESTED = "not requested"


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """Field of an article page."""

    name: str
    value: str
    """Value in words, not shortened; empty if the page lacks the field."""
    rule: ExtractionRule | None
    """Extraction rule that found the field; None for a missing field, and for one that no rule reads off the page."""


@dataclass(frozen=True, slots=True)
class SectionFinding:
    """Section on an index page."""

    name: str
    url: str | None
    """URL of its index page; None if only articles stand under its label."""
    found_by: str
    """Kind of the link: navigation, label or more; "entries" without a link."""
    entries: int
    """Articles under its label."""


@dataclass(slots=True)
class PageFindings:
    """One page, as the crawl would read it."""

    name: str
    """Name of the page in the probe: ``home``, ``index-national``, ``article-1``, ``page``."""
    url: str
    kind: PageKind
    status: int | None = None
    """HTTP status; None without a response."""
    content_type: str = ""
    declared_charsets: list[str] = field(default_factory=list)
    charset: str | None = None
    """Charset that the bytes prove; None for an uncertain one."""
    layout: str | None = None
    fields: list[FieldFinding] = field(default_factory=list)
    own_section: str | None = None
    entries: int | None = None
    """Articles that an index page lists."""
    link_styles: dict[str, int] = field(default_factory=dict)
    sections: list[SectionFinding] = field(default_factory=list)
    pager: list[str] = field(default_factory=list)
    """URLs of further pages of the same list."""
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class RobotsFindings:
    """The site's robots.txt."""

    url: str
    status: int | None = None
    """HTTP status; None if it was not read."""
    size: int = 0
    """Bytes."""
    seconds_between_requests: float = 0.0
    """Delay that the crawl keeps: DOWNLOAD_DELAY or a longer Crawl-delay."""
