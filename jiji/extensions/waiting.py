"""Articles that nothing proves yet to be the ones that were asked for."""

import asyncio
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response

from jiji.items import Article, Unproven

MOST = 200
"""Articles that wait at a time, with their pages: some megabytes."""


class Waiting:
    """Keep articles that are unproven, and send them through the pipelines again once nothing else is left to fetch.

    Where the run is broken off before, they are still to fetch.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.held: list[tuple[Article, Response | None]] = []
        self.release: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, listening."""
        waiting = cls(crawler)
        crawler.signals.connect(waiting.item_dropped, signals.item_dropped)
        crawler.signals.connect(waiting.spider_idle, signals.spider_idle)
        return waiting

    def item_dropped(self, item: Article, response: Response | None, exception: Exception) -> None:
        """Keep an article that has to wait."""
        if isinstance(exception, Unproven):
            self.crawler.stats.inc_value("jiji/article/waited")
            self.held.append((item, response))
            if len(self.held) >= MOST:
                self._release()

    def spider_idle(self) -> None:
        """Decide on what waits, once the spider asks for nothing more."""
        if self.held and self.crawler.engine.spider_is_idle():
            self._release()
        if self.release:
            raise DontCloseSpider

    def _release(self) -> None:
        if self.release is None:
            held, self.held = self.held, []
            self.release = asyncio.ensure_future(self._send(held))

    async def _send(self, held: list[tuple[Article, Response | None]]) -> None:
        for item, response in held:
            await self.crawler.engine.scraper.start_itemproc_async(item, response=response)
        self.release = None
        if slot := self.crawler.engine._slot:
            slot.nextcall.schedule()  # else the engine would notice with its next heartbeat only, seconds later
