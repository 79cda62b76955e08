"""Status of the sections, read from their manifests: the content of ``scrapy status``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jiji.output import OutputDir
from jiji.runs.manifests import Manifest, ManifestStore, Verdict
from jiji.runs.result import KILLED, Exit


class State(StrEnum):
    """State of a section."""

    GOOD = "good"
    STALE = "stale"
    """The last good run is too old."""
    BAD = "bad"
    """The last run was not good."""
    RUNNING = "running"
    """The first run is at work."""
    NEVER = "never"
    """No run is known."""


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
    feed_bytes: int


def section_status(output: OutputDir, section: str, now: datetime, stale_hours: float) -> SectionStatus:
    """Return the status of a section."""
    running, ended, good = _runs(ManifestStore(output.runs(section)))
    last = ended[0] if ended else None
    verdict = _verdict(last) if last else None
    age = (now - datetime.fromisoformat(good.ended_at)).total_seconds() / 3600 if good and good.ended_at else None
    feed = output.feed(section)
    return SectionStatus(
        section=section,
        state=_state(last, running, good, age, stale_hours),
        last_good=good.ended_at if good else None,
        age_hours=round(age, 2) if age is not None else None,
        verdict=verdict.word if verdict else None,
        status=verdict.status if verdict else None,
        message=verdict.message if verdict else None,
        last_run=last.started_at if last else None,
        running_since=running.started_at if running else None,
        pending=next((each.articles.pending for each in ended if each.articles.pending is not None), None),
        feed_bytes=feed.stat().st_size if feed.is_file() else 0,
    )


def all_good(sections: Sequence[SectionStatus], named: Sequence[str]) -> bool:
    """Return whether no section is stale or bad; one that never ran counts where it is named, or where no other ran."""
    known = [each for each in sections if each.state is not State.NEVER]
    counted = [each for each in sections if each.section in named] if named else known
    return bool(counted) and all(each.state in (State.GOOD, State.RUNNING) for each in counted)


def table(sections: Sequence[SectionStatus]) -> str:
    """Return the sections as a table for a terminal."""
    rows = [("SECTION", "STATE", "LAST GOOD RUN", "AGE", "LAST RESULT", "PENDING", "FEED")]
    for each in sections:
        result = f"{each.verdict} ({each.status})" if each.verdict else "-"
        rows.append((
            each.section,
            each.state,
            each.last_good or "-",
            f"{each.age_hours:.1f} h" if each.age_hours is not None else "-",
            f"{result}, running since {each.running_since}" if each.running_since else result,
            "-" if each.pending is None else str(each.pending),
            f"{each.feed_bytes / 1e6:.1f} MB",
        ))  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, *(f"{each.section}: {each.message}" for each in sections if each.state is State.BAD)])


def _runs(store: ManifestStore) -> tuple[Manifest | None, list[Manifest], Manifest | None]:
    """Return the run at work, the ended ones back to the last good one, and that."""
    running: Manifest | None = None
    ended: list[Manifest] = []
    for manifest in store.newest_first():
        if manifest.is_unfinished and manifest.process.is_alive:
            running = running or manifest
        elif manifest.verdict.status != Exit.LOCKED:  # gave way to another run: says nothing about the section
            ended.append(manifest)
            if manifest.verdict.status == Exit.DONE:
                return running, ended, manifest
    return running, ended, None


def _verdict(manifest: Manifest) -> Verdict:
    """Return the verdict of an ended run; a killed one gets it from the next run."""
    return Verdict.of(KILLED) if manifest.is_unfinished else manifest.verdict


def _state(
    last: Manifest | None, running: Manifest | None, good: Manifest | None, age: float | None, stale_hours: float
) -> State:
    if last is None:
        return State.RUNNING if running else State.NEVER
    if last is not good:
        return State.BAD
    return State.GOOD if age is not None and age <= stale_hours else State.STALE
