"""Run statistics in Scrapy's stats: written once, when the spider closes, for people who read them in the log."""

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from jiji.stats import RunStats


class RunStatsWriter:
    """Copies the typed `RunStats` into Scrapy's stats; the last listener of `spider_closed`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected."""
        writer = cls(crawler)
        crawler.signals.connect(writer.spider_closed, signals.spider_closed)
        return writer

    def spider_closed(self) -> None:
        """Write the stats."""
        for key, value in RunStats.of(self._crawler).as_scrapy_stats():
            self._crawler.stats.set_value(key, value)
