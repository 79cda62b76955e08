"""Rate limit per site across processes, with a lock file for each host and port.

All runs that share an output folder take turns at ``state/<host>_<port>.turn``.

========================  ==============================================================================
one request at a time     the file is locked (flock) during a download; the kernel frees it at a death
delay between requests    the file holds the start of the last request and the time of the next one
Retry-After               moves the time of the next request, for all processes
stopped process           keeps its lock, and the runs that wait for it end after twice DOWNLOAD_TIMEOUT
========================  ==============================================================================

The delay between two requests of one process is kept by Scrapy and by `RateLimiter`. The file adds the delay after a
request of another process.
"""

import asyncio
import fcntl
import logging
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from jiji.feed.errors import FeedError, named_os_errors
from jiji.network.rate_limit import RateLimiter, seconds_asked_for
from jiji.runs.activity import Wait
from jiji.section_run import SectionRun, end_run
from jiji.stats import EndReason

POLL_SECONDS = 0.02
"""Interval at which a waiting process tries to lock the file."""
LOGGED_WAIT_SECONDS = 60.0
"""Wait from which on the log mentions the pause."""
LONGEST_WAIT_SECONDS = 3600.0
"""Wait above which the file was written before the clock was set back."""
DEFAULT_PATIENCE = 360.0
"""Patience where DOWNLOAD_TIMEOUT is 0."""

_BYTES = 100

logger = logging.getLogger(__name__)


class SiteLockTimeout(Exception):
    """One process has kept the lock of a site for too long."""


class LastRequest(NamedTuple):
    """Content of the file; times in seconds since 1970, so that a restart of the machine does not matter."""

    pid: int
    run: int
    started: float
    next_at: float
    """Time before which no other run starts a request."""
    paused_until: float = 0.0
    """Time before which no run starts a request, because the site asked for it."""

    def to_bytes(self) -> bytes:
        """Return the record, always of one length.

        >>> len(LastRequest(1, 2, 3.0, 4.0).to_bytes())
        100
        """
        times = f"{self.started:.3f} {self.next_at:.3f} {self.paused_until:.3f}"
        return f"{self.pid} {self.run} {times}\n".rjust(_BYTES).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self | None:
        """Return the record; None for an empty or damaged file.

        >>> LastRequest.from_bytes(LastRequest(1, 2, 3.0, 4.0).to_bytes())
        LastRequest(pid=1, run=2, started=3.0, next_at=4.0, paused_until=0.0)
        >>> LastRequest.from_bytes(b"")
        """
        with suppress(ValueError):
            pid, run, started, next_at, paused_until = content.split()
            return cls(int(pid), int(run), float(started), float(next_at), float(paused_until))
        return None


class SiteLock:
    """Lock of one run on the requests to one site; ``sleep`` waits, and may raise to end a wait.

    A lock held for one single request for longer than ``patience`` seconds counts as stuck.
    """

    def __init__(self, folder: Path, site: str, patience: float, sleep: Callable[[float], Awaitable[None]]) -> None:
        self.site = site
        self.path = folder / f"{site.replace(':', '_')}.turn"
        self._patience = patience
        self._sleep = sleep
        self._run = time.time_ns()  # two runs can share a process
        self._own_next_at = 0.0
        """Earliest time of a second request in a row, where another run had the turn before the first."""
        self._own_turn = asyncio.Lock()  # flock would let a second request of this run in
        with named_os_errors(self.path):
            self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)  # less the umask

    async def acquire(self, interval: float, delay: float) -> None:
        """Wait until a request may start, and lock; raises SiteLockTimeout.

        It starts ``interval`` seconds after the last one of this run. One of another run starts ``delay`` seconds
        after it.
        """
        await self._own_turn.acquire()
        try:
            await self._lock_file(interval)
        except BaseException:
            self._own_turn.release()
            raise
        now, last = time.time(), self._read()
        is_contended = last is not None and last.run != self._run
        self._own_next_at = now + (delay if is_contended else 0.0)
        self._write(LastRequest(os.getpid(), self._run, now, now + delay, last.paused_until if last else 0.0))

    def pause(self, seconds: float) -> None:
        """Let no run start a request for some seconds; needs the lock."""
        if last := self._read():
            self._write(last._replace(paused_until=max(last.paused_until, time.time() + seconds)))

    def release(self) -> None:
        """Free the lock."""
        fcntl.flock(self._fd, fcntl.LOCK_UN)
        self._own_turn.release()

    def close(self) -> None:
        """Close the file, which stays: a removed one would let two runs lock two files."""
        os.close(self._fd)

    async def _lock_file(self, interval: float) -> None:
        seen, since, logged = self._read(), time.monotonic(), False
        while True:
            wait = POLL_SECONDS
            if self._try_lock():
                if (wait := self._wait(interval)) <= 0:
                    return
                fcntl.flock(self._fd, fcntl.LOCK_UN)  # a wait never holds the lock
                since = time.monotonic() + wait
                if wait >= LOGGED_WAIT_SECONDS and not logged:
                    logged = True
                    logger.info("The site asked another run to wait: next request to %s in %.0f s", self.site, wait)
            elif (last := self._read()) != seen:
                seen, since = last, time.monotonic()
            elif time.monotonic() - since > self._patience:
                raise SiteLockTimeout(self._timeout_message(last))
            await self._sleep(wait)

    def _wait(self, interval: float) -> float:
        """Return the seconds until this run may start a request."""
        last = self._read()
        if last is None:
            return 0.0
        start = max(last.started + interval, self._own_next_at) if last.run == self._run else last.next_at
        wait = max(start, last.paused_until) - time.time()
        return wait if wait <= LONGEST_WAIT_SECONDS else 0.0

    def _timeout_message(self, last: LastRequest | None) -> str:
        holder = f"process {last.pid}" if last else "another process"
        return (
            f"{holder} has blocked all requests to {self.site} for more than {self._patience:.0f} s "
            f"(lock {self.path}); continue or end that process"
        )

    def _try_lock(self) -> bool:
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _read(self) -> LastRequest | None:
        return LastRequest.from_bytes(os.pread(self._fd, _BYTES, 0))

    def _write(self, last: LastRequest) -> None:
        """Write in place. A full disk is left to the feed, which ends the run."""
        with suppress(OSError):
            os.pwrite(self._fd, last.to_bytes(), 0)


class SiteLocks:
    """The locks of one crawl. A crawler without an open section run (``scrapy shell``) takes none."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._limiter = RateLimiter.of(crawler)
        self._run = SectionRun.opened(crawler)
        self._locks: dict[str, SiteLock] = {}

    async def download(self, request: Request, download: Callable[[Request], Awaitable[Response]]) -> Response:
        """Return the response of ``download``, called with the site locked; raises IgnoreRequest when the run ends."""
        if self._run is None:
            return await download(request)
        lock = await self._acquired(request, self._run)
        try:
            response = await download(request)
            asked = seconds_asked_for(response)
            if asked and asked <= self._run.configuration.max_wait_seconds:  # more ends the run
                lock.pause(asked)
            return response
        finally:
            lock.release()

    def close(self) -> None:
        """Close the files."""
        for lock in self._locks.values():
            lock.close()

    async def _acquired(self, request: Request, run: SectionRun) -> SiteLock:
        slot = self._crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
        interval = self._limiter.interval
        try:
            lock = self._lock(request.url, run)
            await lock.acquire(interval, max(interval, slot.download_delay() if slot else 0.0))
        except FeedError as error:
            run.fail(error)
            raise IgnoreRequest(str(error)) from error
        except SiteLockTimeout as error:
            end_run(self._crawler, EndReason.SITE_LOCKED, str(error))
            raise IgnoreRequest(str(error)) from error
        return lock

    def _lock(self, url: str, run: SectionRun) -> SiteLock:
        parts = urlsplit(url)
        site = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
        if site not in self._locks:
            patience = 2 * self._crawler.settings.getfloat("DOWNLOAD_TIMEOUT") or DEFAULT_PATIENCE
            self._locks[site] = SiteLock(run.output.state, site, patience, self._sleep)
        return self._locks[site]

    async def _sleep(self, seconds: float) -> None:
        with self._limiter.activity.waiting_for(Wait.OTHER_RUN):
            await self._limiter.sleep(seconds)
