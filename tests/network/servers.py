"""Loopback servers for the download handler: one that answers with given bytes, one with TLS, a proxy."""

import datetime
import gzip
import socket
import ssl
import threading
import zlib
from contextlib import suppress
from ipaddress import ip_address
from itertools import takewhile
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.project import get_project_settings
from scrapy.utils.test import get_crawler

from jiji.network.download_handler import HttpDownloadHandler
from tests.faults import Answer, How, Visit, is_within_head

PAGE = b"<html><body>\n" + b"<p>The harbour opened on time.</p>\n" * 300 + b"</body></html>\n"


class Listener:
    """Server on loopback with a thread a connection; a subclass serves one."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.create_server((host, 0), family=family, backlog=64)
        self.port: int = self.listener.getsockname()[1]
        self.connections = 0
        self.closing = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        raise NotImplementedError


class Server(Listener):
    """Server that answers every request of a connection in turn, with one `How` after the other; the last repeats."""

    def __init__(
        self, *hows: How, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, greeting: bytes = b""
    ) -> None:
        self.hows = list(hows)
        self.greeting = greeting
        self.tls = tls
        self.host = host
        self.requests: list[bytes] = []
        """Requests as they came, head and body."""
        super().__init__(host)

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}/"

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self.greeting:
                connection.sendall(self.greeting)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as stream:
                while head := b"".join(takewhile(is_within_head, iter(stream.readline, b""))):
                    lengths = [line.split(b":")[1] for line in head.splitlines() if line.startswith(b"Content-Length:")]
                    self.requests.append(head + b"\r\n" + stream.read(int(lengths[0]) if lengths else 0))
                    how = self.hows.pop(0) if len(self.hows) > 1 else self.hows[0]
                    target = head.split()[1].decode("ascii")
                    how(Visit(target, 0.0, connection, self.closing, lambda: Answer(200, {}, PAGE)))
                    if not getattr(how, "keeps_open", False):
                        return


def keep_open(data: bytes) -> How:
    """Answer with these bytes, and keep the connection open for the next request."""

    def how(visit: Visit) -> None:
        visit.send(data)

    how.keeps_open = True  # type: ignore[attr-defined]
    return how


def response(
    body: bytes = PAGE, *headers: bytes, length: int | None = None, status: bytes = b"200 OK", close: bool = True
) -> bytes:
    """Return a response with the length of its body, or another one."""
    head = [b"HTTP/1.1 " + status, b"Content-Type: text/html"]
    head += [b"Content-Length: %d" % (len(body) if length is None else length)]
    return b"\r\n".join([*head, *([b"Connection: close"] if close else []), *headers, b"", body])


def chunked_response(body: bytes = PAGE, end: bytes = b"0\r\n\r\n", *headers: bytes) -> bytes:
    """Return a response in chunks."""
    parts = [body[start : start + 1000] for start in range(0, len(body), 1000)]
    head = b"\r\n".join(
        [b"HTTP/1.1 200 OK", b"Content-Type: text/html", b"Transfer-Encoding: chunked", *headers, b"", b""]
    )
    return head + b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + end


def deflate_bomb(mib: int) -> bytes:
    """Return so many MiB of zeros in deflate: one MiB again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)) * mib + packer.flush()


def gzip_bomb(mib: int) -> bytes:
    """Return so many MiB of zeros in gzip, without the checksum."""
    return gzip.compress(b"")[:10] + deflate_bomb(mib)


def project_crawler(**settings: object) -> Crawler:
    """Return a crawler with the project's settings."""
    project = get_project_settings()
    own = {name: project[name] for name in project if project.getpriority(name)}
    return get_crawler(settings_dict={**own, "DOWNLOAD_DELAY": 0, "JIJI_CONTACT": "x@example.org", **settings})


async def fetch(request: Request | str, crawler: Crawler | None = None, **settings: object) -> Response:
    """Return the handler's response; the site is the request's host unless ``settings`` name another one."""
    request = Request(request) if isinstance(request, str) else request
    request.meta.setdefault("download_timeout", 5.0)
    if crawler is None:
        parts = urlsplit(request.url)
        crawler = project_crawler(**{"JIJI_BASE_URL": f"{parts.scheme}://{parts.netloc}/", **settings})
    handler = HttpDownloadHandler.from_crawler(crawler)
    try:
        return await handler.download_request(request)
    finally:
        await handler.close()


class Authority:
    """Certificate authority of one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        constraint = x509.BasicConstraints(ca=True, path_length=None)
        builder = self._builder(self.name, self.key, 30, issuer=self.name).add_extension(constraint, critical=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def server(
        self, *names: x509.GeneralName, common_name: str = "localhost", days: int = 30, self_signed: bool = False
    ) -> ssl.SSLContext:
        """Return the TLS context of a server whose certificate has these subject alternative names."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
        builder = self._builder(subject, key, days, issuer=subject if self_signed else self.name)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        certificate = builder.sign(key if self_signed else self.key, hashes.SHA256())
        file = self.folder / f"{x509.random_serial_number()}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, days: int, issuer: x509.Name
    ) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=60))
            .not_valid_after(now + datetime.timedelta(days=days))
        )


def dns(name: str) -> x509.DNSName:
    """Return a subject alternative name for a host."""
    return x509.DNSName(name)


def address(text: str) -> x509.IPAddress:
    """Return a subject alternative name for an address."""
    return x509.IPAddress(ip_address(text))


class Proxy(Listener):
    """HTTP proxy on loopback that tunnels CONNECT to one server, or answers it with a refusal."""

    def __init__(self, target: Server, refusal: bytes = b"", password: bytes = b"") -> None:
        self.target = target
        self.refusal = refusal
        self.password = password
        self.requests: list[bytes] = []
        super().__init__()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                if not (byte := connection.recv(1)):
                    return
                head += byte
            self.requests.append(head)
            if self.refusal or (self.password and self.password not in head):
                connection.sendall(self.refusal or b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
                return
            with socket.create_connection((self.target.host, self.target.port)) as server:
                if head.startswith(b"CONNECT"):
                    connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                else:
                    server.sendall(head)
                back = threading.Thread(target=_copy, args=(server, connection), daemon=True)
                back.start()
                _copy(connection, server)
                back.join(5)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
