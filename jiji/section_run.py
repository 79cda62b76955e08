"""One run of one section: everything that its components share, and the one place to get it from.

A component calls `SectionRun.of(crawler)` in its ``from_crawler``, or `SectionRun.of_crawl(crawler)` if it writes
files. Where there is nothing to do, `NotConfigured` is raised without a message, and Scrapy leaves the component out
silently.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from jiji.configuration import Arguments, Configuration, ConfigurationError, check_scrapy_settings, output_dir
from jiji.feed.errors import FeedError, NoSpaceLeft
from jiji.feed.feed import Feed
from jiji.output import OutputDir
from jiji.runs.activity import Activity
from jiji.runs.limits import check_open_files
from jiji.runs.manifests import Screenshot
from jiji.site.listing import Listing
from jiji.site.sections import Section
from jiji.site.urls import is_same_site
from jiji.stats import EndReason, RejectReason, RunStats
from jiji.text.features import ArticleSigner
from jiji.text.repeated_texts import RepeatedTexts
from jiji.text.verification import Judgement
from jiji.validation import is_valid_line

logger = logging.getLogger(__name__)

page_parsed = object()
"""Signal: an article page was parsed; arguments `rules` (field to extraction rule) and `response`."""
article_published = object()
"""Signal: the feed has received an article; arguments `article` and `fetched` (FetchedArticle)."""
page_rejected = object()
"""Signal: a fetched page is not published; arguments `listing`, `response`, `reason` (RejectReason) and `detail`."""


@dataclass(frozen=True, slots=True)
class FetchedArticle:
    """Origin of an article on its way through the pipelines."""

    listing: Listing
    response: Response
    judgement: Judgement | None = None
    """Judgement on its wording; None for a page that could not be read."""


def end_run(crawler: Crawler, reason: EndReason, message: str) -> None:
    """End the crawl early for a reason that the run's result will state; nothing happens where it is ending."""
    if RunStats.of(crawler).end(reason, message):
        logger.error("Ending the run (%s): %s", reason, message)
        _closing.add(task := asyncio.ensure_future(crawler.engine.close_spider_async(reason=reason)))
        task.add_done_callback(_closing.discard)


_closing: set[asyncio.Future[None]] = set()
"""Keeps the tasks alive: asyncio holds weak references only."""


@dataclass(eq=False)
class SectionRun:
    """The run of a section spider, with its feed open and locked until `close`.

    Scrapy's ``parse``, ``fetch``, ``view``, ``check`` and ``shell`` get a trial run, whose feed lies in a temporary
    folder: only a crawl touches the section's feed, lock and manifests.
    """

    crawler: Crawler
    section: Section
    arguments: Arguments
    configuration: Configuration
    output: OutputDir
    feed: Feed
    stats: RunStats
    job: str | None = None
    """Job of the scheduler that started the run: scrapyd passes it as the spider argument ``_job``."""
    fetched: dict[str, FetchedArticle] = field(default_factory=dict)
    """Articles between callback and feed, by article ID."""
    texts: RepeatedTexts = field(default_factory=RepeatedTexts)
    """Texts of this run, to find one under several article IDs."""
    screenshots: list[Screenshot] = field(default_factory=list)
    """Screenshots of this run's articles."""
    activity: Activity = field(default_factory=Activity)
    """The activity of the run, for people."""
    temporary: "TemporaryDirectory[str] | None" = None
    """Output folder of a trial run; None for a crawl."""

    _BY_CRAWLER: ClassVar[WeakKeyDictionary[Crawler, "SectionRun"]] = WeakKeyDictionary()

    @classmethod
    def begin(cls, crawler: Crawler) -> "SectionRun":
        """Open the run of a crawl.

        Raises NotConfigured for a spider without a section and for a trial run, ConfigurationError for invalid
        settings, LimitTooLow under a low ``ulimit``, and FeedError where the feed cannot be opened: Scrapy then ends
        the crawl before any request.
        """
        section = _section(crawler)
        if section is None or _is_started_by_scrapy(crawler):
            raise NotConfigured
        check_scrapy_settings(crawler.settings)
        check_open_files()
        output = output_dir(crawler.settings)
        return cls._open(crawler, section, output)

    @classmethod
    def of(cls, crawler: Crawler) -> "SectionRun":
        """Return the crawler's run, or a trial run where none began; raises NotConfigured without a section."""
        if run := cls._BY_CRAWLER.get(crawler):
            return run
        section = _section(crawler)
        if section is None:
            raise NotConfigured
        temporary = TemporaryDirectory(prefix="jiji-trial-")
        run = cls._open(crawler, section, OutputDir(Path(temporary.name)))
        run.temporary = temporary
        crawler.signals.connect(run.close, signals.engine_stopped)
        return run

    @classmethod
    def of_crawl(cls, crawler: Crawler) -> "SectionRun":
        """Return the run of a crawl; raises NotConfigured for a trial run and for a spider without a section."""
        run = cls._BY_CRAWLER.get(crawler)
        if run is None or run.is_trial:
            raise NotConfigured
        return run

    @classmethod
    def _open(cls, crawler: Crawler, section: Section, output: OutputDir) -> "SectionRun":
        configuration = Configuration.from_settings(crawler.settings)
        arguments = getattr(crawler.spider, "arguments", None) or Arguments()
        job = getattr(crawler.spider, "job", None)
        feed = Feed(output.path, section.name, ArticleSigner(), is_valid_line)
        run = cls(crawler, section, arguments, configuration, output, feed, RunStats.of(crawler), job)
        try:
            check_site(feed, configuration.base_url)
        except BaseException:
            feed.close()
            raise
        run.stats.feed_missing = feed.was_missing
        run.stats.damaged_lines = feed.damaged_lines
        run.stats.unreadable_files = len(feed.unreadable_files)
        cls._BY_CRAWLER[crawler] = run
        return run

    @classmethod
    def opened(cls, crawler: Crawler) -> "SectionRun | None":
        """Return the crawler's run if it was opened."""
        return cls._BY_CRAWLER.get(crawler)

    @property
    def is_trial(self) -> bool:
        """Whether nothing of the run is kept."""
        return self.temporary is not None

    @contextmanager
    def feed_errors_end_the_run(self) -> Iterator[None]:
        """End the run where the feed fails inside; Scrapy would log the exception and go on."""
        try:
            yield
        except FeedError as error:
            self.fail(error)

    def fail(self, error: FeedError) -> None:
        """End the run because of its feed: nothing is published after a failure."""
        end_run(
            self.crawler, EndReason.NO_SPACE if isinstance(error, NoSpaceLeft) else EndReason.FEED_FAILED, str(error)
        )

    @property
    def has_failed(self) -> bool:
        """Whether the feed failed in this run."""
        return self.stats.end_reason in (EndReason.NO_SPACE, EndReason.FEED_FAILED)

    def reject(self, fetched: FetchedArticle, reason: RejectReason, detail: str) -> None:
        """Count a page that is not published, log it, and pass it to those who keep it."""
        self.stats.rejected += 1
        self.stats.rejected_by_reason[reason] += 1
        logger.warning("Rejected page (%s): %s: %s", reason, fetched.response.url, detail)
        self.crawler.signals.send_catch_log(
            page_rejected, listing=fetched.listing, response=fetched.response, reason=reason, detail=detail
        )

    def close(self) -> None:
        """Close the feed and release its lock; remove the folder of a trial run."""
        self.feed.close()
        if self.temporary:
            self.temporary.cleanup()


def check_site(feed: Feed, root: str) -> None:
    """Raise ConfigurationError for a feed that holds articles of another site than the one to crawl.

    All names of Jiji's site are one site, as are all names and ports of this machine.
    """
    for url in feed.catalog.urls():
        if not is_same_site(url, root):
            raise ConfigurationError(
                f"{feed.path} holds articles of {urlsplit(url).hostname}, and JIJI_BASE_URL={root} is another site; "
                "choose another folder with JIJI_OUTPUT_DIR"
            )


def _section(crawler: Crawler) -> Section | None:
    section = getattr(crawler.spider, "section", None)
    return section if isinstance(section, Section) else None


def _is_started_by_scrapy(crawler: Crawler) -> bool:
    """Return whether a command of Scrapy replaced the spider's `start`, as parse, fetch, view and check do."""
    return crawler.spidercls.start.__module__.startswith("scrapy.commands.")
