"""Misbehaviour of the front door, seen by a client that takes bytes as they come."""

import gzip
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.devtools.visits import visit
from tests.faults import (
    EVERYTHING,
    How,
    Misbehaving,
    changed,
    chunked,
    cut,
    drip,
    endless,
    hang,
    raw,
    reset,
    status,
    well,
)

CSS = "/css/site.css"


@pytest.fixture(scope="module")
def site() -> Iterator[Misbehaving]:
    with Misbehaving(days=1) as served:
        yield served


def bytes_of(site: Misbehaving, how: How, most: int = 1 << 20, patience: float = 1) -> bytes:
    """Ask for one address that is answered in one way; return what came until the other side closed."""
    site.spoil(CSS, how)
    came = b""
    with socket.create_connection((urlsplit(site.url).hostname, urlsplit(site.url).port), patience) as connection:
        connection.sendall(f"GET {CSS} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        while len(came) < most and (part := connection.recv(65536)):
            came += part
    return came


def test_what_is_not_spoilt_is_the_replicas_and_agrees_with_its_ledger(site: Misbehaving) -> None:
    story = next(row for row in site.ledger("national") if row["images"])
    assert story["url"].startswith(site.url)
    page = visit(story["url"])
    assert page.status == 200
    assert visit(story["url"], If_None_Match=page.headers["ETag"]).status == 304
    assert all(url.startswith(site.url) for url in page.addresses("a[href*=eng]::attr(href)"))
    asked = story["url"].removeprefix(site.url.rstrip("/"))
    assert (site.requests[asked], site.asked.count(asked)) == (2, 2)


def test_one_way_after_the_other_and_the_last_for_ever(site: Misbehaving) -> None:
    key = site.listed("national")[0]
    url = f"{site.url}jc/eng?g=eco&k={key}"
    site.spoil(EVERYTHING, status(500))
    site.spoil(key, status(503, Retry_After="1"), well, status(429))
    assert [visit(url).status for _ in range(4)] == [503, 200, 429, 429]
    assert visit(site.url).status == 500
    site.spoil(key)
    assert visit(url).status == 500
    site.spoil(EVERYTHING)
    assert visit(url).status == 200


def test_bodies(site: Misbehaving) -> None:
    whole = visit(f"{site.url}{CSS[1:]}").body
    head, _, body = bytes_of(site, changed(gzip.compress, Content_Encoding="gzip")).partition(b"\r\n\r\n")
    assert gzip.decompress(body) == whole
    assert f"Content-Length: {len(body)}".encode() in head
    head, _, body = bytes_of(site, cut(0.5)).partition(b"\r\n\r\n")
    assert body == whole[: len(whole) // 2]
    assert f"Content-Length: {len(whole)}".encode() in head
    assert b"content-length" not in bytes_of(site, cut(1, Content_Length=None)).lower()
    assert bytes_of(site, chunked()).endswith(b"\r\n0\r\n\r\n")
    assert not bytes_of(site, chunked(5)).endswith(b"0\r\n\r\n")
    assert len(bytes_of(site, endless(), most=1 << 22)) >= 1 << 22
    assert bytes_of(site, raw(b"any", b"thing")) == b"anything"


def test_time(site: Misbehaving) -> None:
    start = time.monotonic()
    assert bytes_of(site, drip(0.05, size=400))
    assert time.monotonic() - start > 0.05
    with pytest.raises(TimeoutError):
        bytes_of(site, hang(), patience=0.2)
    with pytest.raises(TimeoutError):
        bytes_of(site, hang(0.5), patience=0.2)


def test_a_reset_is_one(site: Misbehaving) -> None:
    for how in (reset(), reset(0.5)):
        with pytest.raises(ConnectionResetError):
            bytes_of(site, how)


def test_closed_it_refuses_and_comes_back_at_its_address() -> None:
    site = Misbehaving(days=1)
    with site:
        url = site.url
    with pytest.raises(ConnectionRefusedError):
        visit(url)
    with site:
        assert site.url == url
        assert visit(url).status == 200
