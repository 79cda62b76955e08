"""How full the fields of this run's articles are, beside what the feed held before."""

import logging
from dataclasses import asdict
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from jiji.feedexport import SectionFeed
from jiji.items import Article
from jiji.runs.field_coverage import fallen, held

logger = logging.getLogger(__name__)

HISTORY = 300
"""Articles of the feed that say what is usual."""


class Coverage:
    """Count which fields new articles have, and say at the end which of them are emptier than the feed's history."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.history: list[frozenset[str]] = []
        self.counts: dict[str, int] = {}
        self.articles = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, listening."""
        if not hasattr(crawler.spider, "section"):
            raise NotConfigured("not a section of the site")
        coverage = cls(crawler)
        crawler.signals.connect(coverage.spider_opened, signals.spider_opened)
        crawler.signals.connect(coverage.item_scraped, signals.item_scraped)
        crawler.signals.connect(coverage.spider_closed, signals.spider_closed)
        return coverage

    def spider_opened(self) -> None:
        """Look at what the feed holds, before this run adds to it."""
        with SectionFeed.of(self.crawler).guarded():
            self.history = [held(article) for article in SectionFeed.of(self.crawler).feed.latest(HISTORY)]

    def item_scraped(self, item: Article) -> None:
        """Count the fields of an article that goes into the feed."""
        if item.status != "withdrawn":
            self.articles += 1
            for field in held(asdict(item)):
                self.counts[field] = self.counts.get(field, 0) + 1

    def spider_closed(self) -> None:
        """Tell the counts, and what has fallen."""
        for field, count in self.counts.items():
            self.crawler.stats.set_value(f"jiji/coverage/{field}", count)
        if found := fallen(self.history, self.counts, self.articles):
            said = "; ".join(map(str, found))
            logger.error("Coverage: %s", said)
            self.crawler.stats.set_value("jiji/coverage/fallen", said)
