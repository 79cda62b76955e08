"""Rate limit of a crawl, and the pauses that the site asks for.

====================================  ==================================================================
one request at a time                 CONCURRENT_REQUESTS = 1
delay between requests, with jitter   DOWNLOAD_DELAY, DOWNLOAD_DELAY_JITTER, or robots.txt's Crawl-delay
longer while the site is slow         AUTOTHROTTLE_ENABLED, in Scrapy
pause asked for by 429 or 503         Retry-After, together at most JIJI_MAX_WAIT_SECONDS
back-off before a retry               JIJI_BACKOFF_SECONDS, doubled each time, with jitter
end of the run                        JIJI_MAX_REFUSALS answers 401, 402, 403 or 451 in a row
====================================  ==================================================================

Scrapy keeps the first three between the requests of a downloader slot. `RateLimiter` stands behind the slots, as the
last step before the network: a pause holds the requests that have left the queue too.
"""

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import Any, ClassVar, Self, TypeVar
from weakref import WeakKeyDictionary, ref

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from jiji.configuration import Configuration
from jiji.exceptions import RunEnding
from jiji.network.backoff import backoff, http_date, retry_after
from jiji.runs.activity import Activity, Wait
from jiji.section_run import SectionRun, end_run
from jiji.stats import EndReason, RunStats

POLL_SECONDS = 0.5
"""Interval at which a waiting request looks for the end of the run: Scrapy has no signal for its beginning."""

MOST_WAITS = 3
"""Pauses for one request. It fails then, if the site serves other pages."""
FORBIDDEN = (401, 402, 403, 451)
TOO_MANY_REQUESTS = 429
ASKS_TO_WAIT = (TOO_MANY_REQUESTS, 503)

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


class RateLimiter:
    """Rate limiter of one crawl: requests start one by one, at least ``interval`` seconds apart, none in a pause."""

    _BY_CRAWLER: ClassVar[WeakKeyDictionary[Crawler, "RateLimiter"]] = WeakKeyDictionary()

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = ref(crawler)  # _BY_CRAWLER must not keep it
        self._stats = RunStats.of(crawler)
        shortest = settings.getfloat("DOWNLOAD_DELAY") * (1 - settings.getfloat("DOWNLOAD_DELAY_JITTER"))
        self.interval = max(0.0, shortest)
        self._free_at = 0.0
        """Time on the monotonic clock before which no request starts."""

    @classmethod
    def of(cls, crawler: Crawler) -> "RateLimiter":
        """Return the crawl's limiter, one object a crawl."""
        if crawler not in cls._BY_CRAWLER:
            cls._BY_CRAWLER[crawler] = cls(crawler)
        return cls._BY_CRAWLER[crawler]

    def pause(self, seconds: float) -> None:
        """Start no request for some seconds from now."""
        self._free_at = max(self._free_at, time.monotonic() + seconds)

    def paused(self) -> float:
        """Return the seconds until the next request may start."""
        return max(0.0, self._free_at - time.monotonic())

    async def acquire(self) -> None:
        """Wait until a request may start; raises IgnoreRequest when the run ends."""
        while left := self.paused():
            with self.activity.waiting_for(Wait.RETRY_AFTER if left > self.interval else Wait.DELAY):
                await self.sleep(left)
        self._check_running()
        self._free_at = time.monotonic() + self.interval

    @property
    def activity(self) -> Activity:
        """The activity of the run."""
        crawler = self._crawler()
        run = SectionRun.opened(crawler) if crawler else None
        return run.activity if run else Activity()

    async def sleep(self, seconds: float) -> None:
        """Wait; raises IgnoreRequest when the run ends meanwhile."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._check_running()
            await asyncio.sleep(min(left, POLL_SECONDS))

    async def within_run(self, work: Coroutine[Any, Any, Result], grace: float) -> Result:
        """Return the result of ``work``; raises IgnoreRequest ``grace`` seconds after the end of the run began."""
        task = asyncio.ensure_future(work)
        try:
            while not (await asyncio.wait([task], timeout=POLL_SECONDS))[0]:
                grace -= POLL_SECONDS * self.is_run_ending
                if grace <= 0:
                    raise RunEnding("the run is ending, and the response did not arrive in time")
            return task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait([task])

    @property
    def is_run_ending(self) -> bool:
        """Whether the run is ending: for a reason of the project, after a signal, or because Scrapy was stopped."""
        return self._stats.end_reason is not None or self._stats.signals > 0 or _is_stopped(self._crawler())

    def _check_running(self) -> None:
        if self.is_run_ending:
            raise RunEnding("the run is ending")


def _is_stopped(crawler: Crawler | None) -> bool:
    try:
        return crawler is None or not crawler.engine.running
    except RuntimeError:  # the crawl has not started
        return False


class RateLimitMiddleware:
    """Back off before retries, pause as long as the site asks, end the run when it refuses or asks too much."""

    def __init__(self, crawler: Crawler) -> None:
        configuration = Configuration.from_settings(crawler.settings)
        self.crawler = crawler
        self.limiter = RateLimiter.of(crawler)
        self.stats = RunStats.of(crawler)
        self.backoff_seconds = configuration.backoff_seconds
        self.max_wait_seconds = configuration.max_wait_seconds
        self.max_refusals = configuration.max_refusals
        settings = crawler.settings
        self.retries = settings.getint("RETRY_TIMES") if settings.getbool("RETRY_ENABLED") else 0
        self.refusals_in_a_row = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware; raises ConfigurationError for invalid settings."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Back off before a retry."""
        if failures := request.meta.get("retry_times", 0):
            with self.limiter.activity.waiting_for(Wait.BACKOFF):
                await self.limiter.sleep(backoff(self.backoff_seconds, failures))

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the request again where the site asks to wait; raises IgnoreRequest where it asks too much."""
        self._count_refusal(response)
        asked = seconds_asked_for(response)
        if asked is None:
            if response.status == TOO_MANY_REQUESTS and request.meta.get("retry_times", 0) >= self.retries:
                end_run(self.crawler, EndReason.BLOCKED, "the site answers 429 again and again, without Retry-After")
            return response
        times = request.meta.get("throttled_times", 0) + 1
        if times > MOST_WAITS and self.stats.index_pages:
            return response  # one page that asks for ever must not hold up the others
        self._pause(asked, at_least=backoff(self.backoff_seconds, times))
        again = request.replace(dont_filter=True)
        again.meta["throttled_times"] = times
        return again

    def _count_refusal(self, response: Response) -> None:
        """Count an answer that refuses; JIJI_MAX_REFUSALS of 401, 402, 403 or 451 in a row end the run."""
        if response.status in (*FORBIDDEN, TOO_MANY_REQUESTS):
            self.stats.refusals += 1
        if response.status in FORBIDDEN:
            self.refusals_in_a_row += 1
            if self.refusals_in_a_row >= self.max_refusals:
                cause = f"the site answered {response.status} to {self.refusals_in_a_row} requests in a row"
                end_run(self.crawler, EndReason.BLOCKED, f"{cause} (JIJI_MAX_REFUSALS)")
        elif response.status != TOO_MANY_REQUESTS and "Location" not in response.headers:  # a redirect may be refused
            self.refusals_in_a_row = 0

    def _pause(self, asked: float, at_least: float) -> None:
        """Pause all requests; more than JIJI_MAX_WAIT_SECONDS in total ends the run and raises IgnoreRequest."""
        seconds = max(asked, at_least)
        waited = self.stats.waited_seconds + max(0.0, seconds - self.limiter.paused())
        if waited > self.max_wait_seconds:
            message = (
                f"the site asks to wait {asked:.0f} s, after {self.stats.waited_seconds:.0f} s; "
                f"JIJI_MAX_WAIT_SECONDS is {self.max_wait_seconds:.0f}"
            )
            end_run(self.crawler, EndReason.BLOCKED, message)
            raise IgnoreRequest(message)
        self.stats.waited_seconds = round(waited, 3)
        self.stats.waits += 1
        self.limiter.pause(seconds)
        logger.info("The site asks to wait %.0f s (Retry-After): no request is sent meanwhile", asked)


def seconds_asked_for(response: Response) -> float | None:
    """Return the seconds of Retry-After; a date is read by the site's clock where the response tells it."""
    if response.status not in ASKS_TO_WAIT:
        return None
    values = [(response.headers.get(name) or b"").decode("latin-1") for name in ("Retry-After", "Date")]
    now = http_date(values[1])
    return retry_after(values[0], time.time() if now is None else now)
