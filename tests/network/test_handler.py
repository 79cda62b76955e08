"""Download handler: what it sends, and what it owes Scrapy."""

import gzip
import subprocess
import sys
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import pytest
from pytest_twisted import ensureDeferred
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    StopDownload,
)
from scrapy.http import FormRequest, HtmlResponse, Response
from scrapy.utils.defer import deferred_from_coro

from jiji.network.content_coding import Fault, IncompleteResponse
from jiji.network.download_handler import HttpDownloadHandler, TruncatedRequest
from jiji.stats import RunStats
from tests.conftest import PROJECT
from tests.faults import endless, raw, reset
from tests.network.servers import PAGE, Server, fetch, gzip_bomb, keep_open, project_crawler, response

PLAIN = raw(response())


def crawler_of(server: Server, **settings: object) -> Crawler:
    return project_crawler(JIJI_BASE_URL=server.url, **settings)


async def fetch_all(crawler: Crawler, *requests: Request) -> list[Response]:
    handler = HttpDownloadHandler.from_crawler(crawler)
    try:
        return [await handler.download_request(request) for request in requests]
    finally:
        await handler.close()


@ensureDeferred
async def test_response_tells_where_it_came_from() -> None:
    with Server(raw(response(PAGE, b"set-cookie: a=1", b"Set-Cookie: b=2", b"X-EMPTY:"))) as server:
        request = Request(server.url + "jc/eng?k=1")
        received = await deferred_from_coro(fetch(request))
    assert isinstance(received, HtmlResponse)
    assert (received.url, received.status, received.protocol) == (request.url, 200, "HTTP/1.1")
    assert received.ip_address == ip_address("127.0.0.1")
    assert received.certificate is None
    assert received.headers.getlist("Set-Cookie") == [b"a=1", b"b=2"]
    assert received.headers["X-Empty"] == b""


@ensureDeferred
async def test_latency_is_measured_to_the_headers() -> None:
    """AutoThrottle reads it."""
    with Server(raw(b"", response()[:200], response()[200:], every=0.2)) as server:
        request = Request(server.url)
        await deferred_from_coro(fetch(request))
    assert 0.18 < request.meta["download_latency"] < 0.39


@pytest.mark.parametrize(
    "target", ["/jc/eng?g=eco&k=%41%2f%7e", "/a//b/../c;x=1", "/?", "/%E6%97%A5?q=a+b%20c", "/?a=b:c@d/e?f", "/a%00b"]
)
@ensureDeferred
async def test_url_is_sent_as_scrapy_has_it(target: str) -> None:
    with Server(PLAIN) as server:
        request = Request(server.url.rstrip("/") + target + "#top", meta={"verbatim_url": True})
        await deferred_from_coro(fetch(request))
    path = request.url.removeprefix(server.url.rstrip("/")).partition("#")[0]
    assert server.requests[0].startswith(f"GET {path.removesuffix('?')} HTTP/1.1\r\n".encode())


@ensureDeferred
async def test_nothing_but_the_requests_own_headers_is_sent() -> None:
    headers = {"Accept": ["text/html", "*/*"], "X-Name": "日", "Cookie": "a=1"}
    with Server(PLAIN) as server:
        await deferred_from_coro(fetch(Request(server.url, headers=headers)))
    assert sorted(server.requests[0].splitlines()[1:-1]) == [
        b"Accept: */*",
        b"Accept: text/html",
        b"Cookie: a=1",
        f"Host: 127.0.0.1:{server.port}".encode(),
        "X-Name: 日".encode(),
    ]


@ensureDeferred
async def test_host_header_can_be_set() -> None:
    with Server(PLAIN) as server:
        await deferred_from_coro(fetch(Request(server.url, headers={"Host": "jen.jiji.com"})))
    assert server.requests[0].count(b"Host:") == 1
    assert b"Host: jen.jiji.com\r\n" in server.requests[0]


@ensureDeferred
async def test_methods_and_bodies_are_sent() -> None:
    with Server(PLAIN) as server:
        form = await deferred_from_coro(fetch(FormRequest(server.url, formdata={"a": "1 2"})))
        await deferred_from_coro(fetch(Request(server.url, method="POST")))
        head = await deferred_from_coro(fetch(Request(server.url, method="HEAD")))
        await deferred_from_coro(fetch(Request(server.url, method="PUT", body=b"\0" * 300_000)))
    posted, empty, _, put = server.requests
    assert posted.startswith(b"POST / ")
    assert posted.endswith(b"\r\n\r\na=1+2")
    assert b"Content-Type: application/x-www-form-urlencoded\r\n" in posted
    assert b"Content-Length: 0\r\n" in empty
    assert len(put.partition(b"\r\n\r\n")[2]) == 300_000
    assert (form.body, head.status, head.body) == (PAGE, 200, b"")
    assert head.headers["Content-Length"] == str(len(PAGE)).encode()


@ensureDeferred
async def test_redirects_and_cookies_are_left_to_scrapy() -> None:
    moved = raw(response(b"", b"Location: /there", b"Set-Cookie: a=1", status=b"302 Found"))
    with Server(moved, PLAIN) as server:
        first, _ = await deferred_from_coro(fetch_all(crawler_of(server), Request(server.url), Request(server.url)))
    assert (first.status, first.headers["Location"]) == (302, b"/there")
    assert len(server.requests) == 2
    assert b"Cookie" not in server.requests[1]


@ensureDeferred
async def test_connection_is_kept_for_the_next_request() -> None:
    hows = [keep_open(response(close=False)), keep_open(response(gzip.compress(PAGE), b"Content-Encoding: gzip"))]
    with Server(*hows, keep_open(response(b"x" * 70_000 + PAGE, close=False))) as server:
        requests = [Request(server.url, dont_filter=True) for _ in range(5)]
        received = await deferred_from_coro(fetch_all(crawler_of(server), *requests))
    assert [len(each.body) for each in received] == [len(PAGE)] * 2 + [len(PAGE) + 70_000] * 3
    assert all(each.ip_address == ip_address("127.0.0.1") for each in received)
    assert server.connections == 2  # the second response closes


@ensureDeferred
async def test_headers_of_each_response_have_their_own_limit() -> None:
    large = keep_open(response(PAGE, b"X-Filler: " + b"x" * 40_000, close=False))
    with Server(large) as server:
        requests = [Request(server.url) for _ in range(4)]
        received = await deferred_from_coro(fetch_all(crawler_of(server), *requests))
    assert [each.body for each in received] == [PAGE] * 4
    assert server.connections == 1


@ensureDeferred
async def test_unfinished_response_does_not_spoil_the_next() -> None:
    long = keep_open(response(gzip.compress(PAGE), b"Content-Encoding: gzip", length=len(PAGE), close=False))
    with Server(long, keep_open(response(b"second", close=False))) as server:
        requests = [Request(server.url), Request(server.url)]
        received = await deferred_from_coro(fetch_all(crawler_of(server), *requests))
    assert [each.body for each in received] == [PAGE, b"second"]
    assert server.connections == 2


@pytest.mark.parametrize("how", [reset(), raw(), raw(b"HTTP/1.1 200 OK\r\n")])
@ensureDeferred
async def test_lost_connection_is_not_repeated_behind_scrapys_back(how: Any) -> None:
    with Server(how) as server:
        with pytest.raises(DownloadFailedError, match=f"connection to 127.0.0.1:{server.port} was lost"):
            await deferred_from_coro(fetch(server.url))
        assert server.connections == 1


@ensureDeferred
async def test_refused_connection_and_unknown_host_are_named() -> None:
    with Server(PLAIN) as closed:
        pass
    with pytest.raises(DownloadConnectionRefusedError, match=f"refused by 127.0.0.1:{closed.port}"):
        await deferred_from_coro(fetch(closed.url))
    with pytest.raises(CannotResolveHostError, match=r"no address is known for the host x{64}\.example"):
        await deferred_from_coro(fetch(f"https://{'x' * 64}.example/"))


@ensureDeferred
async def test_signals_are_sent_as_by_scrapys_handlers() -> None:
    sent: list[tuple[str, Any]] = []

    def headers_received(headers: Any, body_length: int | None, request: Request) -> None:
        sent.append((request.url, (headers["Content-Type"], body_length)))

    def bytes_received(data: bytes, request: Request) -> None:
        sent.append((request.url, data))

    with Server(PLAIN) as server:
        crawler = crawler_of(server)
        crawler.signals.connect(headers_received, signals.headers_received)
        crawler.signals.connect(bytes_received, signals.bytes_received)
        await deferred_from_coro(fetch(server.url, crawler))
    assert sent[0] == (server.url, (b"text/html", len(PAGE)))
    assert b"".join(data for _, data in sent[1:]) == PAGE


@pytest.mark.parametrize("signal", [signals.headers_received, signals.bytes_received])
@pytest.mark.parametrize("fail", [True, False])
@ensureDeferred
async def test_download_can_be_stopped_by_a_signal(signal: object, fail: bool) -> None:
    def stop() -> None:
        raise StopDownload(fail=fail)

    with Server(endless()) as server:
        crawler = crawler_of(server)
        crawler.signals.connect(stop, signal)
        try:
            received = await deferred_from_coro(fetch(server.url, crawler))
        except StopDownload as stopped:
            assert fail
            assert stopped.response is not None
            received = stopped.response
        else:
            assert not fail
    assert received.flags == ["download_stopped"]
    assert bool(received.body) == (signal is signals.bytes_received)


@pytest.mark.parametrize("packed", [False, True])
@ensureDeferred
async def test_size_limits_of_request_and_settings_count_before_and_after_decoding(packed: bool) -> None:
    how = raw(response(gzip.compress(PAGE), b"Content-Encoding: gzip")) if packed else PLAIN
    exact, small = len(PAGE), len(PAGE) - 1
    with Server(how) as server:
        for limit in (exact, 0):
            assert (await deferred_from_coro(fetch(server.url, DOWNLOAD_MAXSIZE=limit))).body == PAGE
        for meta, setting in (({"download_maxsize": small}, exact), ({}, small)):
            with pytest.raises(IncompleteResponse) as raised:
                await deferred_from_coro(
                    fetch(Request(server.url, meta=meta), crawler_of(server, DOWNLOAD_MAXSIZE=setting))
                )
            assert raised.value.fault is Fault.TOO_LARGE


@pytest.mark.parametrize("packed", [False, True])
@ensureDeferred
async def test_truncated_request_gets_the_beginning_of_a_large_body(packed: bool) -> None:
    how = raw(response(gzip.compress(PAGE), b"Content-Encoding: gzip")) if packed else raw(response(), b"", every=3600)
    with Server(how, endless()) as server:
        cut = TruncatedRequest(server.url, meta={"download_maxsize": 1000})
        received = await deferred_from_coro(fetch(cut))
        assert (received.body, received.flags) == (PAGE[:1000], ["truncated"])
        received = await deferred_from_coro(fetch(cut.replace(url=server.url + "endless")))
        assert (len(received.body), received.flags) == (1000, ["truncated"])


@ensureDeferred
async def test_large_response_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with Server(PLAIN) as server:
        await deferred_from_coro(fetch(server.url, DOWNLOAD_WARNSIZE=1000))
    assert f"{len(PAGE)} bytes, DOWNLOAD_WARNSIZE is 1000" in caplog.text


@ensureDeferred
async def test_requests_are_counted_by_their_outcome() -> None:
    with Server(PLAIN, raw(response(status=b"404 No")), raw(response(length=1)), reset()) as server:
        crawler = crawler_of(server)
        for _ in range(4):
            try:
                await deferred_from_coro(fetch(server.url, crawler))
            except DownloadFailedError:
                continue
    stats = RunStats.of(crawler)
    assert stats.requests == 4
    assert stats.responses == {200: 1, 404: 1}
    assert stats.incomplete_responses == {Fault.LONG: 1}
    assert stats.download_errors == {"IncompleteResponse": 1, "DownloadFailedError": 1}


@ensureDeferred
async def test_local_address_can_be_set() -> None:
    with Server(PLAIN) as server:
        bound = "127.0.0.77"
        received = await deferred_from_coro(fetch(server.url, crawler_of(server, DOWNLOAD_BIND_ADDRESS=bound)))
    assert received.body == PAGE


MEASURE = """
import asyncio, resource, sys
from scrapy import Request
from scrapy.utils.reactor import install_reactor

install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
from tests.faults import raw
from tests.network import servers
from tests.network.test_handler import FLOODS

async def main():
    with servers.Server(raw(servers.response())) as server:
        await servers.fetch(server.url)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name in sys.argv[1:]:
        with servers.Server(FLOODS[name]()) as server:
            try:
                await servers.fetch(Request(server.url, meta={"download_timeout": 3.0}))
            except Exception as error:
                print(name, type(error).__name__, file=sys.stderr)
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)

asyncio.run(main())
"""
"""Prints the growth of a process's peak memory in MiB."""

FLOODS: dict[str, Callable[[], Any]] = {
    "gzip bomb": lambda: raw(response(gzip_bomb(1024), b"Content-Encoding: gzip")),
    "gzip bomb of members": lambda: raw(response(gzip.compress(bytes(4 << 20)) * 90, b"Content-Encoding: gzip")),
    "gzip bomb in gzip": lambda: raw(response(gzip.compress(gzip_bomb(1024)), b"Content-Encoding: gzip, gzip")),
    "endless trailers": lambda: endless(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Filler: %b\r\n" % (b"x" * 60_000)
    ),
    "endless tiny chunks": lambda: endless(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 9999
    ),
    "endless error page": lambda: endless(b"HTTP/1.1 404 No\r\n\r\n"),
    "endless headers": lambda: endless(b"HTTP/1.1 200 OK\r\n", b"X-Filler: x\r\n" * 5000),
    "endless informational responses": lambda: endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 2000),
}


@pytest.mark.parametrize("name", FLOODS)
def test_memory_is_bounded_whatever_comes(name: str) -> None:
    command = [sys.executable, "-c", MEASURE, name]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 50, done.stderr
