"""Crash guard: records which page is being parsed, and keeps poison pages from being parsed again.

A page on which the process dies (a parser that hangs in C code, a segmentation fault) is found in the crash marker by
the next run. The guard stands in two places, as the spider middleware around callbacks and as the first item pipeline.
"""

from collections.abc import AsyncIterator
from typing import Any, Self, TypeVar

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from jiji.items import Article
from jiji.section_run import SectionRun
from jiji.site.listing import Listing

POISON_DEATHS = 3
"""Deaths in a row on one page from which on it is not parsed any more."""

Item = TypeVar("Item")


class PoisonPage(Exception):
    """Too many runs died while they parsed the page."""


class CrashGuard:
    """Marks a page while its callback or its item's pipelines are at work."""

    def __init__(self, run: SectionRun) -> None:
        self._run = run
        self._marker = run.feed.crash_marker

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the guard of a run; raises NotConfigured for a spider without a section."""
        guard = cls(SectionRun.of_crawl(crawler))
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(guard.item_processed, signal)
        return guard

    def process_spider_input(self, response: Response) -> None:
        """Pass a response to its callback; raises PoisonPage for one on which three runs died."""
        deaths = self._marker.deaths.get(_page(response.request), 0)
        if deaths >= POISON_DEATHS:
            raise PoisonPage(f"not parsed: {deaths} runs died while they parsed it")

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Pass on the callback's output; mark the page during each step, for callbacks take turns between steps."""
        page = _page(response.request)
        self._mark(page)
        async for each in result:
            self._mark(None)
            yield each
            self._mark(page)
        self._mark(None)
        if _listing(response.request) is None:
            self._survived(page)

    def process_item(self, item: Item) -> Item:
        """Mark the article while the pipelines behind this one are at work."""
        if isinstance(item, Article):
            self._mark(item.id)
        return item

    def item_processed(self, item: object) -> None:
        """Clear the mark of an article that is through the pipelines."""
        if isinstance(item, Article):
            self._mark(None)
            self._survived(item.id)

    def _mark(self, page: str | None) -> None:
        with self._run.feed_errors_end_the_run():
            self._marker.mark(page)

    def _survived(self, page: str) -> None:
        with self._run.feed_errors_end_the_run():
            self._marker.survived(page)


def _listing(request: Request | None) -> Listing | None:
    listing = request.cb_kwargs.get("listing") if request else None
    return listing if isinstance(listing, Listing) else None


def _page(request: Request | None) -> str:
    """Return the name of a page across runs: an article ID, else the requested URL."""
    if listing := _listing(request):
        return listing.id
    return request.url if request else ""
