"""How items and pages are spoken of in the log: one short line each, nothing of the page raw."""

import logging
from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from jiji.items import Unchanged, Unproven


class OneLine(LogFormatter):
    """Name an article by its key where Scrapy would print all of it."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        """Say that an article is on its way to the feed."""
        return _said(logging.DEBUG, "Scraped %(id)s: %(headline)a", item)

    def dropped(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """Say why an article is not published; that it is unchanged, or has to wait, is no news."""
        level = logging.DEBUG if isinstance(exception, Unchanged | Unproven) else logging.WARNING
        return _said(level, "Dropped %(id)s, %(url)s: %(reason)s", item, reason=str(exception))


def _said(level: int, message: str, item: Any, **more: str) -> LogFormatterResult:
    told = {name: getattr(item, name, None) for name in ("id", "url", "headline")}
    return {"level": level, "msg": message, "args": {**told, **more}}
