"""Logged errors: exceptions that Scrapy logs and forgets, in signal handlers, callbacks, pipelines and feeds."""

import logging
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from jiji.stats import RunStats


class LoggedErrors(logging.Handler):
    """Counts logged exceptions, so that the result of the run states them."""

    def __init__(self, stats: RunStats) -> None:
        super().__init__(logging.ERROR)
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected."""
        errors = cls(RunStats.of(crawler))
        crawler.signals.connect(errors.spider_opened, signals.spider_opened)
        crawler.signals.connect(errors.engine_stopped, signals.engine_stopped)
        return errors

    def spider_opened(self) -> None:
        """Listen to all loggers."""
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Count a record with a traceback."""
        if record.exc_info and record.exc_info[0]:
            self._stats.internal_errors += 1

    def engine_stopped(self) -> None:
        """Stop listening."""
        logging.getLogger().removeHandler(self)
