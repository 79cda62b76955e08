"""Deadline of a run."""

import asyncio
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from jiji.configuration import Configuration
from jiji.section_run import end_run
from jiji.stats import EndReason


class RunDeadline:
    """End a run after JIJI_RUN_DEADLINE_HOURS; the next run continues."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.hours = Configuration.from_settings(crawler.settings).run_deadline_hours
        self.timer: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, listening."""
        deadline = cls(crawler)
        crawler.signals.connect(deadline.spider_opened, signals.spider_opened)
        crawler.signals.connect(deadline.spider_closed, signals.spider_closed)
        return deadline

    def spider_opened(self) -> None:
        """Start the timer."""
        self.timer = asyncio.get_running_loop().call_later(self.hours * 3600, self._end)

    def spider_closed(self) -> None:
        """Stop the timer."""
        if self.timer:
            self.timer.cancel()

    def _end(self) -> None:
        message = f"the run took longer than JIJI_RUN_DEADLINE_HOURS={self.hours:g}; the next run continues"
        end_run(self.crawler, EndReason.DEADLINE, message)
