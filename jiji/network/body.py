"""Body of a response: received within the size limits, and proven complete.

============================  ===================================================================================
Content-Length                as many bytes as announced, and none behind them
chunked                       the last chunk
gzip, deflate                 the coding's own end and checksum
none of these                 ``</html>`` at the end; in plain text a line end
gzip with a larger            gzip's end and checksum, and a plain body that is as long as announced or ends as a page:
Content-Length                some servers announce the length of the plain page. The other bytes never come.
============================  ===================================================================================

Only 2xx responses are judged. Of any other response only the status counts.
"""

import asyncio
import re
from collections.abc import AsyncIterator

import aiohttp

from jiji.network.content_coding import Decoder, Fault, IncompleteResponse
from jiji.network.response_head import ReceivedResponse

PARTIAL_CONTENT = 206
NO_BODY = frozenset({204, 205, 304})
QUIET_SECONDS = 1.0
"""Silence after the end of a gzip body that is shorter than announced; after it nothing more is expected."""

_END_OF_PAGE = re.compile(rb"</html\s*>(?>\s|<!--.*?-->)*+\Z", re.IGNORECASE | re.DOTALL)  # atomic: linear time
_TAIL = 2048
"""Bytes in which the end of a page is looked for; a search in all of a hostile page could take for ever."""


class Body:
    """Body of one response.

    ``limit`` is its largest size in bytes, before and after decoding. With ``truncate`` a longer body is cut there.
    """

    def __init__(self, response: ReceivedResponse, limit: int, *, truncate: bool = False) -> None:
        self.response = response
        self.is_success = 200 <= response.status < 300
        self.has_body = response.method != "HEAD" and response.status not in NO_BODY
        headers = response.headers
        self.announced = int(headers["Content-Length"]) if "Content-Length" in headers else None
        self.limit = limit
        self.truncates = truncate or not self.is_success
        codings = ",".join(headers.getall("Content-Encoding", [])) if self.is_success and self.has_body else ""
        self.decoder = Decoder(codings, limit, truncate=self.truncates)
        self.received = 0
        """Bytes received, before decoding."""
        self._error: IncompleteResponse | None = None

    async def parts(self) -> AsyncIterator[bytes]:
        """Receive the body, and yield its parts as they came.

        Raises IncompleteResponse for a 2xx response that is too large or not decodable.
        """
        if self.has_body and not self.truncates and self.limit and (self.announced or 0) > self.limit:
            raise IncompleteResponse(Fault.TOO_LARGE, f"{self.announced} bytes announced, more than {self.limit}")
        while not self.decoder.is_truncated and (data := await self._next()):
            self.received += len(data)
            self.decoder.feed(data)
            if self.limit and self.received > self.limit and not self.truncates:
                raise IncompleteResponse(Fault.TOO_LARGE, f"more than {self.limit} bytes")
            yield data

    async def _next(self) -> bytes:
        """Return the next part of the body; nothing at its end."""
        try:
            if not self._may_end_here():
                return await self.response.content.readany()
            if self.decoder.size == self.announced:
                return b""
            async with asyncio.timeout(QUIET_SECONDS):
                return await self.response.content.readany()
        except TimeoutError:
            return b""
        except aiohttp.ClientPayloadError as error:
            self._error = self._as_incomplete(error)
            return b""

    @property
    def progress(self) -> str:
        """Bytes received so far, in words."""
        return f"{self.received} bytes" if self.announced is None else f"{self.received} of {self.announced} bytes"

    def _may_end_here(self) -> bool:
        """Return whether a gzip body is complete though more bytes were announced."""
        if not self.decoder.is_proven or self.announced is None or self.received >= self.announced:
            return False
        return self.decoder.size == self.announced or self._ends_as_page(self.decoder.plain())

    def _as_incomplete(self, error: aiohttp.ClientPayloadError) -> IncompleteResponse:
        if self.announced is not None:
            return IncompleteResponse(Fault.SHORT, f"the body is shorter than announced: {self.progress}")
        return IncompleteResponse(Fault.CUT, "the body is cut, or its chunks are malformed")

    def complete(self) -> bytes:
        """Return the plain body; raises IncompleteResponse for a 2xx response unless the body is proven complete."""
        if not self.is_success or not self.has_body or self.decoder.is_truncated:
            return self.decoder.plain()
        self._check_transfer()
        body = self.decoder.finish()
        if self._is_closed_to_end and not self.decoder.is_coded and not self._ends_as_page(body):
            raise IncompleteResponse(
                Fault.CUT, "the connection was closed without a Content-Length, and not at the end of a page"
            )
        return body

    def _check_transfer(self) -> None:
        if self._error is not None and not self._may_end_here():
            raise self._error
        if self.response.head.has_surplus:
            raise IncompleteResponse(Fault.LONG, "the body is longer than announced")
        if self.response.status == PARTIAL_CONTENT and "Range" not in self.response.request_info.headers:
            raise IncompleteResponse(Fault.CUT, "a part was sent (206), though the whole was requested")
        unknown = {*self._transfer_codings} - {"", "chunked", "identity"}
        if unknown:
            raise IncompleteResponse(Fault.CODING, f"the transfer coding {min(unknown)[:20]!a} was not asked for")

    @property
    def _transfer_codings(self) -> list[str]:
        values = ",".join(self.response.headers.getall("Transfer-Encoding", []))
        return [value.strip().lower() for value in values.split(",")]

    @property
    def _is_closed_to_end(self) -> bool:
        """Whether the end of the connection is the end of the body."""
        return self.announced is None and "chunked" not in self._transfer_codings

    def _ends_as_page(self, body: bytes) -> bool:
        tail = body[-_TAIL:]
        if self.response.headers.get("Content-Type", "").lower().startswith("text/plain"):
            return tail.endswith((b"\n", b"\r"))
        return bool(_END_OF_PAGE.search(tail))
