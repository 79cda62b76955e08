"""Log lines about items: one short line each, without raw text of the page."""

import logging
from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from jiji.exceptions import ArticleRejected, ArticleUnchanged
from jiji.items import Article


class ArticleLogFormatter(LogFormatter):
    """Names an article by its ID; Scrapy would print all of it. Other items are logged as Scrapy does."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        """Return the line about an item that is on its way to the feed."""
        if not isinstance(item, Article):
            return super().scraped(item, response, spider)
        return _line(logging.DEBUG, "Scraped article %(id)s: %(headline)a", item)

    def dropped(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """Return the line about a dropped item; rejected articles have a line of their own already."""
        if not isinstance(item, Article):
            return super().dropped(item, exception, response, spider)
        level = logging.DEBUG if isinstance(exception, ArticleUnchanged | ArticleRejected) else logging.WARNING
        return _line(level, "Dropped article %(id)s (%(reason)s): %(url)s", item, reason=str(exception))


def _line(level: int, message: str, item: Article, **more: str) -> LogFormatterResult:
    fields = {name: getattr(item, name, None) for name in ("id", "url", "headline")}
    return {"level": level, "msg": message, "args": {**fields, **more}}
