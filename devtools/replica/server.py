"""Replica: the site on a loopback port, with methods to change it while it serves."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from devtools.replica.behaviour import Behaviour
from devtools.replica.labels import Labels
from devtools.replica.ledger import Row, row
from devtools.replica.published import PublishedStories
from devtools.replica.scripted import SLOW_PATH
from devtools.replica.site import Site
from devtools.replica.web_server import WebServer, http_response

HOST = "127.0.0.1"


class Replica(Behaviour):
    """Local site with invented stories, served at `url` between `start` and `stop` or within a `with` block.

    Every method may be called while it serves. The same `seed`, `days` and `per_day` give the same site. `port` 0 takes
    a free port, which a stopped replica keeps for its next start.
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
        self._stories = PublishedStories(seed, days, per_day)
        self._labels = Labels()
        self._site = Site(self._stories, self._labels, behaviour=self)
        self._requests: Counter[str] = Counter()
        self._article_requests = 0
        self._lock = threading.RLock()
        self._server: WebServer | None = None

    def start(self) -> None:
        """Open the port and serve."""
        listener = socket.create_server((HOST, self._port))
        self._port = listener.getsockname()[1]
        self._site.base = self.url
        self._server = WebServer(listener, self._respond)
        self._server.start()

    def stop(self) -> None:
        """Close the port. Stories and counts stay."""
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
        """The site's root. Final after the first start."""
        return f"http://{HOST}:{self._port}/"

    @property
    def requests(self) -> Counter[str]:
        """Number of requests for each path with its query, as requested."""
        with self._lock:
            return self._requests.copy()

    @property
    def article_requests(self) -> int:
        """Number of requests with an article ID in the query."""
        with self._lock:
            return self._article_requests

    def ledger(self, section: str) -> list[Row]:
        """Return the expected lines of a section's feed, newest story first.

        Sections are "national", "politics", "economy", "sports", "other", "journal" and "photos".
        """
        with self._lock:
            return [row(story, section, self._site.breadcrumbs(story), self.url) for story in self._stories.of(section)]

    def listed(self, section: str) -> list[str]:
        """Return the article IDs on the section's index pages, newest first."""
        with self._lock:
            return [story.key for story in self._stories.listed(section)]

    def publish(self, n: int = 1) -> list[str]:
        """Publish `n` new stories of NATIONAL. Return their article IDs in order of publication."""
        with self._lock:
            return self._stories.publish(n)

    def revise(self, key: str, headline: str | None = None, body: str | None = None, drop_images: bool = False) -> None:
        """Change a story under its article ID. `body` is plain paragraphs separated by a blank line."""
        with self._lock:
            self._stories.revise(key, headline, body, drop_images)

    def restyle(self, key: str) -> None:
        """Show a story in another layout."""
        with self._lock:
            self._stories.restyle(key)

    def withdraw(self, key: str) -> None:
        """Remove a story from the site, its index pages and the ledgers. Its page answers 404."""
        with self._lock:
            self._stories.withdraw(key)

    def unlist(self, key: str) -> None:
        """Remove a story from all index pages. Its page and its row in the ledger stay."""
        with self._lock:
            self._stories.unlist(key)

    def hide_oldest(self, n: int) -> list[str]:
        """Remove the `n` oldest stories of NATIONAL from its index pages. Return their article IDs."""
        with self._lock:
            hidden = [story.key for story in self._stories.listed("national")[-n:]]
            for key in hidden:
                self._stories.unlist(key)
            return hidden

    def show(self, keys: list[str]) -> None:
        """Put unlisted stories at the end of their index pages, behind all others."""
        with self._lock:
            self._stories.relist(keys)

    def rename_label(self, label: str, shown: str | None) -> None:
        """Print another text for a label of the navigation. None removes it from the navigation."""
        with self._lock:
            self._labels.rename(label, shown)

    async def _respond(self, request: web.Request) -> web.Response:
        if request.path == SLOW_PATH:
            await asyncio.sleep(3600)
        with self._lock:
            self._requests[request.raw_path] += 1
            self._article_requests += "k" in request.query
            page = self._site.page(request.path, request.query)
        return http_response(request, page)


def serve(
    port: int,
    seed: int = 1,
    days: int = 40,
    per_day: int = 7,
    ready: Callable[[str], object] | None = None,
    scripted: str | None = None,
) -> None:
    """Serve a replica until Ctrl-C. `ready` is called with the site's root once requests are answered.

    Home and the pages of the section `scripted` are shells.
    """
    with Replica(port, seed, days, per_day) as replica:
        if scripted:
            replica.scripted = {"home", scripted}
        if ready:
            ready(replica.url)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return
