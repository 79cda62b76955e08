"""robots.txt, as RFC 9309 has it."""

import asyncio
import logging
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler, load_object

from jiji.configuration import Configuration
from jiji.exceptions import DisallowedByRobots
from jiji.network.download_handler import TruncatedRequest
from jiji.network.rate_limit import RateLimiter
from jiji.section_run import end_run
from jiji.stats import EndReason, RunStats

MAX_BYTES = 512 * 1024
"""Bytes of a robots.txt that are received."""
PARSED_BYTES = 500 * 1024
"""Bytes of a longer robots.txt that are parsed (RFC 9309, 2.5)."""

MAX_CRAWL_DELAY = 120.0
"""Seconds between requests, also where Crawl-delay is longer."""

logger = logging.getLogger(__name__)


class RobotsTxtMiddleware:
    """Read a host's robots.txt before any other request to it, and obey it; end the run where it cannot be read."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.stats = RunStats.of(crawler)
        self.base_url = Configuration.from_settings(crawler.settings).base_url
        self.user_agent = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self.parser: type[RobotParser] = load_object(crawler.settings["ROBOTSTXT_PARSER"])
        self.rules: dict[str, asyncio.Future[RobotParser]] = {}
        self.logged_paths: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware if ROBOTSTXT_OBEY says so."""
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let pass what the host's robots.txt allows; raises DisallowedByRobots for anything else."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        root = "{0.scheme}://{0.netloc}".format(urlsplit(request.url))
        if root not in self.rules:
            self.rules[root] = asyncio.ensure_future(self._read(f"{root}/robots.txt", request))
        rules = await asyncio.shield(self.rules[root])
        if not rules.allowed(request.url, self.user_agent):
            self._count_disallowed(request)
            raise DisallowedByRobots("disallowed by robots.txt")

    async def _read(self, url: str, cause: Request) -> RobotParser:
        """Return the rules of a robots.txt; raises IgnoreRequest where it cannot be read. The site's ends the run."""
        request = TruncatedRequest(
            url,
            callback=NO_CALLBACK,
            headers={"Accept": "text/plain,*/*;q=0.1", "Accept-Encoding": "identity"},
            meta={"dont_obey_robotstxt": True, "download_maxsize": MAX_BYTES},
            priority=1000,
        )
        try:
            response = await self.crawler.engine.download_async(request)
            rules = build_from_crawler(self.parser, self.crawler, _parsed_bytes(response))
        except Exception as error:
            message = f"{url} cannot be read: {error}"
            if url.startswith(self.base_url):  # without that of another host only the request to it is given up
                end_run(self.crawler, EndReason.ROBOTS_UNREACHABLE, message)
            raise IgnoreRequest(message) from error
        await self.crawler.signals.send_catch_log_async(signals.robots_parsed, robotparser=rules, request=cause)
        self._slow_down(rules.crawl_delay(self.user_agent) or 0.0)
        return rules

    def _slow_down(self, crawl_delay: float) -> None:
        """Keep to a Crawl-delay above DOWNLOAD_DELAY."""
        limiter = RateLimiter.of(self.crawler)
        if crawl_delay > limiter.interval:
            limiter.interval = min(crawl_delay, MAX_CRAWL_DELAY)
            limiter.pause(limiter.interval)
            logger.info("robots.txt asks for %.0f s between requests; using %.0f s", crawl_delay, limiter.interval)

    def _count_disallowed(self, request: Request) -> None:
        """Count a disallowed request, and log it once a path."""
        self.stats.robots_disallowed += 1
        path = urlsplit(request.url).path
        if path not in self.logged_paths:
            self.logged_paths.add(path)
            logger.warning("robots.txt disallows %s", request.url)


def _parsed_bytes(response: Response) -> bytes:
    """Return the bytes to parse: none for 4xx, whole lines of an over-long file; raises ValueError for 5xx."""
    if response.status >= 500:
        raise ValueError(f"HTTP {response.status}")
    if not 200 <= response.status < 300:
        return b""
    if len(response.body) <= PARSED_BYTES:
        return response.body
    whole_lines, _, _ = response.body[:PARSED_BYTES].rpartition(b"\n")
    return whole_lines
