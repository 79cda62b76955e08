"""Audit: a run that reads all lists to their end, and counts the articles that ordinary runs had missed.

The first complete run of a section reads everything anyway. It measures nothing, and sets the time of the next audit.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from jiji import clock
from jiji.feed.catalog import Catalog
from jiji.spiders.pagination import Pagination
from jiji.stats import AuditResult, RunStats

AUDIT = "audit"
"""Note in the catalog: result of the last audit."""


class Audit:
    """The audit of one run, if one is due: ``hours`` after the last one, or when asked for; 0 hours: only then."""

    def __init__(self, catalog: Catalog, stats: RunStats, *, hours: float, is_asked: bool, is_bounded: bool) -> None:
        self._catalog = catalog
        self._stats = stats
        noted = catalog.noted(AUDIT)
        last = AuditResult(**json.loads(noted)) if noted else None
        stats.last_audit = last if last and last.listed else None
        self._is_first = last is None
        self.is_due = is_asked or (hours > 0 and not is_bounded and last is not None and _is_older(last.at, hours))

    def finish(self, lists: Sequence[Pagination]) -> None:
        """Record the result, if all lists were read to their end."""
        ends = [each.end for each in lists]
        if not lists or not all(end and (end.is_complete or end.can_be_confirmed) for end in ends):
            return
        if self.is_due:
            self._record(lists)
        elif self._is_first:
            self._note(AuditResult(at=clock.now_text(), missed=0, listed=0))

    def _record(self, lists: Sequence[Pagination]) -> None:
        """Count articles that were below the place where an ordinary run stops, and above it in no list."""
        listed = {article_id for each in lists for article_id in each.order}
        below = {article_id for each in lists for article_id in each.missed}
        above = {article_id for each in lists for article_id in each.order if article_id not in each.missed}
        result = AuditResult(at=clock.now_text(), missed=len(below - above), listed=len(listed))
        self._stats.audit = self._stats.last_audit = result
        self._note(result)

    def _note(self, result: AuditResult) -> None:
        self._catalog.note(AUDIT, json.dumps(asdict(result)))


def _is_older(at: str, hours: float) -> bool:
    """Return whether a time is longer ago; one in the future counts, because a clock was wrong then."""
    age = clock.now() - datetime.fromisoformat(at)
    return not timedelta(0) <= age < timedelta(hours=hours)
