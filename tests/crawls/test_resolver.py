"""A name of the site's that leads into a private network is not connected to."""

import socket
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import web
from pytest_twisted import ensureDeferred
from scrapy.resolver import CachingThreadedResolver, dnscache
from scrapy.utils.project import get_project_settings
from scrapy.utils.test import get_crawler
from twisted.internet.base import ReactorBase
from twisted.internet.error import DNSLookupError

from devtools.replica import Replica
from jiji.network.resolver import PublicResolver
from tests.conftest import Crawls
from tests.crawls.hostile import Hostile, Tripwire, elsewhere

ALIAS = "jen-k.jiji.com"


def resolver(monkeypatch: pytest.MonkeyPatch, names: dict[str, list[str]], **more: str) -> PublicResolver:
    """Return the resolver as Scrapy makes it, where names have these addresses."""
    from twisted.internet import reactor

    def addresses(name: str, *_: object) -> list[Any]:
        if name not in names:
            raise socket.gaierror(f"{name} is not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in names[name]]

    monkeypatch.setattr("jiji.network.resolver.getaddrinfo", addresses)
    project = get_project_settings()
    project.setdict(more, priority="cmdline")
    return PublicResolver.from_crawler(get_crawler(settings_dict=dict(project)), cast("ReactorBase", reactor))


@pytest.fixture(autouse=True)
def nothing_cached() -> Iterator[None]:
    """Begin and end without names that an earlier look-up left."""
    limit = dnscache.limit
    dnscache.clear()
    yield
    dnscache.clear()
    dnscache.limit = limit


@ensureDeferred
@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"], ["10.0.0.8"], ["172.16.0.1"], ["192.168.1.1"], ["169.254.169.254"], ["100.64.0.1"], ["0.0.0.0"],  # noqa: S104
        ["224.0.0.251"], ["255.255.255.255"], ["198.18.0.1"], ["8.8.8.8", "127.0.0.1"], ["10.0.0.8", "8.8.8.8"],
    ],
)  # fmt: skip
async def test_a_private_address_among_them_is_enough(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> None:
    judge = resolver(monkeypatch, {ALIAS: addresses})
    with pytest.raises(DNSLookupError, match="no public address"):
        await judge.getHostByName(ALIAS)
    assert judge.refused == {ALIAS}
    assert ALIAS not in dnscache


@ensureDeferred
async def test_a_public_address_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {ALIAS: ["8.8.8.8", "8.8.4.4"]}
    judge = resolver(monkeypatch, names)
    assert await judge.getHostByName(ALIAS) == "8.8.8.8"
    names.clear()
    assert await judge.getHostByName(ALIAS) == "8.8.8.8"
    assert not judge.refused
    with pytest.raises(DNSLookupError, match="not known"):
        await judge.getHostByName("jen.jiji.com")


@ensureDeferred
async def test_what_the_user_names_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("http_proxy", "plain-proxy.example:3128")
    monkeypatch.setenv("no_proxy", "localhost")
    hosts = ("news.example", "proxy.example", "plain-proxy.example", "mail.example")
    names = {host: ["10.0.0.8"] for host in hosts}
    judge = resolver(monkeypatch, names, JIJI_BASE_URL="https://NEWS.example:8443/", MAIL_HOST="mail.example")
    for host in hosts:
        assert await judge.getHostByName(host) == "10.0.0.8"


@ensureDeferred
async def test_a_look_up_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = resolver(monkeypatch, {}, DNS_TIMEOUT="0.05")
    monkeypatch.setattr("jiji.network.resolver.getaddrinfo", lambda *_: time.sleep(0.5))
    with pytest.raises(DNSLookupError, match=ALIAS):
        await judge.getHostByName(ALIAS)


@pytest.mark.parametrize("stock", [False, True], ids=["ours", "scrapy's"])
def test_an_alias_that_leads_home_is_not_connected_to(hostile: Crawls, trap: Tripwire, stock: bool) -> None:
    """With Scrapy's own resolver the tripwire is hit: so it is ours that keeps it still."""
    site = cast("Hostile", hostile.replica)
    key, *others = [row["id"] for row in site.ledger("photos")]
    there = f"http://{ALIAS}:{trap.port}/"
    site.away = {key: partial(web.Response, status=302, headers={"Location": there})}
    more = {"TWISTED_DNS_RESOLVER": f"scrapy.resolver.{CachingThreadedResolver.__name__}"} if stock else {}
    base = site.url.replace("127.0.0.1", "localhost")
    more |= {"JIJI_BASE_URL": base, "RETRY_TIMES": "1", "ROBOTSTXT_OBEY": "False"}  # a robots.txt is a second request
    run = elsewhere(hostile, {ALIAS: ["127.0.0.1"]}, [there], **more)
    assert run.status == 22, run.log
    assert {line["id"] for line in hostile.lines("photos")} == set(others)
    if stock:
        assert trap.hits
        return
    assert not trap.hits
    assert f"{ALIAS!a} leads to 127.0.0.1, no public address" in run.log
    assert "'jiji/gate/address': 1" in run.log
    assert "retry/count" not in run.log


def test_a_proxy_of_the_users_is_used(replica: Replica, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate judges what is asked for, not who carries it; a site that only the proxy can reach stands for it."""
    monkeypatch.setenv("http_proxy", replica.url.replace("127.0.0.1", "localhost"))
    crawls = Crawls(replica, tmp_path / "output")
    run = crawls.run("photos", JIJI_BASE_URL="http://127.0.0.9:9/")
    assert run.status == 0, run.log
    assert len(crawls.lines("photos")) == len(replica.ledger("photos"))
