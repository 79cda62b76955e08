"""Proxies that the user set: used with their password, and named in errors."""

from pathlib import Path

import pytest
from pytest_twisted import ensureDeferred
from scrapy import Request
from scrapy.downloadermiddlewares.httpproxy import HttpProxyMiddleware
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadFailedError
from scrapy.utils.defer import deferred_from_coro

from jiji.network.resolver import PrivateAddress
from tests.faults import raw
from tests.network.servers import PAGE, Authority, Proxy, Server, dns, fetch, project_crawler, response

PLAIN = raw(response())


def through(url: str, proxy: str, **headers: str) -> Request:
    meta = {"proxy": proxy, "download_timeout": 5.0}
    return Request(url, meta=meta, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("form", ["http://127.0.0.1:{}", "127.0.0.1:{}", "http://localhost:{}/"])
@ensureDeferred
async def test_plain_request_goes_through_the_proxy_with_its_password(form: str) -> None:
    with Server(PLAIN) as server, Proxy(server, password=b"Basic c2VjcmV0") as proxy:
        request = through(server.url + "a%2fb?c=%41", form.format(proxy.port), Proxy_Authorization="Basic c2VjcmV0")
        assert (await deferred_from_coro(fetch(request))).body == PAGE
    assert proxy.requests[0].startswith(f"GET {server.url}a%2fb?c=%41 HTTP/1.1\r\n".encode())


@ensureDeferred
async def test_tunnel_gets_the_password_and_the_site_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with (
        Server(PLAIN, tls=authority.server(dns("localhost"))) as server,
        Proxy(server, password=b"Proxy-Authorization: Basic c2VjcmV0") as proxy,
    ):
        url = f"https://localhost:{server.port}/"
        request = through(url, f"http://127.0.0.1:{proxy.port}", Proxy_Authorization="Basic c2VjcmV0")
        received = await deferred_from_coro(fetch(request))
    assert received.body == PAGE
    assert received.certificate
    assert proxy.requests[0].startswith(f"CONNECT localhost:{server.port} HTTP/1.1\r\n".encode())
    assert b"roxy-" not in server.requests[0]


@ensureDeferred
async def test_certificate_behind_a_proxy_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with Server(PLAIN, tls=authority.server(dns("other.example"))) as server, Proxy(server) as proxy:
        request = through(f"https://localhost:{server.port}/", f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(DownloadFailedError, match=f"certificate of localhost:{server.port} was refused"):
            await deferred_from_coro(fetch(request))


@ensureDeferred
async def test_password_does_not_reach_a_site_without_a_proxy() -> None:
    with Server(PLAIN) as server:
        await deferred_from_coro(fetch(Request(server.url, headers={"Proxy-Authorization": "Basic c2VjcmV0"})))
    assert b"roxy-" not in server.requests[0]


@pytest.mark.parametrize("scheme", ["http", "https"])
@ensureDeferred
async def test_refused_proxy_is_named(scheme: str) -> None:
    with Server(PLAIN) as closed:
        pass
    request = through(f"{scheme}://127.0.0.9:9/", f"http://127.0.0.1:{closed.port}")
    with pytest.raises(DownloadConnectionRefusedError, match=f"refused by proxy 127.0.0.1:{closed.port}.*https_proxy"):
        await deferred_from_coro(fetch(request))


@pytest.mark.parametrize(
    ("status", "advice"),
    [(b"407 Proxy Authentication Required", "give user and password in https_proxy"), (b"502 Bad Gateway", "")],
)
@ensureDeferred
async def test_refusal_of_a_tunnel_is_named(status: bytes, advice: str) -> None:
    with Server(PLAIN) as server, Proxy(server, refusal=b"HTTP/1.1 %b\r\n\r\n" % status) as proxy:
        request = through("https://127.0.0.9:9/", f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(DownloadFailedError) as raised:
            await deferred_from_coro(fetch(request))
    expected = f"proxy 127.0.0.1:{proxy.port} answered {status.decode()} to CONNECT 127.0.0.9:9"
    assert expected in str(raised.value)
    assert advice in str(raised.value)


@ensureDeferred
async def test_proxies_of_the_environment_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(PLAIN) as server, Proxy(server, password=b"Proxy-Authorization: Basic dXNlcjpwYXNz") as proxy:
        monkeypatch.setenv("http_proxy", f"http://user:pass@localhost:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        request = Request(server.url)
        HttpProxyMiddleware.from_crawler(project_crawler()).process_request(request)
        assert (await deferred_from_coro(fetch(request))).body == PAGE
    assert len(proxy.requests) == 1


@ensureDeferred
async def test_proxy_does_not_make_its_host_trusted_on_other_ports() -> None:
    with Server(PLAIN) as server, Proxy(server) as proxy:
        crawler = project_crawler()
        request = through(f"http://127.0.0.1:{server.port}/", f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(PrivateAddress):
            await deferred_from_coro(fetch(request, crawler))
    assert not proxy.requests
