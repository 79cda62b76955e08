"""Nothing the site says makes the crawler ask another host."""

import logging
from collections.abc import Collection
from typing import NoReturn, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.statscollectors import StatsCollector

from jiji.configuration import Configuration
from jiji.site.urls import refusal

SHOWN = 300
"""Characters of a refused URL that the log shows."""

logger = logging.getLogger(__name__)


class Refused(IgnoreRequest):
    """A request for what is not the site's; says why."""


class Gate:
    """Refuse requests for anything but the site's own scheme, hosts and ports; no mark on a request opens it."""

    def __init__(self, root: str, stats: StatsCollector) -> None:
        self.root = root
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware; raises ValueError for a base URL that is none."""
        return cls(Configuration.from_settings(crawler.settings).base_url, crawler.stats)

    def process_request(self, request: Request) -> None:
        """Raise Refused unless the URL leads to the site: a link's, a redirect's, robots.txt's, all alike."""
        if reason := refusal(request.url, self.root):
            self._refuse(request.url, reason)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raise Refused for a name that the resolver refused: trying again would change nothing."""
        if isinstance(exception, CannotResolveHostError) and urlsplit(request.url).hostname in _refused_names():
            self._refuse(request.url, "address")

    def _refuse(self, url: str, reason: str) -> NoReturn:
        self.stats.inc_value(f"jiji/gate/{reason}")
        logger.warning("Refused for its %s: %a", reason, url[:SHOWN])
        raise Refused(f"not the site's: refused for its {reason}")


class FirstGate(Gate):
    """Refuse the same before another host's robots.txt is asked for."""


def _refused_names() -> Collection[str]:
    """Return the names that the process's resolver refused; a process that brings its own resolver refuses none."""
    from twisted.internet import reactor  # importing it earlier would choose one

    names: Collection[str] = getattr(reactor.resolver, "refused", ())
    return names
