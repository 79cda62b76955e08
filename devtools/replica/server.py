"""Serves the replica over HTTP on loopback, from a thread of its own."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC
from types import TracebackType
from typing import Self

from aiohttp import web

from devtools.replica.blocks import Labels
from devtools.replica.ledger import Row, row
from devtools.replica.newsstand import Newsstand
from devtools.replica.site import Answer, Habits, Site

HOST = "127.0.0.1"
SHUTDOWN_SECONDS = 0.2

Respond = Callable[[web.Request], Awaitable[web.Response]]


class Replica(Habits):
    """The site with invented stories, to be had at `url` between `start` and `stop`.

    It is a context manager, and every method may be called while it serves. `port` 0 takes a free port, which is kept
    when the replica is stopped and started again. The same `seed`, `days` and `per_day` give the same site.
    """

    def __init__(
        self,
        port: int = 0,
        seed: int = 1,
        days: int = 40,
        per_day: int = 7,
        shift_every: int = 0,
        endless: bool = False,
    ) -> None:
        super().__init__(shift_every=shift_every, endless=endless)
        self._port = port
        self._newsstand = Newsstand(seed, days, per_day)
        self._labels = Labels()
        self._site = Site(self._newsstand, self._labels, habits=self)
        self._requests: Counter[str] = Counter()
        self._article_requests = 0
        self._lock = threading.RLock()
        self._server: _Server | None = None

    def start(self) -> None:
        """Open the port and serve."""
        listener = socket.create_server((HOST, self._port))
        self._port = listener.getsockname()[1]
        self._site.base = self.url
        self._server = _Server(listener, self._respond)
        self._server.start()

    def stop(self) -> None:
        """Close the port; what was published, revised and counted stays."""
        if self._server:
            self._server.stop()
            self._server = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The site's root, known once it has been started."""
        return f"http://{HOST}:{self._port}/"

    @property
    def requests(self) -> Counter[str]:
        """How often each address (path and query as asked) was requested."""
        with self._lock:
            return self._requests.copy()

    @property
    def article_requests(self) -> int:
        """How many requests had a story's key in their query."""
        with self._lock:
            return self._article_requests

    def ledger(self, section: str) -> list[Row]:
        """What a perfect reader would have in the section's feed, newest first.

        Sections are "national", "politics", "economy", "sports", "other", "journal" and "photos".
        """
        with self._lock:
            return [
                row(story, section, self._site.breadcrumbs(story), self.url) for story in self._newsstand.of(section)
            ]

    def listed(self, section: str) -> list[str]:
        """The keys on the section's lists, newest first."""
        with self._lock:
            return [story.key for story in self._newsstand.listed(section)]

    def publish(self, n: int = 1) -> list[str]:
        """Bring out `n` new stories of NATIONAL; their keys, in order of publication."""
        with self._lock:
            return self._newsstand.publish(n)

    def revise(self, key: str, headline: str | None = None, body: str | None = None, drop_images: bool = False) -> None:
        """Rewrite a story under its key; `body` is plain paragraphs with a blank line between them."""
        with self._lock:
            self._newsstand.revise(key, headline, body, drop_images)

    def restyle(self, key: str) -> None:
        """Show the same words in another layout."""
        with self._lock:
            self._newsstand.restyle(key)

    def withdraw(self, key: str) -> None:
        """Take a story off the site: its page answers 404, no list shows it, no ledger has it."""
        with self._lock:
            self._newsstand.withdraw(key)

    def unlist(self, key: str) -> None:
        """Take a story off all lists; its page stays, and so does its row in the ledger."""
        with self._lock:
            self._newsstand.unlist(key)

    def rename_label(self, label: str, shown: str | None) -> None:
        """Show another text for a label of the navigation; None leaves it out of the navigation."""
        with self._lock:
            self._labels.rename(label, shown)

    async def _respond(self, request: web.Request) -> web.Response:
        with self._lock:
            self._requests[request.raw_path] += 1
            self._article_requests += "k" in request.query
            answer = self._site.answer(request.path, request.query)
        return _response(request, answer)


def serve(
    port: int, seed: int = 1, days: int = 40, per_day: int = 7, ready: Callable[[str], object] | None = None
) -> None:
    """Serve a replica until Ctrl-C; `ready` is called with its root address once it can be reached."""
    with Replica(port, seed, days, per_day) as replica:
        if ready:
            ready(replica.url)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


def _response(request: web.Request, answer: Answer) -> web.Response:
    response = web.Response(status=answer.status, body=answer.body, headers={"Content-Type": answer.content_type})
    if answer.location:
        response.headers["Location"] = answer.location
    if answer.etag and answer.changed:
        response.etag = answer.etag
        response.last_modified = answer.changed.astimezone(UTC)
        if _is_known(request, answer):
            response.set_status(304)
            response.body = None
    return response


def _is_known(request: web.Request, answer: Answer) -> bool:
    """Whether the client holds this very page; its ETag counts before its date."""
    if request.if_none_match is not None:
        return answer.etag in {tag.value for tag in request.if_none_match}
    since = request.if_modified_since
    return since is not None and answer.changed is not None and answer.changed <= since


class _Server(threading.Thread):
    """Runs an event loop that answers on one socket."""

    def __init__(self, listener: socket.socket, respond: Respond) -> None:
        super().__init__(name="replica", daemon=True)
        self._listener = listener
        self._respond = respond
        self._serving = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._closing: asyncio.Event

    def start(self) -> None:
        super().start()
        self._serving.wait()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self.join()

    def run(self) -> None:
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
