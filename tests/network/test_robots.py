"""robots.txt: its rules are obeyed, and where it cannot be read nothing else is requested."""

import gzip
from collections.abc import Callable
from itertools import pairwise

import pytest
from pytest_twisted import ensureDeferred

from jiji.stats import RunStats
from tests.conftest import Crawls, Line
from tests.faults import How, Misbehaving, changed, cut, drip, endless, hang, raw, reset, status, well

Agrees = Callable[[list[Line], list[Line]], None]

PHOTOS = "/jc/photos"
NO_PHOTOS = b"User-agent: *\nDisallow: /jc/photo\n"
FILLER = b"# All work and no play makes a robot dull.\n" * 250_000
"""More than ten million bytes."""


def says(rules: bytes, **headers: str) -> How:
    return status(200, rules, **{"Content_Type": "text/plain", **headers})


def forwards(site: Misbehaving, hops: int) -> None:
    """Lead a request for robots.txt on from place to place; at the last one stand rules that disallow the photos."""
    places = ["/robots.txt", *(f"/robots/{n}.txt" for n in range(1, hops + 1))]
    for here, there in pairwise(places):
        site.spoil(here, status(302, Location=there))
    site.spoil(places[-1], says(NO_PHOTOS))


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410])
@ensureDeferred
async def test_missing_robots_txt_allows_everything(
    crawls: Crawls, site: Misbehaving, agrees: Agrees, code: int
) -> None:
    site.spoil("/robots.txt", status(code, b"User-agent: *\nDisallow: /\n"))
    await crawls.here("photos")
    agrees(crawls.lines("photos"), site.ledger("photos"))
    assert site.asked.count("/robots.txt") == 1


UNREACHABLE: dict[str, How] = {
    "status 500": status(500),
    "status 503": status(503),
    "hanging": hang(),
    "dripping": drip(0.05),
    "reset": reset(),
    "cut": cut(0.5),
    "cut where no length is announced": cut(0.5, Content_Length=None),
    "cut in gzip": changed(lambda body: gzip.compress(body)[:-4], Content_Encoding="gzip"),
    "no HTTP": raw(b"220 mail.example.org ESMTP\r\n"),
    "endless headers": endless(b"HTTP/1.1 200 OK\r\n", b"X-Filler: x\r\n" * 999),
}


@pytest.mark.parametrize("how", UNREACHABLE.values(), ids=UNREACHABLE)
@ensureDeferred
async def test_unreadable_robots_txt_ends_the_run_before_other_requests(
    crawls: Crawls, site: Misbehaving, how: How
) -> None:
    site.spoil("/robots.txt", how)
    stats = (await crawls.here("photos", DOWNLOAD_TIMEOUT="0.5")).stats.get_stats()
    assert set(site.asked) == {"/robots.txt"}
    assert site.asked.count("/robots.txt") == 3
    assert stats["finish_reason"] == "robots_unreachable"


def test_log_and_exit_status_name_an_unreadable_robots_txt(crawls: Crawls, site: Misbehaving) -> None:
    site.spoil("/robots.txt", status(500))
    run = crawls.run("photos")
    assert run.status == 20
    assert "Ending the run (robots_unreachable)" in run.log
    assert f"{site.url}robots.txt cannot be read: HTTP 500" in run.log
    assert "Traceback" not in run.log


@ensureDeferred
async def test_temporary_fault_of_robots_txt_costs_nothing(crawls: Crawls, site: Misbehaving, agrees: Agrees) -> None:
    site.spoil("/robots.txt", status(500), reset(), well)
    await crawls.here("photos")
    agrees(crawls.lines("photos"), site.ledger("photos"))


@ensureDeferred
async def test_five_redirects_of_robots_txt_are_followed(crawls: Crawls, site: Misbehaving) -> None:
    forwards(site, hops=5)
    stats = (await crawls.here("photos")).stats.get_stats()
    assert stats["finish_reason"] == "finished"
    assert not [asked for asked in site.asked if asked.startswith(PHOTOS)]


@ensureDeferred
async def test_more_redirects_of_robots_txt_allow_nothing(crawls: Crawls, site: Misbehaving) -> None:
    forwards(site, hops=6)
    stats = (await crawls.here("photos")).stats.get_stats()
    assert stats["finish_reason"] == "robots_unreachable"
    assert "/" not in site.asked


@pytest.mark.parametrize(
    "how",
    [
        says(NO_PHOTOS + FILLER + b"Disallow: /\n"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", NO_PHOTOS + FILLER + b"Disallow: /\n"),
        endless(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + NO_PHOTOS, FILLER),
    ],
    ids=["announced", "not announced", "without end"],
)
@ensureDeferred
async def test_first_500_kib_of_an_overlong_robots_txt_are_parsed(crawls: Crawls, site: Misbehaving, how: How) -> None:
    site.spoil("/robots.txt", how)
    crawler = await crawls.here("photos")
    assert crawler.stats.get_value("finish_reason") == "finished"
    assert site.asked == ["/robots.txt", "/"]
    assert RunStats.of(crawler).robots_disallowed


@ensureDeferred
async def test_disallowed_path_is_not_requested_and_logged_once(
    crawls: Crawls, site: Misbehaving, caplog: pytest.LogCaptureFixture
) -> None:
    site.spoil("/robots.txt", says(b"User-agent: *\nDisallow: /jc/eng?g=eco&k=\nDisallow: /jc/photo?\n"))
    crawler = await crawls.here("national")
    assert not [asked for asked in site.asked if "k=" in asked]
    assert RunStats.of(crawler).robots_disallowed == crawler.stats.get_value("jiji/pending") > 5
    assert caplog.text.count("robots.txt disallows") <= 2


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        (b"User-agent: *\nDisallow: /\n\nUser-agent: JIJI\nDisallow: /jc/private/\n", True),
        (b"User-agent: jiji\nDisallow: /\n\nUser-agent: *\nDisallow:\n", False),
        (b"User-agent: news\nUser-agent: crawler\nUser-agent: jijibot\nDisallow: /\n", True),
        (b"\xef\xbb\xbfuser-agent: jiji\r\ndisallow: /\r\n", False),
    ],
    ids=["allowed by name", "disallowed by name", "others", "a byte-order mark"],
)
@ensureDeferred
async def test_rules_for_our_user_agent_are_obeyed(
    crawls: Crawls, site: Misbehaving, rules: bytes, allowed: bool
) -> None:
    site.spoil("/robots.txt", says(rules))
    await crawls.here("photos", JIJI_CONTACT="news@crawler.example")
    assert ("/" in site.asked) == allowed


@ensureDeferred
async def test_html_page_as_robots_txt_allows_everything(crawls: Crawls, site: Misbehaving, agrees: Agrees) -> None:
    site.spoil("/robots.txt", status(200, b"<!DOCTYPE html><html><body>" + b"<p>Disallow: /</p>" * 30_000))
    await crawls.here("photos")
    agrees(crawls.lines("photos"), site.ledger("photos"))


@ensureDeferred
async def test_longer_crawl_delay_is_kept(crawls: Crawls, site: Misbehaving) -> None:
    site.spoil("/robots.txt", says(b"User-agent: *\nCrawl-delay: 0.4\n"))
    quick = {"AUTOTHROTTLE_ENABLED": "True", "AUTOTHROTTLE_START_DELAY": "0", "AUTOTHROTTLE_TARGET_CONCURRENCY": "8"}
    await crawls.here("sports", CONCURRENT_REQUESTS="8", CONCURRENT_REQUESTS_PER_DOMAIN="8", **quick)
    at = [visit.at for visit in site.visits]
    assert len(at) > 4
    assert min(later - earlier for earlier, later in pairwise(at)) > 0.3


@pytest.mark.parametrize("delay", [b"0.01", b"soon", b"-3", b"nan", b"inf"])
@ensureDeferred
async def test_shorter_or_invalid_crawl_delay_changes_nothing(
    crawls: Crawls, site: Misbehaving, agrees: Agrees, delay: bytes
) -> None:
    site.spoil("/robots.txt", says(b"User-agent: *\nCrawl-delay: %b\n" % delay))
    await crawls.here("photos", DOWNLOAD_DELAY="0.02")
    agrees(crawls.lines("photos"), site.ledger("photos"))


def test_crawl_delay_is_capped(crawls: Crawls, site: Misbehaving) -> None:
    site.spoil("/robots.txt", says(b"User-agent: *\nCrawl-delay: 86400\n"))
    run = crawls.start("photos")
    assert run.stderr
    for line in run.stderr:
        if "asks for 86400 s" in line:
            assert "using 120 s" in line
            break
    run.terminate()
    assert run.wait(10) == 11


@ensureDeferred
async def test_robots_txt_is_not_read_without_robotstxt_obey(crawls: Crawls, site: Misbehaving, agrees: Agrees) -> None:
    site.spoil("/robots.txt", says(b"User-agent: *\nDisallow: /\n"))
    await crawls.here("photos", ROBOTSTXT_OBEY="False")
    agrees(crawls.lines("photos"), site.ledger("photos"))
    assert "/robots.txt" not in site.asked
