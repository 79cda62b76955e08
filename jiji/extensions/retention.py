"""Retention of what runs leave beside the feed: pruned at the end of each run."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from jiji.extensions.layout_drift import KEPT_PAGES
from jiji.runs.manifests import ManifestStore
from jiji.runs.retention import prune, shorten
from jiji.section_run import SectionRun


class Retention:
    """Removes the oldest manifests, rejected pages, pages with drift, screenshots and damaged catalogs of a section."""

    def __init__(self, run: SectionRun) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected; raises NotConfigured for a trial run."""
        retention = cls(SectionRun.of_crawl(crawler))
        crawler.signals.connect(retention.spider_closed, signals.spider_closed)
        return retention

    def spider_closed(self) -> None:
        """Apply the caps."""
        output, section, caps = self._run.output, self._run.section.name, self._run.configuration.caps
        now = datetime.now(UTC)
        with self._run.feed_errors_end_the_run():
            ManifestStore(output.runs(section)).prune(caps, now)
            prune(output.rejected_pages(section).glob("*"), caps, now)
            shorten(output.rejected_records(section), caps, now)
            prune(output.drift(section).glob("*"), replace(caps, files=KEPT_PAGES), now)
            prune(output.screenshots(section).glob("*"), caps, now)
            prune(output.state.glob(f"{section}.*.damaged-*"), caps, now)
