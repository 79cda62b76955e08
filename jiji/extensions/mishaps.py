"""Exceptions in parts of the program that Scrapy logs and forgets: handlers of signals, feeds that do not open."""

import logging
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

SOURCE = "scrapy.utils.signal"
"""The logger to which Scrapy reports what a handler of a signal raised."""


class Mishaps(logging.Handler):
    """Count what handlers of signals raise, so that the run's verdict knows."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(logging.ERROR)
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, listening to the log."""
        mishaps = cls(crawler)
        logging.getLogger(SOURCE).addHandler(mishaps)
        crawler.signals.connect(mishaps.engine_stopped, signals.engine_stopped)
        return mishaps

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        self.crawler.stats.inc_value("jiji/mishaps")

    def engine_stopped(self) -> None:
        """Listen no more."""
        logging.getLogger(SOURCE).removeHandler(self)
