"""Limit on the headers of a response, informational (1xx) responses before it included.

aiohttp limits the size of each header and their number, not the bytes of all of them together. A protocol in front of
aiohttp's counts them. It also passes the headers on before the body, so that the status is known even where the body
is malformed, and leaves out invalid header lines, as browsers and Scrapy do.
"""

import asyncio
import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Self

import aiohttp
from aiohttp.http import HttpProcessingError

from jiji.network.content_coding import Fault, IncompleteResponse

if TYPE_CHECKING:
    from aiohttp.client_proto import ResponseHandler
    from aiohttp.connector import Connection

HEADERS_LIMIT = 64 * 1024
"""Bytes of status lines and headers."""
FRAMING_PER_BYTE = 16
"""Bytes of chunk sizes and extensions for each byte of a body, above HEADERS_LIMIT for trailers."""

_BLANK_LINE = re.compile(rb"^\r?\n", re.MULTILINE)
_INVALID_LINE = re.compile(rb"^(?![!#$%&'*+.^_`|~0-9A-Za-z-]+:|[ \t]|\r?\n).*\n", re.MULTILINE)
_INFORMATIONAL = re.compile(rb"HTTP/\d\.\d 1(?!01)\d\d")


class HeadProtocol(asyncio.Protocol):
    """Protocol between a transport and aiohttp's, for all responses of one connection."""

    def __init__(self, transport: asyncio.Transport, inner: "ResponseHandler") -> None:
        self.transport = transport
        self.inner = inner
        self.expect_response()

    @classmethod
    def of(cls, transport: asyncio.Transport, inner: "ResponseHandler") -> Self:
        """Return the connection's protocol, ready for the next response."""
        found = transport.get_protocol()
        if isinstance(found, cls):
            found.expect_response()
            return found
        protocol = cls(transport, inner)
        transport.set_protocol(protocol)
        return protocol

    def expect_response(self) -> None:
        """Count the headers of the next response."""
        self._is_in_head = self._is_status_next = True
        self._is_informational = False
        self._left = HEADERS_LIMIT
        self._line = b""
        """The unfinished line of the headers."""
        self._content: aiohttp.StreamReader | None = None
        self._body_bytes = 0

    def expect_body(self, content: aiohttp.StreamReader) -> None:
        """Watch over the body that ``content`` is read from."""
        self._content = content
        self._check_body()

    def data_received(self, data: bytes) -> None:
        """Pass data on, headers and body apart; headers above the limit abort the connection."""
        while data and self._is_in_head:
            data = self._head_received(data)
        if data:
            self._body_bytes += len(data)
            self.inner.data_received(data)
            self._check_body()

    def _check_body(self) -> None:
        """Fail a body with malformed chunks, for which aiohttp would wait, or with endless chunk sizes or trailers."""
        content = self._content
        if content is None or content.is_eof():
            return
        is_flooded = self._body_bytes > HEADERS_LIMIT + (FRAMING_PER_BYTE + 1) * content.total_bytes
        if self.has_surplus or is_flooded:
            content.set_exception(aiohttp.ClientPayloadError("malformed chunks"))
            self.transport.abort()

    def _head_received(self, data: bytes) -> bytes:
        """Pass complete lines of the headers on, and return the bytes behind their end."""
        text = self._line + data
        if self._is_status_next:
            text = text.lstrip(b"\r\n")  # blank lines may come first
        self._left -= len(self._line) + len(data) - len(text)
        end = _BLANK_LINE.search(text)
        size = end.end() if end else text.rfind(b"\n") + 1
        self._left -= size
        lines, rest = text[:size], text[size:]
        if self._left < (0 if end else len(rest)):
            self._abort()
            return b""
        self._line = b"" if end else rest
        if lines:
            self._pass_on(lines)
        if end:
            self._is_in_head = self._is_status_next = self._is_informational
        return rest if end else b""

    def _pass_on(self, lines: bytes) -> None:
        status = b""
        if self._is_status_next:
            status, newline, lines = lines.partition(b"\n")
            status += newline
            self._is_status_next = False
            self._is_informational = bool(_INFORMATIONAL.match(status))
        self.inner.data_received(status + _INVALID_LINE.sub(b"", lines))  # browsers skip invalid lines

    def _abort(self) -> None:
        self.inner.set_exception(
            IncompleteResponse(Fault.HEADERS_TOO_LARGE, f"more than {HEADERS_LIMIT} bytes of headers")
        )
        self.transport.abort()

    @property
    def has_surplus(self) -> bool:
        """Whether the body was malformed, or other bytes were received with its end."""
        return isinstance(self.inner.exception(), HttpProcessingError) or len(self.inner) > 0

    def eof_received(self) -> None:
        """Pass the end of the stream on."""
        self.inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass the end of the connection on."""
        self.inner.connection_lost(exc)

    def pause_writing(self) -> None:
        """Pass a full send buffer on."""
        self.inner.pause_writing()

    def resume_writing(self) -> None:
        """Pass a drained send buffer on."""
        self.inner.resume_writing()


class ReceivedResponse(aiohttp.ClientResponse):
    """aiohttp's response, with facts about the connection that are lost once the body has ended."""

    head: HeadProtocol
    address: IPv4Address | IPv6Address | None = None
    certificate: bytes | None = None
    """The server's certificate in DER form."""

    async def start(self, connection: "Connection") -> aiohttp.ClientResponse:
        """Receive the headers."""
        transport, protocol = connection.transport, connection.protocol
        if transport is None or protocol is None:
            raise aiohttp.ServerDisconnectedError
        self.head = HeadProtocol.of(transport, protocol)
        if peer := transport.get_extra_info("peername"):
            self.address = ip_address(peer[0].partition("%")[0])
        if tls := transport.get_extra_info("ssl_object"):
            self.certificate = tls.getpeercert(binary_form=True)
        response = await super().start(connection)
        self.head.expect_body(self.content)
        return response
