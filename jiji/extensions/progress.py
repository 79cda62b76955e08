"""Progress of a run: a live display on a terminal, a log line a minute elsewhere."""

import asyncio
import logging
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.crawler import Crawler

from jiji.runs.activity import Activity
from jiji.section_run import SectionRun
from jiji.stats import RunStats
from jiji.terminal import shows_display

if TYPE_CHECKING:
    from jiji.extensions.display import Display

INTERVAL_SECONDS = 60
"""Seconds between two log lines."""
_FEWEST_PAGES = 5
"""Requests after which the time left is estimated."""

logger = logging.getLogger(__name__)


class Progress:
    """Shows the progress of a run."""

    def __init__(self, section: str, stats: RunStats, activity: Activity) -> None:
        self._section = section
        self._stats = stats
        self._activity = activity
        self._started = time.monotonic()
        self._lines: asyncio.Task[None] | None = None
        self._display: Display | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected."""
        run = SectionRun.of_crawl(crawler)
        progress = cls(run.section.name, run.stats, run.activity)
        if shows_display(crawler.settings):
            from jiji.extensions.display import Display

            progress._display = Display(run.section.name, progress.text)
        crawler.signals.connect(progress.spider_opened, signals.spider_opened)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def spider_opened(self) -> None:
        """Begin to show progress."""
        if self._display:
            self._display.start()
        else:
            self._lines = asyncio.ensure_future(self._log_lines())

    def spider_closed(self) -> None:
        """Stop."""
        if self._display:
            self._display.stop()
        if self._lines:
            self._lines.cancel()

    def text(self) -> str:
        """Return the progress in one line."""
        return ", ".join(progress_parts(self._stats, self._activity, time.monotonic() - self._started))

    async def _log_lines(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL_SECONDS)
            logger.info("%s: %s", self._section, self.text())


def progress_parts(stats: RunStats, activity: Activity, seconds: float) -> Iterator[str]:
    """Yield the parts of the progress.

    >>> ", ".join(progress_parts(RunStats(new=9, requests=12), Activity(to_fetch=40), 24))
    'starting, 0 index pages, 9 new, 40 to fetch, 30 requests a minute, about 1 min left, waiting for the polite delay'
    """
    yield activity.stage
    yield f"{stats.index_pages} index page{'s' * (stats.index_pages != 1)}"
    counts = {"new": stats.new, "updated": stats.updated, "unchanged": stats.unchanged, "rejected": stats.rejected}
    yield from (f"{number} {name}" for name, number in counts.items() if number or name == "new")
    if activity.to_fetch:
        yield f"{activity.to_fetch} to fetch"
    if seconds and stats.requests >= _FEWEST_PAGES:
        yield f"{60 * stats.requests / seconds:.0f} requests a minute"
        if activity.to_fetch:
            yield f"about {_duration(activity.to_fetch * seconds / stats.requests)} left"
    yield f"waiting for {activity.wait}"


def _duration(seconds: float) -> str:
    """Return a duration in words.

    >>> _duration(20), _duration(600), _duration(8000)
    ('1 min', '10 min', '2.2 h')
    """
    return f"{max(1, round(seconds / 60))} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"
