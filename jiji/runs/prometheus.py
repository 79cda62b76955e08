"""Status of the sections as a Prometheus textfile, for the textfile collector of node_exporter."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from jiji.feed.errors import named_os_errors
from jiji.runs.status import HEALTHY, SectionStatus, State

Value = float | int | None


def _seconds(time: str | None) -> Value:
    return datetime.fromisoformat(time).timestamp() if time else None


GAUGES: tuple[tuple[str, str, Callable[[SectionStatus], Value]], ...] = (
    ("healthy", "1 if the section needs nobody's attention", lambda each: int(each.state in HEALTHY)),
    ("running", "1 while a run is at work", lambda each: int(each.running_since is not None)),
    ("last_good_run_timestamp_seconds", "end of the last good run", lambda each: _seconds(each.last_good)),
    ("last_run_timestamp_seconds", "start of the last run that has ended", lambda each: _seconds(each.last_run)),
    ("last_run_exit_status", "exit status of the last run that has ended", lambda each: each.status),
    ("last_run_warnings", "warnings of the last run", lambda each: len(each.warnings)),
    ("last_run_bounded", "1 if a bound on articles ended the last run", lambda each: int(each.bounded_by is not None)),
    ("drifting_fields", "fields with layout drift in the last run", lambda each: len(each.drift)),
    ("pending_articles", "articles still to fetch", lambda each: each.pending),
    ("newest_article_age_seconds", "age of the newest article on the index pages, in whole days of Japan",
     lambda each: None if each.newest_age_hours is None else each.newest_age_hours * 3600),
    ("feed_bytes", "size of the feed", lambda each: each.feed_bytes),
)  # fmt: skip
"""Name behind ``jiji_section_``, meaning, and value; a section without a value is left out."""


def textfile(sections: Sequence[SectionStatus], now: datetime) -> str:
    """Return the metrics of all sections in the text format of Prometheus."""
    lines = ["# HELP jiji_status_timestamp_seconds time of this status", "# TYPE jiji_status_timestamp_seconds gauge",
             f"jiji_status_timestamp_seconds {now.timestamp()}"]  # fmt: skip
    for name, meaning, value_of in GAUGES:
        lines += _metric(name, meaning, [(_labels(each), value_of(each)) for each in sections])
    states = [(_labels(each, state), int(each.state is state)) for each in sections for state in State]
    lines += _metric("state", "1 for the state of the section", states)
    return "\n".join([*lines, ""])


def write_textfile(path: Path, text: str) -> None:
    """Replace a file in one step, so that a collector never reads half of it; raises FeedError with the path."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    with named_os_errors(path):
        try:
            with draft.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def _metric(name: str, meaning: str, samples: Sequence[tuple[str, Value]]) -> list[str]:
    name = f"jiji_section_{name}"
    shown = [f"{name}{labels} {value}" for labels, value in samples if value is not None]
    return [f"# HELP {name} {meaning}", f"# TYPE {name} gauge", *shown] if shown else []


def _labels(section: SectionStatus, state: State | None = None) -> str:
    return f'{{section="{section.section}"' + (f',state="{state}"}}' if state else "}")
