"""The run's manifest: what it was, how it went, what it appended."""

import logging
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, NotConfigured
from scrapy.utils.versions import get_versions

from jiji.feed.errors import FeedError
from jiji.feed.feed import Feed
from jiji.feedexport import SectionFeed, output_dir
from jiji.items import utc_text
from jiji.network.user_agent import VERSION
from jiji.runs import manifests as runs
from jiji.runs.manifests import Record, Runs
from jiji.runs.result import KILLED, Exit, Verdict, died_reading, of_refusal, of_run, warnings

logger = logging.getLogger(__name__)

COUNTED = (
    "jiji/",
    "downloader/",
    "retry/",
    "robotstxt/",
    "httperror/",
    "spider_exceptions/",
    "feedexport/",
    "log_count/",
)
"""What the manifest shows of the stats."""
ARTICLES = ("new", "updated", "withdrawn", "unchanged", "not_modified", "rejected", "failed", "gone")


class Manifest:
    """Write the run's manifest when it begins, and the whole of it, with the verdict, when it ends."""

    def __init__(self, crawler: Crawler, section: str) -> None:
        self.crawler = crawler
        self.section = section
        self.runs = Runs(output_dir(crawler.settings), section)
        self.started = datetime.now(UTC)
        self.clock = time.monotonic()
        self.verdict: Verdict | None = None
        """What the run was judged to be, once it has ended."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, listening."""
        if crawler.spider is None or not hasattr(crawler.spider, "section"):
            raise NotConfigured("not a section of the site")
        manifest = cls(crawler, crawler.spider.name)
        crawler.signals.connect(manifest.spider_opened, signals.spider_opened)
        crawler.signals.connect(manifest.engine_stopped, signals.engine_stopped)
        return manifest

    @classmethod
    def of(cls, crawler: Crawler, section: str) -> Self:
        """Return the crawler's extension, or one for a run that failed before it had any."""
        return (crawler.get_extension(cls) if crawler._extensions else None) or cls(crawler, section)

    def spider_opened(self) -> None:
        """Tell of runs that were killed, and leave the beginning of this one's manifest."""
        section_feed = SectionFeed.of(self.crawler)
        try:
            self.bury(section_feed.feed.crash_marker.found)
            self.runs.begin(self.record(Record(status=None, word="running", said="the run is at work", advice="Wait")))
        except FeedError as failure:
            section_feed.note(failure, otherwise="configuration")
            raise CloseSpider("configuration") from failure

    def bury(self, died_reading_page: str | None) -> None:
        """Put a verdict into the manifests of runs that never ended: this one holds the lock, so they are dead."""
        unfinished = self.runs.unfinished()
        for dead in unfinished:
            page = died_reading_page if dead is unfinished[-1] else None
            verdict = died_reading(page) if page else KILLED
            logger.warning("The run of %s, process %s: %s", dead["started_at"], dead["process"]["pid"], verdict)
            self.crawler.stats.inc_value("jiji/killed_before")
            self.runs.end({**dead, "verdict": _told(verdict)}, is_latest=False)

    def engine_stopped(self) -> None:
        """Judge the run while its feed is still held: whoever comes next finds its verdict."""
        self.end()

    def end(self, refusal: BaseException | None = None) -> Verdict:
        """Return the verdict, and write the manifest the first time; ``refusal`` is what kept the run from starting."""
        if self.verdict is None:
            self.verdict = of_refusal(refusal) if refusal else of_run(self._stats)
            record = self.record(_told(self.verdict))
            if feed := self._feed:
                feed.crash_marker.mark(None)  # the run ends because it is told to, not of what it reads
            try:
                self.runs.end(record, is_latest=self.verdict.status != Exit.HELD)
            except FeedError as failure:
                logger.error("No manifest: %s", failure)
            level = logging.INFO if self.verdict.status == Exit.DONE else logging.ERROR
            logger.log(level, "%s: %s", self.section, self.verdict)
        return self.verdict

    def record(self, verdict: Record) -> Record:
        """Return the manifest as it stands."""
        crawler = self.crawler
        stats = self._stats
        window = {name: stats.get(f"jiji/window/{name}") for name in ("newest", "oldest", "gap_from", "gap_to")}
        return {
            "schema_version": "1",
            "run": runs.name(self.started),
            "section": self.section,
            "verdict": verdict,
            "warnings": warnings(stats),
            "started_at": utc_text(self.started),
            "ended_at": utc_text(datetime.now(UTC)) if verdict["status"] is not None else None,
            "seconds": round(time.monotonic() - self.clock, 3),
            "site": crawler.settings["JIJI_BASE_URL"],
            "arguments": getattr(crawler.spider, "given", {}),
            "process": {**runs.myself(), "job": os.environ.get("SCRAPY_JOB")},
            "requests": _requests(stats),
            "articles": {
                **{name: stats.get(f"jiji/article/{name}", 0) for name in ARTICLES},
                "pending": stats.get("jiji/pending"),
                "rejected_by_reason": _below("jiji/rejected/", stats),
            },
            "appended": self._feed.appended() if self._feed else [],
            "newest": window["newest"],
            "oldest": window["oldest"],
            "gap": [window["gap_from"], window["gap_to"]] if window["gap_from"] else None,
            "counts": {name: value for name, value in sorted(stats.items()) if name.startswith(COUNTED)},
            "versions": {"jiji": VERSION, **dict(get_versions())},
        }

    @property
    def _stats(self) -> Mapping[str, Any]:
        """What was counted; nothing where the run failed before it could count."""
        return self.crawler.stats.get_stats() if self.crawler._stats else {}

    @property
    def _feed(self) -> Feed | None:
        section_feed = self.crawler.get_extension(SectionFeed) if self.crawler._extensions else None
        return section_feed.feed if section_feed else None


def _requests(stats: Mapping[str, Any]) -> Record:
    """Return how many requests were made, and what became of them: an HTTP status, or what went wrong."""
    answers = _below("downloader/response_status_count/", stats)
    failures = {name.rpartition(".")[2]: n for name, n in _below("downloader/exception_type_count/", stats).items()}
    return {"made": stats.get("downloader/request_count", 0), "by_outcome": {**answers, **failures}}


def _below(beginning: str, stats: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removeprefix(beginning): value for name, value in stats.items() if name.startswith(beginning)}


def _told(verdict: Verdict) -> Record:
    return {"status": int(verdict.status), "word": verdict.status.word, "said": verdict.said, "advice": verdict.advice}
