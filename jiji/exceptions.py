"""Exceptions of the crawl: refused pages and dropped articles.

::

    Exception
    ├── ValueError
    │   ├── ConfigurationError       (configuration.py) unknown or invalid setting or spider argument
    │   └── PageRejected             the response is not the page that was requested
    ├── FeedError                    (feed/errors.py) the feed cannot be used; its tree stands there
    └── scrapy.exceptions
        ├── DropItem
        │   ├── ArticleRejected      a pipeline refuses the article; it is fetched again by a later run
        │   └── ArticleUnchanged     the feed holds the same headline, body and images
        ├── IgnoreRequest
        │   ├── RunEnding            the run is ending, and requests nothing more
        │   ├── DisallowedByRobots   robots.txt disallows the page
        │   └── OffsiteRequest       (network/offsite.py) any host but the site's
        └── DownloadFailedError
            └── IncompleteResponse   (network/content_coding.py) a part of the body is missing or damaged
"""

from scrapy.exceptions import DropItem, IgnoreRequest

from jiji.stats import RejectReason


class PageRejected(ValueError):
    """The response is not the page that was requested."""

    def __init__(self, reason: RejectReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class ArticleRejected(DropItem):
    """The article is not published: an invalid field, or a text that stands under several article IDs."""

    def __init__(self, reason: RejectReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class ArticleUnchanged(DropItem):
    """The feed holds this article with the same headline, body and images."""


class RunEnding(IgnoreRequest):
    """The run is ending, and requests nothing more; the next run does."""


class DisallowedByRobots(IgnoreRequest):
    """robots.txt disallows the page."""
