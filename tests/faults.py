"""Replica behind a front door that misbehaves on request, byte for byte, over loopback.

    with Misbehaving(days=2) as site:
        site.spoil("/robots.txt", status(503, Retry_After="2"), well)
        site.spoil(key, changed(lambda body: gzip.compress(body)[:-4], Content_Encoding="gzip"))
        Crawls(site, output).run("national")

What is not spoilt is passed on to the replica. `Misbehaving` is a `Replica` whose `url` is the front door's, so the
addresses it prints and its ledger agree with what a crawler meets.
"""

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from http.client import HTTPConnection
from itertools import count, takewhile
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from devtools.replica import Replica
from devtools.replica.sections import NAVIGATION
from devtools.replica.server import HOST

EVERYTHING = "*"
"""Stands for every address in `Misbehaving.spoil`."""


@dataclass(frozen=True)
class Answer:
    """Answer of the replica to a request."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def head(self) -> bytes:
        """Status line and headers as they are sent, with the empty line that ends them."""
        lines = [f"HTTP/1.1 {self.status} Whatever", *(f"{name}: {value}" for name, value in self.headers.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def with_headers(self, **headers: str | None) -> Self:
        """Return the answer with other headers; None takes one away, Some_Name is written Some-Name."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in self.headers.items() if name.title() not in map(str.title, named)}
        return replace(self, headers=kept | {name: value for name, value in named.items() if value is not None})

    def announced(self) -> Self:
        """Return the answer with the length that its body has."""
        return self.with_headers(Content_Length=str(len(self.body)))


@dataclass(frozen=True)
class Visit:
    """A request that stands at the front door, and the means to treat it badly."""

    target: str
    """Path and query as asked for."""
    at: float
    """Time of arrival, in seconds of the monotonic clock."""
    connection: socket.socket = field(repr=False)
    closing: threading.Event = field(repr=False)
    fetch: Callable[[], Answer] = field(repr=False)
    """Asks the replica, which counts it."""

    def send(self, raw: bytes) -> None:
        """Send bytes as they are; raises OSError when the other side has left."""
        self.connection.sendall(raw)

    def wait(self, seconds: float) -> None:
        """Let time pass; raises OSError when the front door is closed meanwhile or the other side has left."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self.closing.wait(min(left, 0.05)) or self._is_alone():
                raise OSError("nobody waits for an answer")

    def _is_alone(self) -> bool:
        self.connection.setblocking(False)
        try:
            return self.connection.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        finally:
            self.connection.setblocking(True)


How = Callable[[Visit], object]
"""Answer to a request; after anything but `well` the connection is closed."""


def is_within_head(line: object) -> bool:
    """Return whether a line belongs to the head of a request, which a blank line ends."""
    return line != b"\r\n"


def well(visit: Visit) -> None:
    """Answer as the replica does, and keep the connection open."""
    answer = visit.fetch()
    answer = answer if answer.status == 304 else answer.announced()
    visit.send(answer.head + answer.body)


def status(code: int, body: bytes = b"", **headers: str) -> How:
    """Answer with a status, without asking the replica; the length is announced unless `headers` say otherwise."""
    answer = (
        Answer(code, {"Content-Type": "text/html", "Connection": "close"}, body).announced().with_headers(**headers)
    )
    return lambda visit: visit.send(answer.head + answer.body)


def raw(*parts: bytes, every: float = 0) -> How:
    """Answer with these very bytes, `every` so many seconds a part."""

    def how(visit: Visit) -> None:
        for part in parts:
            visit.send(part)
            visit.wait(every)

    return how


def changed(change: Callable[[bytes], bytes] = bytes, **headers: str | None) -> How:
    """Answer as the replica does with another body, whose length is announced, and other headers on top."""

    def how(visit: Visit) -> None:
        answer = visit.fetch()
        other = replace(answer, body=change(answer.body)).announced().with_headers(Connection="close", **headers)
        visit.send(other.head + other.body)

    return how


def cut(at: float = 0.5, **headers: str | None) -> How:
    """Announce the whole body and close after a part of it; `Content_Length=None` announces nothing."""

    def how(visit: Visit) -> None:
        answer = visit.fetch().announced().with_headers(Connection="close", **headers)
        visit.send(answer.head + answer.body[: int(len(answer.body) * at)])

    return how


def chunked(cut_off: int = 0, size: int = 500) -> How:
    """Answer in chunks; the last `cut_off` bytes of what they come to are left out (5 are the closing chunk)."""

    def how(visit: Visit) -> None:
        answer = visit.fetch().with_headers(Transfer_Encoding="chunked", Connection="close")
        parts = [answer.body[start : start + size] for start in range(0, len(answer.body), size)]
        coded = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in [*parts, b""])
        visit.send(answer.head + coded[: len(coded) - cut_off])

    return how


def drip(seconds: float, size: int = 1) -> How:
    """Answer as the replica does, `size` bytes at a time with so many seconds between."""

    def how(visit: Visit) -> None:
        answer = visit.fetch().announced()
        whole = answer.head + answer.body
        raw(*(whole[start : start + size] for start in range(0, len(whole), size)), every=seconds)(visit)

    return how


def endless(start: bytes = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", block: bytes = b" " * 65536) -> How:
    """Send `start` and then `block` again and again, as fast as the other side takes it."""

    def how(visit: Visit) -> None:
        visit.send(start)
        for _ in count():
            visit.send(block)

    return how


def hang(at: float = 0) -> How:
    """Send so large a part of the answer, then nothing more, and keep the connection open."""

    def how(visit: Visit) -> None:
        _send_part(visit, at)
        visit.wait(3600)

    return how


def reset(at: float = 0) -> How:
    """Send so large a part of the answer, then reset the connection."""

    def how(visit: Visit) -> None:
        _send_part(visit, at)
        visit.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return how


def _send_part(visit: Visit, at: float) -> None:
    if at:
        answer = visit.fetch().announced()
        whole = answer.head + answer.body
        visit.send(whole[: int(len(whole) * at)])
        time.sleep(0.05)  # or a reset overtakes the sent bytes


class Misbehaving(Replica):
    """A replica that is reached through a front door which answers some requests in its own way."""

    def __init__(self, host: str = HOST, **replica: Any) -> None:
        super().__init__(**replica)
        self._front_host = host
        self._front_port = 0
        self._spoilt: dict[str, list[How]] = {}
        self._visits: list[Visit] = []
        self._door = threading.RLock()
        self._listener: socket.socket
        self._closing = threading.Event()

    @property
    def url(self) -> str:
        """The site's root at the front door."""
        host = f"[{self._front_host}]" if ":" in self._front_host else self._front_host
        return f"http://{host}:{self._front_port}/"

    @property
    def visits(self) -> list[Visit]:
        """All requests that came to the front door, in their order."""
        with self._door:
            return self._visits.copy()

    @property
    def asked(self) -> list[str]:
        """The addresses of all requests that came to the front door, in their order."""
        return [visit.target for visit in self.visits]

    def spoil(self, what: str, *hows: How) -> None:
        """Answer requests for a key, an address (path and query), or EVERYTHING in another way than the replica.

        The first of `hows` answers the first request, and so on; the last one answers all that follow. Without `hows`
        all is well again. An address counts before a key, a key before EVERYTHING.
        """
        with self._door:
            self._spoilt[what] = list(hows)

    def heal(self) -> None:
        """Let all be well again, at the front door and behind it."""
        with self._door:
            self._spoilt.clear()
        self.reset()
        for label in NAVIGATION:
            self.rename_label(label, label)
        if self._closing.is_set():
            self.start()

    def start(self) -> None:
        """Open the front door, and the replica behind it."""
        self._closing = threading.Event()
        family = socket.AF_INET6 if ":" in self._front_host else socket.AF_INET
        self._listener = socket.create_server((self._front_host, self._front_port), family=family, backlog=64)
        self._front_port = self._listener.getsockname()[1]
        super().start()
        threading.Thread(target=self._listen, args=(self._listener, self._closing), daemon=True).start()

    def stop(self) -> None:
        """Close both: what is asked from now on is refused; everything else is remembered."""
        self._closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        super().stop()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _listen(self, listener: socket.socket, closing: threading.Event) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self._attend, args=(connection, closing), daemon=True).start()

    def _attend(self, connection: socket.socket, closing: threading.Event) -> None:
        """Answer the requests of one connection, one after the other, for as long as all is well."""
        with suppress(OSError), connection, connection.makefile("rb") as requests:
            how: How = well
            while how is well and not closing.is_set() and (line := requests.readline()):
                pairs = [
                    header.decode("latin-1").partition(":")
                    for header in takewhile(is_within_head, iter(requests.readline, b""))
                ]
                target, headers = line.split()[1].decode("ascii"), {name: value.strip() for name, _, value in pairs}
                fetch = partial(self._fetch, target, headers)
                visit = Visit(target, time.monotonic(), connection, closing, fetch)
                how = self._how(visit)
                how(visit)

    def _how(self, visit: Visit) -> How:
        key = parse_qs(urlsplit(visit.target).query).get("k", [""])[0]
        with self._door:
            self._visits.append(visit)
            hows = next((self._spoilt[what] for what in (visit.target, key, EVERYTHING) if self._spoilt.get(what)), [])
            return (hows.pop(0) if len(hows) > 1 else hows[0]) if hows else well

    def _fetch(self, target: str, headers: dict[str, str]) -> Answer:
        behind = HTTPConnection(HOST, self._port, timeout=10)
        behind.request("GET", target, headers=headers | {"Connection": "close"})
        came = behind.getresponse()
        body = came.read()
        behind.close()
        dropped = {"connection", "content-length", "transfer-encoding"}
        return Answer(came.status, {k: v for k, v in came.getheaders() if k.lower() not in dropped}, body)
