"""A site that asks for patience gets it, and one that refuses is left alone."""

import asyncio
import logging
import time
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from jiji.configuration import Configuration
from jiji.network.pace import Pace, backoff, http_date, retry_after

FORBIDDEN = (401, 403)
TOO_MANY = 429
ASKS_TO_WAIT = (TOO_MANY, 503)

logger = logging.getLogger(__name__)


class Throttle:
    """Wait as long as the site asks, and before each retry; end the run where that is too long or all is refused."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        configuration = Configuration.from_settings(settings)
        self.crawler = crawler
        least = settings.getfloat("DOWNLOAD_DELAY") * (1 - settings.getfloat("DOWNLOAD_DELAY_JITTER"))
        self.pace = Pace(max(0.0, least), self.is_over)
        self.backoff = configuration.backoff_seconds
        self.max_wait = configuration.max_wait_seconds
        self.waited = 0.0
        self.max_refusals = configuration.max_refusals
        self.retries = settings.getint("RETRY_TIMES") if settings.getbool("RETRY_ENABLED") else 0
        self.refused_in_a_row = 0
        self.ending: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware; raises ValueError for settings that are not accepted."""
        return cls(crawler)

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """Return the crawler's own; raises RuntimeError where the middleware is not enabled."""
        found = crawler.get_downloader_middleware(cls)
        if found is None:
            raise RuntimeError(f"DOWNLOADER_MIDDLEWARES lacks {cls.__module__}.{cls.__name__}, which keeps the pace")
        return found

    async def process_request(self, request: Request) -> None:
        """Let a request rest that is made again: the longer, the more often it failed."""
        if times := request.meta.get("retry_times", 0):
            await self.pace.sleep(backoff(self.backoff, times))

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the request for after the wait that the site asks for; raises IgnoreRequest where it is too long."""
        self.note_refusal(response)
        asked = _asked_to_wait(response)
        if asked is None:
            if response.status == TOO_MANY and request.meta.get("retry_times", 0) >= self.retries:
                self.end("blocked", "the site answers 429 again and again, and does not say how long to wait")
            return response
        times = request.meta.get("throttled_times", 0) + 1
        self.wait(asked, at_least=backoff(self.backoff, times))
        again = request.replace(dont_filter=True)
        again.meta["throttled_times"] = times
        return again

    def note_refusal(self, response: Response) -> None:
        """Count answers that refuse; as many in a row as JIJI_MAX_REFUSALS mean that we are not wanted."""
        if response.status in (*FORBIDDEN, TOO_MANY):
            self.crawler.stats.inc_value("jiji/refusals")
        if response.status in FORBIDDEN:
            self.refused_in_a_row += 1
            if self.refused_in_a_row >= self.max_refusals:
                self.end(
                    "blocked", f"the site refused {self.refused_in_a_row} requests in a row with {response.status}"
                )
        elif response.status != TOO_MANY and "Location" not in response.headers:  # it may lead to a refusal
            self.refused_in_a_row = 0

    def wait(self, asked: float, at_least: float) -> None:
        """Hold all requests; raises IgnoreRequest and ends the run above JIJI_MAX_WAIT_SECONDS in total."""
        seconds = max(asked, at_least)
        waited = self.waited + max(0.0, seconds - self.pace.held())
        if waited > self.max_wait:
            told = (
                f"the site asks to wait {asked:.0f} s, after {self.waited:.0f} s; "
                f"JIJI_MAX_WAIT_SECONDS is {self.max_wait:.0f}"
            )
            self.end("blocked", told)
            raise IgnoreRequest(told)
        self.waited = waited
        self.pace.hold(seconds)
        self.crawler.stats.inc_value("jiji/throttle/waits")
        self.crawler.stats.set_value("jiji/throttle/seconds", round(waited, 3))
        logger.info("The site asks to wait %.0f s: nothing is asked for meanwhile", asked)

    def end(self, reason: str, told: str) -> None:
        """End the run, and say why; what is still to fetch stays so."""
        if not self.is_over():
            logger.error("Stopping, nothing more is asked for: %s", told)
            self.ending = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))

    def is_over(self) -> bool:
        """Say whether the run is being stopped, by whomever."""
        engine = self.crawler.engine
        slot = engine._slot  # Scrapy has no public way to ask whether it is closing a spider
        return self.ending is not None or not engine.running or slot is None or slot.closing is not None


def _asked_to_wait(response: Response) -> float | None:
    """Return the seconds an answer asks to wait; dates are read by the site's own clock where it tells it."""
    if response.status not in ASKS_TO_WAIT:
        return None
    values = [(response.headers.get(name) or b"").decode("latin-1") for name in ("Retry-After", "Date")]
    now = http_date(values[1])
    return retry_after(values[0], time.time() if now is None else now)
