"""Freshness of the lists and the clock: facts for people, on which no decision about an article rests."""

import json
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from jiji import clock
from jiji.feed.catalog import Catalog
from jiji.stats import RunStats

STARTED = "started_at"
"""Note in the catalog: start of the last run."""
NEWEST = "newest"
"""Note in the catalog: newest article ID in the lists, and the time since which it is the same."""
TOLERANCE = timedelta(minutes=5)


def check_clock(catalog: Catalog, stats: RunStats) -> None:
    """Record a clock that is behind the start of the run before, and note this start."""
    last, now = catalog.noted(STARTED), clock.now()
    if last and (behind := datetime.fromisoformat(last) - now) > TOLERANCE:
        stats.clock_back_hours = _hours(behind)
    catalog.note(STARTED, clock.now_text())


def check_server_date(header: bytes | None, stats: RunStats) -> None:
    """Record a clock that differs from the server's, by the Date header of a response."""
    try:
        difference = clock.now() - parsedate_to_datetime((header or b"").decode("latin-1"))
    except (TypeError, ValueError):  # no date, or one without a zone
        return
    if abs(difference) > TOLERANCE:
        stats.clock_skew_hours = _hours(difference)


def record_newest(catalog: Catalog, stats: RunStats) -> None:
    """Record since when the lists show the same newest article."""
    if stats.newest is None:
        return
    noted = json.loads(catalog.noted(NEWEST) or "{}")
    if noted.get("id") != stats.newest:
        noted = {"id": stats.newest, "since": clock.now_text()}
        catalog.note(NEWEST, json.dumps(noted))
    stats.newest_since = noted["since"]


def _hours(time: timedelta) -> float:
    return round(time.total_seconds() / 3600, 2)
