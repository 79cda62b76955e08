"""Manifest of the run: written without a verdict at the start, and completed with the result at the end."""

import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.utils.versions import get_versions

from jiji.configuration import UnusableOutputDir, output_dir
from jiji.feed.errors import FeedError, NoSpaceLeft
from jiji.feed.feed import Appended
from jiji.items import utc_text
from jiji.network.user_agent import VERSION
from jiji.runs.manifests import Articles, Manifest, ManifestStore, Process, Requests, Verdict, run_name
from jiji.runs.result import KILLED, Exit, RunResult, died_on, judge, judge_refusal, unrecorded
from jiji.runs.scrapyd import egg_version
from jiji.runs.warnings import warnings
from jiji.section_run import SectionRun
from jiji.site.urls import DEFAULT_ROOT
from jiji.stats import EndReason, RunStats

logger = logging.getLogger(__name__)

COUNTED = (
    "jiji/", "downloader/", "retry/", "robotstxt/", "httperror/", "spider_exceptions/", "feedexport/", "log_count/",
)  # fmt: skip
"""Prefixes of the Scrapy stats that the manifest shows."""
NO_ERRORS = (Exit.DONE, Exit.INTERRUPTED, Exit.LOCKED)
"""Exit statuses of a run that a scheduler or a person ended or kept from starting: nothing has failed."""
FAILED_FEEDS = "feedexport/failed_count/"
"""Prefix of Scrapy's counters of feeds that could not be stored; no signal reports them."""


class ManifestWriter:
    """Writes the manifest of a run, and judges the run once it has ended."""

    def __init__(self, crawler: Crawler, section: str, job: str | None) -> None:
        self._crawler = crawler
        self._section = section
        self._job = job
        self._stats = RunStats.of(crawler)
        self._store = ManifestStore(output_dir(crawler.settings).runs(section))
        self._started = datetime.now(UTC)
        self._clock = time.monotonic()
        self.result: RunResult | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected."""
        run = SectionRun.begin(crawler)
        writer = cls(crawler, run.section.name, run.job)
        crawler.signals.connect(writer.spider_opened, signals.spider_opened)
        crawler.signals.connect(writer.engine_stopped, signals.engine_stopped)
        return writer

    @classmethod
    def of(cls, crawler: Crawler, section: str, job: str | None = None) -> Self:
        """Return the crawler's extension, or a new one for a run that failed before it had any.

        ``job`` is that of the scheduler: scrapyd passes it as the spider argument ``_job``.
        """
        try:
            found = crawler.get_extension(cls)
        except RuntimeError:  # no extensions yet
            found = None
        return found or cls(crawler, section, job)

    def spider_opened(self) -> None:
        """Complete the manifests of killed runs, and write the start of this one; raises CloseSpider on failure."""
        try:
            run = SectionRun.of(self._crawler)
            self._complete_killed_runs(run)
            poison_pages = run.feed.crash_marker.poison_pages(self._started)
            self._stats.resting_pages = [
                f"{page} until {utc_text(each.rests_until)}" for page, each in poison_pages.items()
            ]
            self._stats.http_cache = self._crawler.settings.getbool("HTTPCACHE_ENABLED")
            self._store.begin(self._manifest())
        except FeedError as error:
            reason = EndReason.NO_SPACE if isinstance(error, NoSpaceLeft) else EndReason.CONFIGURATION
            self._stats.end(reason, str(error))
            raise CloseSpider(reason) from error

    def engine_stopped(self) -> None:
        """Judge the run while its feed is still locked, then release it."""
        self.conclude()
        SectionRun.of(self._crawler).close()

    def conclude(self, refusal: BaseException | None = None) -> RunResult:
        """Return the result, and write the manifest the first time; ``refusal`` kept the run from starting."""
        if self.result is None:
            self._clear_crash_mark()
            self._stats.extra_feeds_failed = sum(_below(FAILED_FEEDS, self._scrapy_stats).values())
            manifest = self._manifest()
            self.result = judge_refusal(refusal) if refusal else judge(self._stats)
            manifest.verdict = Verdict.of(self.result)
            manifest.ended_at = utc_text(datetime.now(UTC))
            if not isinstance(refusal, UnusableOutputDir):
                self.result = self._store_end(manifest, self.result)
            for warning in manifest.warnings:
                logger.warning("%s: %s", self._section, warning)
            level = logging.INFO if self.result.status in NO_ERRORS else logging.ERROR
            logger.log(level, "%s: %s", self._section, self.result)
        return self.result

    def _clear_crash_mark(self) -> None:
        """Clear the mark that a forced stop can leave: no page is its cause."""
        if run := SectionRun.opened(self._crawler):
            with suppress(FeedError):
                run.feed.crash_marker.mark(None)

    def _store_end(self, manifest: Manifest, result: RunResult) -> RunResult:
        """Write the manifest; return the result, which states a failure to write it, as the second try does."""
        for _ in range(2):
            try:
                self._store.end(manifest, is_latest=result.status != Exit.LOCKED)
                break
            except FeedError as error:
                logger.error("Manifest not written: %s", error)
                result = unrecorded(result, error)
                manifest.verdict = Verdict.of(result)
        return result

    def _complete_killed_runs(self, run: SectionRun) -> None:
        """Write a verdict into unfinished manifests: this run holds the lock, so their processes are dead."""
        unfinished = self._store.unfinished()
        for killed in unfinished:
            page = run.feed.crash_marker.found if killed is unfinished[-1] else None
            result = died_on(page) if page else KILLED
            logger.warning("Earlier run of %s (process %s): %s", killed.started_at, killed.process.pid, result)
            self._stats.killed_runs += 1
            killed.verdict = Verdict.of(result)
            self._store.end(killed, is_latest=False)

    def _manifest(self) -> Manifest:
        """Return the manifest as the run stands, without a result."""
        crawler, stats, run = self._crawler, self._stats, SectionRun.opened(self._crawler)
        arguments = run.arguments.model_dump(mode="json", exclude_none=True) if run else {}
        return Manifest(
            run=run_name(self._started),
            run_number=stats.run_number,
            section=self._section,
            verdict=Verdict.running(),
            warnings=warnings(stats),
            started_at=utc_text(self._started),
            ended_at=None,
            seconds=round(time.monotonic() - self._clock, 3),
            site=crawler.settings.get("JIJI_BASE_URL") or DEFAULT_ROOT,
            arguments={name: str(value) for name, value in arguments.items()},
            process=Process.current(job=self._job),
            requests=_requests(stats),
            articles=_articles(stats),
            appended=self._appended(run) if run else [],
            screenshots=run.screenshots if run else [],
            newest=stats.newest,
            oldest=stats.oldest,
            gap=stats.gap,
            newest_since=stats.newest_since,
            audit=stats.last_audit,
            bounded_by=stats.bounded_by,
            drift=stats.drift,
            rules=dict(stats.rules),
            counts={key: n for key, n in sorted(self._scrapy_stats.items()) if key.startswith(COUNTED)},
            versions={"jiji": VERSION, **_egg(), **dict(get_versions())},
        )

    def _appended(self, run: SectionRun) -> list[Appended]:
        """Return the byte ranges; none, and an internal error, where the output folder cannot be read."""
        try:
            return run.feed.appended()
        except OSError as error:
            logger.error("Byte ranges of the run are unknown: %s", error)
            self._stats.internal_errors += 1
            return []

    @property
    def _scrapy_stats(self) -> Mapping[str, Any]:
        """Scrapy's stats with the run's; empty where the run failed before it could count."""
        try:
            scrapy_stats = self._crawler.stats.get_stats()
        except (AttributeError, RuntimeError):
            scrapy_stats = {}
        return {**scrapy_stats, **dict(self._stats.as_scrapy_stats())}


def _egg() -> dict[str, str]:
    version = egg_version()
    return {"egg": version} if version else {}


def _requests(stats: RunStats) -> Requests:
    responses = {str(status): number for status, number in stats.responses.items()}
    return Requests(made=stats.requests, by_outcome={**responses, **stats.download_errors})


def _articles(stats: RunStats) -> Articles:
    names = ("new", "updated", "withdrawn", "unchanged", "not_modified", "rejected", "failed", "gone", "pending")
    return Articles(
        **{name: getattr(stats, name) for name in names},
        rejected_by_reason={str(reason): number for reason, number in stats.rejected_by_reason.items()},
    )


def _below(prefix: str, stats: Mapping[str, Any]) -> dict[str, int]:
    return {key.removeprefix(prefix): value for key, value in stats.items() if key.startswith(prefix)}
