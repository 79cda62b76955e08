"""Download handler on aiohttp: complete responses only, within one deadline and bounded memory.

========  =====================================================================================================
turn      `rate_limit.RateLimiter` and, across processes, `site_lock.SiteLock`: the request waits until it may start
address   `resolver.PublicAddressResolver`: no private addresses (SSRF protection)
time      ``download_timeout`` of the request, from the connection to the last byte
headers   `response_head.HEADERS_LIMIT` bytes in total
body      ``download_maxsize`` of the request, before and after decoding; `body.Body` proves it complete
========  =====================================================================================================
"""

import asyncio
import logging
import ssl
from contextlib import AbstractAsyncContextManager
from functools import cached_property
from ipaddress import ip_address
from typing import TYPE_CHECKING

import aiohttp
from scrapy import Request, signals
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest, StopDownload
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.utils.url import add_http_if_no_scheme
from twisted.python.failure import Failure
from yarl import URL

from jiji.configuration import Configuration
from jiji.crash_marks import CrashMarks, page_of
from jiji.network.body import Body
from jiji.network.content_coding import IncompleteResponse
from jiji.network.download_errors import scrapy_errors, without_silent_retry
from jiji.network.rate_limit import RateLimiter
from jiji.network.render_request import RenderRequest
from jiji.network.resolver import PublicAddressResolver
from jiji.network.response_head import HEADERS_LIMIT, ReceivedResponse
from jiji.network.site_lock import SiteLocks
from jiji.network.tls import tls_context
from jiji.runs.activity import Wait
from jiji.section_run import SectionRun
from jiji.site.urls import site_of
from jiji.stats import RunStats

if TYPE_CHECKING:
    from jiji.network.browser import Browser

GRACE = 10.0
"""Seconds in which responses may still arrive once the run is ending."""
DEADLINE = 180.0
"""Seconds for a request where DOWNLOAD_TIMEOUT is 0."""
DNS_CACHE_SECONDS = 300

logger = logging.getLogger(__name__)


class TruncatedRequest(Request):
    """Request for the beginning of a file: a body above ``download_maxsize`` is cut there instead of being refused."""


class HttpDownloadHandler(BaseDownloadHandler):
    """Handler for http and https."""

    lazy = True  # one session a crawl: of the scheme that the site has

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.stats = RunStats.of(crawler)
        run = SectionRun.opened(crawler)
        self.crash_marks = CrashMarks(run) if run else None
        self.limiter = RateLimiter.of(crawler)
        self.site_locks = SiteLocks(crawler)
        self.resolver = _resolver(crawler)
        self.maxsize = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self.warnsize = crawler.settings.getint("DOWNLOAD_WARNSIZE")
        self.session = self._session()
        self.browser: Browser | None = None

    async def download_request(self, request: Request) -> Response:
        """Return the complete response, without its content codings.

        Raises IncompleteResponse, Scrapy's download errors, PrivateAddress, and IgnoreRequest when the run ends.
        """
        await self.limiter.acquire()
        download = self._rendered_page if isinstance(request, RenderRequest) else self._complete_response
        return await self.site_locks.download(request, download)

    async def _rendered_page(self, request: Request) -> Response:
        """Return the page of a `RenderRequest`; the browser is imported here, by those who need it."""
        assert isinstance(request, RenderRequest)  # noqa: S101 - `download_request` asks
        if self.browser is None:
            from jiji.network.browser import Browser

            self.browser = Browser(self.crawler, self._complete_response)
        return await self.limiter.within_run(self.browser.render(request), GRACE)

    async def _complete_response(self, request: Request) -> Response:
        self.stats.requests += 1
        try:
            work = self._download(request)
            if self.crash_marks:
                work = self.crash_marks.during(page_of(request), work)
            with self.limiter.activity.waiting_for(Wait.RESPONSE):
                response = await self.limiter.within_run(work, GRACE)
        except Exception as error:
            if isinstance(error, IncompleteResponse):
                self.stats.incomplete_responses[error.fault] += 1
            if not isinstance(error, IgnoreRequest):
                self.stats.download_errors[type(error).__name__] += 1
            raise
        self.stats.responses[response.status] += 1
        return response

    async def close(self) -> None:
        """Close the browser, the connections and the site locks."""
        if self.browser:
            await self.browser.close()
        await self.session.close()
        self.site_locks.close()

    async def _download(self, request: Request) -> Response:
        seconds = request.meta.get("download_timeout") or DEADLINE
        body: Body | None = None
        started = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(seconds):
                with scrapy_errors():
                    async with self._send(request) as received:
                        request.meta["download_latency"] = asyncio.get_running_loop().time() - started
                        body = self._body(request, received)
                        return await self._receive(request, body)
        except TimeoutError:
            if body is None or body.is_success:
                came = "no response" if body is None else body.progress
                raise DownloadTimeoutError(
                    f"the response took too long: {came} within {seconds:g} s (DOWNLOAD_TIMEOUT)"
                ) from None
        return _response(request, body, body.decoder.plain(), _headers(body), "dataloss")

    def _session(self) -> aiohttp.ClientSession:
        settings = self.crawler.settings
        bind = settings.get("DOWNLOAD_BIND_ADDRESS")
        connector = aiohttp.TCPConnector(
            resolver=self.resolver,
            limit=0,  # Scrapy's downloader has its own
            local_addr=(bind, 0) if isinstance(bind, str) else bind,
            use_dns_cache=settings.getbool("DNSCACHE_ENABLED"),
            dns_cache_max_size=settings.getint("DNSCACHE_SIZE"),
            ttl_dns_cache=DNS_CACHE_SECONDS,
        )
        return aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=None),  # `_download` has the deadline
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            response_class=ReceivedResponse,
            middlewares=(without_silent_retry,),
            max_line_size=HEADERS_LIMIT,
            max_field_size=HEADERS_LIMIT,
            max_headers=HEADERS_LIMIT,
        )

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return tls_context(self.crawler.settings)

    def _send(self, request: Request) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Return the request on its way; raises PrivateAddress."""
        url = URL(request.url, encoded=True)
        self._check_literal_address(url)
        headers = request.headers.to_tuple_list()
        proxy = URL(add_http_if_no_scheme(request.meta["proxy"])) if request.meta.get("proxy") else None
        if proxy is not None and proxy.host and proxy.port:
            self.resolver.trust(proxy.host, proxy.port)
        if proxy is None or url.scheme == "https":  # a proxy gets its password with CONNECT, nobody else does
            proxy_headers = [(name, value) for name, value in headers if name.lower() == "proxy-authorization"]
            headers = [header for header in headers if header not in proxy_headers]
        else:
            proxy_headers = []
        return self.session.request(
            request.method,
            url,
            headers=headers,
            data=request.body or None,
            allow_redirects=False,
            ssl=self._tls if url.scheme == "https" else True,
            proxy=proxy,
            proxy_headers=proxy_headers if proxy else None,
        )

    def _check_literal_address(self, url: URL) -> None:
        """Raise PrivateAddress for a private address in the place of a host name, which aiohttp does not resolve."""
        host = url.raw_host or ""
        try:
            ip_address(host)
        except ValueError:
            return
        self.resolver.check_addresses(host, url.port or 0, host)

    async def _receive(self, request: Request, body: Body) -> Response:
        """Return the response, once its body is received; raises IncompleteResponse."""
        headers = _headers(body)
        stop = self._stopped(signals.headers_received, request, headers=headers, body_length=body.announced)
        if stop is None:
            async for data in body.parts():
                if stop := self._stopped(signals.bytes_received, request, data=data):
                    break
        if stop is not None:
            response = _response(request, body, body.decoder.plain(), headers, "download_stopped")
            if stop.fail:
                stop.response = response
                raise stop
            return response
        plain = body.complete()
        warnsize = request.meta.get("download_warnsize", self.warnsize)
        if warnsize and len(plain) > warnsize:
            logger.warning("Large response (%s bytes, DOWNLOAD_WARNSIZE is %s): %s", len(plain), warnsize, request)
        return _response(request, body, plain, headers)

    def _stopped(self, signal: object, request: Request, **received: object) -> StopDownload | None:
        """Send a signal, and return the StopDownload that a receiver raised."""
        results = self.crawler.signals.send_catch_log(signal, request=request, spider=self.crawler.spider, **received)
        values = (result.value for _, result in results if isinstance(result, Failure))
        return next((value for value in values if isinstance(value, StopDownload)), None)

    def _body(self, request: Request, received: aiohttp.ClientResponse) -> Body:
        assert isinstance(received, ReceivedResponse)  # noqa: S101 - the session's response_class
        limit = request.meta.get("download_maxsize", self.maxsize)
        return Body(received, limit, truncate=isinstance(request, TruncatedRequest))


def _headers(body: Body) -> Headers:
    return Headers(body.response.raw_headers)


def _response(request: Request, body: Body, content: bytes, headers: Headers, *flags: str) -> Response:
    """Return Scrapy's response; the headers describe the body without its content codings."""
    if body.is_success:
        headers = headers.copy()
        headers.pop("Content-Encoding", None)
    received = body.response
    kind = responsetypes.from_args(headers=headers, url=request.url, body=content)
    return kind(
        url=request.url,
        status=received.status,
        headers=headers,
        body=content,
        flags=[*flags, *(["truncated"] if body.decoder.is_truncated else [])],
        certificate=received.certificate,
        ip_address=received.address,
        protocol=f"HTTP/{received.version.major}.{received.version.minor}" if received.version else None,
    )


def _resolver(crawler: Crawler) -> PublicAddressResolver:
    """Return the resolver; it trusts the host of JIJI_BASE_URL where the user set that."""
    resolver = PublicAddressResolver(crawler.settings.getfloat("DNS_TIMEOUT"))
    configuration = Configuration.from_settings(crawler.settings)
    if configuration.base_url_is_explicit:
        site = site_of(configuration.base_url)
        resolver.trust(site.host, site.port)
    return resolver
