"""Which page is being read."""

from collections.abc import AsyncIterator
from typing import Any, Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from jiji.feedexport import SectionFeed

DEADLY = 3
"""Deaths in a row on one page after which it is not read any more."""


class Deadly(Exception):
    """So many runs died while they read the page that this one does not try."""


class ReadingMiddleware:
    """Note which page is being read while it is: if the process dies of it, the next run knows."""

    def __init__(self, section_feed: SectionFeed) -> None:
        self.feed = section_feed.feed

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware on the run's feed."""
        if not hasattr(crawler.spider, "section"):
            raise NotConfigured("not a section of the site")
        return cls(SectionFeed.of(crawler))

    def process_spider_input(self, response: Response) -> None:
        """Let the callback see the page; raises Deadly for one on which three runs died."""
        deaths = self.feed.crash_marker.deaths.get(page_name(cast("Request", response.request)), 0)
        if deaths >= DEADLY:
            raise Deadly(f"set aside: {deaths} runs died while they read it")

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Pass on what the callback yields, noting the page before each step: pages take turns between steps.

        What becomes of an article in the pipelines is noted there.
        """
        page = page_name(cast("Request", response.request))
        self.feed.crash_marker.mark(page)
        async for each in result:
            self.feed.crash_marker.mark(None)
            yield each
            self.feed.crash_marker.mark(page)
        self.feed.crash_marker.mark(None)
        if "key" not in cast("Request", response.request).cb_kwargs:
            self.feed.crash_marker.survived(page)


def page_name(request: Request) -> str:
    """Return what a page is called where it has to be known again: a story's key, else the URL that was asked for."""
    return str(request.cb_kwargs.get("key") or request.url)
