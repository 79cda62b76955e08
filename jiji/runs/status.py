"""Status of the sections, read from their manifests: the content of ``scrapy status``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from jiji.output import OutputDir
from jiji.runs.manifests import Manifest, ManifestStore, Verdict
from jiji.runs.result import KILLED, Exit
from jiji.runs.warnings import is_frozen
from jiji.stats import AuditResult
from jiji.text.dates import day_of_id
from jiji.text.zones import JAPAN


class State(StrEnum):
    """State of a section."""

    GOOD = "good"
    STALE = "stale"
    """The last good run, or the newest article, is too old."""
    BAD = "bad"
    """The last run was not good."""
    INTERRUPTED = "interrupted"
    """No run has ended but by a signal."""
    RUNNING = "running"
    """The first run is at work."""
    NEVER = "never"
    """No run is known."""


CLOCK_TOLERANCE = timedelta(minutes=5)
"""Time by which a run may begin after the present moment; a later one was dated by a wrong clock."""
HEALTHY = frozenset({State.GOOD, State.RUNNING, State.INTERRUPTED})
"""States that need nobody's attention."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Ages in hours from which on a section is stale."""

    stale_hours: float
    """Age of the last good run."""
    frozen_hours: float = 0
    """Age of the newest article; 0: no limit."""


@dataclass(frozen=True, slots=True)
class SectionStatus:
    """Status of one section; times are ISO 8601 in UTC."""

    section: str
    state: State
    last_good: str | None
    """End of the last good run."""
    age_hours: float | None
    """Age of that end."""
    verdict: str | None
    """Result of the last run, as a word."""
    status: int | None
    """Exit status of the last run."""
    message: str | None
    """Result of the last run, as a sentence."""
    last_run: str | None
    """Start of the last run that has ended."""
    running_since: str | None
    """Start of the run that is at work."""
    pending: int | None
    """Articles still to fetch, as the last run counted them."""
    bounded_by: str | None
    """Bound on articles that ended the last run."""
    newest: str | None
    """ID of the newest article on the index pages, as the last run saw them."""
    newest_age_hours: float | None
    """Hours since the end of its day in Japan, 0 on that day."""
    audit: AuditResult | None
    """Result of the last audit."""
    drift: list[str]
    """Fields with layout drift in the last run."""
    warnings: list[str]
    """Warnings of the last run."""
    feed_bytes: int


def section_status(output: OutputDir, section: str, now: datetime, limits: Limits) -> SectionStatus:
    """Return the status of a section."""
    running, ended, good = _runs(ManifestStore(output.runs(section)), now)
    last = ended[0] if ended else None
    verdict = _verdict(last) if last else None
    age = (now - datetime.fromisoformat(good.ended_at)).total_seconds() / 3600 if good and good.ended_at else None
    newest = next((each.newest for each in ended if each.newest), None)
    newest_age = _age_of_article(newest, now)
    is_old = age is None or age > limits.stale_hours or 0 < limits.frozen_hours < (newest_age or 0)
    is_old = is_old or (good is not None and is_frozen(good.newest_since, now))
    feed = output.feed(section)
    return SectionStatus(
        section=section,
        state=_state(ended, running, good, is_old=is_old),
        last_good=good.ended_at if good else None,
        age_hours=round(age, 2) if age is not None else None,
        verdict=verdict.word if verdict else None,
        status=verdict.status if verdict else None,
        message=verdict.message if verdict else None,
        last_run=last.started_at if last else None,
        running_since=running.started_at if running else None,
        pending=next((each.articles.pending for each in ended if each.articles.pending is not None), None),
        bounded_by=last.bounded_by if last else None,
        newest=newest,
        newest_age_hours=None if newest_age is None else round(newest_age, 2),
        audit=next((each.audit for each in ended if each.audit), None),
        drift=sorted(last.drift) if last else [],
        warnings=last.warnings if last else [],
        feed_bytes=feed.stat().st_size if feed.is_file() else 0,
    )


def all_good(sections: Sequence[SectionStatus], named: Sequence[str]) -> bool:
    """Return whether no section is stale or bad; one that never ran counts where it is named, or where no other ran."""
    known = [each for each in sections if each.state is not State.NEVER]
    counted = [each for each in sections if each.section in named] if named else known
    return bool(counted) and all(each.state in HEALTHY for each in counted)


def table(sections: Sequence[SectionStatus]) -> str:
    """Return the sections as a table for a terminal, with the messages of bad runs and all warnings below it."""
    rows = [("SECTION", "STATE", "LAST GOOD RUN", "AGE", "LAST RESULT", "PENDING", "NEWEST ARTICLE", "MISSED", "FEED")]
    for each in sections:
        result = f"{each.verdict} ({each.status})" if each.verdict else "-"
        if each.bounded_by:
            result += ", bounded"
        rows.append((
            each.section,
            each.state,
            each.last_good or "-",
            _hours(each.age_hours),
            f"{result}, running since {each.running_since}" if each.running_since else result,
            "-" if each.pending is None else str(each.pending),
            f"{each.newest}, {_hours(each.newest_age_hours)}" if each.newest else "-",
            f"{each.audit.missed} of {each.audit.listed}" if each.audit and each.audit.listed else "-",
            f"{each.feed_bytes / 1e6:.1f} MB",
        ))  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    bad = [f"{each.section}: {each.message}" for each in sections if each.state is State.BAD]
    return "\n".join([*lines, *bad, *(f"{each.section}: {warning}" for each in sections for warning in each.warnings)])


def _hours(age: float | None) -> str:
    return "-" if age is None else f"{age:.1f} h"


def _age_of_article(article_id: str | None, now: datetime) -> float | None:
    """Return hours since the end of the day in an article ID; an ID states no time.

    >>> _age_of_article("2026012700123", datetime.fromisoformat("2026-01-27T17:00:00Z"))
    2.0
    """
    day = day_of_id(article_id) if article_id else None
    if day is None:
        return None
    end = datetime.combine(day + timedelta(days=1), time(), JAPAN)
    return max(0.0, (now - end).total_seconds() / 3600)


def _runs(store: ManifestStore, now: datetime) -> tuple[Manifest | None, list[Manifest], Manifest | None]:
    """Return the run at work, the ended ones back to the last good one, and that.

    A run that a wrong clock dated in the future, or before runs that were earlier, counts by what ended last.
    """
    running: Manifest | None = None
    latest = store.latest()
    ended = [latest] if latest and latest.verdict.status not in (None, Exit.DONE, Exit.LOCKED) else []
    for manifest in store.newest_first():
        if manifest.is_unfinished and manifest.process.is_alive:
            running = running or manifest
        elif (
            manifest.verdict.status != Exit.LOCKED  # gave way to another run: says nothing about the section
            and datetime.fromisoformat(manifest.started_at) <= now + CLOCK_TOLERANCE
            and not (latest and manifest.run == latest.run and ended)
        ):
            ended.append(manifest)
            if manifest.verdict.status == Exit.DONE:
                return running, ended, manifest
    return running, ended, None


def _verdict(manifest: Manifest) -> Verdict:
    """Return the verdict of an ended run; a killed one gets it from the next run."""
    return Verdict.of(KILLED) if manifest.is_unfinished else manifest.verdict


def _state(ended: Sequence[Manifest], running: Manifest | None, good: Manifest | None, *, is_old: bool) -> State:
    """Return the state of a section; a run that a signal ended says nothing about it."""
    last = next((each for each in ended if each.verdict.status != Exit.INTERRUPTED), None)
    if last is None:
        return State.RUNNING if running else State.INTERRUPTED if ended else State.NEVER
    if last is not good:
        return State.BAD
    return State.STALE if is_old else State.GOOD
