"""Progress line on a terminal; nothing elsewhere."""

import sys
from typing import Self, TextIO

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from jiji.section_run import SectionRun
from jiji.stats import RunStats


class Progress:
    """Draws one line about the progress of a run."""

    def __init__(self, stats: RunStats, terminal: TextIO) -> None:
        self._stats = stats
        self._terminal = terminal

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected; raises NotConfigured where standard error is no terminal."""
        if not (sys.stderr and sys.stderr.isatty()):
            raise NotConfigured
        progress = cls(SectionRun.of_crawl(crawler).stats, sys.stderr)
        crawler.signals.connect(progress.response_received, signals.response_received)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def response_received(self) -> None:
        """Draw the line again."""
        run = self._stats
        counts = (run.index_pages, run.new, run.updated, run.unchanged, run.rejected)
        names = ("index pages", "new", "updated", "unchanged", "rejected")
        text = ", ".join(f"{number} {name}" for number, name in zip(counts, names, strict=True))
        self._terminal.write(f"\r\x1b[2K{text}")
        self._terminal.flush()

    def spider_closed(self) -> None:
        """End the line."""
        self._terminal.write("\n")
