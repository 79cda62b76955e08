"""Crash guard: records which page is at work, and keeps poison pages from being requested.

A page on which the process dies (a parser that hangs in C code, a segmentation fault) is found in the crash marker by
the next run. After three such deaths it rests for a day, and twice as long after each further one.

=====================  ====================================================
download handler       marks each step of a download itself
downloader middleware  marks a response on its way to the callback
spider middleware      marks each step of the callback
first item pipeline    marks an article until it is through the pipelines
=====================  ====================================================
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from jiji.crash_marks import CrashMarks, listing_of, page_of
from jiji.items import Article
from jiji.section_run import SectionRun

ON_ITS_WAY_SECONDS = 0.5
"""Time in which a response reaches its callback. The mark of one that reaches none (a redirect) is cleared then."""

Item = TypeVar("Item")


class PoisonPage(Exception):
    """Too many runs died while they parsed the page."""


class CrashGuard:
    """Marks a page while its response, callback or pipelines are at work."""

    def __init__(self, run: SectionRun) -> None:
        self._marks = CrashMarks(run)
        self._poison_pages = run.feed.crash_marker.poison_pages(datetime.now(UTC))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the guard of a run; raises NotConfigured for a spider without a section."""
        guard = cls(SectionRun.of_crawl(crawler))
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(guard.item_processed, signal)
        return guard

    def process_request(self, request: Request) -> None:
        """Let a request pass; raises PoisonPage for a page on which too many runs died."""
        if deaths := self._poison_pages.get(page_of(request)):
            until = deaths.rests_until.strftime("%Y-%m-%dT%H:%M:%SZ")
            raise PoisonPage(f"not requested until {until}: {deaths.count} runs died while they parsed it")

    def process_response(self, request: Request, response: Response) -> Response:
        """Mark a page whose response arrived, until its callback marks it."""
        page = page_of(request)
        self._marks.mark(page)
        asyncio.get_running_loop().call_later(ON_ITS_WAY_SECONDS, self._marks.clear, page)
        return response

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Pass on the callback's output; mark the page during each step, for callbacks take turns between steps."""
        page = page_of(response.request)
        self._marks.mark(page)
        async for each in result:
            self._marks.clear(page)
            yield each
            self._marks.mark(page)
        self._marks.clear(page)
        if listing_of(response.request) is None:
            self._marks.survived(page)

    def process_item(self, item: Item) -> Item:
        """Mark the article while the pipelines behind this one are at work."""
        if isinstance(item, Article):
            self._marks.mark(item.id)
        return item

    def item_processed(self, item: object) -> None:
        """Clear the mark of an article that is through the pipelines."""
        if isinstance(item, Article):
            self._marks.clear(item.id)
            self._marks.survived(item.id)
