"""SSRF protection: a host with a private address is not connected to unless the user named it."""

import asyncio
import socket
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import web
from pytest_twisted import ensureDeferred
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError
from scrapy.utils.defer import deferred_from_coro

from devtools.replica import Replica
from jiji.network.download_handler import HttpDownloadHandler
from jiji.network.resolver import PrivateAddress, PublicAddressResolver
from jiji.stats import RunStats
from tests.conftest import PROJECT, Crawls
from tests.crawls.hostile import Hostile, Tripwire, elsewhere
from tests.faults import raw
from tests.network.servers import PAGE, Server, fetch, project_crawler, response

HOST, ALIAS = "jen.jiji.com", "jen-k.jiji.com"
PRIVATE = [
    "127.0.0.1", "10.0.0.66", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.251",  # noqa: S104
    "255.255.255.255", "198.18.0.1", "192.0.2.1", "240.0.0.1",
    "::1", "::", "fe80::1", "fd12::1", "fec0::1", "ff02::fb", "2001:db8::1", "2001::1", "100::1", "::127.0.0.1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.66", "64:ff9b::7f00:1", "64:ff9b::10.0.0.66", "64:ff9b:1::10.0.0.66",
    "2002:7f00:1::", "2002:a00:42::1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"]


class Names:
    """Look-up of names in the place of the system's, counted."""

    def __init__(self, **names: list[str]) -> None:
        self.names = {name.replace("_", "."): addresses for name, addresses in names.items()}
        self.names[HOST] = self.names.pop("site", [])
        self.lookups = 0

    def __call__(self, host: str, port: int, **_: Any) -> list[Any]:
        self.lookups += 1
        if not self.names.get(host):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in self.names[host]
        ]


def use(names: Names, monkeypatch: pytest.MonkeyPatch) -> Names:
    monkeypatch.setattr("socket.getaddrinfo", names)
    return names


async def resolve(host: str = HOST, port: int = 443, *, trusted: bool = False, timeout: float = 5) -> list[str]:
    resolver = PublicAddressResolver(timeout)
    if trusted:
        resolver.trust(host, port)
    return [found["host"] for found in await resolver.resolve(host, port)]


@pytest.mark.parametrize("address", PRIVATE)
@ensureDeferred
async def test_private_address_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    use(Names(site=[address]), monkeypatch)
    with pytest.raises(PrivateAddress, match="is not public; set JIJI_BASE_URL to crawl this host"):
        await deferred_from_coro(resolve())
    assert await deferred_from_coro(resolve(trusted=True)) == [address]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "64:ff9b::10.0.0.66"])
@pytest.mark.parametrize("is_first", [True, False])
@ensureDeferred
async def test_one_private_address_among_public_ones_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str, is_first: bool
) -> None:
    use(Names(site=[address, *PUBLIC] if is_first else [*PUBLIC, address]), monkeypatch)
    with pytest.raises(PrivateAddress):
        await deferred_from_coro(resolve())


@ensureDeferred
async def test_public_addresses_are_returned_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    use(Names(site=[*PUBLIC, PUBLIC[0]]), monkeypatch)
    assert await deferred_from_coro(resolve()) == PUBLIC


@ensureDeferred
async def test_trust_is_for_one_port(monkeypatch: pytest.MonkeyPatch) -> None:
    use(Names(site=["10.0.0.66"]), monkeypatch)
    resolver = PublicAddressResolver(5)
    resolver.trust(HOST.upper(), 8443)
    assert await deferred_from_coro(resolver.resolve(HOST, 8443))
    with pytest.raises(PrivateAddress):
        await deferred_from_coro(resolver.resolve(HOST, 443))


@ensureDeferred
async def test_hanging_look_up_ends_after_dns_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: time.sleep(0.5))
    with pytest.raises(CannotResolveHostError, match=f"{HOST}: no answer of the name server within 0.05 s"):
        await deferred_from_coro(fetch(f"https://{HOST}/", project_crawler(DNS_TIMEOUT=0.05)))


@ensureDeferred
async def test_deadline_of_the_request_covers_the_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: time.sleep(3))
    started = time.monotonic()
    with pytest.raises(Exception, match=r"no response within 0\.3 s"):
        await deferred_from_coro(fetch(Request(f"https://{HOST}/", meta={"download_timeout": 0.3}), project_crawler()))
    assert time.monotonic() - started < 2


def test_hanging_look_up_does_not_keep_the_process() -> None:
    code = (
        "import asyncio, socket, time\n"
        "from jiji.network.resolver import PublicAddressResolver\n"
        "socket.getaddrinfo = lambda *_, **__: time.sleep(60)\n"
        "try:\n    asyncio.run(PublicAddressResolver(0.1).resolve('jen.jiji.com', 443))\n"
        "except OSError as error:\n    print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=30)
    assert "DNS_TIMEOUT" in run.stdout


@pytest.mark.parametrize("address", ["10.0.0.66", "127.0.0.1", "::1"])
@ensureDeferred
async def test_default_base_url_earns_no_trust(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    use(Names(site=[address]), monkeypatch)
    with pytest.raises(PrivateAddress, match=f"{address} of {HOST} is not public"):
        await deferred_from_coro(fetch(f"https://{HOST}/", project_crawler()))


@ensureDeferred
async def test_base_url_that_the_user_set_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(raw(response())) as server:
        names = use(Names(site=["127.0.0.1"], localhost=["127.0.0.1"]), monkeypatch)
        url = f"http://localhost:{server.port}/"
        crawler = project_crawler(JIJI_BASE_URL=url)
        assert (await deferred_from_coro(fetch(url, crawler))).body == PAGE
        for other in (f"http://{HOST}:{server.port}/", "http://localhost:9/"):
            with pytest.raises(PrivateAddress):
                await deferred_from_coro(fetch(other, crawler))
    assert names.lookups == 3


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:{}/", "http://[::1]:{}/", "http://[::ffff:127.0.0.1]:{}/", "http://[64:ff9b::7f00:1]:{}/",
     "http://0.0.0.0:{}/", "http://[fe80::1%25lo]:{}/", "http://127.1:{}/", "http://2130706433:{}/", "http://0x7f000001:{}/"],
)  # fmt: skip
@ensureDeferred
async def test_literal_private_address_is_not_connected_to(url: str) -> None:
    trap = Tripwire()
    trap.start()
    with pytest.raises(Exception, match=r"not public|not a canonical|no address|invalid URL"):
        await deferred_from_coro(fetch(url.format(trap.port), project_crawler()))
    assert not trap.hits


@ensureDeferred
async def test_connection_goes_to_the_checked_address_without_a_second_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that gives another address to a second question (DNS rebinding) is not asked twice."""
    with Server(raw(response())) as server:
        names = use(Names(localhost=["127.0.0.1"]), monkeypatch)
        crawler = project_crawler(JIJI_BASE_URL=f"http://localhost:{server.port}/")
        handler = HttpDownloadHandler.from_crawler(crawler)

        async def twice() -> None:
            await handler.download_request(Request(f"http://localhost:{server.port}/"))
            names.names["localhost"] = ["127.0.0.9"]
            await handler.download_request(Request(f"http://localhost:{server.port}/"))
            await handler.close()

        await deferred_from_coro(twice())
    assert names.lookups == 1
    assert len(server.requests) == 2


@ensureDeferred
async def test_waiting_requests_share_a_look_up_and_its_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    names = use(Names(site=["10.0.0.66"]), monkeypatch)
    crawler = project_crawler()
    handler = HttpDownloadHandler.from_crawler(crawler)

    async def at_once() -> list[Any]:
        requests = [handler.download_request(Request(f"https://{HOST}/")) for _ in range(3)]
        try:
            return await asyncio.gather(*requests, return_exceptions=True)
        finally:
            await handler.close()

    results = await deferred_from_coro(at_once())
    assert [type(result) for result in results] == [PrivateAddress] * 3
    assert names.lookups == 1
    assert not RunStats.of(crawler).download_errors


@pytest.mark.parametrize("is_trusted", [False, True], ids=["alias", "alias that the user named"])
def test_redirect_to_an_alias_with_a_private_address_is_blocked(
    hostile: Crawls, trap: Tripwire, is_trusted: bool
) -> None:
    """With the host named by the user the tripwire is hit, so that the resolver is the cause otherwise."""
    site = cast("Hostile", hostile.replica)
    key, *others = [row["id"] for row in site.ledger("photos")]
    there = f"http://{ALIAS}:{trap.port}/"
    site.away = {key: partial(web.Response, status=302, headers={"Location": there})}
    base = site.url.replace("127.0.0.1", "localhost")
    settings = {"JIJI_BASE_URL": base, "RETRY_TIMES": "1", "ROBOTSTXT_OBEY": "False"}  # no robots.txt of the alias
    run = elsewhere(hostile, {ALIAS: ["127.0.0.1"]}, [there], trusted=[there] if is_trusted else [], **settings)
    assert run.status == 22, run.log
    assert {line["id"] for line in hostile.lines("photos")} == set(others)
    if is_trusted:
        assert trap.hits
        return
    assert not trap.hits
    assert f"Blocked off-site request (the address 127.0.0.1 of {ALIAS} is not public; set JIJI_BASE_URL" in run.log
    assert "'jiji/offsite_requests/address': 1" in run.log
    assert "retry/count" not in run.log


def test_crawl_of_the_default_site_with_a_private_address_names_the_setting(hostile: Crawls, trap: Tripwire) -> None:
    run = elsewhere(hostile, {HOST: ["127.0.0.1"]}, [], JIJI_BASE_URL=None)
    assert run.status == 20, run.log
    assert f"the address 127.0.0.1 of {HOST} is not public; set JIJI_BASE_URL to crawl this host" in run.log


def test_proxy_that_the_user_set_is_used(replica: Replica, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that only the proxy can reach."""
    monkeypatch.setenv("http_proxy", replica.url.replace("127.0.0.1", "localhost"))
    crawls = Crawls(replica, tmp_path / "output")
    run = crawls.run("photos", JIJI_BASE_URL="http://127.0.0.9:9/")
    assert run.status == 0, run.log
    assert len(crawls.lines("photos")) == len(replica.ledger("photos"))
