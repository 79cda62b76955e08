"""Access log of a replica: begin and end of each request, to show politeness."""

import asyncio
import time
from itertools import pairwise
from typing import Any, NamedTuple

from aiohttp import web

from devtools.replica import Replica


class Access(NamedTuple):
    """One request; times in seconds of the monotonic clock."""

    begin: float
    end: float


class LoggingReplica(Replica):
    """Replica that logs its requests, and takes ``seconds`` for each."""

    def __init__(self, seconds: float, **replica: Any) -> None:
        super().__init__(**replica)
        self._seconds = seconds
        self.log: list[Access] = []

    async def _respond(self, request: web.Request) -> web.Response:
        begin = time.monotonic()
        response = await super()._respond(request)
        await asyncio.sleep(self._seconds)
        self.log.append(Access(begin, time.monotonic()))
        return response


def overlaps(log: list[Access]) -> int:
    """Return the number of requests that came before the one in front of them was answered."""
    return sum(later.begin < earlier.end for earlier, later in pairwise(sorted(log)))


def gaps(log: list[Access]) -> list[float]:
    """Return the seconds between the beginnings of requests."""
    return [later.begin - earlier.begin for earlier, later in pairwise(sorted(log))]
