"""Check of ``FEEDS`` and ``-o``: feeds that cannot be written, or would write a file of the project, are refused."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.extensions.feedexport import FeedExporter, FileFeedStorage
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from jiji.configuration import ConfigurationError, output_dir
from jiji.section_run import SectionRun
from jiji.site.sections import SECTIONS
from jiji.stats import EndReason, RunStats

logger = logging.getLogger(__name__)


class FeedCheck:
    """Extension that refuses unusable or dangerous ``FEEDS`` before Scrapy opens them and before the first request.

    Scrapy would go on without a feed that it cannot open, and would empty a section's feed for ``-O``.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected; raises ConfigurationError for a file that the project owns, in any crawl.

        Its order in EXTENSIONS is below that of Scrapy's feed export.
        """
        output, spider = output_dir(crawler.settings), crawler.spider or crawler.spidercls
        for uri, options in _feeds(crawler.settings).items():
            path = None
            with suppress(AttributeError, KeyError, TypeError, ValueError):  # `spider_opened` reports it
                path = _path(uri, options, crawler.settings, spider)
            if path and output.owns(path, SECTIONS):
                raise ConfigurationError(
                    f"FEEDS or -o: {path} belongs to the project, which alone writes it; name another file"
                )
        check = cls(crawler)
        crawler.signals.connect(check.spider_opened, signals.spider_opened)
        return check

    def spider_opened(self) -> None:
        """End the crawl of a section with a refused feed; raises CloseSpider."""
        if SectionRun.opened(self._crawler) and (problem := self._problem()):
            logger.critical("FEEDS: %s", problem)
            RunStats.of(self._crawler).end(EndReason.CONFIGURATION, f"FEEDS or -o: {problem}")
            raise CloseSpider(EndReason.CONFIGURATION)

    def _problem(self) -> str | None:
        """Return the fault of ``FEEDS``; None if every feed can be written."""
        feeds = _feeds(self._crawler.settings)
        if feeds and self._crawler.get_extension(FeedExporter) is None:
            return "unknown format, URI scheme or batch option; the error above names it"
        for uri, options in feeds.items():
            try:
                path = _path(uri, options, self._crawler.settings, self._crawler.spider)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                return f"{uri}: invalid placeholder: {error}"
            if path and (problem := _path_problem(path)):
                return problem
        return None


def _path_problem(path: Path) -> str | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab"):
            pass
    except OSError as error:
        return f"{path} cannot be written: {error.strerror}; name another file or change its permissions"
    return None


def _feeds(settings: BaseSettings) -> dict[str, Mapping[str, Any]]:
    """Return the options of all further feeds by URI; a key may be a path."""
    feeds: dict[object, Mapping[str, Any]] = {settings["FEED_URI"]: {}} if settings.get("FEED_URI") else {}
    return {str(uri): options for uri, options in {**feeds, **settings.getdict("FEEDS")}.items()}


class _UriParams(dict[str, Any]):
    """Placeholders of a feed's URI: Scrapy's own, then the spider's attributes."""

    def __init__(self, spider: Spider | type[Spider]) -> None:
        now = datetime.now(UTC).replace(microsecond=0, tzinfo=None).isoformat().replace(":", "-")
        super().__init__(time=now, batch_time=now, batch_id=1)
        self._spider = spider

    def __missing__(self, key: str) -> Any:
        return getattr(self._spider, key)


def _path(
    uri: str, options: Mapping[str, Any], settings: BaseSettings, spider: Spider | type[Spider] | None
) -> Path | None:
    """Return the file of a feed; None for a feed that is no local file."""
    if urlsplit(uri).scheme not in ("", "file") or spider is None:
        return None
    params: dict[str, Any] = _UriParams(spider)
    if function := options.get("uri_params") or settings.get("FEED_URI_PARAMS"):
        params = load_object(function)(params, spider) or params
    return Path(FileFeedStorage(uri % params).path)
