"""The download itself: Scrapy's, which hands on whole answers only, in their turn."""

import re
from collections.abc import Iterable

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Response
from scrapy.responsetypes import responsetypes
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.web._newclient import HTTP11ClientProtocol
from twisted.web._newclient import Request as SentRequest
from twisted.web.http import _IdentityTransferDecoder
from twisted.web.iweb import IResponse

from jiji.network.content_coding import NotWhole, decoded
from jiji.network.rate_limit import Throttle

HEADERS_LIMIT = 64 * 1024
"""Bytes that the status line and headers of an answer may come to; Twisted has no limit for them together."""

GRACE = 10.0
"""Seconds in which answers may still arrive once the run is being stopped."""

PARTIAL_CONTENT = 206

_END_OF_PAGE = re.compile(rb"</html\s*>(\s|<!--.*?-->)*\Z", re.IGNORECASE | re.DOTALL)
_TAIL = 2048
"""Bytes in which a page's end is looked for: searching all of a hostile page could take for ever."""

_CLEAR = {
    CannotResolveHostError: "no address is known for the host",
    DownloadConnectionRefusedError: "the connection was refused",
    DownloadFailedError: "the connection was lost, or what came is not HTTP",
}


class WholePages(HTTP11DownloadHandler):
    """Download in turn; what did not arrive whole is an error, and Scrapy's retry middleware tries it again."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory
        self._fail_on_dataloss = False  # `whole` judges: a 429 whose body is short is still a 429

    async def download_request(self, request: Request) -> Response:
        """Return the answer, out of its content codings; raises NotWhole, or Scrapy's errors in clear words."""
        await Throttle.of(self._crawler).pace.turn()
        try:
            response = await self._received(request)
            return whole(response, request.meta.get("download_maxsize", self._default_maxsize))
        except NotWhole as error:
            self._crawler.stats.inc_value(f"jiji/integrity/{error.reason}")
            raise

    async def _received(self, request: Request) -> Response:
        """Return the answer as it came; one that is under way when the run is being stopped has GRACE to arrive."""
        try:
            return await Throttle.of(self._crawler).pace.within_run(super().download_request(request), GRACE)
        except DownloadCancelledError as error:
            raise NotWhole("too_long", f"more than {self._default_maxsize} bytes") from error
        except DownloadTimeoutError as error:
            raise DownloadTimeoutError("the answer took too long") from error
        except tuple(_CLEAR) as error:
            if _names(error, _HeadersTooLong):
                raise NotWhole("headers_too_long", f"more than {HEADERS_LIMIT} bytes of headers") from error
            raise type(error)(_CLEAR[type(error)]) from error


def whole(response: Response, limit: int) -> Response:
    """Return a page as its server meant it; raises NotWhole where something of it is missing or too much.

    Answers other than pages (2xx) are handed on as they are: what counts there is the status.
    """
    if not 200 <= response.status < 300 or "download_stopped" in response.flags:
        return response
    announced = "Content-Length" in response.headers
    if "dataloss" in response.flags:
        told = ("short", "the body is not as long as announced") if announced else ("cut", "the body is cut")
        raise NotWhole(*told)
    if response.status == PARTIAL_CONTENT:
        raise NotWhole("cut", "a part was sent where all was asked for")
    codings = ",".join(value.decode("latin-1") for value in response.headers.getlist("Content-Encoding"))
    body = decoded(response.body, codings.split(","), limit)
    if not codings and "partial" in response.flags and not _ends(body, response.headers.get("Content-Type") or b""):
        raise NotWhole("cut", "the connection was closed without a length, and not at the end of a page")
    return _with_body(response, body) if codings else response


def _ends(body: bytes, kind: bytes) -> bool:
    """Say whether a body ends as a whole one does: a text with a line, anything else as a page of HTML."""
    tail = body[-_TAIL:]
    return tail.endswith((b"\n", b"\r")) if kind.startswith(b"text/plain") else bool(_END_OF_PAGE.search(tail))


def _with_body(response: Response, body: bytes) -> Response:
    headers = response.headers.copy()
    del headers["Content-Encoding"]
    kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
    return response.replace(cls=kind, headers=headers, body=body)


def _names(error: BaseException, kind: type[BaseException]) -> bool:
    """Say whether one of the failures behind Twisted's error is of a kind."""
    failures: Iterable[object] = getattr(error.__cause__, "reasons", ())
    return any(isinstance(getattr(failure, "value", None), kind) for failure in failures)


class _HeadersTooLong(Exception):
    """The head of an answer has more bytes than any site sends."""


class _Parser(_LenientHTTPClientParser):
    """Count the bytes of an answer's head, informational answers before it included; see when a body does not end."""

    MAX_LENGTH = HEADERS_LIMIT
    head = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        self.head += len(line) + 1
        if self.head > HEADERS_LIMIT:
            self.lineLengthExceeded(line)
        super().lineReceived(line)

    def _finished(self, rest: bytes) -> None:
        """Take a body that is longer than announced for what it is, not for a whole one."""
        if rest.strip() and isinstance(self.bodyDecoder, _IdentityTransferDecoder):
            self.bodyDecoder.contentLength = -len(rest)
        super()._finished(rest)  # type: ignore[no-untyped-call]

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        self.transport._producer.abortConnection()  # type: ignore[union-attr]
        raise _HeadersTooLong


class _Protocol(_LenientHTTP11ClientProtocol):
    """Scrapy's connection, with our parser."""

    def request(self, request: SentRequest) -> Deferred[IResponse]:
        answered: Deferred[IResponse] = super().request(request)
        self._parser.__class__ = _Parser  # the way in which Scrapy itself puts its parser here
        return answered


class _Factory(_LenientHTTP11ClientFactory):
    """Scrapy's factory, of our connections."""

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: N802
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
