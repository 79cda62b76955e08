"""Site at an IPv6 address."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_twisted import ensureDeferred
from scrapy.utils.defer import deferred_from_coro

from jiji.site.urls import canonical, locate, offsite_cause, root_of
from jiji.stats import RunStats
from tests.conftest import Crawls, Line
from tests.faults import Misbehaving, raw, status
from tests.network.servers import PAGE, Server, fetch, response


@pytest.fixture
def site() -> Iterator[Misbehaving]:
    with Misbehaving(host="::1", days=2) as served:
        yield served


@ensureDeferred
async def test_address_is_requested_with_its_brackets_in_the_host_header() -> None:
    with Server(raw(response()), host="::1") as server:
        received = await deferred_from_coro(fetch(server.url + "jc/eng?k=1"))
    assert received.body == PAGE
    assert str(received.ip_address) == "::1"
    assert f"Host: [::1]:{server.port}\r\n".encode() in server.requests[0]


@ensureDeferred
async def test_site_is_crawled(
    site: Misbehaving, tmp_path: Path, agrees: Callable[[list[Line], list[Line]], None]
) -> None:
    crawls = Crawls(site, tmp_path / "output")
    await crawls.here("photos")
    agrees(crawls.lines("photos"), site.ledger("photos"))
    assert all(line["url"].startswith(site.url) for line in crawls.lines("photos"))
    assert site.asked[0] == "/robots.txt"


def test_site_is_crawled_by_the_command(site: Misbehaving, tmp_path: Path) -> None:
    crawls = Crawls(site, tmp_path / "output")
    run = crawls.run("photos")
    assert run.status == 0, run.log
    assert len(crawls.lines("photos")) == len(site.ledger("photos"))


@pytest.mark.parametrize("there", ["http://127.0.0.1:{}/", "http://[::2]:{}/", "http://[::ffff:127.0.0.1]:{}/"])
@ensureDeferred
async def test_redirect_leads_to_no_other_host(site: Misbehaving, tmp_path: Path, there: str) -> None:
    with Server(raw(response())) as server:
        site.spoil("/", status(302, Location=there.format(server.port)))
        crawler = await Crawls(site, tmp_path / "output").here("photos")
    assert RunStats.of(crawler).offsite_requests == {"host": 1}
    assert not server.connections


def test_urls_below_the_address_are_the_sites() -> None:
    root = root_of("http://[::1]:8000")
    assert root == "http://[::1]:8000/"
    article = "http://[::1]:8000/jc/eng?g=eco&k=2026012700123"
    assert locate("/jc/i?k=2026012700123&g=eco", root, root) == article
    assert canonical(article + "#top") == article
    assert offsite_cause(article, root) is None
    assert [offsite_cause(f"http://[::{tail}/", root) for tail in ("2]:8000", "1]:8001", "1")] == [
        "host",
        "port",
        "spelling",
    ]
