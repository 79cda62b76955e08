"""Browser of a crawl: Chromium through scrapy-playwright's handler, started at the first page that needs it.

Only the download handler imports this module, and only for a `RenderRequest`: an ordinary crawl loads no browser.
"""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count

from playwright.async_api import Error
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response, TextResponse
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from jiji.configuration import Configuration
from jiji.network.chromium import ChromiumProvider
from jiji.network.find_chromium import find_chromium
from jiji.network.offsite import OffsiteRequest
from jiji.network.page_requests import PageRequests
from jiji.network.page_visit import CONTEXT, PageVisit
from jiji.network.render_request import RenderedResponse, RenderRequest
from jiji.site.urls import offsite_cause
from jiji.stats import RunStats

DEADLINE = 60.0
"""Seconds for a page where DOWNLOAD_TIMEOUT is 0."""
CLOSE_SECONDS = 5.0
"""Seconds in which a page has to go away; the browser is started anew after one that does not."""


class Browser:
    """Opens pages one at a time, each in a browser context of its own."""

    def __init__(self, crawler: Crawler, fetch: Callable[[Request], Awaitable[Response]]) -> None:
        configuration = Configuration.from_settings(crawler.settings)
        self._crawler = crawler
        self._path = find_chromium(configuration.chromium)
        self._root = configuration.base_url
        self._fetch = fetch
        self._stats = RunStats.of(crawler)
        self._kept: dict[str, Response] = {}
        self._numbers = count(1)
        self._turn = asyncio.Lock()
        self._handler: ScrapyPlaywrightDownloadHandler | None = None

    async def render(self, request: RenderRequest) -> Response:
        """Return the page after its scripts have run; raises DownloadTimeoutError, DownloadFailedError."""
        async with self._turn:
            seconds = request.meta.get("download_timeout") or DEADLINE
            requests = PageRequests(self._crawler, self._fetch, self._kept, seconds, request.wants_screenshot)
            visit = PageVisit(request, requests)
            try:
                handler = await self._started()
                async with asyncio.timeout(seconds):
                    page = await handler.download_request(_page_request(request, visit, next(self._numbers)))
            except TimeoutError:
                raise DownloadTimeoutError(
                    f"the page was not complete within {seconds:g} s (DOWNLOAD_TIMEOUT)"
                ) from None
            except Error as error:
                raise DownloadFailedError(
                    f"the browser could not open the page: {error.message.splitlines()[0]}"
                ) from error
            finally:
                await self._end(visit)
            self._stats.rendered += 1
            return self._rendered(page, visit)

    async def close(self) -> None:
        """End the browser."""
        handler, self._handler = self._handler, None
        if handler:
            await handler.close()

    async def _started(self) -> ScrapyPlaywrightDownloadHandler:
        """Return scrapy-playwright's handler with our provider, which it calls for the browser."""
        if self._handler is None:
            if self._path is None:
                raise DownloadFailedError("no Chromium was found (JIJI_CHROMIUM)")
            handler = ScrapyPlaywrightDownloadHandler.from_crawler(self._crawler)
            handler.browser_provider = ChromiumProvider(self._path)
            await handler.browser_provider.start()
            self._handler = handler
        return self._handler

    async def _end(self, visit: PageVisit) -> None:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await visit.end()
        except TimeoutError:
            await self.close()

    def _rendered(self, page: Response, visit: PageVisit) -> RenderedResponse:
        """Return the page as a response; raises OffsiteRequest where a script has left the site."""
        if cause := offsite_cause(page.url, self._root):
            raise OffsiteRequest(cause, f"a script of the page leads to {page.url[:100]!a}")
        text = page.text if isinstance(page, TextResponse) else ""
        body = text.replace("\x1b", "").encode("ascii", "xmlcharrefreplace")  # the same text in any charset
        headers = {"Content-Type": "text/html; charset=utf-8"}
        return RenderedResponse(page.url, headers=headers, body=body, encoding="utf-8", screenshot=visit.screenshot)


def _page_request(request: RenderRequest, visit: PageVisit, number: int) -> Request:
    """Return the request for scrapy-playwright, with its documented keys in ``meta``."""
    steps = [PageMethod(visit.settle)]
    if request.wants_screenshot:
        steps.append(PageMethod(visit.photograph))
    return Request(
        request.url,
        headers=request.headers,
        meta={
            "playwright": True,
            "playwright_context": f"page-{number}",
            "playwright_context_kwargs": CONTEXT,
            "playwright_page_init_callback": visit.begin,
            "playwright_page_goto_kwargs": {"wait_until": "commit"},
            "playwright_page_methods": steps,
        },
    )
