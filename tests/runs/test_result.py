"""The result table: one row for each way in which a run can end."""

from pathlib import Path
from typing import Any

import pytest

from jiji.configuration import ConfigurationError
from jiji.feed.errors import FeedError, LockHeld, NoSpaceLeft
from jiji.runs.result import RESULTS, Exit, judge, judge_refusal
from jiji.runs.warnings import warnings
from jiji.stats import AuditResult, BlockPageKind, EndReason, RejectReason, RunStats

GOOD = {"finish_reason": "finished", "index_pages": 2, "newest": "2026012700123"}


def stats(counters: dict[str, dict[Any, int]] | None = None, **values: Any) -> RunStats:
    run = RunStats(**{**GOOD, **values})
    for name, counts in (counters or {}).items():
        getattr(run, name).update(counts)
    return run


NO_LIST: dict[str, Any] = {"newest": None}
CASES = [
    (stats(), Exit.DONE, "nothing new"),
    (stats(new=1), Exit.DONE, "1 new article, 0 updated"),
    (stats(new=2, updated=1), Exit.DONE, "2 new articles, 1 updated"),
    (stats(pending=3, new=1), Exit.INCOMPLETE, "1 new article, 3 still to fetch"),
    (stats(index_pages_failed=1), Exit.INCOMPLETE, "1 index page could not be read"),
    (stats(internal_errors=1), Exit.INTERNAL_ERROR, "a part of the program failed"),
    (stats(internal_errors=1, extra_feeds_failed=1), Exit.INTERNAL_ERROR, "FEEDS or -o"),
    (stats(internal_errors=1, pending=1), Exit.INCOMPLETE, "1 still to fetch"),
    (stats(signals=1, new=1), Exit.INTERRUPTED, "after 1 new article"),
    (stats(finish_reason="shutdown"), Exit.INTERRUPTED, "a signal"),
    (
        stats(finish_reason="closespider_timeout", new=1, pending=1),
        Exit.INCOMPLETE,
        "CLOSESPIDER_TIMEOUT ended the run",
    ),
    (stats(finish_reason="closespider_errorcount", **NO_LIST), Exit.INCOMPLETE, "CLOSESPIDER_ERRORCOUNT ended the run"),
    (stats(finish_reason="memusage_exceeded"), Exit.INCOMPLETE, "MEMUSAGE_LIMIT_MB"),
    (stats(finish_reason="cancelled"), Exit.INCOMPLETE, "a component ended the run (cancelled)"),
    (stats(bounded_by="max_articles=2", new=2, pending=23), Exit.DONE, "bounded by max_articles=2, 23 still to fetch"),
    (stats(bounded_by="max_articles=2", new=1, pending=2, failed=1), Exit.INCOMPLETE, "2 still to fetch"),
    (stats(pending=1, pending_rejected=1, rejected=1), Exit.INCOMPLETE, "0 new articles, 1 rejected page to try again"),
    (stats(pending=3, pending_rejected=2, rejected=2), Exit.INCOMPLETE, "1 still to fetch, 2 rejected pages to try"),
    (stats(pending=2, pending_resting=2), Exit.DONE, "nothing new"),
    (stats(broken_lists={"NATIONAL": "a cause"}), Exit.INCOMPLETE, "list of NATIONAL: a cause; 0 new articles"),
    (stats(other_sections=["expected one, found another"]), Exit.LAYOUT, "expected one, found another"),
    (stats(disallowed=5, pending=5), Exit.BLOCKED, "robots.txt disallows 5 article pages"),
    (stats(outage=5), Exit.INCOMPLETE, "most article pages could not be read"),
    (stats(audit=AuditResult(at="", missed=0, listed=412)), Exit.DONE, "nothing new; audit: 0 missed of 412 listed"),
    (stats(signals=2), Exit.FORCED_STOP, "second signal"),
    (stats(finish_reason=None), Exit.FORCED_STOP, "cut off"),
    (stats(finish_reason="start_error"), Exit.INTERNAL_ERROR, "could not start"),
    (stats(end_reason=EndReason.NO_SPACE, end_message="/feed: full"), Exit.NO_SPACE, "/feed: full"),
    (stats(end_reason=EndReason.FEED_FAILED, end_message="cannot sync"), Exit.INTERNAL_ERROR, "cannot sync"),
    (stats(end_reason=EndReason.CONFIGURATION, end_message="FEEDS: x"), Exit.CONFIGURATION, "FEEDS: x"),
    (stats(end_reason=EndReason.BLOCKED, end_message="HTTP 403"), Exit.BLOCKED, "HTTP 403"),
    (stats(end_reason=EndReason.MAINTENANCE), Exit.LAYOUT, "maintenance"),
    (stats(end_reason=EndReason.ROBOTS_UNREACHABLE, end_message="HTTP 503"), Exit.UNREACHABLE, "robots.txt"),
    (stats(end_reason=EndReason.SITE_LOCKED, end_message="process 7"), Exit.INCOMPLETE, "process 7"),
    (stats(end_reason=EndReason.DEADLINE, end_message="12 hours"), Exit.INCOMPLETE, "12 hours"),
    (stats(**NO_LIST, robots_disallowed=1), Exit.BLOCKED, "robots.txt disallows"),
    (stats({"responses": {403: 2}}, **NO_LIST, index_pages=0), Exit.BLOCKED, "answered 403"),
    (stats({"block_pages": {BlockPageKind.BLOCKED: 1}}, **NO_LIST), Exit.BLOCKED, "captcha"),
    (stats(**NO_LIST, index_pages=0, index_pages_failed=2), Exit.UNREACHABLE, "2 index pages could not be read"),
    (stats(**NO_LIST, index_pages_failed=1), Exit.UNREACHABLE, "1 index page could not be read"),
    (stats({"block_pages": {BlockPageKind.MAINTENANCE: 1}}, **NO_LIST), Exit.LAYOUT, "maintenance page"),
    (stats({"block_pages": {BlockPageKind.NOT_FOUND: 1}}, **NO_LIST, index_pages=0), Exit.LAYOUT, "0 index pages"),
    (stats(**NO_LIST), Exit.LAYOUT, "found none in 2 index pages"),
    (stats({"rejected_by_reason": {RejectReason.REPEATED_TEXT: 3}}), Exit.LAYOUT, "3 pages rejected"),
    (stats(rejected=3, new=1), Exit.LAYOUT, "rejected 3 pages beside 1 new article"),
    (stats(rejected=2), Exit.DONE, "nothing new"),
    (
        stats({"rejected_by_reason": {RejectReason.UNVERIFIED: 1}}, rejected=1),
        Exit.INCOMPLETE,
        "1 page not certainly of the listed article",
    ),
    (stats(coverage_fallen=["dateline: expected in 99%"]), Exit.LAYOUT, "dateline: expected in 99%"),
]


@pytest.mark.parametrize(("run", "status", "message"), CASES, ids=lambda value: getattr(value, "word", ""))
def test_each_end_of_a_run_has_its_status_and_message(run: RunStats, status: Exit, message: str) -> None:
    result = judge(run)
    assert (result.status, message in result.message) == (status, True), result
    assert result.advice


def test_every_row_of_the_table_decides_a_case() -> None:
    decided = {next(at for at, row in enumerate(RESULTS) if row.applies(run)) for run, _, _ in CASES}
    assert decided == set(range(len(RESULTS)))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (LockHeld(Path("x.run"), 7, None), Exit.LOCKED),
        (NoSpaceLeft(Path("x")), Exit.NO_SPACE),
        (FeedError("x: not a file"), Exit.CONFIGURATION),
        (ConfigurationError("invalid JIJI_MAX_PAGES='0'"), Exit.CONFIGURATION),
        (ImportError("no module named 'such'"), Exit.CONFIGURATION),
        (RuntimeError("unforeseen"), Exit.INTERNAL_ERROR),
        (RuntimeError(), Exit.INTERNAL_ERROR),
    ],
)
def test_each_refusal_has_its_status(error: BaseException, status: Exit) -> None:
    assert judge_refusal(error).status == status
    assert judge_refusal(error).message


def test_warnings_name_numbers_and_ids() -> None:
    run = stats(
        gap=("2026012700123", "2026012800123"),
        pages_bounded=True,
        index_pages=5,
        abandoned_articles=["2026012700123 (HTTP 500)"],
    )
    assert [" ".join(each.split()[:6]) for each in warnings(run)] == [
        "gap: articles between 2026012700123 and 2026012800123",
        "pagination ended after 5 index pages",
        "abandoned after too many failures: 2026012700123",
    ]


def test_every_status_has_a_meaning() -> None:
    assert all(status.meaning for status in Exit)
