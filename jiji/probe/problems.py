"""Problems that a probe finds: a table with the exit status that each leads to, and the next thing to do."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from jiji.runs.result import Exit
from jiji.stats import BlockPageKind, RejectReason

NEW_LAYOUT = "docs/how-to/new-layout.md"
_DIAGNOSE = "docs/how-to/diagnose-a-run.md"


class Row(NamedTuple):
    """Row of the table."""

    exit: Exit
    """Exit status of the probe; DONE for a remark."""
    todo: str


class ProblemKind(Enum):
    """Kind of problem."""

    NO_RESPONSE = Row(Exit.UNREACHABLE, f"check the network and JIJI_BASE_URL; see {_DIAGNOSE}")
    HTTP_ERROR = Row(Exit.UNREACHABLE, "open the URL in a browser; if the page has moved, probe its new URL")
    ROBOTS_UNREACHABLE = Row(Exit.UNREACHABLE, "try again later: nothing may be requested without robots.txt")
    OFFSITE = Row(Exit.UNREACHABLE, "if the site has moved, set JIJI_BASE_URL to its new root")
    DISALLOWED = Row(Exit.BLOCKED, "do not crawl it, or write to the site's owner; see docs/explanation/politeness.md")
    REFUSED = Row(Exit.BLOCKED, f"pause the schedule, set JIJI_CONTACT, write to the site's owner; see {_DIAGNOSE}")
    BLOCK_PAGE = Row(Exit.BLOCKED, f"open the site in a browser, pause the schedule; see {_DIAGNOSE}")
    MAINTENANCE = Row(Exit.LAYOUT, "try again later")
    SOFT_404 = Row(Exit.LAYOUT, "probe the URL of a page that exists")
    CHARSET = Row(Exit.LAYOUT, "keep the page with --keep, correct jiji/text/charset.py; see docs/reference/fields.md")
    TOO_MUCH_MARKUP = Row(Exit.LAYOUT, "look at the page; the limits are in jiji/extract/limits.py and jiji/pages/")
    NOT_AN_ARTICLE = Row(Exit.LAYOUT, f"save the page with scrapy savecase, teach its layout: {NEW_LAYOUT}")
    UNKNOWN_LAYOUT = Row(Exit.LAYOUT, f"compare with a browser, then teach the new layout: {NEW_LAYOUT}")
    NEEDS_SCRIPTS = Row(Exit.LAYOUT, "crawl with JIJI_RENDER=fallback; see docs/how-to/render.md")
    NO_ENTRIES = Row(Exit.LAYOUT, "look whether the page's list needs scripts; see docs/explanation/index-pages.md")
    NO_LABEL = Row(Exit.LAYOUT, "add the site's new label to the section's row in jiji/site/sections.py")
    OTHER_SECTION = Row(Exit.LAYOUT, "compare the page's heading with the labels in jiji/site/sections.py")
    NO_ARTICLES_READ = Row(Exit.LAYOUT, "probe the URL of an article, to see why none is found on the index pages")
    NEW_LIST_STYLE = Row(Exit.DONE, "nothing: the links were found; name the style in jiji/pages/link_styles.py")
    NO_PAGER = Row(Exit.DONE, "if a browser shows a pager, add its wording to jiji/extract/pager_wording.py")
    NO_DATELINE = Row(Exit.DONE, "if a browser shows one, add its form to jiji/text/wire_copy/datelines.py")
    OFFSITE_LINKS = Row(Exit.DONE, "if they are the site's own, set JIJI_BASE_URL to their host")

    @property
    def exit(self) -> Exit:
        """Exit status that the problem leads to."""
        return self.value.exit

    @property
    def todo(self) -> str:
        """Next thing to do."""
        return self.value.todo


@dataclass(frozen=True, slots=True)
class Problem:
    """Problem of one page."""

    kind: ProblemKind
    cause: str
    """Cause in words, which may quote the page."""


REJECTED = {
    RejectReason.NOT_TEXT: ProblemKind.CHARSET,
    RejectReason.CHARSET: ProblemKind.CHARSET,
    RejectReason.TOO_MUCH_MARKUP: ProblemKind.TOO_MUCH_MARKUP,
}
"""Kinds of problem by the reason of a rejection; the others are NOT_AN_ARTICLE."""
BLOCK_PAGES = {
    BlockPageKind.BLOCKED: ProblemKind.BLOCK_PAGE,
    BlockPageKind.MAINTENANCE: ProblemKind.MAINTENANCE,
    BlockPageKind.NOT_FOUND: ProblemKind.SOFT_404,
}
REFUSALS = (401, 403, 429, 451)
"""HTTP statuses with which a site refuses the crawler."""
