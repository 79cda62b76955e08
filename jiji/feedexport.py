"""Scrapy's side of the feed: the extension that holds it, and the storage and exporter behind ``FEEDS``."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Self, cast

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, NotConfigured
from scrapy.exporters import JsonLinesItemExporter
from scrapy.extensions.feedexport import FeedExporter, FileFeedStorage
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.conf import closest_scrapy_cfg
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from jiji.feed.errors import FeedError, NoSpaceLeft
from jiji.feed.feed import Feed
from jiji.items import Article, Rejected, Unchanged, Unreadable, utc_text

logger = logging.getLogger(__name__)


def output_dir(settings: BaseSettings) -> Path:
    """Return the folder below which a run writes; a relative one lies in the project's folder, wherever it is run."""
    project = closest_scrapy_cfg()
    return (Path(project).parent if project else Path.cwd()) / str(settings["JIJI_OUTPUT_DIR"])


def uri_params(params: dict[str, Any], spider: Spider) -> dict[str, Any]:
    """Return what the URIs of ``FEEDS`` may name: beside what Scrapy offers, the run's ``output`` folder."""
    return {**params, "output": output_dir(spider.settings)}


class SectionFeed:
    """Hold a section's feed for one run, and keep its index in step with what becomes of each article."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.feed = Feed(output_dir(crawler.settings), cast("Spider", crawler.spider).name)
        self.failure: FeedError | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the feed; raises FeedError, which ends the run before any request, when that cannot be done."""
        if not hasattr(crawler.spider, "section"):
            raise NotConfigured("not a section of the site: no feed of its own")
        section_feed = cls(crawler)
        for handler in (
            section_feed.spider_opened,
            section_feed.item_scraped,
            section_feed.item_dropped,
            section_feed.item_error,
            section_feed.spider_error,
            section_feed.spider_closed,
            section_feed.engine_stopped,
        ):
            crawler.signals.connect(handler, getattr(signals, handler.__name__))
        return section_feed

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """Return the crawler's section feed; raises RuntimeError where the extension is not enabled."""
        found = crawler.get_extension(cls)
        if found is None:
            raise RuntimeError(f"EXTENSIONS lacks {cls.__module__}.{cls.__name__}, which holds the section's feed")
        return found

    def write(self, line: bytes) -> None:
        """Publish one line: it is on the disk when this returns; where that fails, the run ends."""
        if self.failure is None:
            with self.guarded():
                written = self.feed.append(line)
                self.crawler.stats.inc_value("jiji/lines/written" if written else "jiji/lines/there_already")

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """End the run where the feed or its index fails inside; Scrapy would log it and go on."""
        try:
            yield
        except FeedError as failure:
            self.end(failure)

    def end(self, failure: FeedError) -> None:
        """Close the spider: nothing is published behind a failure."""
        if self.failure is None:
            reason = self.note(failure, otherwise="feed_failed")
            self._closing = deferred_from_coro(self.crawler.engine.close_spider_async(reason=reason))

    def note(self, failure: FeedError, *, otherwise: str) -> str:
        """Take note of what makes this run a failure, and return its kind; nothing is published any more."""
        self.failure = failure
        kind = "no_space" if isinstance(failure, NoSpaceLeft) else otherwise
        logger.critical("%s", failure)
        self.crawler.stats.set_value("jiji/failure", kind)
        self.crawler.stats.set_value("jiji/failure_said", str(failure))
        return kind

    def spider_opened(self, spider: Spider) -> None:
        """Refuse feeds that cannot work before the first request: Scrapy would go on without them."""
        problem = _problem_of(self.crawler)
        if problem:
            logger.critical("FEEDS: %s", problem)
            self.crawler.stats.set_value("jiji/failure_said", problem)
            raise CloseSpider("configuration")

    def item_scraped(self, item: Article, response: Response | None) -> None:
        """Take note that an article stands in the feed as it was just read."""
        self._through(item.id)
        if self.failure is None:
            self.crawler.stats.inc_value(f"jiji/article/{item.status}")
            self._checked(item.id, response)

    def item_dropped(self, item: Article | Unreadable, response: Response | None, exception: Exception) -> None:
        """Take note that an article was read and is unchanged, or was not acceptable."""
        self._through(item.id)
        if isinstance(exception, Unchanged):
            self.crawler.stats.inc_value("jiji/article/unchanged")
            self._checked(item.id, response)
        elif isinstance(exception, Rejected):
            self.crawler.stats.inc_value("jiji/article/rejected")
            self.crawler.stats.inc_value(f"jiji/rejected/{exception.kind}")
            self._failed(response, exception)

    def item_error(self, item: Any, response: Response | None, failure: Failure) -> None:
        """Keep an article whose pipeline raised for a later run."""
        self._through(item.id)
        self._failed(response, failure.value)

    def spider_error(self, failure: Failure, response: Response) -> None:
        """Keep an article whose callback raised for a later run."""
        self._failed(response, failure.value)

    def spider_closed(self) -> None:
        """Count what is still to fetch."""
        with self.guarded():
            self.crawler.stats.set_value("jiji/pending", self.feed.catalog.pending_count())

    def engine_stopped(self) -> None:
        """Let go of the feed."""
        self.feed.close()

    def _through(self, id: str) -> None:
        with self.guarded():
            self.feed.crash_marker.mark(None)
            self.feed.crash_marker.survived(id)

    def _checked(self, id: str, response: Response | None) -> None:
        with self.guarded():
            known = self.feed.catalog.published(id)
            if known and known.status != "withdrawn" and response is not None:
                self.feed.catalog.record_check(
                    id,
                    at=utc_text(datetime.now(UTC)),
                    headline=cast("Request", response.request).cb_kwargs.get("listed_as"),
                    etag=_header(response, "ETag"),
                    last_modified=_header(response, "Last-Modified"),
                )

    def _failed(self, response: Response | None, error: BaseException | None) -> None:
        if isinstance(error, FeedError):
            self.end(error)
            return
        key = cast("Request", response.request).cb_kwargs.get("key") if response is not None else None
        with self.guarded():
            if key and self.feed.catalog.published(key) is None:
                self.feed.catalog.record_failure(key, reason=str(error), at=utc_text(datetime.now(UTC)))


class JournalStorage:
    """Let Scrapy's feed export write into the section's feed, for URIs that begin with ``journal:``."""

    def __init__(self, crawler: Crawler, uri: str) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler, uri: str, *, feed_options: dict[str, Any] | None = None) -> Self:
        """Return the storage."""
        return cls(crawler, uri)

    def open(self, spider: Spider) -> IO[bytes]:
        """Return what the exporter writes lines to."""
        return cast("IO[bytes]", SectionFeed.of(self.crawler))

    def store(self, file: IO[bytes]) -> None:
        """Do nothing: every line is on the disk already."""


class ArticleLinesExporter(JsonLinesItemExporter):
    """Write an article as one line: keys in their order, and no line separator of any kind left raw."""

    _SEPARATORS = str.maketrans({"\u2028": r"\u2028", "\u2029": r"\u2029", "\x85": r"\u0085"})

    def export_item(self, item: Any) -> None:
        """Write the item's line in one piece."""
        line = self.encoder.encode(dict(self.get_serialized_fields(item)))
        self.file.write(line.translate(self._SEPARATORS).encode("utf-8") + b"\n")


def _problem_of(crawler: Crawler) -> str | None:
    """Return what is wrong with ``FEEDS``, None if every feed can be written."""
    exporter = crawler.get_extension(FeedExporter)
    if exporter is None:
        return (
            "a format, a URI or a %(key)s in it is not understood; see the error above"
            if crawler.settings["FEEDS"]
            else None
        )
    for slot in exporter.slots:
        if isinstance(slot.storage, FileFeedStorage):
            path = Path(slot.storage.path)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("ab"):
                    pass
            except OSError as error:
                return f"{path} cannot be written: {error.strerror}; name another file or make room for it"
    return None


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
