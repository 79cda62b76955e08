"""Progress on a terminal."""

import sys
from typing import Self, TextIO

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured


class Progress:
    """Draw one line that says how far a run has come; where nobody looks on, say nothing."""

    def __init__(self, crawler: Crawler, terminal: TextIO) -> None:
        self.crawler = crawler
        self.terminal = terminal

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, listening, if standard error is a terminal."""
        if not sys.stderr.isatty():
            raise NotConfigured
        progress = cls(crawler, sys.stderr)
        crawler.signals.connect(progress.response_received, signals.response_received)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def response_received(self) -> None:
        """Draw the line anew."""
        counts = self.crawler.stats.get_value
        told = (
            f"{counts('jiji/index/pages', 0)} index pages, {counts('jiji/article/new', 0)} new, "
            f"{counts('jiji/article/updated', 0)} updated, {counts('jiji/article/unchanged', 0)} unchanged, "
            f"{counts('jiji/article/rejected', 0)} rejected"
        )
        self.terminal.write(f"\r\x1b[2K{told}")
        self.terminal.flush()

    def spider_closed(self) -> None:
        """Leave the line as it is and go to the next."""
        self.terminal.write("\n")
