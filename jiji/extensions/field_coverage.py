"""Field coverage of a run's articles, compared with the feed's history."""

import logging
from collections import Counter
from dataclasses import asdict
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from jiji.items import Article
from jiji.runs.field_coverage import coverage_drops, filled_fields
from jiji.section_run import SectionRun, page_parsed

logger = logging.getLogger(__name__)

HISTORY = 300
"""Articles of the feed that show the usual coverage."""


class FieldCoverage:
    """Counts the fields of new articles; reports drops against the feed's history at the end."""

    def __init__(self, run: SectionRun) -> None:
        self._run = run
        self._history: list[frozenset[str]] | None = None
        self._counts: Counter[str] = run.stats.coverage
        self._articles = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected."""
        coverage = cls(SectionRun.of_crawl(crawler))
        crawler.signals.connect(coverage.page_parsed, page_parsed)
        crawler.signals.connect(coverage.item_scraped, signals.item_scraped)
        crawler.signals.connect(coverage.spider_closed, signals.spider_closed)
        return coverage

    def page_parsed(self) -> None:
        """Read the feed's history before this run adds to it; a run that finds nothing new needs none."""
        if self._history is not None:
            return
        self._history = []
        with self._run.feed_errors_end_the_run():
            self._history = [filled_fields(article) for article in self._run.feed.latest(HISTORY)]

    def item_scraped(self, item: object) -> None:
        """Count the fields of a published article."""
        if isinstance(item, Article) and item.status != "withdrawn":
            self._articles += 1
            self._counts.update(filled_fields(asdict(item)))

    def spider_closed(self) -> None:
        """Report drops."""
        drops = [str(drop) for drop in coverage_drops(self._history or [], self._counts, self._articles)]
        self._run.stats.coverage_fallen = drops
        if drops:
            logger.error("Field coverage dropped: %s", "; ".join(drops))
