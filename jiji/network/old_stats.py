"""Network counts under the keys that `runs.result` and the manifest read today."""

# until runs.result reads RunStats: then delete this file and its line in settings.py

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from jiji.stats import PREFIX, RunStats

FIELDS = ("incomplete_responses", "offsite_requests", "robots_disallowed", "refusals", "waits", "waited_seconds")
OLD = {
    "incomplete_responses/long": "integrity/short",
    "incomplete_responses/": "integrity/",
    "robots_disallowed": "robots/disallowed",
    "waits": "throttle/waits",
    "waited_seconds": "throttle/seconds",
}


class OldStats:
    """Write the counts of network into Scrapy's stats, under their old and new keys."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, listening."""
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def spider_closed(self) -> None:
        """Write the counts."""
        for key, value in RunStats.of(self.crawler).as_scrapy_stats():
            name = key.removeprefix(PREFIX)
            if name.startswith(FIELDS):
                self.crawler.stats.set_value(key, value)
                for new, old in OLD.items():
                    if name.startswith(new):
                        self.crawler.stats.inc_value(f"{PREFIX}{old}{name.removeprefix(new)}", value)
                        break
