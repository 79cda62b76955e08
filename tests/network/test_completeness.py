"""Bodies as they come over the wire: complete ones are read, others refused with their fault, statuses handed on."""

import gzip
import time
import zlib

import pytest
from pytest_twisted import ensureDeferred
from scrapy import Request
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.utils.defer import deferred_from_coro

from jiji.network import body as body_module
from jiji.network.content_coding import Fault, IncompleteResponse
from tests.faults import How, endless, raw
from tests.network.servers import PAGE, Server, chunked_response, fetch, keep_open, response

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = b"Content-Encoding: gzip"
PACKED = gzip.compress(PAGE)
MEMBERS = gzip.compress(PAGE[:500]) + gzip.compress(PAGE[500:])
FOREVER = 3600.0

COMPLETE: dict[str, How] = {
    "announced length": raw(response()),
    "announced length, kept open": keep_open(response(close=False)),
    "in small pieces": raw(*(response()[start : start + 700] for start in range(0, len(response()), 700)), every=0.002),
    "line end behind the announced length": raw(response(PAGE + b"\r\n", length=len(PAGE))),
    "chunked": raw(chunked_response()),
    "chunked with trailers": raw(chunked_response(PAGE, b"0\r\nX-Checksum: 7\r\n\r\n")),
    "chunked with extensions": raw(CHUNKED + b"%x;a=b\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE)),
    "closed at the end of a page": raw(OK + b"\r\n" + PAGE),
    "HTTP/1.0": raw(b"HTTP/1.0 200 OK\r\n\r\n" + PAGE),
    "line feeds only": raw(OK.replace(b"\r\n", b"\n") + b"\n" + PAGE),
    "status line without a reason": raw(response(status=b"200")),
    "blank lines before the status line": raw(b"\r\n\r\n" + response()),
    "informational responses before it": raw(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", response(), every=0.02
    ),
    "header line without a colon": raw(response(PAGE, b"garbage")),
    "header line with a space before its colon": raw(response(PAGE, b"X-Server : 1")),
    "header that is no UTF-8": raw(response(PAGE, b"X-Server: \xe9\xff")),
    "one header of 60,000 bytes": raw(response(PAGE, b"X-Filler: " + b"x" * 60_000)),
    "400 headers": raw(response(PAGE, *[b"X-Filler: 1"] * 400)),
    "folded header": raw(response(PAGE, b"X-Folded: one\r\n two")),
    "gzip": raw(response(PACKED, GZIP)),
    "gzip, closed at its end": raw(OK + GZIP + b"\r\n\r\n" + PACKED),
    "gzip in chunks": raw(chunked_response(PACKED, b"0\r\n\r\n", GZIP)),
    "gzip in members": raw(response(MEMBERS, GZIP)),
    "gzip in members, byte by byte": raw(
        *(response(MEMBERS, GZIP)[start : start + 1] for start in range(len(response(MEMBERS, GZIP)))), every=0.001
    ),
    "gzip with padding and a line end": raw(response(PACKED + bytes(9) + b"\r\n", GZIP)),
    "gzip with the length of the plain page": raw(response(PACKED, GZIP, length=len(PAGE))),
    "gzip with the length of the plain page, kept open": raw(
        response(PACKED, GZIP, length=len(PAGE), close=False), b"", every=FOREVER
    ),
    "gzip with the length of the plain page, in pieces": raw(
        response(PACKED, GZIP, length=len(PAGE), close=False)[:-30], PACKED[-30:-9], PACKED[-9:], every=0.02
    ),
    "gzip with another length": raw(response(PACKED, GZIP, length=len(PACKED) + 77)),
    "gzip with another length, kept open": raw(
        response(PACKED, GZIP, length=len(PACKED) + 77, close=False), b"", every=FOREVER
    ),
    "zlib with the length of the plain page": raw(
        response(zlib.compress(PAGE), b"Content-Encoding: deflate", length=len(PAGE))
    ),
    "gzip and a name that is no coding": raw(response(PACKED, b"Content-Encoding: gzip, utf-8")),
    "gzip in two headers": raw(response(gzip.compress(PACKED), GZIP, GZIP)),
    **{
        f"Content-Encoding: {name}": raw(response(PAGE, b"Content-Encoding: " + name.encode()))
        for name in ("", "identity", "none", "None", "utf-8", "UTF-8", "utf8", "iso-8859-1", "shift_jis", "binary")
    },
}  # fmt: skip

INCOMPLETE: dict[str, tuple[How, Fault]] = {
    "one byte longer than announced": (raw(response(PAGE + b"x", length=len(PAGE))), Fault.LONG),
    "one byte longer than announced, kept open": (
        raw(response(PAGE + b"x", length=len(PAGE), close=False), b"", every=FOREVER), Fault.LONG,
    ),
    "longer than announced, headers apart": (raw(response(b"", length=900), PAGE, every=0.05), Fault.LONG),
    "a second response behind it": (raw(response(close=False) * 2), Fault.LONG),
    "bytes behind the last chunk": (raw(chunked_response(PAGE, b"0\r\n\r\n<p>")), Fault.LONG),
    "one byte shorter than announced": (raw(response(length=len(PAGE) + 1)), Fault.SHORT),
    "no last chunk": (raw(chunked_response(PAGE, b"")), Fault.CUT),
    "cut within the last chunk": (raw(chunked_response()[:-2]), Fault.CUT),
    "chunk size that is no number": (raw(CHUNKED + b"5\r\n<html\r\nzz\r\n", b"", every=FOREVER), Fault.CUT),
    "malformed chunk later": (raw(CHUNKED + b"5\r\n<html\r\n", b"zz\r\n", b"", every=0.1), Fault.CUT),
    "chunk longer than its size": (raw(CHUNKED + b"3\r\n<html\r\n0\r\n\r\n", b"", every=FOREVER), Fault.CUT),
    "chunk shorter than its size": (raw(CHUNKED + b"9\r\n<html\r\n0\r\n\r\n", b"", every=FOREVER), Fault.CUT),
    "negative chunk size": (raw(CHUNKED + b"-5\r\n<html\r\n0\r\n\r\n", b"", every=FOREVER), Fault.CUT),
    "huge chunk size": (raw(CHUNKED + b"f" * 20 + b"\r\n<html\r\n0\r\n\r\n", b"", every=FOREVER), Fault.CUT),
    "length and chunks": (raw(CHUNKED[:-2] + b"Content-Length: 5\r\n\r\n5\r\n<html\r\n0\r\n\r\n"), Fault.MALFORMED),
    "two lengths": (raw(response(PAGE, b"Content-Length: 3")), Fault.MALFORMED),
    "length that is no number": (raw(OK + b"Content-Length: all\r\n\r\n" + PAGE), Fault.MALFORMED),
    "negative length": (raw(OK + b"Content-Length: -5\r\n\r\n" + PAGE), Fault.MALFORMED),
    "unknown transfer coding": (raw(OK + b"Transfer-Encoding: pigeon\r\n\r\n" + PAGE), Fault.CODING),
    "gzip as transfer coding": (
        raw(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n5\r\n<html\r\n0\r\n\r\n"), Fault.CODING,
    ),
    "closed before the end of a page": (raw(OK + b"\r\n" + PAGE[:-9]), Fault.CUT),
    "closed before the end of a plain text": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nDisallow: /jc"), Fault.CUT,
    ),
    "closed before the end of gzip": (raw(OK + GZIP + b"\r\n\r\n" + PACKED[:-1]), Fault.CUT),
    "gzip with the length of the plain page, cut": (raw(response(PACKED[:-1], GZIP, length=len(PAGE))), Fault.SHORT),
    "gzip cut between its members": (raw(response(gzip.compress(PAGE[:500]), GZIP, length=len(MEMBERS))), Fault.SHORT),
    "gzip with the length of the plain page, damaged": (
        raw(response(PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:], GZIP, length=len(PAGE))), Fault.CHECKSUM,
    ),
    "gzip in chunks without the last one": (raw(chunked_response(PACKED, b"", GZIP)), Fault.CUT),
    "gzip with other bytes behind it": (raw(response(PACKED + b"<p>", GZIP)), Fault.CODING),
    "gzip under the name of a charset": (raw(response(PACKED, b"Content-Encoding: utf-8")), Fault.CODING),
    "bytes under the name of a charset": (raw(response(bytes(range(256)), b"Content-Encoding: utf-8")), Fault.CODING),
    "zstd": (raw(response(PAGE, b"Content-Encoding: zstd")), Fault.CODING),
    "br": (raw(response(PAGE, b"Content-Encoding: br")), Fault.CODING),
    "gzip in br": (raw(response(PACKED, b"Content-Encoding: gzip, br")), Fault.CODING),
    "not HTTP": (raw(b"220 mail.example.org ESMTP\r\n", b"", every=FOREVER), Fault.MALFORMED),
    "HTTP/0.9": (raw(PAGE), Fault.MALFORMED),
    "null byte in a header": (raw(response(PAGE, b"X-Server: a\0b")), Fault.MALFORMED),
    "endless trailers": (endless(chunked_response(PAGE, b"0\r\n"), b"X-Filler: %b\r\n" % (b"x" * 9000)), Fault.CUT),
    "endless chunk extension": (endless(CHUNKED + b"5;a=", b"x" * 65536), Fault.CUT),
    "endless chunk size": (endless(CHUNKED, b"0" * 65536), Fault.CUT),
    "endless blank lines": (endless(b"", b"\r\n" * 9999), Fault.HEADERS_TOO_LARGE),
    "endless header name": (endless(OK, b"x" * 65536), Fault.HEADERS_TOO_LARGE),
    "endless version": (endless(b"HTTP/1", b"1" * 9999), Fault.HEADERS_TOO_LARGE),
    "large informational responses": (
        endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: %b\r\n\r\n" % (b"x" * 9000)), Fault.HEADERS_TOO_LARGE,
    ),
}  # fmt: skip

STATUSES: dict[str, tuple[How, int]] = {
    "429 shorter than announced": (raw(response(b"Slow", b"Retry-After: 7", length=900, status=b"429 No")), 429),
    "429 longer than announced": (raw(response(PAGE, b"Retry-After: 7", length=3, status=b"429 No")), 429),
    "429 with a body announced as none": (
        raw(response(PAGE, b"Retry-After: 7", length=0, status=b"429 No", close=False)), 429,
    ),
    "503 in broken gzip": (raw(response(b"xxx", GZIP, status=b"503 No")), 503),
    "503 in an unknown coding": (raw(response(b"xxx", b"Content-Encoding: br", status=b"503 No")), 503),
    "403 in malformed chunks": (
        raw(b"HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"", every=FOREVER), 403,
    ),
    "403 in an unknown transfer coding": (raw(b"HTTP/1.1 403 No\r\nTransfer-Encoding: pigeon\r\n\r\nx"), 403),
    "404 without end": (endless(b"HTTP/1.1 404 No\r\n\r\n"), 404),
    "404 announced as too large": (endless(response(b"", length=1 << 40, status=b"404 No")), 404),
    "500 that hangs in its body": (raw(response(b"xxx", length=99, status=b"500 No"), b"", every=FOREVER), 500),
    "301 cut off": (raw(response(b"", b"Location: /there", length=99, status=b"301 There")), 301),
    "304 with a body": (raw(response(b"xxxx", status=b"304 Not Modified", close=False)), 304),
    "204 with a body": (raw(response(b"xxxx", status=b"204 No Content")), 204),
}  # fmt: skip


@pytest.mark.parametrize("how", COMPLETE.values(), ids=COMPLETE)
@ensureDeferred
async def test_complete_response_is_read(how: How) -> None:
    with Server(how) as server:
        received = await deferred_from_coro(fetch(server.url))
    assert (received.status, received.body) == (200, PAGE)
    assert "Content-Encoding" not in received.headers
    assert not received.flags


@pytest.mark.parametrize(("how", "fault"), INCOMPLETE.values(), ids=INCOMPLETE)
@ensureDeferred
async def test_incomplete_response_is_refused_with_its_fault(how: How, fault: Fault) -> None:
    started = time.monotonic()
    with Server(how) as server, pytest.raises(IncompleteResponse) as raised:
        await deferred_from_coro(fetch(server.url))
    assert raised.value.fault is fault, raised.value
    assert str(raised.value).isascii()
    assert time.monotonic() - started < 3
    assert isinstance(raised.value, DownloadFailedError)  # which Scrapy's retry middleware retries


@pytest.mark.parametrize(("how", "status"), STATUSES.values(), ids=STATUSES)
@ensureDeferred
async def test_other_status_is_handed_on_whatever_its_body(how: How, status: int) -> None:
    with Server(how) as server:
        received = await deferred_from_coro(fetch(Request(server.url, meta={"download_timeout": 1.0})))
    assert received.status == status
    assert len(received.body) <= 5 << 20
    assert status != 429 or received.headers["Retry-After"] == b"7"


@ensureDeferred
async def test_gzip_without_its_header_is_not_decoded() -> None:
    with Server(raw(response(PACKED))) as server:
        assert (await deferred_from_coro(fetch(server.url))).body == PACKED


@ensureDeferred
async def test_slow_members_of_gzip_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first member does not end as a page: silence behind it is not the end of the body."""
    monkeypatch.setattr(body_module, "QUIET_SECONDS", 0.05)
    length, first = len(MEMBERS), len(gzip.compress(PAGE[:500]))
    head = response(MEMBERS[:first], GZIP, length=length)
    with Server(raw(head, MEMBERS[first:], every=0.4)) as server:
        assert (await deferred_from_coro(fetch(server.url))).body == PAGE


@pytest.mark.parametrize(
    "how",
    [
        raw(b"", every=FOREVER),
        raw(OK, b"", every=FOREVER),
        raw(*(response()[at : at + 1] for at in range(9999)), every=0.05),
        raw(response(b"", length=9999), *([b"x"] * 9999), every=0.05),
        raw(CHUNKED, *([b"1\r\nx\r\n"] * 9999), every=0.05),
        raw(response(length=len(PAGE) + 1, close=False), b"", every=FOREVER),
        raw(chunked_response(PAGE, b""), b"", every=FOREVER),
        raw(*([b"HTTP/1.1 103 Early Hints\r\n\r\n"] * 9999), every=0.05),
        raw(OK, *([b"X-Filler: 1\r\n"] * 9999), every=0.05),
        endless(CHUNKED, b"1\r\nx\r\n" * 9999),
    ],
    ids=[
        "no response", "headers cut", "dripping headers", "dripping body", "dripping chunks", "one byte missing",
        "last chunk missing", "dripping informational responses", "dripping header lines", "endless tiny chunks",
    ],
)  # fmt: skip
@ensureDeferred
async def test_deadline_covers_the_time_from_connection_to_last_byte(how: How) -> None:
    started = time.monotonic()
    with Server(how) as server, pytest.raises(DownloadTimeoutError, match=r"within 0.8 s \(DOWNLOAD_TIMEOUT\)"):
        await deferred_from_coro(fetch(Request(server.url, meta={"download_timeout": 0.8})))
    assert 0.7 < time.monotonic() - started < 2
