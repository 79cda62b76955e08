"""Failing components, for tests of the run's result."""

import os
import re
import resource
import time
from collections.abc import AsyncIterator
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from jiji.items import Article
from jiji.network.body import Body


class FailsInTheCallback:
    """A spider middleware in which the first article's callback fails."""

    has_failed = False

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for each in result:
            if isinstance(each, Article) and not self.has_failed:
                self.has_failed = True
                raise ZeroDivisionError("no such number")
            yield each


class Unopened:
    """A pipeline that cannot open."""

    def open_spider(self) -> None:
        raise RuntimeError("the vault is locked")

    def process_item(self, item: Article) -> Article:
        return item


class FailsOnce:
    """A pipeline that fails for the first article."""

    has_failed = False

    def process_item(self, item: Article) -> Article:
        if not self.has_failed:
            self.has_failed = True
            raise ZeroDivisionError("no such number")
        return item


class Hangs:
    """A pipeline that hangs at the article HANGS_ON, as HANGS_AS says."""

    def process_item(self, item: Article) -> Article:
        if item.id == os.environ["HANGS_ON"]:
            hang(os.environ.get("HANGS_AS", "C code"))
        return item


class HangsBeforeTheCallback:
    """A downloader middleware that hangs at the page of the article HANGS_ON."""

    def process_response(self, request: Request, response: Response) -> Response:
        if os.environ["HANGS_ON"] in request.url:
            hang("C code")
        return response


class Starves:
    """A pipeline that needs more memory for the first article than the process may have (``ulimit -v``)."""

    has_starved = False

    def process_item(self, item: Article) -> Article:
        if not self.has_starved:
            self.has_starved = True
            limits = resource.getrlimit(resource.RLIMIT_AS)
            resource.setrlimit(resource.RLIMIT_AS, (1 << 28, limits[1]))
            try:
                bytearray(1 << 30)
            finally:
                resource.setrlimit(resource.RLIMIT_AS, limits)
        return item


class HangsInTheHandler:
    """An extension that hangs when the first bytes of the article HANGS_ON arrive."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        hangs = cls()
        crawler.signals.connect(hangs.bytes_received, signals.bytes_received)
        return hangs

    def bytes_received(self, request: Request) -> None:
        if os.environ["HANGS_ON"] in request.url:
            hang("C code")


class HangsAtTheEndOfADownload:
    """An extension that makes the check of a complete body hang."""

    def __init__(self) -> None:
        complete = Body.complete

        def hangs(body: Body) -> bytes:
            if os.environ["HANGS_ON"] in str(body.response.url):
                hang("C code")
            return complete(body)

        Body.complete = hangs  # type: ignore[method-assign, assignment]


def hang(how: str) -> None:
    """Block the event loop."""
    if how == "sleep":
        time.sleep(3600)
    while how == "Python code":
        pass
    re.match(r"(?:a+)+$", "a" * 60 + "b")  # holds the interpreter


class FailsAtTheEnd:
    """A pipeline whose handler of `spider_closed` fails."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        fails = cls()
        crawler.signals.connect(fails.spider_closed, signals.spider_closed)
        return fails

    def spider_closed(self) -> None:
        raise RuntimeError("out of ink")

    def process_item(self, item: Article) -> Article:
        return item
