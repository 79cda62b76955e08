"""How the sections stand, as their manifests tell: what `scrapy status` prints. Knows files, no crawl."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jiji.runs.manifests import Record, Runs, is_alive, is_unfinished
from jiji.runs.result import KILLED, Exit


@dataclass(frozen=True, slots=True)
class Standing:
    """How one section stands; times are ISO 8601 in UTC."""

    section: str
    state: str
    """good; stale: the last good run is too old; bad: the last run was not good; never: no run is known."""
    last_good: str | None
    """When the last good run ended."""
    age_hours: float | None
    """How long ago that is."""
    verdict: str | None
    """The last run's, as a word."""
    status: int | None
    """The same as an exit status."""
    said: str | None
    """The same as a sentence."""
    last_run: str | None
    """When the last run began that has ended."""
    at_work_since: str | None
    """When the run began that is at work now."""
    pending: int | None
    """Articles still to fetch, as the last run counted them."""
    feed_bytes: int


def standing(output: Path, section: str, now: datetime, stale_hours: float) -> Standing:
    """Return how a section stands below an output folder, whoever wrote it."""
    at_work: Record | None = None
    ended: list[Record] = []
    good: Record | None = None
    for manifest in Runs(output, section).newest_first():
        if is_unfinished(manifest) and is_alive(manifest):
            at_work = at_work or manifest
        elif manifest["verdict"]["status"] != Exit.HELD:  # gave way to another run: says nothing of the section
            ended.append(manifest)
            if manifest["verdict"]["status"] == Exit.DONE:
                good = manifest
                break
    last = ended[0] if ended else None
    told = _verdict(last) if last else {}
    age = (now - datetime.fromisoformat(good["ended_at"])).total_seconds() / 3600 if good else None
    feed = output / f"{section}.jsonl"
    return Standing(
        section=section,
        state=_state(last, at_work, good, age, stale_hours),
        last_good=good["ended_at"] if good else None,
        age_hours=round(age, 2) if age is not None else None,
        verdict=told.get("word"),
        status=told.get("status"),
        said=told.get("said"),
        last_run=last["started_at"] if last else None,
        at_work_since=at_work["started_at"] if at_work else None,
        pending=next((each["articles"]["pending"] for each in ended if each["articles"]["pending"] is not None), None),
        feed_bytes=feed.stat().st_size if feed.is_file() else 0,
    )


def is_well(sections: Sequence[Standing], named: Sequence[str]) -> bool:
    """Say whether none is stale or bad; one that never ran counts where it is named, or where no other ever ran."""
    known = [each for each in sections if each.state != "never"]
    counted = [each for each in sections if each.section in named] if named else known
    return bool(counted) and all(each.state == "good" for each in counted)


def _verdict(manifest: Record) -> Record:
    """Return a run's verdict; of one that began, never ended, and is gone, the verdict that the next run will write."""
    if is_unfinished(manifest):
        return {"word": KILLED.status.word, "status": int(KILLED.status), "said": KILLED.said}
    verdict: Record = manifest["verdict"]
    return verdict


def _state(last: Record | None, at_work: Record | None, good: Record | None, age: float | None, stale: float) -> str:
    if last is None and at_work is None:
        return "never"
    if last is not None and last is not good:
        return "bad"
    return "good" if age is not None and age <= stale else "stale"


def table(sections: Sequence[Standing]) -> str:
    """Return the sections as a table for a terminal."""
    rows = [("SECTION", "STATE", "LAST GOOD RUN", "AGE", "LAST VERDICT", "PENDING", "FEED")]
    for each in sections:
        verdict = f"{each.verdict} ({each.status})" if each.verdict else "-"
        rows.append((
            each.section,
            each.state,
            each.last_good or "-",
            f"{each.age_hours:.1f} h" if each.age_hours is not None else "-",
            f"{verdict}, at work since {each.at_work_since}" if each.at_work_since else verdict,
            "-" if each.pending is None else str(each.pending),
            f"{each.feed_bytes / 1e6:.1f} MB",
        ))  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    said = [f"{each.section}: {each.said}" for each in sections if each.state == "bad"]
    return "\n".join([*lines, *said])
