"""Answers that do not arrive whole: never published, tried again, and counted under their reason."""

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
from scrapy.settings import Settings
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from scrapy.utils.project import get_project_settings

from jiji.network import download_handler as download
from tests.conftest import PROJECT, Crawls, Line
from tests.faults import How, Misbehaving, changed, chunked, cut, drip, endless, hang, raw, reset, status, well

TRIES = 2  # RETRY_TIMES of these tests, and the first
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
GZIP = {"Content_Encoding": "gzip"}


def with_length(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([OK + b"Content-Length: %d" % len(body), *headers, b"", body])


def bomb(mib: int) -> bytes:
    """Return so many MiB of zeros, deflated: one MiB again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)) * mib + packer.flush()


def gzip_bomb(mib: int) -> bytes:
    return gzip.compress(b"")[:10] + bomb(mib)


def raw_deflate(body: bytes) -> bytes:
    return zlib.compress(body)[2:-4]


def damaged(packed: bytes) -> bytes:
    """Return a body with another checksum."""
    return packed[:-8] + bytes([packed[-8] ^ 1]) + packed[-7:]


NOT_WHOLE: dict[str, tuple[How, str]] = {
    "shorter than announced": (cut(0.5), "short"),
    "longer than announced": (changed(Content_Length="900"), "short"),
    "nothing of what was announced": (cut(0), "short"),
    "closed early, nothing announced": (cut(0.5, Content_Length=None), "cut"),
    "closed within the last tag": (cut(0.999, Content_Length=None), "cut"),
    "chunks without the closing one": (chunked(5), "cut"),
    "cut within a chunk": (chunked(300), "cut"),
    "a chunk that is none": (raw(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<html\r\nzz\r\n"), "cut"),
    "gzip without its end": (changed(lambda body: gzip.compress(body)[:-9], **GZIP), "cut"),
    "gzip without its checksum": (changed(lambda body: gzip.compress(body)[:-8], **GZIP), "cut"),
    "half of gzip": (changed(lambda body: gzip.compress(body)[: len(body) // 8], **GZIP), "cut"),
    "gzip's second part is cut": (changed(lambda body: gzip.compress(body) + gzip.compress(b"x")[:-1], **GZIP), "cut"),
    "gzip of nothing at all": (changed(lambda _: b"", **GZIP), "cut"),
    "gzip with a wrong checksum": (changed(lambda body: damaged(gzip.compress(body)), **GZIP), "checksum"),
    "gzip that is none": (changed(bytes, **GZIP), "encoding"),
    "zlib cut": (changed(lambda body: zlib.compress(body)[:-1], Content_Encoding="deflate"), "cut"),
    "zlib with a wrong checksum": (
        changed(lambda body: zlib.compress(body)[:-4] + b"four", Content_Encoding="deflate"), "checksum",
    ),
    "deflate cut": (changed(lambda body: raw_deflate(body)[:-1], Content_Encoding="deflate"), "cut"),
    "an unknown coding": (changed(Content_Encoding="rot13"), "encoding"),
    "a coding that was not asked for": (changed(Content_Encoding="br"), "encoding"),
    "codings without end": (changed(Content_Encoding=",".join(["gzip"] * 500)), "encoding"),
    "status 206": (status(206, b"<html>...</html>"), "cut"),
    "more than any page": (raw(with_length(bytes(6 << 20))), "too_long"),
    "endless": (endless(), "too_long"),
    "endless chunks": (
        endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n%b\r\n" % bytes(0x10000)), "too_long",
    ),
    "a gzip bomb": (raw(with_length(gzip_bomb(1024), b"Content-Encoding: gzip")), "too_long"),
    "a deflate bomb": (raw(with_length(bomb(1024), b"Content-Encoding: deflate")), "too_long"),
    "a bomb of many parts": (raw(with_length(gzip.compress(b"") * 50_000, b"Content-Encoding: gzip")), "encoding"),
    "a bomb in a bomb": (
        raw(with_length(gzip.compress(gzip_bomb(1024)), b"Content-Encoding: gzip, gzip")), "too_long",
    ),
    "endless headers": (endless(OK, b"X-Filler: %b\r\n" % (b"x" * 1000)), "headers_too_long"),
    "headers longer than allowed, then a page": (
        raw(with_length(b"<html></html>", *([b"X-Filler: " + b"x" * 1000] * 66))), "headers_too_long",
    ),
    "an endless header": (endless(OK + b"X-Filler: ", b"x" * 65536), "headers_too_long"),
    "an endless folded header": (endless(OK + b"X-Filler: x\r\n", b" x\r\n" * 9999), "headers_too_long"),
    "an endless status line": (endless(b"HTTP/1.1 200 O", b"K" * 65536), "headers_too_long"),
    "endless informational answers": (endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 2000), "headers_too_long"),
}  # fmt: skip

LOST: dict[str, tuple[How, str]] = {
    "reset before the answer": (reset(), "the connection was lost"),
    "reset within the answer": (reset(0.5), "the body is not as long as announced"),
    "closed before the answer": (raw(), "the connection was lost"),
    "closed within the headers": (raw(OK), "the connection was lost"),
    "hanging": (hang(), "took too long"),
    "hanging within the answer": (hang(0.5), "took too long"),
    "dripping": (drip(0.05), "took too long"),
    "not HTTP": (raw(b"220 mail.example.org ESMTP\r\n"), "what came is not HTTP"),
    "two lengths": (raw(with_length(b"<html></html>", b"Content-Length: 3")), "what came is not HTTP"),
    "an unknown way of sending": (raw(with_length(b"", b"Transfer-Encoding: pigeon")), "what came is not HTTP"),
}

WHOLE: dict[str, How] = {
    "gzip": changed(gzip.compress, **GZIP),
    "gzip in parts, padded": changed(
        lambda body: gzip.compress(body[:99]) + gzip.compress(body[99:]) + bytes(9), **GZIP
    ),
    "gzip by its old name": changed(gzip.compress, Content_Encoding="X-GZIP"),
    "gzip twice": changed(lambda body: gzip.compress(gzip.compress(body)), Content_Encoding="gzip, gzip"),
    "zlib": changed(zlib.compress, Content_Encoding="deflate"),
    "deflate": changed(raw_deflate, Content_Encoding="deflate"),
    "identity": changed(Content_Encoding="identity"),
    "chunks": chunked(),
    "no length, but all of it": cut(1, Content_Length=None),
    "no length, and a comment behind it": changed(
        lambda body: body + b"\n<!-- made in 3 ms -->\n", Content_Length=None
    ),
    "no length, in gzip, which has an end": changed(gzip.compress, Content_Length=None, **GZIP),
    "a line end behind it": changed(lambda body: body + b"\r\n", Content_Length=None),
    "slow, but in time": drip(0.01, size=4000),
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
    return dict(re.findall(r"Not fetched: \S+k=(\d{13}): (.*)", log))


def times_asked(site: Misbehaving, since: int) -> Counter[str]:
    return Counter(key for target in site.asked[since:] for key in re.findall(r"k=(\d{13})", target))


@ensureDeferred
async def test_what_is_not_whole_is_tried_again_and_never_published(
    site: Misbehaving, faults: Faults, caplog: pytest.LogCaptureFixture
) -> None:
    crawls, keys = faults({name: how for name, (how, _) in NOT_WHOLE.items()})
    before = len(site.visits)
    stats = (await crawls.here("national", RETRY_TIMES="1")).stats.get_stats()
    asked = times_asked(site, before)
    assert {name: asked[key] for name, key in keys.items()} == dict.fromkeys(NOT_WHOLE, TRIES)
    told = reasons(caplog.text)
    assert sorted(told) == sorted(keys.values())
    assert max(map(len, told.values())) < 120
    counted = Counter({name: stats.get(f"jiji/integrity/{name}", 0) for _, name in NOT_WHOLE.values()})
    assert counted == Counter(reason for _, reason in NOT_WHOLE.values() for _ in range(TRIES))
    assert sorted(line["id"] for line in crawls.lines("national")) == sorted({*site.listed("national")} - {*told})
    assert stats["jiji/pending"] == len(keys)
    assert stats["finish_reason"] == "finished"


MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Prints a command's peak memory in KiB; from a small process, because a child's peak begins with its parent's."""


def test_no_answer_takes_more_memory_than_there_is(site: Misbehaving, faults: Faults) -> None:
    large = {name: how for name, (how, _) in NOT_WHOLE.items() if re.search("bomb|endless|headers|more than", name)}
    crawls, _ = faults(large)
    site.spoil("/robots.txt", endless(block=b"# All work and no play makes a robot dull.\n" * 1000))
    command = [sys.executable, "-c", MEASURE, *crawls.command("national", RETRY_TIMES="1")]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    site.spoil("/robots.txt")
    assert len(reasons(run.stderr)) == len(large) > 10
    assert int(run.stdout) < 300 * 1024, run.stdout


@ensureDeferred
async def test_what_is_lost_on_the_way_is_tried_again_and_told_clearly(
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
async def test_a_fault_that_passes_costs_nothing(
    site: Misbehaving, faults: Faults, agrees: Callable[[list[Line], list[Line]], None]
) -> None:
    ways = {name: how for name, (how, _) in (NOT_WHOLE | LOST).items()}
    crawls, keys = faults(ways)
    for name, how in ways.items():
        site.spoil(keys[name], how, well)
    await crawls.here("national", DOWNLOAD_TIMEOUT="0.5")
    agrees(crawls.lines("national"), site.ledger("national"))


@ensureDeferred
async def test_every_way_to_send_a_whole_page_is_read(
    site: Misbehaving, faults: Faults, agrees: Callable[[list[Line], list[Line]], None]
) -> None:
    crawls, _ = faults(WHOLE)
    stats = (await crawls.here("national")).stats.get_stats()
    agrees(crawls.lines("national"), site.ledger("national"))
    assert not [name for name in stats if name.startswith("jiji/integrity/")]


def test_a_name_without_address_is_told_clearly(crawls: Crawls) -> None:
    """No name server is asked for a name with so long a part."""
    run = crawls.run("photos", JIJI_BASE_URL=f"https://{'x' * 64}.example/")
    assert run.status == 20
    assert "robots.txt cannot be read: no address is known for the host" in run.log


async def stopped(crawls: Crawls, site: Misbehaving, key: str) -> Crawler:
    """Crawl, and stop the run as soon as it asks for a story."""
    settings = Settings(dict(get_project_settings()))
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
async def test_a_run_that_is_stopped_does_not_wait_for_what_hangs(
    site: Misbehaving, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawls, keys = faults({"hanging": hang()})
    monkeypatch.setattr(download, "GRACE", 1.0)
    crawler = await deferred_from_coro(stopped(crawls, site, keys["hanging"]))
    last = max(visit.at for visit in site.visits)
    assert 0.9 < time.monotonic() - last < 8
    assert crawler.stats.get_value("finish_reason") == "shutdown"
