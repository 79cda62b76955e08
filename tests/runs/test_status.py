"""Status of a section from its manifests: state, newest article, bounds, drift, warnings, Prometheus textfile."""

import re
import socket
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jiji.feed.errors import FeedError
from jiji.items import utc_text
from jiji.output import OutputDir
from jiji.runs.manifests import Articles, Manifest, ManifestStore, Process, Verdict, run_name
from jiji.runs.prometheus import textfile, write_textfile
from jiji.runs.result import Exit
from jiji.runs.status import Limits, SectionStatus, State, all_good, section_status, table

NOW = datetime(2026, 1, 28, 3, tzinfo=UTC)
LIMITS = Limits(stale_hours=24)


def ran(output: Path, hours_ago: float, status: Exit | None, **more: Any) -> None:
    """Write the manifest of a run; no status stands for one that is at work in this process."""
    started = NOW - timedelta(hours=hours_ago)
    word = status.word if status is not None else "running"
    manifest = Manifest(
        run=run_name(started), section="national", verdict=Verdict(status=status, word=word, message=word, advice=""),
        started_at=utc_text(started), ended_at=None if status is None else utc_text(started), seconds=1.0,
        site="https://jen.jiji.com/", **{"process": Process.current(job=None), **more},
    )  # fmt: skip
    ManifestStore(output / "runs" / "national").end(manifest)


def status_of(output: Path, limits: Limits = LIMITS) -> SectionStatus:
    return section_status(OutputDir(output), "national", NOW, limits)


@pytest.mark.parametrize(
    ("runs", "state"),
    [
        ([], State.NEVER),
        ([(0, None)], State.RUNNING),
        ([(1, Exit.INTERRUPTED)], State.INTERRUPTED),
        ([(1, Exit.INTERRUPTED), (0, None)], State.RUNNING),
        ([(2, Exit.DONE), (1, Exit.INTERRUPTED)], State.GOOD),
        ([(2, Exit.DONE), (1, Exit.LOCKED)], State.GOOD),
        ([(48, Exit.DONE), (1, Exit.INTERRUPTED)], State.STALE),
        ([(2, Exit.INCOMPLETE), (1, Exit.INTERRUPTED)], State.BAD),
        ([(2, Exit.DONE), (1, Exit.FORCED_STOP)], State.BAD),
        ([(2, Exit.DONE), (0, None)], State.GOOD),
        ([(2, Exit.BLOCKED), (0, None)], State.BAD),
        ([(48, Exit.DONE)], State.STALE),
    ],
)
def test_state_of_a_section(tmp_path: Path, runs: list[tuple[float, Exit | None]], state: State) -> None:
    for hours_ago, status in runs:
        ran(tmp_path, hours_ago, status)
    shown = status_of(tmp_path)
    assert shown.state is state
    is_healthy = state in (State.GOOD, State.RUNNING, State.INTERRUPTED)
    assert all_good([shown], ["national"]) is is_healthy


@pytest.mark.parametrize(
    ("runs", "state"),
    [
        ([(-48, Exit.DONE), (1, Exit.INCOMPLETE)], State.BAD),
        ([(-48, Exit.DONE), (1, Exit.DONE)], State.GOOD),
        ([(-48, Exit.DONE), (2, Exit.BLOCKED), (1, Exit.DONE)], State.GOOD),
        ([(-48, Exit.BLOCKED), (1, Exit.DONE)], State.GOOD),
        ([(-48, Exit.DONE), (30, Exit.DONE)], State.STALE),
        ([(2, Exit.DONE), (400, Exit.BLOCKED)], State.BAD),
        ([(-9600, Exit.DONE), (3, Exit.BLOCKED), (2, Exit.BLOCKED), (1, Exit.BLOCKED)], State.BAD),
    ],
)
def test_state_under_a_clock_that_jumped(tmp_path: Path, runs: list[tuple[float, Exit]], state: State) -> None:
    """The runs stand in the order in which they ended; negative hours are in the future."""
    for hours_ago, status in runs:
        ran(tmp_path, hours_ago, status)
    shown = status_of(tmp_path)
    assert shown.state is state
    assert shown.age_hours is None or shown.age_hours >= 0, "no good run is in the future"


def test_runs_that_gave_way_do_not_hide_a_killed_one(tmp_path: Path) -> None:
    ran(tmp_path, 90, Exit.DONE, run_number=1)
    ran(tmp_path, 80, None, process=Process(host=socket.gethostname(), pid=2**22 + 1, born="1"))
    for hour in range(55):
        ran(tmp_path, 70 - hour, Exit.LOCKED)
    shown = status_of(tmp_path)
    assert (shown.state, shown.verdict) == (State.BAD, "forced stop")
    killed = ManifestStore(tmp_path / "runs" / "national").unfinished()
    assert [each.run for each in killed] == [run_name(NOW - timedelta(hours=80))]


def test_an_old_newest_article_makes_a_section_stale_by_the_setting(tmp_path: Path) -> None:
    ran(tmp_path, 1, Exit.DONE, newest="2026012600123")
    assert status_of(tmp_path).newest == "2026012600123"
    assert status_of(tmp_path).newest_age_hours == 36
    assert status_of(tmp_path).state is State.GOOD
    assert status_of(tmp_path, Limits(stale_hours=24, frozen_hours=36)).state is State.GOOD
    assert status_of(tmp_path, Limits(stale_hours=24, frozen_hours=35)).state is State.STALE


def test_the_last_run_shows_its_warnings_bound_drift_and_pending(tmp_path: Path) -> None:
    ran(tmp_path, 2, Exit.INCOMPLETE, warnings=["gap"], drift={"body": 0.5})
    ran(
        tmp_path, 1, Exit.DONE, warnings=["bounded: 20", "layout drift"], bounded_by="max_articles=20",
        drift={"headline": 0.4, "byline": 0.3}, articles=Articles(pending=5), newest="2026012800123",
    )  # fmt: skip
    shown = status_of(tmp_path)
    assert shown.warnings == ["bounded: 20", "layout drift"]
    assert (shown.bounded_by, shown.drift, shown.pending) == ("max_articles=20", ["byline", "headline"], 5)
    text = table([shown])
    assert "done (0), bounded" in text
    assert "2026012800123, 0.0 h" in text
    assert text.splitlines()[-2:] == ["national: bounded: 20", "national: layout drift"]


SAMPLE = re.compile(r'jiji_\w+(\{section="\w+"(,state="\w+")?\})? -?\d+(\.\d+)?(e[+-]?\d+)?')


def test_the_textfile_is_valid_and_complete(tmp_path: Path) -> None:
    ran(tmp_path, 1, Exit.DONE, newest="2026012600123", articles=Articles(pending=5), warnings=["x"])
    never = section_status(OutputDir(tmp_path), "photos", NOW, LIMITS)
    text = textfile([status_of(tmp_path), never], NOW)
    assert text.endswith("\n")
    declared: list[str] = []
    for line in text.splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "#":
            word, name, *meaning = rest.split(" ", 2)
            assert word in ("HELP", "TYPE")
            assert meaning
            declared += [name] if word == "TYPE" else []
        else:
            assert SAMPLE.fullmatch(line), line
            assert kind.partition("{")[0] == declared[-1]
    assert len(declared) == len(set(declared))
    assert 'jiji_section_healthy{section="national"} 1' in text
    assert 'jiji_section_healthy{section="photos"} 0' in text
    assert 'jiji_section_state{section="photos",state="never"} 1' in text
    assert 'jiji_section_pending_articles{section="national"} 5' in text
    assert f'jiji_section_newest_article_age_seconds{{section="national"}} {36 * 3600.0}' in text
    assert 'jiji_section_last_run_exit_status{section="photos"}' not in text


def test_the_textfile_is_replaced_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "jiji.prom"
    write_textfile(path, "one\n")
    with path.open() as before:
        write_textfile(path, "two\n")
        assert before.read() == "one\n"
    assert path.read_text() == "two\n"
    assert list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) & 0o444 == 0o444
    with pytest.raises(FeedError, match="missing"):
        write_textfile(tmp_path / "missing" / "jiji.prom", "x")
