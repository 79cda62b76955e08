"""Crawls of a site with incomplete responses: they are never published, retried, and counted by their fault."""

import asyncio
import gzip
import re
import subprocess
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_twisted import ensureDeferred
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from scrapy.utils.project import get_project_settings

from jiji.network import download_handler
from jiji.network.content_coding import Fault
from jiji.stats import RunStats
from tests.conftest import PROJECT, Crawls, Line
from tests.faults import How, Misbehaving, Visit, changed, chunked, cut, drip, endless, hang, raw, reset, status, well
from tests.network.servers import deflate_bomb, gzip_bomb

TRIES = 2  # RETRY_TIMES of these tests, and the first
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
GZIP = {"Content_Encoding": "gzip"}


def with_length(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([OK + b"Content-Length: %d" % len(body), *headers, b"", body])


def raw_deflate(body: bytes) -> bytes:
    return zlib.compress(body)[2:-4]


def damaged(packed: bytes) -> bytes:
    """Return a body with another checksum."""
    return packed[:-8] + bytes([packed[-8] ^ 1]) + packed[-7:]


def gzip_with_plain_length(visit: Visit) -> None:
    """Answer in gzip, announce the length of the plain page, and keep the connection open."""
    plain = visit.fetch().announced().with_headers(**GZIP)
    visit.send(plain.head + gzip.compress(plain.body))
    visit.wait(3600)


INCOMPLETE: dict[str, tuple[How, Fault]] = {
    "shorter than announced": (cut(0.5), Fault.SHORT),
    "longer than announced": (changed(Content_Length="900"), Fault.LONG),
    "nothing of what was announced": (cut(0), Fault.SHORT),
    "closed early, nothing announced": (cut(0.5, Content_Length=None), Fault.CUT),
    "closed within the last tag": (cut(0.999, Content_Length=None), Fault.CUT),
    "chunks without the closing one": (chunked(5), Fault.CUT),
    "cut within a chunk": (chunked(300), Fault.CUT),
    "malformed chunk": (raw(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<html\r\nzz\r\n"), Fault.CUT),
    "gzip without its end": (changed(lambda body: gzip.compress(body)[:-9], **GZIP), Fault.CUT),
    "gzip without its checksum": (changed(lambda body: gzip.compress(body)[:-8], **GZIP), Fault.CUT),
    "half of gzip": (changed(lambda body: gzip.compress(body)[: len(body) // 8], **GZIP), Fault.CUT),
    "second member of gzip cut": (
        changed(lambda body: gzip.compress(body) + gzip.compress(b"x")[:-1], **GZIP), Fault.CUT,
    ),
    "gzip of nothing at all": (changed(lambda _: b"", **GZIP), Fault.CUT),
    "gzip with a wrong checksum": (changed(lambda body: damaged(gzip.compress(body)), **GZIP), Fault.CHECKSUM),
    "gzip announced, plain page sent": (changed(bytes, **GZIP), Fault.CODING),
    "zlib cut": (changed(lambda body: zlib.compress(body)[:-1], Content_Encoding="deflate"), Fault.CUT),
    "zlib with a wrong checksum": (
        changed(lambda body: zlib.compress(body)[:-4] + b"four", Content_Encoding="deflate"), Fault.CHECKSUM,
    ),
    "deflate cut": (changed(lambda body: raw_deflate(body)[:-1], Content_Encoding="deflate"), Fault.CUT),
    "rot13": (changed(Content_Encoding="rot13"), Fault.CODING),
    "br": (changed(Content_Encoding="br"), Fault.CODING),
    "500 codings": (changed(Content_Encoding=",".join(["gzip"] * 500)), Fault.CODING),
    "status 206": (status(206, b"<html>...</html>"), Fault.CUT),
    "more than any page": (raw(with_length(bytes(6 << 20))), Fault.TOO_LARGE),
    "endless body": (endless(), Fault.TOO_LARGE),
    "endless chunks": (
        endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n%b\r\n" % bytes(0x10000)), Fault.TOO_LARGE,
    ),
    "gzip bomb": (raw(with_length(gzip_bomb(1024), b"Content-Encoding: gzip")), Fault.TOO_LARGE),
    "deflate bomb": (raw(with_length(deflate_bomb(1024), b"Content-Encoding: deflate")), Fault.TOO_LARGE),
    "gzip of 50,000 members": (raw(with_length(gzip.compress(b"") * 50_000, b"Content-Encoding: gzip")), Fault.CODING),
    "gzip bomb in gzip": (
        raw(with_length(gzip.compress(gzip_bomb(1024)), b"Content-Encoding: gzip, gzip")), Fault.TOO_LARGE,
    ),
    "endless headers": (endless(OK, b"X-Filler: %b\r\n" % (b"x" * 1000)), Fault.HEADERS_TOO_LARGE),
    "headers of 66 KiB, then a page": (
        raw(with_length(b"<html></html>", *([b"X-Filler: " + b"x" * 1000] * 66))), Fault.HEADERS_TOO_LARGE,
    ),
    "endless header": (endless(OK + b"X-Filler: ", b"x" * 65536), Fault.HEADERS_TOO_LARGE),
    "endless folded header": (endless(OK + b"X-Filler: x\r\n", b" x\r\n" * 9999), Fault.HEADERS_TOO_LARGE),
    "endless status line": (endless(b"HTTP/1.1 200 O", b"K" * 65536), Fault.HEADERS_TOO_LARGE),
    "endless informational responses": (
        endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 2000), Fault.HEADERS_TOO_LARGE,
    ),
}  # fmt: skip

LOST: dict[str, tuple[How, str]] = {
    "reset before the response": (reset(), "was lost before a response"),
    "reset within the response": (reset(0.5), "the body is shorter than announced"),
    "closed before the response": (raw(), "was lost before a response"),
    "closed within the headers": (raw(OK), "was lost before a response"),
    "hanging": (hang(), "took too long"),
    "hanging within the response": (hang(0.5), "took too long"),
    "dripping": (drip(0.05), "took too long"),
    "not HTTP": (raw(b"220 mail.example.org ESMTP\r\n"), "what came is not HTTP"),
    "two lengths": (raw(with_length(b"<html></html>", b"Content-Length: 3")), "what came is not HTTP"),
    "unknown transfer coding": (raw(with_length(b"", b"Transfer-Encoding: pigeon")), "what came is not HTTP"),
}

COMPLETE: dict[str, How] = {
    "gzip": changed(gzip.compress, **GZIP),
    "gzip in members, padded": changed(
        lambda body: gzip.compress(body[:99]) + gzip.compress(body[99:]) + bytes(9), **GZIP
    ),
    "gzip by its old name": changed(gzip.compress, Content_Encoding="X-GZIP"),
    "gzip twice": changed(lambda body: gzip.compress(gzip.compress(body)), Content_Encoding="gzip, gzip"),
    "zlib": changed(zlib.compress, Content_Encoding="deflate"),
    "deflate": changed(raw_deflate, Content_Encoding="deflate"),
    "identity": changed(Content_Encoding="identity"),
    "chunks": chunked(),
    "no length, but complete": cut(1, Content_Length=None),
    "no length, and a comment at the end": changed(
        lambda body: body + b"\n<!-- made in 3 ms -->\n", Content_Length=None
    ),
    "no length, in gzip, which has an end": changed(gzip.compress, Content_Length=None, **GZIP),
    "no length, and a line end at the end": changed(lambda body: body + b"\r\n", Content_Length=None),
    "slow, but in time": drip(0.01, size=4000),
    "charset as content coding": changed(Content_Encoding="UTF-8"),
    "none as content coding": changed(Content_Encoding="none"),
    "gzip with the length of the plain page": gzip_with_plain_length,
}


@pytest.fixture(scope="module")
def site() -> Iterator[Misbehaving]:
    with Misbehaving(days=8) as served:
        yield served


Faults = Callable[[dict[str, How]], tuple[Crawls, dict[str, str]]]


@pytest.fixture
def faults(site: Misbehaving, tmp_path: Path) -> Iterator[Faults]:
    """Return what spoils the site in many ways, a story each; the stories' keys are returned by the way's name."""

    def spoil(ways: dict[str, How]) -> tuple[Crawls, dict[str, str]]:
        keys = dict(zip(ways, site.listed("national"), strict=False))
        assert len(keys) == len(ways) < len(site.listed("national"))
        for name, how in ways.items():
            site.spoil(keys[name], how)
        return Crawls(site, tmp_path / "output"), keys

    yield spoil
    for key in site.listed("national"):
        site.spoil(key)


def reasons(log: str) -> dict[str, str]:
    """Return why stories were not fetched, by their keys."""
    return dict(re.findall(r"Article not fetched: \S+k=(\d{13}): (.*)", log))


def times_asked(site: Misbehaving, since: int) -> Counter[str]:
    return Counter(key for target in site.asked[since:] for key in re.findall(r"k=(\d{13})", target))


@ensureDeferred
async def test_incomplete_page_is_retried_and_never_published(
    site: Misbehaving, faults: Faults, caplog: pytest.LogCaptureFixture
) -> None:
    crawls, keys = faults({name: how for name, (how, _) in INCOMPLETE.items()})
    before = len(site.visits)
    crawler = await crawls.here("national", RETRY_TIMES="1")
    stats = crawler.stats.get_stats()
    asked = times_asked(site, before)
    assert {name: asked[key] for name, key in keys.items()} == dict.fromkeys(INCOMPLETE, TRIES)
    told = reasons(caplog.text)
    assert sorted(told) == sorted(keys.values())
    assert max(map(len, told.values())) < 120
    counted = RunStats.of(crawler).incomplete_responses
    assert counted == Counter(fault for _, fault in INCOMPLETE.values() for _ in range(TRIES))
    assert sorted(line["id"] for line in crawls.lines("national")) == sorted({*site.listed("national")} - {*told})
    assert stats["jiji/pending"] == len(keys)
    assert stats["finish_reason"] == "finished"


MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Prints a command's peak memory in KiB; from a small process, because a child's peak begins with its parent's."""


def test_memory_of_a_crawl_is_bounded_whatever_comes(site: Misbehaving, faults: Faults) -> None:
    large = {name: how for name, (how, _) in INCOMPLETE.items() if re.search("bomb|endless|headers|more than", name)}
    crawls, _ = faults(large)
    site.spoil("/robots.txt", endless(block=b"# All work and no play makes a robot dull.\n" * 1000))
    command = [sys.executable, "-c", MEASURE, *crawls.command("national", RETRY_TIMES="1")]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    site.spoil("/robots.txt")
    assert len(reasons(run.stderr)) == len(large) > 10
    assert int(run.stdout) < 200 * 1024, run.stdout


@ensureDeferred
async def test_lost_response_is_retried_and_the_log_says_why(
    site: Misbehaving, faults: Faults, caplog: pytest.LogCaptureFixture
) -> None:
    crawls, keys = faults({name: how for name, (how, _) in LOST.items()})
    stats = (await crawls.here("national", DOWNLOAD_TIMEOUT="0.5", RETRY_TIMES="1")).stats.get_stats()
    told = reasons(caplog.text)
    assert sorted(told) == sorted(keys.values())
    for name, (_, words) in LOST.items():
        assert words in told[keys[name]], name
    assert stats["jiji/pending"] == len(keys)
    assert stats["finish_reason"] == "finished"


@ensureDeferred
async def test_temporary_fault_loses_no_article(
    site: Misbehaving, faults: Faults, agrees: Callable[[list[Line], list[Line]], None]
) -> None:
    ways = {name: how for name, (how, _) in (INCOMPLETE | LOST).items()}
    crawls, keys = faults(ways)
    for name, how in ways.items():
        site.spoil(keys[name], how, well)
    await crawls.here("national", DOWNLOAD_TIMEOUT="0.5")
    agrees(crawls.lines("national"), site.ledger("national"))


@ensureDeferred
async def test_page_is_published_however_it_is_sent(
    site: Misbehaving, faults: Faults, agrees: Callable[[list[Line], list[Line]], None]
) -> None:
    crawls, _ = faults(COMPLETE)
    crawler = await crawls.here("national")
    agrees(crawls.lines("national"), site.ledger("national"))
    assert not RunStats.of(crawler).incomplete_responses


def test_host_without_address_is_named(crawls: Crawls) -> None:
    """No name server is asked for a name with so long a part."""
    run = crawls.run("photos", JIJI_BASE_URL=f"https://{'x' * 64}.example/")
    assert run.status == 20
    assert f"robots.txt cannot be read: no address is known for the host {'x' * 64}.example" in run.log


async def stopped(crawls: Crawls, site: Misbehaving, key: str) -> Crawler:
    """Crawl, and stop the run as soon as it asks for a story."""
    settings = get_project_settings()
    settings.setdict(crawls.settings(), priority="cmdline")
    crawler = AsyncCrawlerRunner(settings).create_crawler("national")
    before = len(site.visits)
    run = maybe_deferred_to_future(crawler.crawl())
    while not any(key in asked for asked in site.asked[before:]):
        await asyncio.sleep(0.05)
    await crawler.stop_async()
    await run
    return crawler


@ensureDeferred
async def test_stopped_run_does_not_wait_for_a_hanging_response(
    site: Misbehaving, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawls, keys = faults({"hanging": hang()})
    monkeypatch.setattr(download_handler, "GRACE", 1.0)
    crawler = await deferred_from_coro(stopped(crawls, site, keys["hanging"]))
    last = max(visit.at for visit in site.visits)
    assert 0.9 < time.monotonic() - last < 8
    assert crawler.stats.get_value("finish_reason") == "shutdown"
