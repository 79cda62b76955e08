"""How a run went, as one number: a table over what it counted."""

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any

from jiji.feed import FeedError, Held, NoSpace


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


Stats = Mapping[str, Any]

_REFUSALS: tuple[tuple[type[BaseException], Exit], ...] = (
    (Held, Exit.HELD),
    (NoSpace, Exit.NO_SPACE),
    (FeedError, Exit.CONFIGURATION),
    (ValueError, Exit.CONFIGURATION),
    (BaseException, Exit.INTERNAL_ERROR),
)


def _counted(name: str) -> Callable[[Stats], bool]:
    return lambda stats: bool(stats.get(name))


def _ended(*reasons: str) -> Callable[[Stats], bool]:
    return lambda stats: stats.get("finish_reason") in reasons


_RUNS: tuple[tuple[Callable[[Stats], bool], Exit], ...] = (
    (lambda stats: stats.get("jiji/failure") == "no_space", Exit.NO_SPACE),
    (_counted("jiji/failure"), Exit.INTERNAL_ERROR),
    (_ended("configuration"), Exit.CONFIGURATION),
    (_ended("shutdown"), Exit.INTERRUPTED),
    (lambda stats: "finish_reason" not in stats, Exit.FORCED_STOP),
    (lambda stats: not stats.get("jiji/index/pages") and _refused_by_site(stats), Exit.BLOCKED),
    (lambda stats: not stats.get("jiji/index/pages"), Exit.UNREACHABLE),
    (lambda stats: not stats.get("jiji/window/newest"), Exit.LAYOUT),
    (_counted("jiji/index/failed"), Exit.INCOMPLETE),
    (_counted("jiji/pending"), Exit.INCOMPLETE),
    (_counted("spider_exceptions/count"), Exit.INTERNAL_ERROR),
)


def of_refusal(error: BaseException) -> Exit:
    """Return the status of a run that an exception kept from starting."""
    return next(status for kind, status in _REFUSALS if isinstance(error, kind))


def of_run(stats: Stats) -> Exit:
    """Return the status of a run that started: the first row of the table that holds.

    >>> of_run({"finish_reason": "finished", "jiji/index/pages": 2, "jiji/window/newest": "2026012700123"}).name
    'DONE'
    >>> of_run({"finish_reason": "finished"}).name
    'UNREACHABLE'
    """
    return next((status for holds, status in _RUNS if holds(stats)), Exit.DONE)


def _refused_by_site(stats: Stats) -> bool:
    return any(stats.get(f"downloader/response_status_count/{status}") for status in (401, 403, 429))
