"""Feed export of the section's feed: Scrapy's storage and exporter in front of the crash-safe append log.

``FEEDS`` names it with the scheme ``section-feed:``. Further feeds of ``FEEDS`` and ``-o`` are Scrapy's own.
"""

import logging
from pathlib import Path
from typing import IO, Any, Self, cast

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.exporters import JsonLinesItemExporter
from scrapy.extensions.feedexport import FeedExporter, FileFeedStorage

from jiji.section_run import SectionRun, output_dir
from jiji.stats import EndReason

logger = logging.getLogger(__name__)


def uri_params(params: dict[str, Any], spider: Spider) -> dict[str, Any]:
    """Return the placeholders of URIs in ``FEEDS``: Scrapy's, and the output folder."""
    return {**params, "output": output_dir(spider.settings).path}


class SectionFeedFile:
    """File-like object of a section's feed: each `write` is one line, durable when it returns."""

    def __init__(self, run: SectionRun) -> None:
        self._run = run

    def write(self, line: bytes) -> None:
        """Append one line; a failure of the feed ends the run, and nothing is appended after it."""
        if self._run.has_failed:
            return
        with self._run.feed_errors_end_the_run():
            if self._run.feed.append(line):
                self._run.stats.lines_appended += 1
            else:
                self._run.stats.lines_skipped += 1


class SectionFeedStorage:
    """Feed storage of Scrapy for URIs with the scheme ``section-feed:``."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler, uri: str, *, feed_options: dict[str, Any] | None = None) -> Self:
        """Return the storage; the URI is for people."""
        return cls(crawler)

    def open(self, spider: Spider) -> IO[bytes]:
        """Return the file that the exporter writes to."""
        return cast("IO[bytes]", SectionFeedFile(SectionRun.of(self._crawler)))

    def store(self, file: IO[bytes]) -> None:
        """Do nothing: every line is on the disk already."""


class ArticleLinesExporter(JsonLinesItemExporter):
    """Writes an article as one line: keys in their order, and no line separator of any kind left raw."""

    _SEPARATORS = str.maketrans({"\u2028": r"\u2028", "\u2029": r"\u2029", "\x85": r"\u0085"})

    def export_item(self, item: Any) -> None:
        """Write the line of an item in one piece."""
        line = self.encoder.encode(dict(self.get_serialized_fields(item)))
        self.file.write(line.translate(self._SEPARATORS).encode("utf-8") + b"\n")


class FeedCheck:
    """Extension that refuses unusable ``FEEDS`` before the first request; Scrapy would go on without them."""

    def __init__(self, run: SectionRun) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected."""
        check = cls(SectionRun.of(crawler))
        crawler.signals.connect(check.spider_opened, signals.spider_opened)
        return check

    def spider_opened(self) -> None:
        """End a run with an unusable feed; raises CloseSpider."""
        if problem := _problem(self._run.crawler):
            logger.critical("FEEDS: %s", problem)
            self._run.stats.end(EndReason.CONFIGURATION, f"FEEDS or -o: {problem}")
            raise CloseSpider(EndReason.CONFIGURATION)


def _problem(crawler: Crawler) -> str | None:
    """Return the fault of ``FEEDS``; None if every feed can be written."""
    exporter = crawler.get_extension(FeedExporter)
    if exporter is None:
        is_wanted = bool(crawler.settings["FEEDS"])
        return "unknown format, URI scheme or %(placeholder)s; the error above names it" if is_wanted else None
    for slot in exporter.slots:
        if isinstance(slot.storage, FileFeedStorage):
            path = Path(slot.storage.path)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("ab"):
                    pass
            except OSError as error:
                return f"{path} cannot be written: {error.strerror}; name another file or change its permissions"
    return None
