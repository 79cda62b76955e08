"""Crawl frontier: the articles that one run fetches, and the end of pagination.

State of an article. The catalog stores it, and this class alone changes it::

                  listed               published                gone in three runs
     (unknown) ───────────► pending ───────────────► published ────────────────────► withdrawn
                            │     ▲                   │     ▲                            │
                     failed │     │            failed │     │ unchanged, updated         │ listed again
                            ├─────┘                   └─────┘                            ▼
                            │ too often                                              (fetched again)
                            ▼
                        abandoned

Pagination ends behind a page on which every listing is fully crawled, at the true end of the list, or at a bound. A
listing is fully crawled if an earlier run saw it and that run or a later one reached the end of pagination. Runs are
numbered, and numbers are compared, never clocks.
"""

import heapq
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import Enum

from jiji.configuration import Arguments, Configuration
from jiji.feed.catalog import Catalog, Pending, Published
from jiji.items import utc_text
from jiji.pages import IndexEntry
from jiji.site.listing import Category, Listing
from jiji.site.sections import Section, covers
from jiji.stats import RunStats
from jiji.text.dates import day_of_id


class FailureKind(Enum):
    """Kind of failure of an article, with the number of failed attempts after which it is abandoned."""

    NOT_FETCHED = (40, "no response, or an HTTP error")
    REJECTED = (40, "a page that is not the article")
    PROGRAM_ERROR = (40, "an exception in a callback or pipeline")
    GONE = (3, "HTTP 404 or 410")
    POISON_PAGE = (1, "a page on which three runs died")

    @property
    def attempts(self) -> int:
        """Failed attempts after which the article is abandoned: 40 are about a month."""
        return self.value[0]


GONE_RUNS = FailureKind.GONE.attempts
"""Runs in a row in which a published article is gone before it counts as withdrawn."""
DAILY_AFTER = 10
"""Failed attempts after which a pending article is tried once a day only."""
ONE_DAY = timedelta(days=1)
MOST_NAMED = 20
"""Abandoned articles that a manifest names, the last ones."""

COMPLETE_RUN = "complete_run"
"""Note in the catalog: number of the last run that reached the end of pagination."""
NEWEST = "newest_id"
"""Note in the catalog: newest article ID that run saw."""


class Frontier:
    """The frontier of one run of one section."""

    def __init__(
        self, section: Section, catalog: Catalog, arguments: Arguments, configuration: Configuration, stats: RunStats
    ) -> None:
        self._section = section
        self._catalog = catalog
        self._arguments = arguments
        self._max_pages = configuration.max_pages
        self._max_articles = configuration.max_articles
        self._stats = stats
        self.run_number = stats.run_number = catalog.begin_run()
        complete_run = catalog.noted(COMPLETE_RUN)
        self._complete_run = int(complete_run) if complete_run else None
        self._last_newest = catalog.noted(NEWEST)
        self._started = datetime.now(UTC)
        self._requested: set[str] = set()
        self._waiting: dict[str, Listing] = {}
        self._order: list[str] = []
        self._rejected: set[str] = set()
        self._is_incomplete = False

    # --- What to fetch

    def retry(self, article_ids: Sequence[str]) -> None:
        """Make abandoned articles pending again: the rest of their poison pages is over."""
        for article_id in article_ids:
            self._catalog.restore(article_id)

    def add_earlier(self, recheck_hours: Sequence[float]) -> None:
        """Add the articles that earlier runs left pending, and published ones that are due for a check."""
        for pending in self._catalog.pending():
            day = day_of_id(pending.id)
            if day and self._arguments.allow(day) and not self._rests(pending):
                self._add(_listing(pending))
        for published in self._catalog.due(self._started, recheck_hours):
            self._add(_listing(published))

    def listed(self, entries: Sequence[IndexEntry], section: Section | None) -> bool:
        """Record the entries of an index page; return whether its further pages are worth reading.

        ``section`` is that of the list, None for home, which mixes them all.
        """
        self._stats.index_pages += 1
        own = [each for each in entries if (label := each.section or section) and covers(self._section, label)]
        states = {each.id: self._catalog.find(each.id) for each in own}
        for entry in own:
            if section and not entry.in_headline_box:
                self._extend_window(entry.id, states[entry.id])
            label = entry.section or section
            self._take(entry, label.category if label else None, states[entry.id])
        in_list = {each.id: states[each.id] for each in own if not each.in_headline_box}
        return section is not None and bool(in_list) and self._goes_on(in_list)

    def next_batch(self, size: int) -> list[Listing]:
        """Return the next articles to fetch, oldest first."""
        ids = [heapq.heappop(self._order) for _ in range(min(size, len(self._order)))]
        return [self._waiting.pop(article_id) for article_id in ids]

    # --- What became of it

    def published(self, listing: Listing, *, etag: str | None, last_modified: str | None) -> None:
        """Record that the feed holds the article as it was just read."""
        self._catalog.record_check(
            listing.id, at=_now(), headline=listing.headline, etag=etag, last_modified=last_modified
        )

    unchanged = published
    """Record that a published article was read again and has not changed."""

    def failed(self, article_id: str, kind: FailureKind, detail: str) -> Published | None:
        """Record a failure, by one policy for every kind; return a published article that counts as withdrawn now."""
        published = self._catalog.published(article_id)
        if published is None:
            if kind is FailureKind.REJECTED:
                self._rejected.add(article_id)
            if self._catalog.record_failure(article_id, reason=detail, at=_now()) >= kind.attempts:
                self._catalog.abandon(article_id, reason=detail, at=_now())
                self._stats.abandoned += 1
            return None
        if kind is FailureKind.GONE and self._catalog.record_missing(article_id, at=_now()) >= GONE_RUNS:
            return published
        return None

    def index_page_skipped(self) -> None:
        """Record that an index page was not requested: pagination did not reach its end."""
        self._is_incomplete = True

    def index_page_failed(self) -> None:
        """Record that an index page could not be read: pagination did not reach its end."""
        self.index_page_skipped()
        self._stats.index_pages_failed += 1

    def finish(self) -> None:
        """Record the end of pagination, if this run reached it."""
        if self._stats.newest and not self._is_incomplete:
            self._catalog.note(COMPLETE_RUN, str(self.run_number))
            self._catalog.note(NEWEST, max(self._stats.newest, self._last_newest or ""))

    def summarize(self) -> None:
        """Write the reach of this run to its stats."""
        self._stats.pending = self._catalog.pending_count()
        abandoned = self._catalog.abandoned(MOST_NAMED)
        self._stats.abandoned_articles = [f"{each.id} ({each.reason})" for each in abandoned]
        self._stats.pending_rejected = len(self._rejected & {each.id for each in self._catalog.pending()})
        if self._last_newest and self._stats.oldest and not self._stats.overlaps:
            self._stats.gap = self._last_newest, self._stats.oldest

    # --- Steps

    def _take(self, entry: IndexEntry, category: Category | None, state: Published | Pending | None) -> None:
        if entry.id not in self._requested:
            if not self._wants(entry, state):
                return
            listing = replace(_listing(state), url=entry.url) if state else Listing(entry.id, entry.url)
            self._add(replace(listing, first_seen_at=listing.first_seen_at or _now()))
        if waiting := self._waiting.get(entry.id):
            is_headline = entry.headline and (not entry.in_headline_box or not waiting.headline)
            self._waiting[entry.id] = replace(
                waiting,
                headline=entry.headline if is_headline else waiting.headline,
                category=waiting.category if isinstance(state, Published) else waiting.category or category,
            )
        if not isinstance(state, Published):
            self._catalog.add_pending(
                entry.id, url=entry.url, category=category, headline=entry.headline or None, at=_now(),
                run=self.run_number,
            )  # fmt: skip

    def _add(self, listing: Listing) -> None:
        """Add an article once, unless the run may request no more: it stays pending then."""
        if listing.id in self._requested or self._is_full():
            return
        self._requested.add(listing.id)
        self._waiting[listing.id] = listing
        heapq.heappush(self._order, listing.id)

    def _is_full(self) -> bool:
        """Return whether the run may request no more, and record the bound."""
        if len(self._requested) < min(self._max_articles, self._arguments.max_articles or self._max_articles):
            return False
        asked = self._arguments.max_articles
        is_asked = asked is not None and asked <= self._max_articles
        self._stats.bounded_by = f"max_articles={asked}" if is_asked else f"JIJI_MAX_ARTICLES={self._max_articles}"
        self._is_incomplete = True
        return True

    def _wants(self, entry: IndexEntry, state: Published | Pending | None) -> bool:
        day = day_of_id(entry.id)
        if day is None or not self._arguments.allow(day):
            return False
        if isinstance(state, Published):
            return state.status == "withdrawn" or _is_renamed(state.headline, entry)
        return state is None or not (state.abandoned or self._rests(state))

    def _rests(self, pending: Pending) -> bool:
        """Return whether an article that failed often was tried within a day."""
        return pending.attempts >= DAILY_AFTER and (pending.tried_at or "") > utc_text(self._started - ONE_DAY)

    def _goes_on(self, states: dict[str, Published | Pending | None]) -> bool:
        """Return whether pagination goes on behind a list; ``since`` reads back to its day in any case."""
        if self._is_full():
            return False
        if since := self._arguments.since:
            self._is_incomplete = True
            goes_on = any(day >= since for article_id in states if (day := day_of_id(article_id)))
        else:
            goes_on = not all(map(self._is_fully_crawled, states.values()))
        if goes_on and self._stats.index_pages >= self._max_pages:
            self._stats.pages_bounded, goes_on = True, False
        return goes_on

    def _is_fully_crawled(self, state: Published | Pending | None) -> bool:
        if state is None:
            return False
        if isinstance(state, Pending) and state.abandoned:
            return True
        return self._complete_run is not None and state.listed_run <= self._complete_run

    def _extend_window(self, article_id: str, state: Published | Pending | None) -> None:
        self._stats.newest = max(article_id, self._stats.newest or article_id)
        self._stats.oldest = min(article_id, self._stats.oldest or article_id)
        self._stats.overlaps = self._stats.overlaps or self._is_fully_crawled(state)


def _now() -> str:
    return utc_text(datetime.now(UTC))


def _listing(state: Published | Pending) -> Listing:
    """Return the listing of an article that the catalog knows."""
    validators = (state.etag, state.last_modified) if isinstance(state, Published) else (None, None)
    category: Category | None = state.category  # type: ignore[assignment] # the catalog stores what the feed holds
    return Listing(state.id, state.url, state.headline, category, state.first_seen_at, *validators)


def _is_renamed(headline: str | None, entry: IndexEntry) -> bool:
    """Return whether an index page shows another headline than before; a shortened one is the same."""
    if headline is None or entry.in_headline_box or not entry.headline:
        return False
    before, now = (text.rstrip(" .…") for text in (headline, entry.headline))
    return not (before.startswith(now) or now.startswith(before))
