"""A replica that was taken over, and tripwires that count the requests it leads to them."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from aiohttp import web

from devtools.replica import Replica
from tests.conftest import PROJECT, Crawls, Run


class Tripwire(threading.Thread):
    """A loopback port, IPv4 and IPv6, that counts its connections."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.hits = 0
        self.ears = [socket.create_server(("127.0.0.1", 0))]
        self.port: int = self.ears[0].getsockname()[1]
        with suppress(OSError):
            self.ears.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))

    def run(self) -> None:
        others = [threading.Thread(target=self.listen, args=(ear,), daemon=True) for ear in self.ears[1:]]
        for other in others:
            other.start()
        self.listen(self.ears[0])

    def listen(self, ear: socket.socket) -> None:
        with suppress(OSError):
            while True:
                caller, _ = ear.accept()
                self.hits += 1
                caller.close()


class Hostile(Replica):
    """A replica taken over: its pages hold lures, its home and some of its stories send the reader away."""

    head = lures = ""
    home: Callable[[], web.Response] | None = None
    robots: Callable[[], web.Response] | None = None

    def __init__(self) -> None:
        super().__init__(days=7)
        self.away: dict[str, Callable[[], web.Response]] = {}

    async def _respond(self, request: web.Request) -> web.Response:
        answer = await super()._respond(request)
        if request.path == "/" and self.home:
            return self.home()
        if request.path == "/robots.txt" and self.robots:
            return self.robots()
        if instead := self.away.get(request.query.get("k", "")):
            return instead()
        if answer.content_type == "text/html" and isinstance(answer.body, bytes):
            body = answer.body.replace(b"<head>", b"<head>" + self.head.encode("ascii", "xmlcharrefreplace"), 1)
            lures = self.lures.encode("ascii", "xmlcharrefreplace")
            answer.body = body.replace(b'<ul class="clearfix">', b'<ul class="clearfix">' + lures, 1)
        return answer


def elsewhere(
    crawls: Crawls,
    names: dict[str, list[str]],
    sites: list[str],
    trusted: Sequence[str] = (),
    **settings: str | None,
) -> Run:
    """Crawl photos where names have these addresses and other sites are allowed; None leaves a setting out."""
    kept = {**crawls.settings(), **settings}
    options = [part for name, value in kept.items() if value is not None for part in ("-s", f"{name}={value}")]
    done = subprocess.run(
        [sys.executable, "-m", "tests.crawls.elsewhere", "crawl", "photos", *options],
        cwd=PROJECT, capture_output=True, text=True, check=False,
        env={**os.environ, "NAMES": json.dumps(names), "SITES": json.dumps(sites), "TRUSTED": json.dumps(trusted)},
    )  # fmt: skip
    return Run(done.returncode, done.stderr)
