"""Result of a run: exit status, message and advice, judged from its `RunStats` by tables.

The first row that applies counts. Causes that make all others meaningless come first: the disk, the configuration, a
signal. Then come the site and at last the articles.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from jiji.feed.errors import CatalogForeign, FeedError, LinesLost, LockHeld, NoSpaceLeft, RotatedFileUnreadable
from jiji.stats import BlockPageKind, EndReason, RejectReason, RunStats


class Exit(IntEnum):
    """Exit statuses of ``scrapy crawl``; a fixed contract with schedulers."""

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
    LOCKED = 75

    @property
    def word(self) -> str:
        """The status as a word: ``no space``."""
        return self.name.lower().replace("_", " ")

    @property
    def meaning(self) -> str:
        """The status in one sentence, for the reference."""
        return _MEANINGS[self]


_MEANINGS = {
    Exit.DONE: "the run is complete, also when nothing was new",
    Exit.INTERNAL_ERROR: "a part of the program failed; the log holds a traceback",
    Exit.NO_SPACE: "the disk is full, or the size of files is limited (`ulimit -f`)",
    Exit.CONFIGURATION: "a setting, an argument or the output folder is invalid; nothing was requested",
    Exit.INTERRUPTED: "a signal ended the run gracefully; the next run continues",
    Exit.FORCED_STOP: "a second signal or a kill ended the run at once; the next run continues",
    Exit.BLOCKED: "the site refuses or rate-limits the crawler",
    Exit.UNREACHABLE: "the site could not be reached",
    Exit.LAYOUT: "the pages are not what the project understands: another layout, maintenance, block pages",
    Exit.INCOMPLETE: "some articles are still to fetch, or an index page could not be read; the next run continues",
    Exit.LOCKED: "another run of this section is at work; this one gave way",
}


@dataclass(frozen=True, slots=True)
class RunResult:
    """Exit status of a run, with the cause in words and advice."""

    status: Exit
    message: str
    advice: str

    def __str__(self) -> str:
        end = "" if self.advice.endswith("?") else "."
        return f"{self.status.word} ({self.status}): {self.message}. {self.advice}{end}"


class Row(NamedTuple):
    """Row of the result table; ``message`` gets the stats."""

    applies: Callable[[RunStats], bool]
    status: Exit
    message: Callable[[RunStats], str]
    advice: str


MANY = 3
"""Number of articles from which on a common fault is no coincidence."""

CONTINUES = "Nothing is lost: the next run continues"
_CORRECT = "Correct it and start again; nothing was requested"
_LOOK = "Open the page that the log names, and rejected/: has the site changed, or is it under maintenance?"
_NETWORK = "Check the network and the site; the next run tries again"


def count(number: int | None, noun: str, nouns: str = "") -> str:
    """Return a number with its noun.

    >>> count(1, "new article"), count(2, "index page"), count(0, "entry", "entries")
    ('1 new article', '2 index pages', '0 entries')
    """
    return f"{number or 0} {noun if number == 1 else nouns or noun + 's'}"


def _ended_by(reason: EndReason) -> Callable[[RunStats], bool]:
    return lambda run: run.end_reason is reason


def _end_message(run: RunStats) -> str:
    return run.end_message


def says(message: str) -> Callable[[RunStats], str]:
    """Return the message of a row that needs no numbers."""
    return lambda run: message


def _no_list(run: RunStats) -> bool:
    """Return whether no list of the section showed an article."""
    return run.newest is None


REFUSALS = (401, 402, 403, 429, 451)
"""HTTP statuses with which a site refuses a crawler."""


def _refused(run: RunStats) -> bool:
    return not run.index_pages and any(run.responses[status] for status in REFUSALS)


def _refusal(run: RunStats) -> str:
    statuses = [str(status) for status in REFUSALS if run.responses[status]]
    return f"the site answered {' and '.join(statuses)}, and no index page could be read"


def _due(run: RunStats) -> int:
    """Return the number of pending articles that every run tries; the others failed often, and rest."""
    return (run.pending or 0) - run.pending_resting


def _all_disallowed(run: RunStats) -> bool:
    return run.disallowed > 0 and not run.new + run.updated + run.unchanged + run.not_modified


def _broken_lists(run: RunStats) -> str:
    return "; ".join(f"list of {name}: {cause}" for name, cause in run.broken_lists.items())


def _mostly_rejected(run: RunStats) -> bool:
    return run.rejected >= MANY and run.rejected > run.new + run.updated + run.unchanged


def _unverified(run: RunStats) -> int:
    """Return the number of pages that may be another article's, those of published articles included."""
    return sum(run.rejected_by_reason[reason] for reason in (RejectReason.UNVERIFIED, RejectReason.OTHER_ARTICLE))


def _unread_index_pages(run: RunStats) -> str:
    return f"{count(run.index_pages_failed, 'index page')} could not be read"


def _published(run: RunStats) -> str:
    return f"{count(run.new, 'new article')}, {run.updated} updated, {run.withdrawn} withdrawn"


def _setting(run: RunStats) -> str:
    """Return the setting of Scrapy's CloseSpider extension behind a finish reason.

    >>> _setting(RunStats(finish_reason="closespider_timeout_no_item"))
    'CLOSESPIDER_TIMEOUT_NO_ITEM'
    """
    return (run.finish_reason or "").upper()


def _ended_by_setting(run: RunStats) -> bool:
    return (run.finish_reason or "").startswith("closespider_")


def _progress(run: RunStats) -> str:
    return f"{count(run.new, 'new article')}, {count(run.pending, 'article')} still to fetch"


def _is_bounded(run: RunStats) -> bool:
    """Return whether a bound on articles, and nothing else, left articles to the next run."""
    return run.bounded_by is not None and not run.failed and not run.rejected


def _unpublished(run: RunStats) -> str:
    """Return the pending articles in words: those still to fetch, and those whose page was rejected."""
    to_fetch = _due(run) - run.pending_rejected
    parts = [f"{to_fetch} still to fetch"] if to_fetch or not run.pending_rejected else []
    if run.pending_rejected:
        parts.append(f"{count(run.pending_rejected, 'rejected page')} to try again")
    return ", ".join(parts)


RESULTS = (
    Row(_ended_by(EndReason.NO_SPACE), Exit.NO_SPACE, _end_message, "Make room; the next run continues"),
    Row(_ended_by(EndReason.CONFIGURATION), Exit.CONFIGURATION, _end_message, _CORRECT),
    Row(_ended_by(EndReason.FEED_FAILED), Exit.INTERNAL_ERROR, _end_message,
        "Check the disk, then start again: the next run recovers the feed"),
    Row(lambda run: run.signals > 1, Exit.FORCED_STOP, says("a second signal ended the run at once"), CONTINUES),
    Row(lambda run: run.signals > 0 or run.finish_reason == "shutdown", Exit.INTERRUPTED,
        lambda run: f"a signal ended the run after {count(run.new, 'new article')}", CONTINUES),
    Row(lambda run: run.finish_reason is None, Exit.FORCED_STOP, says("the run was cut off"), CONTINUES),
    Row(lambda run: run.finish_reason == "start_error", Exit.INTERNAL_ERROR, says("the crawl could not start"),
        "Read the traceback in the log"),
    Row(_ended_by(EndReason.BLOCKED), Exit.BLOCKED, lambda run: f"the site refuses the crawler: {run.end_message}",
        "Pause the schedule and write to the site's owner"),
    Row(_ended_by(EndReason.MAINTENANCE), Exit.LAYOUT, says("expected articles, found maintenance pages"),
        "Open the site in a browser; the next run tries again"),
    Row(_ended_by(EndReason.ROBOTS_UNREACHABLE), Exit.UNREACHABLE,
        lambda run: f"nothing may be requested without robots.txt: {run.end_message}", _NETWORK),
    Row(_ended_by(EndReason.DEADLINE), Exit.INCOMPLETE, _end_message, CONTINUES),
    Row(_ended_by(EndReason.SITE_LOCKED), Exit.INCOMPLETE, _end_message, CONTINUES),
    Row(lambda run: _no_list(run) and run.robots_disallowed > 0, Exit.BLOCKED,
        says("robots.txt disallows this section's index pages"),
        "Remove the section from the schedule, or write to the site's owner"),
    Row(_refused, Exit.BLOCKED, _refusal,
        "Pause the schedule and write to the site's owner"),
    Row(lambda run: _no_list(run) and run.block_pages[BlockPageKind.BLOCKED] > 0, Exit.BLOCKED,
        says("expected index pages, found a captcha, a login or a refusal"),
        "Pause the schedule and open the site in a browser"),
    Row(_ended_by_setting, Exit.INCOMPLETE, lambda run: f"{_setting(run)} ended the run after {_progress(run)}",
        "Raise the setting or leave it out; the next run continues"),
    Row(lambda run: run.finish_reason == "memusage_exceeded", Exit.INCOMPLETE,
        lambda run: f"the process needed more memory than MEMUSAGE_LIMIT_MB allows after {_progress(run)}",
        "Raise MEMUSAGE_LIMIT_MB or leave it out; the next run continues"),
    Row(lambda run: run.finish_reason not in (None, "finished"), Exit.INCOMPLETE,
        lambda run: f"a component ended the run ({run.finish_reason}) after {_progress(run)}",
        "Look for the component that closed the spider in the log; the next run continues"),
    Row(lambda run: bool(run.other_sections), Exit.LAYOUT, lambda run: "; ".join(run.other_sections),
        "Nothing was published; open both pages in a browser: have the section's address or labels changed?"),
    Row(lambda run: not run.index_pages and not run.block_pages, Exit.UNREACHABLE,
        lambda run: f"no index page could be read: {_unread_index_pages(run)}", _NETWORK),
    Row(lambda run: _no_list(run) and run.block_pages[BlockPageKind.MAINTENANCE] > 0, Exit.LAYOUT,
        says("expected index pages, found a maintenance page"), "Nothing at first: the next run tries again"),
    Row(lambda run: _no_list(run) and run.index_pages_failed > 0 and not run.block_pages, Exit.UNREACHABLE,
        lambda run: f"{_unread_index_pages(run)}, among them the section's", _NETWORK),
    Row(_no_list, Exit.LAYOUT,
        lambda run: f"expected articles of the section, found none in {count(run.index_pages, 'index page')}",
        _LOOK),
    Row(_all_disallowed, Exit.BLOCKED,
        lambda run: f"robots.txt disallows {count(run.disallowed, 'article page')}, and none could be read",
        "Remove the section from the schedule, or write to the site's owner"),
    Row(lambda run: run.rejected_by_reason[RejectReason.REPEATED_TEXT] > 0, Exit.LAYOUT,
        lambda run: "expected a text of its own for each article, found one text under several article IDs "
        f"({count(run.rejected_by_reason[RejectReason.REPEATED_TEXT], 'page')} rejected)", _LOOK),
    Row(_mostly_rejected, Exit.LAYOUT,
        lambda run: f"expected articles, rejected {count(run.rejected, 'page')} beside {count(run.new, 'new article')}",
        _LOOK),
    Row(lambda run: bool(run.coverage_fallen), Exit.LAYOUT,
        lambda run: f"fields are emptier than usual: {'; '.join(run.coverage_fallen)}",
        "Open one of the new articles on the site: has its page changed?"),
    Row(lambda run: run.index_pages_failed > 0, Exit.INCOMPLETE,
        lambda run: f"{_unread_index_pages(run)}; {count(run.new, 'new article')}, {_unpublished(run)}",
        "Nothing at first: the next run reads them again"),
    Row(lambda run: bool(run.broken_lists), Exit.INCOMPLETE,
        lambda run: f"{_broken_lists(run)}; {count(run.new, 'new article')}, {_unpublished(run)}",
        "Nothing at first: the next run reads further"),
    Row(lambda run: 0 < _due(run) == run.pending_rejected, Exit.INCOMPLETE,
        lambda run: f"{count(run.new, 'new article')}, {_unpublished(run)}",
        "Nothing at first: the next run tries again; look into rejected/ if it stays"),
    Row(lambda run: _due(run) > 0 and not _is_bounded(run), Exit.INCOMPLETE,
        lambda run: f"{count(run.new, 'new article')}, {_unpublished(run)}",
        "Nothing at first: the next run fetches them"),
    Row(lambda run: run.outage > 0, Exit.INCOMPLETE,
        lambda run: f"most article pages could not be read, all for one cause ({count(run.outage, 'page')})",
        "Read the warnings in the log; the next run tries again"),
    Row(lambda run: _unverified(run) > 0, Exit.INCOMPLETE,
        lambda run: f"{_published(run)}; {count(_unverified(run), 'page')} not certainly of the listed article",
        "Nothing at first: the next run reads them again; look into rejected/ if it stays"),
    Row(lambda run: run.extra_feeds_failed > 0, Exit.INTERNAL_ERROR,
        says("a feed of FEEDS or -o could not be stored; the section's own feed is complete"),
        "Read the error in the log"),
    Row(lambda run: run.internal_errors > 0, Exit.INTERNAL_ERROR, says("a part of the program failed"),
        "Read the traceback in the log"),
    Row(lambda run: run.bounded_by is not None, Exit.DONE,
        lambda run: f"{_published(run)}; bounded by {run.bounded_by}, {_unpublished(run)}",
        "The next run without that bound fetches the rest"),
    Row(lambda run: run.new + run.updated + run.withdrawn > 0, Exit.DONE, _published, "Nothing to do"),
    Row(lambda run: True, Exit.DONE, says("nothing new"), "Nothing to do"),
)  # fmt: skip

_REFUSALS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Exit, str], ...] = (
    (LockHeld, Exit.LOCKED, "Nothing to do: it gives way to that run; end that process if it hangs"),
    (NoSpaceLeft, Exit.NO_SPACE, "Make room; the next run continues"),
    (
        (LinesLost, CatalogForeign, RotatedFileUnreadable),
        Exit.CONFIGURATION,
        "Nothing was requested, and nothing is lost until you decide",
    ),
    (FeedError, Exit.CONFIGURATION, _CORRECT),
    (ValueError, Exit.CONFIGURATION, _CORRECT),
    (ImportError, Exit.CONFIGURATION, "Correct the setting that names it, or install it; nothing was requested"),
    (BaseException, Exit.INTERNAL_ERROR, "Read the traceback; nothing was requested"),
)

KILLED = RunResult(Exit.FORCED_STOP, "the run was killed before it could write its result", CONTINUES)
"""Result of a run that left only the manifest of its start: ``kill -9``, out of memory, a power cut."""


def judge(run: RunStats) -> RunResult:
    """Return the result of a run that started.

    >>> stats = RunStats(finish_reason="finished", index_pages=2, newest="2026012700123")
    >>> stats.new = 1
    >>> print(judge(stats))
    done (0): 1 new article, 0 updated, 0 withdrawn. Nothing to do.
    >>> judge(RunStats(finish_reason="finished")).status.word
    'unreachable'
    """
    row = next(row for row in RESULTS if row.applies(run))
    message = f"{row.message(run)}; {run.audit}" if run.audit else row.message(run)
    return RunResult(row.status, message, row.advice)


def judge_refusal(error: BaseException) -> RunResult:
    """Return the result of a run that an exception kept from starting.

    >>> print(judge_refusal(ValueError("invalid since='soon'")))
    configuration (4): invalid since='soon'. Correct it and start again; nothing was requested.
    """
    status, advice = next((status, advice) for kind, status, advice in _REFUSALS if isinstance(error, kind))
    message = " ".join(str(error).split()) or type(error).__name__
    if status is Exit.INTERNAL_ERROR:
        message = f"{type(error).__name__}: {message}"
    return RunResult(status, message, advice)


def unrecorded(result: RunResult, error: FeedError) -> RunResult:
    """Return the result of a run whose manifest could not be written; never 0, for ``scrapy status`` cannot confirm it.

    >>> print(unrecorded(RunResult(Exit.DONE, "nothing new", "Nothing to do"), FeedError("x.json: no such folder")))
    internal error (1): the manifest could not be written (x.json: no such folder); nothing new. Check the disk.
    """
    if result.status is not Exit.DONE:
        return result
    status = Exit.NO_SPACE if isinstance(error, NoSpaceLeft) else Exit.INTERNAL_ERROR
    return RunResult(status, f"the manifest could not be written ({error}); {result.message}", "Check the disk")


def died_on(page: str) -> RunResult:
    """Return the result of a run that died while it parsed a page: the parser hung or crashed, or it was killed."""
    return RunResult(
        Exit.INTERNAL_ERROR,
        f"the run died while it parsed {page}",
        "Nothing at first: after three such deaths the page is not parsed any more",
    )
