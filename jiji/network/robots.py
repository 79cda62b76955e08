"""robots.txt, as RFC 9309 has it."""

import asyncio
import logging
from collections import Counter
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured, StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler, load_object

from jiji.configuration import Configuration
from jiji.network.rate_limit import Throttle

LIMIT = 512 * 1024
"""Bytes of a robots.txt that count; RFC 9309, 2.5, asks for 500 KiB."""

MAX_CRAWL_DELAY = 120.0
"""Seconds; a site that asks for more is asked every two minutes."""

logger = logging.getLogger(__name__)


class Robots:
    """Read a host's robots.txt before anything else of it, and keep to it; where it cannot be read, end the run."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.root = Configuration.from_settings(crawler.settings).base_url
        self.product = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self.parser: type[RobotParser] = load_object(crawler.settings["ROBOTSTXT_PARSER"])
        self.files: dict[str, asyncio.Future[RobotParser]] = {}
        self.received: Counter[Request] = Counter()
        self.told: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware, listening, if ROBOTSTXT_OBEY says so."""
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        robots = cls(crawler)
        crawler.signals.connect(robots.bytes_received, signals.bytes_received)
        return robots

    async def process_request(self, request: Request) -> None:
        """Let pass what the host's robots.txt allows; raises IgnoreRequest for anything else."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        root = "{0.scheme}://{0.netloc}".format(urlsplit(request.url))
        if root not in self.files:
            self.files[root] = asyncio.ensure_future(self.read(f"{root}/robots.txt", request))
        rules = await asyncio.shield(self.files[root])
        if not rules.allowed(request.url, self.product):
            self.note_disallowed(request)
            raise IgnoreRequest("disallowed by robots.txt")

    async def read(self, url: str, cause: Request) -> RobotParser:
        """Return what a robots.txt says; raises IgnoreRequest where it cannot be read: the site's own ends the run."""
        meta = {"dont_obey_robotstxt": True, "download_maxsize": 0}
        headers = {"Accept": "text/plain,*/*;q=0.1", "Accept-Encoding": "identity"}
        request = Request(url, callback=NO_CALLBACK, headers=headers, meta=meta, priority=1000)
        try:
            response = await self.crawler.engine.download_async(request)
            rules = build_from_crawler(self.parser, self.crawler, _counted(response))
        except Exception as error:
            told = f"{url} cannot be read: {error}"
            if url.startswith(self.root):  # of a twin host only what led there is given up
                Throttle.of(self.crawler).end("robots_unreachable", told)
            raise IgnoreRequest(told) from error
        await self.crawler.signals.send_catch_log_async(signals.robots_parsed, robotparser=rules, request=cause)
        self.slow_down(rules.crawl_delay(self.product) or 0.0)
        return rules

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Take no more of a robots.txt than counts."""
        if request.meta.get("download_maxsize") == 0:
            self.received[request] += len(data)
            if self.received[request] > LIMIT:
                raise StopDownload(fail=False)

    def slow_down(self, delay: float) -> None:
        """Keep to a Crawl-delay that is longer than ours."""
        pace = Throttle.of(self.crawler).pace
        if delay > pace.gap:
            pace.gap = min(delay, MAX_CRAWL_DELAY)
            pace.hold(pace.gap)
            logger.info("robots.txt asks for %.0f s between requests; they are %.0f s apart", delay, pace.gap)

    def note_disallowed(self, request: Request) -> None:
        """Count what may not be asked for; say it once a path."""
        self.crawler.stats.inc_value("jiji/robots/disallowed")
        path = urlsplit(request.url).path
        if path not in self.told:
            self.told.add(path)
            logger.warning("robots.txt disallows %s", request.url)


def _counted(response: Response) -> bytes:
    """Return the part of a robots.txt that counts: nothing where there is none (4xx); raises ValueError for 5xx."""
    if response.status >= 500:
        raise ValueError(f"HTTP {response.status}")
    if not 200 <= response.status < 300:
        return b""
    whole_lines, _, _ = response.body[:LIMIT].rpartition(b"\n")
    return whole_lines if len(response.body) > LIMIT else response.body
