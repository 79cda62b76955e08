"""Crawl frontier: the articles that one run fetches, and their states.

State of an article. The catalog stores it, and this class alone changes it::

                  listed               published              deleted
     (unknown) ───────────► pending ───────────────► published ──────────► withdrawn
                            │     ▲                   │     ▲                  │
                     failed │     │            failed │     │ unchanged,       │ listed again
                            ├─────┘                   └─────┘ updated          ▼
               deleted,     │     ▲                                      (fetched again)
               or too often ▼     │ deleted, but listed again
                        abandoned ┘
                            │ ▲
                            └─┘ still listed: tried after a week, or under a new address or headline

**Deleted** means gone (404, 410) in three runs over a day, in no list meanwhile, and not most articles at once. Failures
are recorded at the end of a run. Those of most articles alike are an outage, and no single article answers for it.

Articles that never failed come first, then checks of published ones, then those that failed before.
"""

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from enum import IntEnum

from jiji import clock
from jiji.configuration import Arguments, Configuration
from jiji.feed.catalog import Catalog, Pending, Published
from jiji.pages import IndexEntry
from jiji.site.listing import Category, Listing
from jiji.site.sections import SECTIONS, Section, covers
from jiji.spiders.failures import (
    DAILY_AFTER,
    ONE_DAY,
    SECOND_CHANCE,
    FailureKind,
    is_deleted,
    outage,
    was_tried_within,
)
from jiji.spiders.pagination import Seen
from jiji.stats import RunStats
from jiji.text.dates import day_of_id
from jiji.text.similarity import MOST_IDS

State = Published | Pending | None


class Rank(IntEnum):
    """Rank of an article in the order of requests."""

    FRESH = 0
    CHECK = 1
    FAILED_BEFORE = 2


class Frontier:
    """The frontier of one run of one section."""

    def __init__(
        self, section: Section, catalog: Catalog, arguments: Arguments, configuration: Configuration, stats: RunStats
    ) -> None:
        self._section = section
        self._catalog = catalog
        self._arguments = arguments
        self._recheck_hours = configuration.recheck_hours
        self._most = min(configuration.max_articles, arguments.max_articles or configuration.max_articles)
        self._stats = stats
        self.run_number = stats.run_number = catalog.begin_run()
        self._started = clock.now()
        self._has_categories = any(each.parent == section.name for each in SECTIONS.values())
        self._waiting: dict[str, Listing] = {}
        self._order: list[tuple[Rank, str]] = []
        self._fresh = 0
        """Articles of the first rank, requested ones included."""
        self._requested: set[str] = set()
        self._listed: set[str] = set()
        self._renamed: set[str] = set()
        self._failures: dict[str, tuple[FailureKind, str]] = {}
        self._outcomes = 0
        self._headlines = Counter(each.headline for each in catalog.pending())

    # --- What to fetch

    def add_earlier(self) -> None:
        """Add the articles that earlier runs left pending, and published ones that are due for a check."""
        for pending in self._catalog.pending():
            day = day_of_id(pending.id)
            if day and self._arguments.allow(day) and not self._rests(pending):
                self._add(_listing(pending), Rank.FAILED_BEFORE if pending.tried_at else Rank.FRESH)
        for published in self._catalog.due(self._started, self._recheck_hours):
            self._add(_listing(published), Rank.CHECK)

    def listed(self, entries: Sequence[IndexEntry], section: Section | None) -> dict[str, list[Seen]]:
        """Record the entries of an index page; return those of each list on it, by the name of the list.

        ``section`` is that of the page, None for home, which mixes them all and has no list of its own.
        """
        lists: dict[str, list[Seen]] = {}
        for entry in entries:
            label = self._own_label(entry, section)
            if label is None:
                continue
            state = self._catalog.find(entry.id)
            seen = Seen(entry.id, self._earlier_run(state))
            self._take(entry, label.category, state, is_in_list=section is not None)
            if section is not None and not entry.in_headline_box:
                self._extend_window(entry.id)
                lists.setdefault(label.name, []).append(seen)
        return lists

    def next_batch(self, size: int, *, lists_are_read: bool = True) -> list[Listing]:
        """Return the next articles to fetch, the oldest of the first rank first.

        Until all lists are read, only articles are returned of which no list can tell more.
        """
        size = min(size, self._most - len(self._requested))
        batch: list[Listing] = []
        kept: list[tuple[Rank, str]] = []
        while self._order and len(batch) < size:
            ranked = heapq.heappop(self._order)
            if lists_are_read or self._is_settled(self._waiting[ranked[1]]):
                batch.append(self._waiting.pop(ranked[1]))
                self._requested.add(ranked[1])
            else:
                kept.append(ranked)
        for ranked in kept:
            heapq.heappush(self._order, ranked)
        if self._order and len(self._requested) >= self._most and lists_are_read:
            self._record_bound()
        return batch

    @property
    def is_full(self) -> bool:
        """Whether the run may request no more than it knows, so that further index pages are left to the next."""
        if self._fresh < self._most:
            return False
        self._record_bound()
        return True

    def is_repeated_headline(self, headline: str | None) -> bool:
        """Return whether several pending articles have a headline, which identifies none then."""
        return self._headlines[headline] >= MOST_IDS

    # --- What became of it

    def published(self, listing: Listing, *, etag: str | None, last_modified: str | None) -> None:
        """Record that the feed holds the article as it was just read."""
        self._outcomes += 1
        self._catalog.record_check(
            listing.id, at=clock.now_text(), headline=listing.headline, etag=etag, last_modified=last_modified
        )

    def unchanged(self, listing: Listing, *, etag: str | None, last_modified: str | None) -> None:
        """Record that a published article was read again and has not changed."""
        self._outcomes += 1
        self._catalog.record_check(
            listing.id, at=clock.now_text(), headline=listing.headline, etag=etag, last_modified=last_modified,
            is_fruitless=listing.id in self._renamed,
        )  # fmt: skip

    def failed(self, article_id: str, kind: FailureKind, detail: str) -> None:
        """Take note of a failure, which `settle` records once all outcomes of the run are known."""
        self._outcomes += article_id not in self._failures
        self._failures[article_id] = kind, detail

    def settle(self) -> list[Published]:
        """Record the failures, by one policy for every kind; return the published articles that were deleted."""
        fault = outage((kind for kind, _ in self._failures.values()), self._outcomes)
        failures, self._failures = self._failures, {}
        if fault:
            self._stats.outage = max(self._stats.outage, len(failures))
        self._stats.pending_rejected += sum(kind is FailureKind.REJECTED for kind, _ in failures.values())
        settled = (self._settle(id, *failure, is_outage=failure[0] is fault) for id, failure in failures.items())
        return [published for published in settled if published]

    def summarize(self) -> None:
        """Write the reach of this run to its stats."""
        pending = self._catalog.pending()
        self._stats.pending = len(pending)
        self._stats.pending_resting = sum(
            self._rests(each) or each.id in self._requested and self._is_given_time(each) for each in pending
        )
        unpublished = {each.id for each in pending}
        self._stats.pending_rejected = min(self._stats.pending_rejected, len(unpublished))

    # --- Steps

    def _own_label(self, entry: IndexEntry, section: Section | None) -> Section | None:
        """Return the section under whose label an entry belongs to this feed, one with a category before others."""
        labels = [each for each in (*entry.sections, section) if each and covers(self._section, each)]
        return max(labels, key=lambda label: label.category is not None, default=None)

    def _earlier_run(self, state: State) -> int | None:
        """Return the number of the earlier run that listed an article first."""
        return None if state is None or state.listed_run == self.run_number else state.listed_run
