"""A site that asks for patience gets it; one that refuses is left alone."""

import re
import signal
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from pytest_twisted import ensureDeferred

from tests.conftest import Crawls, Line
from tests.faults import EVERYTHING, Misbehaving, status, well

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
async def test_nothing_is_asked_while_the_site_wants_to_be_left_alone(
    crawls: Crawls, site: Misbehaving, agrees: Agrees, code: int, headers: dict[str, str], settings: dict[str, str]
) -> None:
    key = site.listed("national")[6]
    site.spoil(key, status(code, b"", **headers), well)
    stats = (await crawls.here("national", **settings)).stats.get_stats()
    agrees(crawls.lines("national"), site.ledger("national"))
    assert 1 <= next(silences(site, after=key)) < 3
    assert stats["jiji/throttle/waits"] == 1
    assert stats["jiji/throttle/seconds"] == 1
    assert stats["finish_reason"] == "finished"
    assert "retry/count" not in stats


@ensureDeferred
async def test_robots_txt_may_ask_for_patience_too(crawls: Crawls, site: Misbehaving, agrees: Agrees) -> None:
    site.spoil("/robots.txt", status(503, Retry_After="1"), well)
    await crawls.here("national", **AT_ONCE)
    agrees(crawls.lines("national"), site.ledger("national"))
    assert site.asked[:3] == ["/robots.txt", "/robots.txt", "/"]
    assert next(silences(site, after="/robots.txt")) >= 1


@ensureDeferred
async def test_those_that_waited_go_one_by_one(crawls: Crawls, site: Misbehaving) -> None:
    site.spoil(site.listed("national")[9], status(429, Retry_After="1"), well)
    await crawls.here("national", **AT_ONCE, DOWNLOAD_DELAY="0.1", DOWNLOAD_DELAY_JITTER="0")
    at = [visit.at for visit in site.visits]
    assert min(later - earlier for earlier, later in pairwise(at)) > 0.04


@ensureDeferred
async def test_what_cannot_be_waited_for_is_tried_again_after_a_while(
    crawls: Crawls, site: Misbehaving, agrees: Agrees
) -> None:
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
async def test_who_asks_for_too_much_is_left_alone(
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
async def test_patience_has_an_end(crawls: Crawls, site: Misbehaving) -> None:
    site.spoil("/", status(503, Retry_After="1"))
    stats = (await crawls.here("national", JIJI_MAX_WAIT_SECONDS="2")).stats.get_stats()
    assert site.asked == ["/robots.txt", "/", "/", "/"]
    assert stats["finish_reason"] == "blocked"
    assert stats["jiji/throttle/seconds"] == 2


@ensureDeferred
async def test_no_time_to_wait_is_not_taken_at_its_word_for_ever(crawls: Crawls, site: Misbehaving) -> None:
    site.spoil("/", status(429, Retry_After="0"))
    stats = (await crawls.here("national", JIJI_MAX_WAIT_SECONDS="2")).stats.get_stats()
    assert 4 < len(site.asked) < 10
    assert stats["finish_reason"] == "blocked"


@ensureDeferred
async def test_429_without_a_time_ends_the_run_after_the_retries(crawls: Crawls, site: Misbehaving) -> None:
    key = site.listed("national")[5]
    site.spoil(key, status(429))
    stats = (await crawls.here("national")).stats.get_stats()
    assert sum(key in asked for asked in site.asked) == 3
    assert stats["finish_reason"] == "blocked"
    assert stats["jiji/refusals"] == 3


@pytest.mark.parametrize("code", [401, 403])
@ensureDeferred
async def test_a_site_that_refuses_again_and_again_is_left_alone(crawls: Crawls, site: Misbehaving, code: int) -> None:
    for key in site.listed("national"):
        site.spoil(key, status(code, b"<html>Who are you?</html>"))
    stats = (await crawls.here("national")).stats.get_stats()
    assert sum("k=" in asked for asked in site.asked) == 5
    assert stats["finish_reason"] == "blocked"
    assert stats["jiji/refusals"] == 5
    assert stats["jiji/pending"] == len(site.listed("national"))


@ensureDeferred
async def test_a_redirect_between_refusals_is_no_answer(crawls: Crawls, site: Misbehaving) -> None:
    for key in site.listed("national"):
        site.spoil(key, status(302, Location=f"/login?from={key}"))
        site.spoil(f"/login?from={key}", status(403))
    stats = (await crawls.here("national")).stats.get_stats()
    assert sum("/login" in asked for asked in site.asked) == 5
    assert stats["finish_reason"] == "blocked"


@pytest.mark.parametrize(
    ("name", "value"),
    [("JIJI_MAX_WAIT_SECONDS", "nan"), ("JIJI_BACKOFF_SECONDS", "soon"), ("JIJI_MAX_REFUSALS", "0")],
)
def test_settings_that_mean_nothing_are_refused_before_any_request(
    crawls: Crawls, site: Misbehaving, name: str, value: str
) -> None:
    run = crawls.run("photos", **{name: value})
    assert run.status == 4
    assert f"{name}={value} is not understood; accepted: a number of at least" in run.log
    assert not site.asked


@ensureDeferred
async def test_a_refusal_now_and_then_is_none_of_the_site(crawls: Crawls, site: Misbehaving) -> None:
    keys = sorted(site.listed("national"))
    for key in keys[:4] + keys[5:9]:
        site.spoil(key, status(403))
    stats = (await crawls.here("national")).stats.get_stats()
    assert stats["finish_reason"] == "finished"
    assert len(crawls.lines("national")) == len(keys) - 8


@pytest.mark.parametrize("what", ["/robots.txt", "a story", "a retry"])
def test_a_signal_ends_a_wait(crawls: Crawls, site: Misbehaving, what: str) -> None:
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
async def test_a_retry_waits_longer_each_time(crawls: Crawls, site: Misbehaving) -> None:
    site.spoil("/", status(500))
    await crawls.here("photos", JIJI_BACKOFF_SECONDS="0.4")
    first, second, third = (visit.at for visit in site.visits if visit.target == "/")
    assert 0.2 <= second - first <= 3
    assert 0.4 <= third - second <= 3


def test_everything_refused_is_said_by_the_exit_status(crawls: Crawls, site: Misbehaving) -> None:
    site.spoil(EVERYTHING, status(403))
    run = crawls.run("national")
    assert run.status == 18
    assert len(site.asked) < 6
    assert not re.search("Traceback", run.log)
