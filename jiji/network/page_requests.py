"""Requests of a page in the browser: answered by the crawler, under the crawler's rules.

=====================  ===========================================================================================
off-site check         `site.urls.offsite_cause`, for each request and each redirect
robots.txt             `robots.RobotsTxtMiddleware`, for the same
address, size          those of the download handler, which sends the requests
time                   `SHARE_OF_DEADLINE` a request
rate limit             a page is one visit, as in a reader's browser: its requests follow each other, one at a time
pictures, fonts        only for a screenshot; media and downloads never
number                 `MOST_REQUESTS` a page
method                 GET only: a page changes nothing on the site
=====================  ===========================================================================================
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urljoin

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import HtmlResponse, Response

from jiji.configuration import Configuration
from jiji.network.rate_limit import RateLimiter, seconds_asked_for
from jiji.network.robots import RobotsTxtMiddleware
from jiji.site.urls import offsite_cause
from jiji.stats import RunStats

MOST_REQUESTS = 60
"""Requests that one page may send, redirects included, the document apart."""
MOST_REDIRECTS = 5
SHARE_OF_DEADLINE = 0.25
"""Share of a page's deadline that one of its requests may take. It ends the wait for an answer that never comes."""
MOST_KEPT = 50
"""Scripts and style sheets kept for the next pages of the run, as a browser's cache keeps them."""
LARGEST_KEPT = 1024 * 1024
"""Bytes of one of them."""

PICTURES = frozenset({"image", "font"})
"""Kinds of request that only a screenshot needs."""
KEPT = frozenset({"script", "stylesheet"})
FRAME = "document"
_NO_ANSWER = (
    CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError, IgnoreRequest,
)  # fmt: skip
SENT_KINDS = frozenset({FRAME, "script", "stylesheet", "xhr", "fetch"})
"""Kinds of request that can bring text."""

logger = logging.getLogger(__name__)


class RefusalCause(StrEnum):
    """Reason for which a request of a page is refused, beside the causes of off-site requests."""

    KIND = "kind"
    METHOD = "method"
    NUMBER = "number"
    ROBOTS = "robots.txt"
    DOWNLOAD = "download"
    FAILED = "failed"


class RefusedRequest(Exception):
    """The request of a page is not sent, or not answered."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class PageRequest(NamedTuple):
    """Request that a page in the browser makes."""

    method: str
    url: str
    kind: str
    """Playwright's resource type."""
    headers: dict[str, str]


def refusal(request: PageRequest, root: str, *, with_pictures: bool) -> str | None:
    """Return the cause for which a page on the site below ``root`` may not make a request; None if it may.

    >>> root = "https://jen.jiji.com/"
    >>> def cause(url, kind="script", method="GET"):
    ...     return refusal(PageRequest(method, url, kind, {}), root, with_pictures=False)
    >>> cause(root + "js/list.js"), cause("https://cdn.example/list.js"), cause(root + "a.png", "image")
    (None, 'host', <RefusalCause.KIND: 'kind'>)
    >>> cause(root + "count", "fetch", "POST"), cause("ws://127.0.0.1/", "websocket")
    (<RefusalCause.METHOD: 'method'>, 'scheme')
    """
    if cause := offsite_cause(request.url, root):
        return str(cause)
    if request.kind not in SENT_KINDS and not (with_pictures and request.kind in PICTURES):
        return RefusalCause.KIND
    return None if request.method == "GET" else RefusalCause.METHOD


@dataclass(eq=False)
class PageRequests:
    """Answers the requests of one page."""

    crawler: Crawler
    fetch: Callable[[Request], Awaitable[Response]]
    """Download of the handler, without a turn of its own."""
    kept: dict[str, Response]
    """Scripts and style sheets of earlier pages, by URL."""
    seconds: float
    """Deadline of the page."""
    with_pictures: bool

    def __post_init__(self) -> None:
        self.sent = 0
        self.under_way = 0
        """Requests of the page that have no answer yet."""
        self._root = Configuration.from_settings(self.crawler.settings).base_url
        self._stats = RunStats.of(self.crawler)
        self._turn = asyncio.Lock()

    async def answer(self, request: PageRequest) -> Response:
        """Return the response to a request of the page; raises RefusedRequest."""
        self.under_way += 1
        try:
            async with self._turn:
                return await self._kept_or_fetched(request)
        except RefusedRequest as refused:
            self._stats.render_refusals[refused.cause] += 1
            logger.debug("Refused request of a rendered page (%s): %s", refused.cause, ascii(request.url[:300])[1:-1])
            raise
        finally:
            self.under_way -= 1

    async def _kept_or_fetched(self, request: PageRequest) -> Response:
        if request.method == "GET" and request.kind in KEPT and (kept := self.kept.get(request.url)):
            return kept
        response = await self._fetched(request)
        is_kept = request.kind in KEPT and response.status == 200 and len(response.body) <= LARGEST_KEPT
        if is_kept and len(self.kept) < MOST_KEPT:
            self.kept[request.url] = response
        return response

    async def _fetched(self, request: PageRequest) -> Response:
        """Return the response behind the redirects of a request."""
        for _ in range(MOST_REDIRECTS + 1):
            await self._check(request)
            response = await self._response(request)
            location = (response.headers.get("Location") or b"").decode("latin-1")
            if not (300 <= response.status < 400 and location):
                break
            request = request._replace(url=urljoin(request.url, location))
        else:
            raise RefusedRequest(RefusalCause.NUMBER)
        if is_download(response, is_frame=request.kind == FRAME):
            raise RefusedRequest(RefusalCause.DOWNLOAD)
        return response

    async def _check(self, request: PageRequest) -> None:
        """Raise RefusedRequest unless the page may make a request."""
        if cause := refusal(request, self._root, with_pictures=self.with_pictures):
            raise RefusedRequest(cause)
        if self.sent >= MOST_REQUESTS:
            raise RefusedRequest(RefusalCause.NUMBER)
        if robots := self.crawler.get_downloader_middleware(RobotsTxtMiddleware):
            try:
                await robots.process_request(Request(request.url))
            except IgnoreRequest as error:
                raise RefusedRequest(RefusalCause.ROBOTS) from error

    async def _response(self, request: PageRequest) -> Response:
        self.sent += 1
        settings = self.crawler.settings
        headers = {
            **settings.getdict("DEFAULT_REQUEST_HEADERS"),
            "User-Agent": settings["USER_AGENT"],
            **{name: value for name, value in request.headers.items() if name in ("accept", "referer")},
        }
        try:
            meta = {"download_timeout": self.seconds * SHARE_OF_DEADLINE}
            response = await self.fetch(Request(request.url, headers=headers, meta=meta))
        except _NO_ANSWER as error:
            raise RefusedRequest(RefusalCause.FAILED) from error
        if asked := seconds_asked_for(response):
            RateLimiter.of(self.crawler).pause(asked)
            self.sent = MOST_REQUESTS  # this page asks for nothing more
        return response


def is_download(response: Response, *, is_frame: bool) -> bool:
    """Return whether a browser would save a response as a file.

    >>> is_download(Response("https://jen.jiji.com/a", headers={"Content-Disposition": "attachment"}), is_frame=False)
    True
    >>> is_download(Response("https://jen.jiji.com/a.zip"), is_frame=True)
    True
    """
    disposition = (response.headers.get("Content-Disposition") or b"").strip().lower()
    return (disposition != b"" and not disposition.startswith(b"inline")) or (
        is_frame and not isinstance(response, HtmlResponse)
    )
