"""Rate limit: Retry-After, back-off, and the end of the run where the site refuses."""

import asyncio
import gc
import re
import signal
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from weakref import ref

import pytest
from pytest_twisted import ensureDeferred
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.defer import deferred_from_coro

from jiji.network.rate_limit import RateLimiter
from jiji.stats import EndReason, RunStats
from tests.conftest import Crawls, Line
from tests.faults import EVERYTHING, Misbehaving, status, well
from tests.network.servers import project_crawler

Agrees = Callable[[list[Line], list[Line]], None]

AT_ONCE = {"CONCURRENT_REQUESTS": "8", "CONCURRENT_REQUESTS_PER_DOMAIN": "8"}
JANUARY = "Thu, 01 Jan 1970 00:00:0{} GMT"
SOON = {"Retry_After": JANUARY.format(2), "Date": JANUARY.format(1)}
"""A second, by the site's own clock."""


def silences(site: Misbehaving, after: str) -> Iterator[float]:
    """Yield the seconds of silence that follow each request for an address or key; what was under way is let by."""
    at = [visit.at for visit in site.visits]
    for visit in site.visits:
        if after in visit.target:
            yield min((later - visit.at for later in at if later > visit.at + 0.2), default=99)


@pytest.mark.parametrize("settings", [{}, AT_ONCE], ids=["one at a time", "many at once"])
@pytest.mark.parametrize(("code", "headers"), [(429, {"Retry_After": "1"}), (503, SOON)])
@ensureDeferred
async def test_no_request_is_sent_before_retry_after(
    crawls: Crawls, site: Misbehaving, agrees: Agrees, code: int, headers: dict[str, str], settings: dict[str, str]
) -> None:
    key = site.listed("national")[6]
    site.spoil(key, status(code, b"", **headers), well)
    crawler = await crawls.here("national", **settings)
    agrees(crawls.lines("national"), site.ledger("national"))
    assert 1 <= next(silences(site, after=key)) < 3
    assert RunStats.of(crawler).waits == 1
    assert RunStats.of(crawler).waited_seconds == 1
    assert crawler.stats.get_value("finish_reason") == "finished"
    assert "retry/count" not in crawler.stats.get_stats()


@ensureDeferred
async def test_retry_after_of_robots_txt_is_waited_for(crawls: Crawls, site: Misbehaving, agrees: Agrees) -> None:
    site.spoil("/robots.txt", status(503, Retry_After="1"), well)
    await crawls.here("national", **AT_ONCE)
    agrees(crawls.lines("national"), site.ledger("national"))
    assert site.asked[:3] == ["/robots.txt", "/robots.txt", "/"]
    assert next(silences(site, after="/robots.txt")) >= 1


@ensureDeferred
async def test_requests_start_one_by_one_after_a_pause(crawls: Crawls, site: Misbehaving) -> None:
    site.spoil(site.listed("national")[9], status(429, Retry_After="1"), well)
    await crawls.here("national", **AT_ONCE, DOWNLOAD_DELAY="0.1", DOWNLOAD_DELAY_JITTER="0")
    at = [visit.at for visit in site.visits]
    assert min(later - earlier for earlier, later in pairwise(at)) > 0.04


@ensureDeferred
async def test_invalid_retry_after_is_retried_with_backoff(crawls: Crawls, site: Misbehaving, agrees: Agrees) -> None:
    absurd = ["-5", "soon", "", "0x10", "nan", JANUARY.format(0), "Fri, 99 Foo 2026 99:99:99 GMT"]
    for key, value in zip(site.listed("national"), absurd, strict=False):
        site.spoil(key, status(429, Retry_After=value), well)
    await crawls.here("national")
    agrees(crawls.lines("national"), site.ledger("national"))


@pytest.mark.parametrize(
    ("asks", "told"),
    [
        ({"Retry_After": "601"}, "asks to wait 601 s"),
        ({"Retry_After": "9" * 400}, "asks to wait inf s"),
        ({"Retry_After": "Fri, 31 Dec 9999 23:59:59 GMT"}, "asks to wait 2"),
    ],
    ids=["more than allowed", "a number without end", "the year 9999"],
)
@ensureDeferred
async def test_retry_after_above_limit_stops_the_run(
    crawls: Crawls, site: Misbehaving, caplog: pytest.LogCaptureFixture, asks: dict[str, str], told: str
) -> None:
    key = site.listed("national")[5]
    site.spoil(key, status(429, b"", **asks))
    stats = (await crawls.here("national", **AT_ONCE)).stats.get_stats()
    assert stats["finish_reason"] == "blocked"
    assert stats["jiji/pending"] == len(site.listed("national")) - len(crawls.lines("national"))
    assert [*silences(site, after=key)] == [99]
    assert told in caplog.text


@ensureDeferred
async def test_pauses_above_limit_in_total_stop_the_run(crawls: Crawls, site: Misbehaving) -> None:
    site.spoil("/", status(503, Retry_After="1"))
    crawler = await crawls.here("national", JIJI_MAX_WAIT_SECONDS="2")
    assert site.asked == ["/robots.txt", "/", "/", "/"]
    assert crawler.stats.get_value("finish_reason") == "blocked"
    assert RunStats.of(crawler).waited_seconds == 2


@ensureDeferred
async def test_retry_after_of_zero_backs_off(crawls: Crawls, site: Misbehaving) -> None:
    site.spoil("/", status(429, Retry_After="0"))
    stats = (await crawls.here("national", JIJI_MAX_WAIT_SECONDS="2")).stats.get_stats()
    assert 4 < len(site.asked) < 10
    assert stats["finish_reason"] == "blocked"


@ensureDeferred
async def test_429_without_retry_after_stops_the_run_after_retries(crawls: Crawls, site: Misbehaving) -> None:
    key = site.listed("national")[5]
    site.spoil(key, status(429))
    crawler = await crawls.here("national")
    assert sum(key in asked for asked in site.asked) == 3
    assert crawler.stats.get_value("finish_reason") == "blocked"
    assert RunStats.of(crawler).refusals == 3


@pytest.mark.parametrize("code", [401, 403])
@ensureDeferred
async def test_refusals_in_a_row_stop_the_run(crawls: Crawls, site: Misbehaving, code: int) -> None:
    for key in site.listed("national"):
        site.spoil(key, status(code, b"<html>Who are you?</html>"))
    crawler = await crawls.here("national")
    stats = crawler.stats.get_stats()
    assert sum("k=" in asked for asked in site.asked) == 5
    assert stats["finish_reason"] == "blocked"
    assert RunStats.of(crawler).refusals == 5
    assert stats["jiji/pending"] == len(site.listed("national"))


@ensureDeferred
async def test_redirect_does_not_interrupt_refusals_in_a_row(crawls: Crawls, site: Misbehaving) -> None:
    for key in site.listed("national"):
        site.spoil(key, status(302, Location=f"/login?from={key}"))
        site.spoil(f"/login?from={key}", status(403))
    stats = (await crawls.here("national")).stats.get_stats()
    assert sum("/login" in asked for asked in site.asked) == 5
    assert stats["finish_reason"] == "blocked"


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("JIJI_MAX_WAIT_SECONDS", "nan", "seconds, 0 or more"),
        ("JIJI_BACKOFF_SECONDS", "soon", "seconds, 0 or more"),
        ("JIJI_MAX_REFUSALS", "0", "an integer of at least 1"),
        ("JIJI_RUN_DEADLINE_HOURS", "-1", "hours above 0"),
    ],
)
def test_invalid_setting_is_refused_before_any_request(
    crawls: Crawls, site: Misbehaving, name: str, value: str, accepted: str
) -> None:
    run = crawls.run("photos", **{name: value})
    assert run.status == 4
    assert f"invalid {name}='{value}' (expected {accepted})" in run.log
    assert not site.asked


@ensureDeferred
async def test_single_refusals_do_not_stop_the_run(crawls: Crawls, site: Misbehaving) -> None:
    keys = sorted(site.listed("national"))
    for key in keys[:4] + keys[5:9]:
        site.spoil(key, status(403))
    stats = (await crawls.here("national")).stats.get_stats()
    assert stats["finish_reason"] == "finished"
    assert len(crawls.lines("national")) == len(keys) - 8


@pytest.mark.parametrize("what", ["/robots.txt", "a story", "a retry"])
def test_signal_ends_a_pause(crawls: Crawls, site: Misbehaving, what: str) -> None:
    place = site.listed("national")[5] if what.startswith("a ") else what
    site.spoil(place, status(500) if what == "a retry" else status(429, Retry_After="300"))
    run = crawls.start("national", JIJI_BACKOFF_SECONDS="300", **AT_ONCE)
    while not any(place in asked for asked in site.asked):
        time.sleep(0.05)
    time.sleep(0.5)
    start = time.monotonic()
    run.send_signal(signal.SIGTERM)
    assert run.wait(30) == 11
    assert time.monotonic() - start < 10


@ensureDeferred
async def test_backoff_grows_with_each_retry(crawls: Crawls, site: Misbehaving) -> None:
    site.spoil("/", status(500))
    await crawls.here("photos", JIJI_BACKOFF_SECONDS="0.4")
    first, second, third = (visit.at for visit in site.visits if visit.target == "/")
    assert 0.2 <= second - first <= 3
    assert 0.4 <= third - second <= 3


def test_exit_status_tells_that_everything_was_refused(crawls: Crawls, site: Misbehaving) -> None:
    site.spoil(EVERYTHING, status(403))
    run = crawls.run("national")
    assert run.status == 18
    assert len(site.asked) < 6
    assert not re.search("Traceback", run.log)


@ensureDeferred
async def test_run_deadline_ends_the_run_and_the_next_run_continues(
    crawls: Crawls, site: Misbehaving, agrees: Agrees, caplog: pytest.LogCaptureFixture
) -> None:
    site.spoil(site.listed("national")[5], status(429, Retry_After="6"))  # the next run waits for the rest of it
    started = time.monotonic()
    crawler = await crawls.here("national", JIJI_RUN_DEADLINE_HOURS=str(1 / 3600))
    assert time.monotonic() - started < 4
    assert RunStats.of(crawler).end_reason is EndReason.DEADLINE
    assert crawler.stats.get_value("finish_reason") == "deadline"
    assert "JIJI_RUN_DEADLINE_HOURS" in caplog.text
    site.spoil(site.listed("national")[5], well)
    await crawls.here("national")
    agrees(crawls.lines("national"), site.ledger("national"))


@pytest.mark.parametrize("cause", ["signal", "reason"])
@ensureDeferred
async def test_pause_ends_within_a_second_of_the_runs_end(cause: str) -> None:
    crawler = project_crawler()
    limiter = RateLimiter.of(crawler)
    limiter.pause(60)
    stats = RunStats.of(crawler)
    end: Callable[[], object] = (
        (lambda: setattr(stats, "signals", 1)) if cause == "signal" else (lambda: stats.end(EndReason.BLOCKED, ""))
    )

    async def waiting() -> None:
        asyncio.get_running_loop().call_later(0.1, end)
        await limiter.acquire()

    started = time.monotonic()
    with pytest.raises(IgnoreRequest, match="the run is ending"):
        await deferred_from_coro(waiting())
    assert time.monotonic() - started < 1


def test_limiter_does_not_keep_its_crawler() -> None:
    crawler = Crawler(Spider)
    kept = ref(crawler)
    assert RateLimiter.of(crawler) is RateLimiter.of(crawler)
    del crawler
    gc.collect()
    assert kept() is None
