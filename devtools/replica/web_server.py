"""Web server in a thread of its own: the replica's responses over HTTP, with conditional requests."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC

from aiohttp import web

from devtools.replica.site import Page

SHUTDOWN_SECONDS = 0.2

Respond = Callable[[web.Request], Awaitable[web.Response]]


class WebServer(threading.Thread):
    """Thread with an event loop that serves one listening socket."""

    def __init__(self, listener: socket.socket, respond: Respond) -> None:
        super().__init__(name="replica", daemon=True)
        self._listener = listener
        self._respond = respond
        self._serving = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._closing: asyncio.Event

    def start(self) -> None:
        """Start, and return when requests are answered."""
        super().start()
        self._serving.wait()

    def stop(self) -> None:
        """Close the socket and end the thread."""
        self._loop.call_soon_threadsafe(self._closing.set)
        self.join()

    def run(self) -> None:
        """Serve until stopped."""
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application()
        app.router.add_get("/{path:.*}", self._respond)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        await web.SockSite(runner, self._listener).start()
        self._serving.set()
        await self._closing.wait()
        await runner.cleanup()


def http_response(request: web.Request, page: Page) -> web.Response:
    """Return the response with a page, or 304 if the client holds its latest version."""
    response = web.Response(status=page.status, body=page.body, headers={"Content-Type": page.content_type})
    if page.location:
        response.headers["Location"] = page.location
    if page.etag and page.last_modified:
        response.etag = page.etag
        response.last_modified = page.last_modified.astimezone(UTC)
        if _is_current(request, page):
            response.set_status(304)
            response.body = None
    return response


def _is_current(request: web.Request, page: Page) -> bool:
    """Return whether the client holds this version of the page. An ETag takes precedence over a date."""
    if request.if_none_match is not None:
        return page.etag in {tag.value for tag in request.if_none_match}
    since = request.if_modified_since
    return since is not None and page.last_modified is not None and page.last_modified <= since
