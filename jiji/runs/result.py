"""How a run went, as a number and two sentences: tables over what it counted, the first row that holds counts."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

from jiji.feed.errors import FeedError, LockHeld, NoSpaceLeft


class Exit(IntEnum):
    """The exit statuses of ``scrapy crawl``; docs/operations.md says what to do at each."""

    DONE = 0
    INTERNAL_ERROR = 1
    NO_SPACE = 3
    CONFIGURATION = 4
    INTERRUPTED = 11
    FORCED_STOP = 13
    BLOCKED = 18
    UNREACHABLE = 20
    LAYOUT = 21
    INCOMPLETE = 22
    HELD = 75

    @property
    def word(self) -> str:
        """The status as a word: ``no space``."""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run is judged to be."""

    status: Exit
    said: str
    """What happened, with the numbers."""
    advice: str
    """What to do about it."""

    def __str__(self) -> str:
        end = "" if self.advice.endswith("?") else "."
        return f"{self.status.word} ({self.status}): {self.said}. {self.advice}{end}"


Stats = Mapping[str, Any]


class Row(NamedTuple):
    """A row of the table: what must hold, what that is, and how it is said; ``{names}`` are those of ``_NAMES``."""

    holds: Callable[[Stats], bool]
    status: Exit
    said: str
    advice: str


def _counted(*names: str) -> Callable[[Stats], bool]:
    return lambda stats: any(stats.get(name) for name in names)


def _ended(*reasons: str) -> Callable[[Stats], bool]:
    return lambda stats: stats.get("finish_reason") in reasons


def _failed(*kinds: str) -> Callable[[Stats], bool]:
    return lambda stats: stats.get("jiji/failure") in kinds


def _no_list(stats: Stats) -> bool:
    return not stats.get("jiji/index/pages")


def _no_story(stats: Stats) -> bool:
    return not stats.get("jiji/window/newest")


def _refused(stats: Stats) -> bool:
    return _no_list(stats) and any(
        stats.get(f"downloader/response_status_count/{status}") for status in (401, 403, 429)
    )


def _lost_feed(stats: Stats) -> bool:
    return any(name.startswith("feedexport/failed_count/") for name in stats)


def _mostly_rejected(stats: Stats) -> bool:
    """Whether most of the pages that were read as articles were none, and more than a few."""
    rejected = stats.get("jiji/article/rejected", 0)
    accepted = sum(stats.get(f"jiji/article/{name}", 0) for name in ("new", "updated", "unchanged"))
    return bool(rejected > accepted and rejected >= MANY)


MANY = 3
"""From so many articles on, what they have in common is no accident."""

_NEXT_RUN = "Nothing is lost: the next run goes on from here"
_LOOK = "Look at the page the log names, in rejected/ too: has the site changed, or is it under maintenance?"

_RUNS = (
    Row(_failed("no_space"), Exit.NO_SPACE, "the disk is full: {failure}", "Make room; the next run completes it"),
    Row(_failed("configuration"), Exit.CONFIGURATION, "{failure}", "Correct it and start again"),
    Row(_counted("jiji/failure"), Exit.INTERNAL_ERROR, "{failure}",
        "Look at the disk first, then start again: the feed is mended by the next run"),
    Row(_ended("configuration"), Exit.CONFIGURATION, "a feed cannot be written as FEEDS or -o asks: {failure}",
        "Correct it and start again; nothing was asked of the site"),
    Row(lambda stats: stats.get("jiji/signals", 0) > 1, Exit.FORCED_STOP, "a second signal ended the run at once",
        _NEXT_RUN),
    Row(lambda stats: _ended("shutdown")(stats) or bool(stats.get("jiji/signals")), Exit.INTERRUPTED,
        "a signal ended the run after {new} new articles", _NEXT_RUN),
    Row(lambda stats: "finish_reason" not in stats, Exit.FORCED_STOP, "the run was cut off", _NEXT_RUN),
    Row(_ended("start_error"), Exit.INTERNAL_ERROR, "the run could not begin its walk",
        "Read the traceback in the log"),
    Row(_ended("blocked"), Exit.BLOCKED, "the site refuses us or asks to wait longer than we may",
        "Pause the schedule and write to the site; do not hammer"),
    Row(_ended("maintenance"), Exit.LAYOUT, "expected articles, found notices of maintenance",
        "Look at the site in a browser; the next run tries again"),
    Row(_ended("robots_unreachable"), Exit.UNREACHABLE, "robots.txt cannot be read, so nothing may be asked",
        "Look at the network and the site; the next run tries again"),
    Row(lambda stats: _no_story(stats) and _counted("jiji/robots/disallowed")(stats), Exit.BLOCKED,
        "robots.txt disallows this section's lists", "Take the section off the schedule, or write to the site"),
    Row(_refused, Exit.BLOCKED, "the site answered 401, 403 or 429, and no list could be read",
        "Pause the schedule and write to the site; do not hammer"),
    Row(lambda stats: _no_story(stats) and _counted("jiji/barrier/blocked")(stats), Exit.BLOCKED,
        "a captcha, a login or a refusal stands where the lists should be",
        "Pause the schedule and look at the site in a browser"),
    Row(lambda stats: _no_list(stats) and not _counted("jiji/barrier/maintenance", "jiji/barrier/missing")(stats),
        Exit.UNREACHABLE, "no list could be read at all: {list_failures} of them failed",
        "Look at the network and the site; the next run tries again"),
    Row(lambda stats: _no_story(stats) and _counted("jiji/barrier/maintenance")(stats), Exit.LAYOUT,
        "expected lists of stories, found a notice of maintenance", "Nothing at first: the next run tries again"),
    Row(lambda stats: _no_story(stats) and _counted("jiji/index/failed")(stats) and
        not _counted("jiji/barrier/missing")(stats), Exit.UNREACHABLE,
        "the section's lists could not be read: {list_failures} of them failed",
        "Look at the network and the site; the next run tries again"),
    Row(_no_story, Exit.LAYOUT,
        "expected lists with stories of the section, found none in the {index_pages} index pages read", _LOOK),
    Row(_counted("jiji/rejected/same text"), Exit.LAYOUT,
        "expected a text of its own for each story, found one text under {same_text} keys and more", _LOOK),
    Row(_mostly_rejected, Exit.LAYOUT,
        "expected articles, found {rejected} pages that are none beside {new} new articles", _LOOK),
    Row(_counted("jiji/coverage/fallen"), Exit.LAYOUT, "articles lack what they used to have: {fallen}",
        "Open one of the new articles on the site: has its page changed?"),
    Row(_counted("jiji/index/failed"), Exit.INCOMPLETE,
        "{list_failures} lists could not be read; {new} new articles, {pending} still to fetch",
        "Nothing at first: the next run reads them again"),
    Row(_counted("jiji/pending"), Exit.INCOMPLETE, "{new} new articles, {pending} still to fetch",
        "Nothing at first: the next run fetches them; look at rejected/ if it stays"),
    Row(_counted("spider_exceptions/count", "jiji/mishaps"), Exit.INTERNAL_ERROR,
        "a part of the program failed", "Read the traceback in the log"),
    Row(_lost_feed, Exit.INTERNAL_ERROR, "another feed, of FEEDS or -o, could not be stored; the section's is whole",
        "Read the error in the log"),
    Row(_counted("jiji/article/new", "jiji/article/updated", "jiji/article/withdrawn"), Exit.DONE,
        "{new} new articles, {updated} updated, {withdrawn} withdrawn", "Nothing to do"),
    Row(lambda stats: True, Exit.DONE, "nothing new", "Nothing to do"),
)  # fmt: skip
"""First what makes all else meaningless: the disk, the settings, a signal; then the site; then the articles."""

_NAMES = {
    "new": "jiji/article/new",
    "updated": "jiji/article/updated",
    "withdrawn": "jiji/article/withdrawn",
    "rejected": "jiji/article/rejected",
    "pending": "jiji/pending",
    "index_pages": "jiji/index/pages",
    "list_failures": "jiji/index/failed",
    "same_text": "jiji/rejected/same text",
    "fallen": "jiji/coverage/fallen",
    "failure": "jiji/failure_said",
}

_REFUSALS: tuple[tuple[type[BaseException], Exit, str], ...] = (
    (LockHeld, Exit.HELD, "Nothing: it gives way to that run; if that process hangs, end it"),
    (NoSpaceLeft, Exit.NO_SPACE, "Make room; the next run completes it"),
    (FeedError, Exit.CONFIGURATION, "Correct it and start again; nothing was asked of the site"),
    (ValueError, Exit.CONFIGURATION, "Correct it and start again; nothing was asked of the site"),
    (
        ImportError,
        Exit.CONFIGURATION,
        "Correct the setting that names it, or install it; nothing was asked of the site",
    ),
    (BaseException, Exit.INTERNAL_ERROR, "Read the traceback; nothing was asked of the site"),
)

_WARNINGS: tuple[tuple[Callable[[Stats], bool], str], ...] = (
    (_counted("jiji/window/gap_from"), "gap: stories between two runs may have slipped by; run more often"),
    (_counted("jiji/window/bounded"), "the walk ended at JIJI_MAX_PAGES; older stories were not looked for"),
    (_counted("jiji/window/full"), "the run ended at JIJI_MAX_ARTICLES; the next one goes on"),
    (_counted("jiji/label/missing"), "the site no longer shows the section's label where it stood"),
    (_counted("jiji/drift"), "drift: pages no longer have the markup that is known; they are kept below drift/"),
    (_counted("jiji/killed_before"), "an earlier run was killed"),
    (_counted("jiji/set_aside"), "a page on which three runs died is left out"),
)


def of_refusal(error: BaseException) -> Verdict:
    """Return the verdict on a run that an exception kept from starting."""
    status, advice = next((status, advice) for kind, status, advice in _REFUSALS if isinstance(error, kind))
    said = " ".join(str(error).split()) or type(error).__name__
    return Verdict(status, said if status != Exit.INTERNAL_ERROR else f"{type(error).__name__}: {said}", advice)


def of_run(stats: Stats) -> Verdict:
    """Return the verdict on a run that started: the first row of the table that holds.

    >>> stats = {"finish_reason": "finished", "jiji/index/pages": 2, "jiji/window/newest": "2026012700123"}
    >>> print(of_run({**stats, "jiji/article/new": 3}))
    done (0): 3 new articles, 0 updated, 0 withdrawn. Nothing to do.
    >>> of_run({"finish_reason": "finished"}).status.word
    'unreachable'
    """
    row = next(row for row in _RUNS if row.holds(stats))
    values = defaultdict(int, {name: stats.get(stat) or 0 for name, stat in _NAMES.items()})
    return Verdict(row.status, row.said.format_map(values), row.advice)


def warnings(stats: Stats) -> list[str]:
    """Return what a run's verdict does not say and its manifest should.

    >>> warnings({"jiji/killed_before": 1})
    ['an earlier run was killed']
    """
    flat = {**stats, "jiji/drift": any(name.startswith("jiji/drift/") for name in stats)}
    return [said for holds, said in _WARNINGS if holds(flat)]


KILLED = Verdict(Exit.FORCED_STOP, "the run was killed before it could say anything", _NEXT_RUN)
"""On a run that left its beginning and no end: ``kill -9``, no memory, a power cut."""


def died_reading(page: str) -> Verdict:
    """Return the verdict on a run that died while it read a page: its parser hung or crashed, or it was killed."""
    return Verdict(
        Exit.INTERNAL_ERROR,
        f"the run died while it read {page}",
        "Nothing at first: after three such deaths that page is left out",
    )
