"""Manifests survive what disks and earlier versions do to them."""

import json
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jiji.runs.manifests import MANIFEST, Manifest, ManifestStore, Process, Verdict, run_name
from jiji.runs.result import KILLED
from jiji.runs.shutdown import Shutdown
from jiji.stats import RunStats


def manifest(run: str = "20260127T093005.000120Z", verdict: Verdict | None = None) -> Manifest:
    return Manifest(
        run=run, section="sports", verdict=verdict or Verdict.running(), started_at="2026-01-27T09:30:05Z",
        ended_at=None, seconds=0.0, site="https://jen.jiji.com/", process=Process.current(job=None),
        gap=("2026012700123", "2026012800123"),
    )  # fmt: skip


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    store = ManifestStore(tmp_path / "sports")
    store.begin(manifest())
    assert [*store.newest_first()] == store.unfinished() == [manifest()]
    ended = manifest(verdict=Verdict.of(KILLED))
    store.end(ended)
    assert store.unfinished() == []
    latest = json.loads((tmp_path / "sports" / "latest.json").read_text())
    assert MANIFEST.validate_python(latest) == ended
    assert sorted(path.name for path in (tmp_path / "sports").iterdir()) == [f"{ended.run}.json", "latest.json"]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"verdict": {}}', b"\0" * 100])
def test_a_damaged_manifest_is_skipped(tmp_path: Path, damage: bytes) -> None:
    store = ManifestStore(tmp_path / "sports")
    store.begin(manifest())
    (tmp_path / "sports" / "20260128T000000.000000Z.json").write_bytes(damage)
    assert [*store.newest_first()] == [manifest()]


def test_a_manifest_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    store = ManifestStore(tmp_path / "sports")
    store.begin(manifest())
    path = tmp_path / "sports" / f"{manifest().run}.json"
    old = json.loads(path.read_text())
    del old["rules"], old["run_number"]
    old["verdict"]["said"] = old["verdict"].pop("message")
    path.write_text(json.dumps(old))
    assert [*store.newest_first()] == [manifest()]


def test_this_process_is_alive_and_another_with_its_number_is_not() -> None:
    process = Process.current(job="7")
    assert process.is_alive
    assert process.job == "7"
    assert not Process(host=process.host, pid=os.getpid(), born="1").is_alive
    assert not Process(host=process.host, pid=2**22 + 1, born="1").is_alive
    assert Process(host="another.example", pid=1, born=None).is_alive


def test_names_of_runs_sort_by_time() -> None:
    names = [run_name(datetime(2026, month, 1, tzinfo=UTC)) for month in (2, 10, 12)]
    assert names == sorted(names)


def test_the_first_signal_counts_and_is_passed_on() -> None:
    passed: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)}
    signal.signal(signal.SIGTERM, lambda number, _: passed.append(number))
    run = RunStats()
    try:
        Shutdown(run, stop_loop=lambda: None, conclude=lambda: KILLED.status).listen()
        os.kill(os.getpid(), signal.SIGTERM)
        assert (run.signals, passed) == (1, [signal.SIGTERM])
    finally:
        signal.alarm(0)
        for number, handler in before.items():
            signal.signal(number, handler)
