"""Politeness across processes: one request at a time and the delay hold for all runs of one output folder."""

import asyncio
import os
import signal
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest

from jiji.network.site_lock import LastRequest, SiteLock, SiteLockTimeout
from tests.access_log import LoggingReplica, gaps, overlaps
from tests.conftest import Crawls
from tests.crawls.situations import keys
from tests.crawls.test_endings import manifests, wait_for
from tests.faults import Misbehaving, hang, status, well

Result = TypeVar("Result")

FOUR = ("national", "politics", "sports", "journal")
DELAY = 0.4


@pytest.fixture
def logging_replica() -> Iterator[LoggingReplica]:
    with LoggingReplica(seconds=0.03, days=2) as replica:
        yield replica


def test_four_sections_at_once_send_one_request_at_a_time(logging_replica: LoggingReplica, tmp_path: Path) -> None:
    crawls = Crawls(logging_replica, tmp_path / "output")
    runs = [crawls.start(name, "-a", "max_articles=2", DOWNLOAD_DELAY=str(DELAY)) for name in FOUR]
    for run in runs:
        _, errors = run.communicate(timeout=240)
        assert run.returncode in (0, 22), errors  # what is above max_articles is still to fetch
    for name in FOUR:
        assert len(crawls.lines(name)) == 2
    assert len(logging_replica.log) > 4 * 4
    assert overlaps(logging_replica.log) == 0
    between = gaps(logging_replica.log)
    assert min(between) >= DELAY / 2 - 0.1  # DOWNLOAD_DELAY_JITTER; a loaded machine delays a request on its way
    assert sum(between) / len(between) >= DELAY * 0.75


def test_stopped_run_ends_a_waiting_run_as_incomplete(site: Misbehaving, crawls: Crawls) -> None:
    site.spoil(keys(site)[1], hang())
    stopped = crawls.start("sports")
    wait_for(lambda: any(keys(site)[1] in asked for asked in site.asked))
    stopped.send_signal(signal.SIGSTOP)
    try:
        run = crawls.run("photos", DOWNLOAD_TIMEOUT="1")
        assert run.status == 22
        said = manifests(crawls, "photos")[-1]["verdict"]["message"]
        assert f"process {stopped.pid} has blocked all requests to 127.0.0.1:" in said
        assert str(crawls.output / "state") in said
        assert "end that process" in said
    finally:
        stopped.kill()
        stopped.wait()
    assert crawls.run("photos", DOWNLOAD_TIMEOUT="1").status == 0  # the kernel freed the lock


def test_retry_after_of_one_run_pauses_another_run(site: Misbehaving, crawls: Crawls) -> None:
    first = keys(site)[1]
    site.spoil(first, status(429, Retry_After="6"), well)
    throttled = crawls.start("sports")
    wait_for(lambda: any(first in asked for asked in site.asked))
    asked_at = next(visit.at for visit in site.visits if first in visit.target)
    before = len(site.visits)
    assert crawls.run("photos").status == 0
    assert throttled.wait(60) == 0
    assert all(visit.at >= asked_at + 5.9 for visit in site.visits[before:])


def in_own_loop(work: Coroutine[Any, Any, Result]) -> Result:
    """Return the result of a coroutine, run beside the event loop of the tests."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[SiteLock]:
    lock = SiteLock(tmp_path, "site:80", patience=0.2, sleep=asyncio.sleep)
    yield lock
    lock.close()


def test_lock_costs_less_than_a_millisecond_when_alone(lock: SiteLock) -> None:
    async def requests(number: int) -> float:
        begun = time.process_time()
        for _ in range(number):
            await lock.acquire(interval=0, delay=2)
            lock.release()
        return (time.process_time() - begun) / number

    assert min(in_own_loop(requests(50)) for _ in range(10)) < 0.001


def test_second_run_waits_for_the_delay_of_the_first(lock: SiteLock, tmp_path: Path) -> None:
    other = SiteLock(tmp_path, "site:80", patience=0.2, sleep=asyncio.sleep)

    async def both() -> float:
        await lock.acquire(interval=0, delay=0.3)
        lock.release()
        begun = time.monotonic()
        await other.acquire(interval=0, delay=0)
        other.release()
        return time.monotonic() - begun

    assert 0.25 <= in_own_loop(both()) < 5
    other.close()


def test_two_requests_of_one_run_take_turns(lock: SiteLock) -> None:
    async def overlap() -> int:
        at_work, most = 0, 0

        async def request() -> None:
            nonlocal at_work, most
            await lock.acquire(interval=0, delay=0)
            at_work += 1
            most = max(most, at_work)
            await asyncio.sleep(0.01)
            at_work -= 1
            lock.release()

        await asyncio.gather(*(request() for _ in range(5)))
        return most

    assert in_own_loop(overlap()) == 1


def test_held_lock_is_not_taken_over(lock: SiteLock, tmp_path: Path) -> None:
    other = SiteLock(tmp_path, "site:80", patience=0.2, sleep=asyncio.sleep)

    async def both() -> None:
        await lock.acquire(interval=0, delay=0)
        with pytest.raises(SiteLockTimeout, match=f"process {os.getpid()} has blocked"):
            await other.acquire(interval=0, delay=0)
        lock.release()
        await other.acquire(interval=0, delay=0)

    in_own_loop(both())
    other.close()


@pytest.mark.parametrize("content", [b"", b"rubbish", LastRequest(1, 2, 9e9, 9e9, 9e9).to_bytes()])
def test_damaged_file_or_clock_set_back_does_not_block(lock: SiteLock, content: bytes) -> None:
    lock.path.write_bytes(content)
    begun = time.monotonic()
    in_own_loop(lock.acquire(interval=0, delay=0))
    assert time.monotonic() - begun < 1


def test_two_ports_of_a_host_are_two_sites(lock: SiteLock, tmp_path: Path) -> None:
    other = SiteLock(tmp_path, "site:81", patience=0.2, sleep=asyncio.sleep)

    async def both() -> None:
        await lock.acquire(interval=0, delay=60)
        await other.acquire(interval=0, delay=60)

    in_own_loop(both())
    other.close()
