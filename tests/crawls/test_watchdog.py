"""Blocked event loops are ended; stalled disks, stopped processes and busy machines are not taken for one."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Crawls, Line
from tests.crawls.situations import keys, with_pipeline
from tests.crawls.test_endings import manifests, wait_for
from tests.crawls.tracing import traced
from tests.faults import Misbehaving

Agrees = Callable[[list[Line], list[Line]], None]
SECONDS = 1


@pytest.fixture
def site() -> Iterator[Misbehaving]:
    with Misbehaving(days=5) as served:
        yield served


@pytest.fixture
def crawls(site: Misbehaving, tmp_path: Path) -> Crawls:
    return Crawls(site, tmp_path / "output")


def started(crawls: Crawls) -> "subprocess.Popen[str]":
    """Start a slow crawl with a watchdog, and wait for its first line."""
    run = crawls.start("sports", JIJI_WATCHDOG_SECONDS=str(SECONDS), DOWNLOAD_DELAY="0.3")
    wait_for(lambda: crawls.lines("sports"))
    return run


def completed(crawls: Crawls, run: "subprocess.Popen[str]", agrees: Agrees) -> None:
    """Wait for a run that nothing has ended early."""
    _, log = run.communicate(timeout=120)
    assert run.returncode == 0, log
    assert manifests(crawls)[-1]["verdict"]["status"] == 0
    agrees(crawls.lines("sports"), crawls.replica.ledger("sports"))


@pytest.mark.parametrize("how", ["C code", "Python code", "sleep"])
def test_a_blocked_event_loop_is_ended(
    site: Misbehaving, crawls: Crawls, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setenv("HANGS_ON", keys(site)[1])
    monkeypatch.setenv("HANGS_AS", how)
    begun = time.monotonic()
    run = crawls.run("sports", **with_pipeline("Hangs"), JIJI_WATCHDOG_SECONDS=str(SECONDS))
    assert run.status == 1
    assert "in hang" in run.log  # the traceback
    assert time.monotonic() - begun < 60
    assert len(crawls.lines("sports")) == 1


def test_a_stopped_process_goes_on(crawls: Crawls, agrees: Agrees) -> None:
    run = started(crawls)
    for _ in range(2):
        run.send_signal(signal.SIGSTOP)
        time.sleep(SECONDS * 3)
        run.send_signal(signal.SIGCONT)
        time.sleep(0.2)
    completed(crawls, run, agrees)


def test_a_stalled_sync_is_no_hang(crawls: Crawls, agrees: Agrees) -> None:
    run = started(crawls)
    trace = crawls.output.with_name("trace")
    stall = f"inject=fsync,fdatasync:delay_enter={SECONDS * 4_000_000}:when=1..3"
    with traced(run, "-o", str(trace), "-e", "trace=fsync,fdatasync", "-e", stall):
        completed(crawls, run, agrees)
    assert trace.read_text().count("DELAYED") >= 3
