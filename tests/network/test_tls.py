"""Certificates: accepted and refused as browsers do, and the error says why."""

import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from pytest_twisted import ensureDeferred
from scrapy.exceptions import DownloadFailedError
from scrapy.utils.defer import deferred_from_coro

from jiji.configuration import ConfigurationError
from jiji.network.tls import tls_context
from tests.faults import raw
from tests.network.servers import PAGE, Authority, Server, address, dns, fetch, keep_open, project_crawler, response

ANSWER = keep_open(response(close=False))
MakeContext = Callable[[Authority], ssl.SSLContext]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority


def url_of(server: Server, host: str) -> str:
    return f"https://{host}:{server.port}/"


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("localhost", [dns("localhost")]),
        ("localhost", [dns("other.example"), dns("LOCALHOST")]),
        ("127.0.0.1", [address("127.0.0.1")]),
    ],
)
@ensureDeferred
async def test_certificate_for_the_host_is_accepted(
    trusted: Authority, host: str, names: list[x509.GeneralName]
) -> None:
    with Server(ANSWER, tls=trusted.server(*names, common_name="other.example")) as server:
        received = await deferred_from_coro(fetch(url_of(server, host)))
    assert received.body == PAGE
    assert isinstance(received.certificate, bytes)
    assert x509.load_der_x509_certificate(received.certificate).issuer == trusted.name


@ensureDeferred
async def test_certificate_for_an_ipv6_address_is_accepted(trusted: Authority) -> None:
    with Server(ANSWER, host="::1", tls=trusted.server(address("::1"))) as server:
        assert (await deferred_from_coro(fetch(server.url))).body == PAGE


@ensureDeferred
async def test_authorities_of_a_directory_are_trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = authority.folder / "authorities"
    folder.mkdir()
    (folder / f"{subject_hash(authority)}.0").write_bytes(authority.file.read_bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))
    with Server(ANSWER, tls=authority.server(dns("localhost"))) as server:
        assert (await deferred_from_coro(fetch(url_of(server, "localhost")))).body == PAGE


def subject_hash(authority: Authority) -> str:
    """Return OpenSSL's name for an authority's file in a directory."""
    command = ["openssl", "x509", "-noout", "-hash", "-in", str(authority.file)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


REFUSED: dict[str, tuple[str, MakeContext, str]] = {
    "common name only": ("localhost", lambda ca: ca.server(common_name="localhost"), "Hostname mismatch"),
    "e-mail address only": (
        "localhost", lambda ca: ca.server(x509.RFC822Name("root@localhost")), "Hostname mismatch",
    ),
    "another host": ("localhost", lambda ca: ca.server(dns("other.example")), "Hostname mismatch"),
    "wildcard of one label": ("localhost", lambda ca: ca.server(dns("*.local")), "Hostname mismatch"),
    "wildcard for everything": ("localhost", lambda ca: ca.server(dns("*")), "Hostname mismatch"),
    "subdomain": ("localhost", lambda ca: ca.server(dns("www.localhost")), "Hostname mismatch"),
    "another address": ("127.0.0.1", lambda ca: ca.server(address("127.0.0.2")), "IP address mismatch"),
    "address as a host name": ("127.0.0.1", lambda ca: ca.server(dns("127.0.0.1")), "IP address mismatch"),
    "host name for an address": ("127.0.0.1", lambda ca: ca.server(dns("localhost")), "IP address mismatch"),
    "URI only": (
        "localhost", lambda ca: ca.server(x509.UniformResourceIdentifier("https://localhost/")), "Hostname mismatch",
    ),
    "expired": ("localhost", lambda ca: ca.server(dns("localhost"), days=-1), "certificate has expired"),
    "self-signed": ("localhost", lambda ca: ca.server(dns("localhost"), self_signed=True), "self-signed certificate"),
}  # fmt: skip


@pytest.mark.parametrize(("host", "context", "cause"), REFUSED.values(), ids=REFUSED)
@ensureDeferred
async def test_certificate_is_refused_and_the_error_says_why(
    trusted: Authority, host: str, context: MakeContext, cause: str
) -> None:
    with Server(ANSWER, tls=context(trusted)) as server, pytest.raises(DownloadFailedError) as raised:
        await deferred_from_coro(fetch(url_of(server, host)))
    message = str(raised.value)
    assert f"certificate of {host}:{server.port} was refused: {cause}" in message
    assert "SSL_CERT_FILE" in message
    assert "DOWNLOAD_VERIFY_CERTIFICATES" in message
    assert not server.requests


@ensureDeferred
async def test_unknown_authority_is_refused(authority: Authority) -> None:
    with (
        Server(ANSWER, tls=authority.server(dns("localhost"))) as server,
        pytest.raises(DownloadFailedError, match="unable to get local issuer certificate"),
    ):
        await deferred_from_coro(fetch(url_of(server, "localhost")))


@ensureDeferred
async def test_verification_can_be_turned_off_by_scrapys_setting(authority: Authority) -> None:
    with Server(ANSWER, tls=authority.server(common_name="other.example", self_signed=True, days=-1)) as server:
        url = url_of(server, "localhost")
        assert (await deferred_from_coro(fetch(url, DOWNLOAD_VERIFY_CERTIFICATES=False))).body == PAGE


@ensureDeferred
async def test_server_without_tls_is_named(authority: Authority) -> None:
    with (
        Server(raw(), greeting=b"220 mail.example.org ESMTP\r\n") as server,
        pytest.raises(DownloadFailedError, match=f"no TLS connection to localhost:{server.port}"),
    ):
        await deferred_from_coro(fetch(url_of(server, "localhost")))


def test_tls_settings_of_scrapy_keep_their_meaning() -> None:
    settings = project_crawler(
        DOWNLOAD_TLS_MIN_VERSION="TLSv1.3", DOWNLOAD_TLS_MAX_VERSION="TLSv1.3", DOWNLOADER_CLIENT_TLS_CIPHERS="AES256"
    ).settings
    context = tls_context(settings)
    assert context.minimum_version == context.maximum_version == ssl.TLSVersion.TLSv1_3
    assert not context.hostname_checks_common_name
    with pytest.raises(ConfigurationError, match="invalid DOWNLOAD_TLS_MIN_VERSION='SSLv3'"):
        tls_context(project_crawler(DOWNLOAD_TLS_MIN_VERSION="SSLv3").settings)
