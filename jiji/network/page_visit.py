"""Visit of the browser to one page: its requests, its end, and its screenshot."""

import asyncio
import logging
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO

from playwright.async_api import BrowserContext, Error, Page, Route, WebSocketRoute
from scrapy import Request
from scrapy.http import Response

from jiji.network.page_requests import PageRequest, PageRequests, RefusedRequest
from jiji.network.render_request import RenderRequest

QUIET_SECONDS = 0.3
"""Time without a request and without a change of the text after which a page is complete."""
TIMER_SECONDS = 5.0
"""Delay up to which a timer of the page is waited for, and time after the load for which it is."""
POLL_SECONDS = 0.05
LONGEST_SCREENSHOT = 15_000
"""Pixels from top to bottom of a screenshot: Chromium draws no higher picture in one piece."""
WIDTH, HEIGHT = 1280, 1024

CONTEXT = {
    "accept_downloads": False,
    "service_workers": "block",
    "locale": "en",
    "timezone_id": "Asia/Tokyo",
    "viewport": {"width": WIDTH, "height": HEIGHT},
}
"""Options of the browser context of a page."""
SCRIPT = """(() => {
    const [set, clear, timers] = [window.setTimeout, window.clearTimeout, new Set()];
    window.setTimeout = (run, delay, ...rest) => {
        if (typeof run !== "function") return set(run, delay, ...rest);
        const timer = set((...given) => { timers.delete(timer); run(...given); }, delay, ...rest);
        if (!(delay > LONGEST)) timers.add(timer);
        return timer;
    };
    window.clearTimeout = timer => { timers.delete(timer); clear(timer); };
    Object.defineProperty(window, "jijiTimers", { get: () => timers.size });
    for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport", "SharedWorker", "open"])
        delete window[name], window[name] = undefined;
})()""".replace("LONGEST", str(int(TIMER_SECONDS * 1000)))
"""Script before those of each page: counts the timers set, and removes interfaces that need the network."""
STATE = "[window.jijiTimers, document.body ? document.body.innerText.replace(/[0-9]/g, '').length : -1]"
"""Timers of a page and the length of its text; a clock on the page changes digits only."""
_KEPT_HEADERS = ("content-type", "content-security-policy", "access-control-allow-origin")

logger = logging.getLogger(__name__)


class PageVisit:
    """One page in a browser context of its own, from `begin` to `end`."""

    def __init__(self, request: RenderRequest, requests: PageRequests) -> None:
        self._document = request.document
        self._requests = requests
        self._is_open = False
        self._context: BrowserContext | None = None
        self.screenshot: IO[bytes] | None = None

    async def begin(self, page: Page, request: Request) -> None:
        """Take over all requests of a new page. Without it the browser reaches nothing."""
        self._context = page.context
        page.on("popup", _close)
        await page.context.route("**", self._answer)
        await page.route_web_socket("**", _refuse)
        await page.add_init_script(SCRIPT)
        await page.route("**", self._answer)  # the latest route wins

    async def settle(self, page: Page) -> None:
        """Return once the page is complete; raises playwright's Error."""
        clock = asyncio.get_running_loop().time
        loaded = quiet_since = clock()
        length = None
        while clock() - quiet_since < QUIET_SECONDS:
            await asyncio.sleep(POLL_SECONDS)
            try:
                timers, now_length = await page.evaluate(STATE)
            except Error:  # a navigation by script is under way
                await page.wait_for_load_state()
                timers, now_length = 0, None
            awaits_timer = timers and clock() - loaded < TIMER_SECONDS
            if self._requests.under_way or awaits_timer or now_length != length:
                length, quiet_since = now_length, clock()

    async def photograph(self, page: Page) -> None:
        """Take the screenshot: the full page, up to `LONGEST_SCREENSHOT`."""
        height = await page.evaluate("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": min(max(int(height), 1), LONGEST_SCREENSHOT)}
        png = await page.screenshot(full_page=True, clip=clip, animations="disabled")  # type: ignore[arg-type]
        self.screenshot = TemporaryFile()  # noqa: SIM115 - the response owns it
        self.screenshot.write(png)

    async def end(self) -> None:
        """Close the context with everything that the page has stored or started."""
        if self._context:
            with suppress(Error):
                await self._context.close()

    async def _answer(self, route: Route) -> None:
        try:
            response = await self._response(route)
            headers = {name: value for name, value in _headers(response).items() if name in _KEPT_HEADERS}
            with suppress(Error):  # the page has gone away meanwhile
                await route.fulfill(status=response.status, headers=headers, body=response.body)
        except RefusedRequest:
            with suppress(Error):
                await route.abort("aborted")  # a navigation leaves the page as it is

    async def _response(self, route: Route) -> Response:
        """Return the document the first time, later the response to the request; raises RefusedRequest."""
        request = route.request
        if not self._is_open and request.is_navigation_request():
            self._is_open = True
            return self._document
        return await self._requests.answer(
            PageRequest(request.method, request.url, request.resource_type, request.headers)
        )


def _headers(response: Response) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }


def _refuse(socket: WebSocketRoute) -> None:
    """Leave a WebSocket without a server: Playwright connects to one only on request."""


async def _close(popup: Page) -> None:
    with suppress(Error):
        await popup.close()
