"""Warnings of a run: facts beside its result that a person should know, from its `RunStats` by a table."""

from collections.abc import Callable
from datetime import datetime, timedelta

from jiji import clock
from jiji.runs.result import count, says
from jiji.stats import RunStats

FROZEN = timedelta(days=7)
"""Time without a newer article in the lists after which they count as frozen."""


def is_frozen(newest_since: str | None, now: datetime) -> bool:
    """Return whether the newest article in the lists has been the same for a week."""
    return newest_since is not None and now - datetime.fromisoformat(newest_since) > FROZEN


WARNINGS: tuple[tuple[Callable[[RunStats], bool], Callable[[RunStats], str]], ...] = (
    (lambda run: run.gap is not None, lambda run: "gap: articles between {} and {} may have been missed; run more often"
        .format(*run.gap or ())),
    (lambda run: run.pages_bounded, lambda run: f"pagination ended after {count(run.index_pages, 'index page')} "
        "(JIJI_MAX_PAGES); older articles were not looked for"),
    (lambda run: run.bounded_by is not None, lambda run: f"bounded: the run ended at {run.bounded_by}; "
        f"{count(run.pending, 'listed article')} and further index pages are left to the next run"),
    (lambda run: run.feed_missing, says("the feed is missing or empty: if it was not rotated away, restore it "
        "from a back-up, or start the section over with `scrapy reset SECTION`")),
    (lambda run: run.damaged_lines > 0, lambda run: f"{count(run.damaged_lines, 'damaged line')} in the feed, "
        "edited by hand or of another program; the log has their numbers, and state/SECTION.damaged their copies"),
    (lambda run: run.unreadable_files > 0, lambda run: f"{count(run.unreadable_files, 'rotated file')} cannot be "
        "read; the log of the first such run names the cause"),
    (lambda run: run.http_cache, says("HTTPCACHE_ENABLED is on: pages may be stale copies; switch it off")),
    (lambda run: run.labels_missing > 0, says("the site no longer shows the section's label where it stood")),
    (lambda run: bool(run.drift), lambda run: "layout drift: the known selectors no longer match "
        f"{' and '.join(run.drift)}; pages are kept below drift/"),
    (lambda run: run.render_bounded, lambda run: f"only {count(run.render_requests, 'page')} rendered "
        "(JIJI_MAX_RENDERED); the others were read without their scripts"),
    (lambda run: run.killed_runs > 0, says("an earlier run was killed")),
    (lambda run: run.audit is not None and run.audit.missed > 0, lambda run: f"{run.audit}: the runs "
        "before it had missed them"),
    (lambda run: run.pending_resting > 0, lambda run: f"{count(run.pending_resting, 'article')} failed again and "
        "again, and will be tried once a day; rejected/ and the log say why"),
    (lambda run: run.clock_back_hours > 0, lambda run: f"the clock is {run.clock_back_hours:g} h behind the start of "
        "the run before; check the time of this machine"),
    (lambda run: run.clock_skew_hours != 0, lambda run: f"the clock differs by {run.clock_skew_hours:g} h from the "
        "server's; check the time of this machine"),
    (lambda run: is_frozen(run.newest_since, clock.now()), lambda run: "the lists have shown nothing newer since "
        f"{run.newest_since}: is the site or a cache frozen?"),
    (lambda run: bool(run.resting_pages), lambda run: "not requested, because runs died while they parsed it: "
        f"{'; '.join(run.resting_pages)}"),
    (lambda run: bool(run.abandoned_articles), lambda run: "abandoned after too many failures: "
        f"{'; '.join(run.abandoned_articles)}"),
)  # fmt: skip


def warnings(run: RunStats) -> list[str]:
    """Return the facts that the manifest states beside the result.

    >>> warnings(RunStats(killed_runs=1))
    ['an earlier run was killed']
    """
    return [message(run) for applies, message in WARNINGS if applies(run)]
