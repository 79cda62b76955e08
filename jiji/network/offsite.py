"""Off-site check and SSRF protection: no URL that the site names makes the crawler ask another host."""

import logging
from typing import NoReturn, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from jiji.configuration import Configuration
from jiji.network.resolver import PrivateAddress
from jiji.site.urls import OffsiteCause, offsite_cause
from jiji.stats import RunStats

SHOWN = 300
"""Characters of a blocked URL in the log."""

logger = logging.getLogger(__name__)


class OffsiteRequest(IgnoreRequest):
    """The request leads to another host than the site's, or to a private address."""

    def __init__(self, cause: OffsiteCause, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause


class OffsiteMiddleware:
    """Block requests for anything but the site's own scheme, hosts and ports, also those with ``dont_filter``.

    The middleware stands last before the download, so that no other one can change a URL after the check.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.base_url = Configuration.from_settings(crawler.settings).base_url
        self.stats = RunStats.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware; raises ConfigurationError for an invalid JIJI_BASE_URL."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise OffsiteRequest unless the URL leads to the site: a link's, a redirect's, that of robots.txt."""
        if cause := offsite_cause(request.url, self.base_url):
            self._block(request, cause, f"{cause} not allowed by JIJI_BASE_URL")

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raise OffsiteRequest for a host with a private address; a retry would not change it."""
        if isinstance(exception, PrivateAddress):
            self._block(request, OffsiteCause.ADDRESS, str(exception))

    def _block(self, request: Request, cause: OffsiteCause, detail: str) -> NoReturn:
        self.stats.offsite_requests[cause] += 1
        logger.warning("Blocked off-site request (%s): %s", detail, ascii(request.url[:SHOWN])[1:-1])
        raise OffsiteRequest(cause, f"off-site request: {detail}")


class EarlyOffsiteMiddleware(OffsiteMiddleware):
    """Block the same before the robots.txt of another host is requested."""
