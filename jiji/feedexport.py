"""Feed export of the section's feed, and the check of all further feeds.

The section's feed is always on and independent of ``FEEDS``: a setting or failure of another feed cannot touch it. The
feeds of ``FEEDS`` and ``-o`` are extra, and Scrapy writes them. None of them may be a file that the project owns.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import urlsplit

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.exporters import JsonLinesItemExporter
from scrapy.extensions.feedexport import FeedExporter, FileFeedStorage
from scrapy.utils.misc import load_object

from jiji.items import Article
from jiji.section_run import SectionRun
from jiji.stats import EndReason

logger = logging.getLogger(__name__)


class SectionFeedExporter:
    """Appends articles to the section's feed; each line is durable when `export` returns."""

    def __init__(self, run: SectionRun) -> None:
        self._run = run
        self._exporter = ArticleLinesExporter(cast("BytesIO", self), encoding="utf-8")

    def export(self, article: Article) -> None:
        """Append the line of an article; raises FeedError."""
        self._exporter.export_item(article)

    def write(self, line: bytes) -> None:
        """Append one line: the file interface that the exporter writes to."""
        if self._run.feed.append(line):
            self._run.stats.lines_appended += 1
        else:
            self._run.stats.lines_skipped += 1


class ArticleLinesExporter(JsonLinesItemExporter):
    """Writes an item as one line: keys in their order, and no line separator of any kind left raw."""

    _SEPARATORS = str.maketrans({"\u2028": r"\u2028", "\u2029": r"\u2029", "\x85": r"\u0085"})

    def export_item(self, item: Any) -> None:
        """Write the line of an item in one piece."""
        line = self.encoder.encode(dict(self.get_serialized_fields(item)))
        self.file.write(line.translate(self._SEPARATORS).encode("utf-8") + b"\n")


class FeedCheck:
    """Extension that refuses unusable or dangerous ``FEEDS`` before Scrapy opens them and before the first request.

    Scrapy would go on without a feed that it cannot open, and would empty a section's feed for ``-O``.
    """

    def __init__(self, run: SectionRun) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected; its order in EXTENSIONS is below that of Scrapy's feed export."""
        check = cls(SectionRun.of(crawler))
        crawler.signals.connect(check.spider_opened, signals.spider_opened)
        return check

    def spider_opened(self) -> None:
        """End a run with a refused feed; raises CloseSpider."""
        if problem := self._problem(self._run.crawler):
            logger.critical("FEEDS: %s", problem)
            self._run.stats.end(EndReason.CONFIGURATION, f"FEEDS or -o: {problem}")
            raise CloseSpider(EndReason.CONFIGURATION)

    def _problem(self, crawler: Crawler) -> str | None:
        """Return the fault of ``FEEDS``; None if every feed can be written."""
        if not crawler.settings["FEEDS"]:
            return None
        exporter = crawler.get_extension(FeedExporter)
        if exporter is None:
            return "unknown format, URI scheme or batch option; the error above names it"
        for uri, options in exporter.feeds.items():
            try:
                path = _path(uri, options, self._run.crawler.spider)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                return f"{uri}: invalid placeholder: {error}"
            if path and (problem := self._path_problem(path)):
                return problem
        return None

    def _path_problem(self, path: Path) -> str | None:
        if self._run.output.owns(path):
            return f"{path} belongs to the project, which alone writes it; name another file"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab"):
                pass
        except OSError as error:
            return f"{path} cannot be written: {error.strerror}; name another file or change its permissions"
        return None


class _UriParams(dict[str, Any]):
    """Placeholders of a feed's URI: Scrapy's own, then the spider's attributes."""

    def __init__(self, spider: Spider) -> None:
        now = datetime.now(UTC).replace(microsecond=0, tzinfo=None).isoformat().replace(":", "-")
        super().__init__(time=now, batch_time=now, batch_id=1)
        self._spider = spider

    def __missing__(self, key: str) -> Any:
        return getattr(self._spider, key)


def _path(uri: str, options: Mapping[str, Any], spider: Spider | None) -> Path | None:
    """Return the file of a feed; None for a feed that is no local file."""
    if urlsplit(uri).scheme not in ("", "file") or spider is None:
        return None
    params: dict[str, Any] = _UriParams(spider)
    if function := options.get("uri_params"):
        params = load_object(function)(params, spider) or params
    return Path(FileFeedStorage(uri % params).path)
