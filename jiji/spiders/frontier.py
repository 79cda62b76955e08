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

**Deleted** means gone (404, 410) in three runs over a day, in no list meanwhile, and not most articles at once.
Failures are recorded at the end of a run. Those of most articles alike are an outage, and prove nothing of one article.

fetch_policy.py says which articles are fetched, fetch_order.py in which order.
"""

from collections.abc import Sequence
from dataclasses import replace

from jiji import clock
from jiji.configuration import Arguments, Configuration
from jiji.feed.catalog import Catalog, Pending, Published
from jiji.items import utc_text
from jiji.pages import IndexEntry
from jiji.site.listing import Category, Listing
from jiji.site.sections import SECTIONS, Section, covers
from jiji.spiders.failures import (
    MANY,
    ONE_DAY,
    FailureKind,
    is_deleted,
    outage,
    was_tried_within,
)
from jiji.spiders.fetch_order import FetchOrder, Rank
from jiji.spiders.fetch_policy import State, has_failed, known_listing, listed_rank, pending_rank, rests
from jiji.spiders.pagination import Seen
from jiji.stats import RunStats
from jiji.text.dates import day_of_id

MOST_NAMED = 20
"""Abandoned articles that a manifest names, the last ones."""


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
        has_categories = any(each.parent == section.name for each in SECTIONS.values())
        self._order = FetchOrder(self._most, has_categories=has_categories)
        self._listed: set[str] = set()
        self._renamed: set[str] = set()
        self._failures: dict[str, tuple[FailureKind, str]] = {}
        self._rejected: set[str] = set()
        self._successes = 0

    # --- What to fetch

    def retry(self, article_ids: Sequence[str]) -> None:
        """Make abandoned articles pending again: the rest of their poison pages is over."""
        for article_id in article_ids:
            self._catalog.restore(article_id)

    def add_earlier(self) -> None:
        """Add the articles that earlier runs left pending, and published ones that are due for a check."""
        for pending in self._catalog.pending():
            day = day_of_id(pending.id)
            if day and self._arguments.allow(day) and not rests(pending, self._started):
                self._order.add(known_listing(pending), pending_rank(pending))
        for published in self._catalog.due(self._started, self._recheck_hours):
            self._order.add(known_listing(published), Rank.CHECK)

    def listed(self, entries: Sequence[IndexEntry], section: Section | None) -> dict[str, list[Seen]]:
        """Record the entries of an index page; return those of each list on it, by the name of the list.

        ``section`` is that of the page, None for home, which mixes them all and has no list of its own.
        """
        with self._catalog.together():
            return self._listed_on(entries, section)

    def _listed_on(self, entries: Sequence[IndexEntry], section: Section | None) -> dict[str, list[Seen]]:
        lists: dict[str, list[Seen]] = {}
        for entry in entries:
            labels = self._own_labels(entry, section)
            if not labels:
                continue
            state = self._catalog.find(entry.id)
            names = {} if section is None else self._list_names(entry, section)
            if names:
                state = self._note_listed(entry.id, state)
                self._extend_window(entry.id)
            category = next((label.category for label in labels if label.category), None)
            self._take(entry, category, state, is_in_list=bool(names))
            for name in names:
                lists.setdefault(name, []).append(Seen(entry.id, self._earlier_run(state), entry.is_pinned))
        return lists

    def next_batch(self, size: int, *, lists_are_read: bool = True) -> list[Listing]:
        """Return the next articles to fetch; until all lists are read, only those of which no list can tell more."""
        batch = self._order.take(size, lists_are_read=lists_are_read)
        if self._order.is_cut:
            self._record_bound()
        return batch

    @property
    def waiting(self) -> int:
        """Number of articles that were not requested yet."""
        return len(self._order)

    def takes_early_batch(self) -> bool:
        """Return whether a first batch may be fetched before all lists are read: once a run, before anything else."""
        return not self._order.has_begun

    def needs_no_more_of(self, list_name: str, listings: Sequence[Seen]) -> bool:
        """Return whether the pages of a list behind these listings are left to the next run.

        The bound on articles is reached, and the list tells no categories of those that may be requested.
        """
        if not self._order.is_full:
            return False
        self._record_bound()
        unsettled = self._order.unsettled()
        if list_name == self._section.name or self._order.is_full_without(unsettled):
            return True
        return all(each.id < min(unsettled) for each in listings)

    # --- What became of it

    def published(self, listing: Listing, *, etag: str | None, last_modified: str | None) -> None:
        """Record that the feed holds the article as it was just read."""
        self._successes += 1
        self._catalog.record_check(
            listing.id, at=clock.now_text(), headline=listing.headline, etag=etag, last_modified=last_modified
        )

    def unchanged(self, listing: Listing, *, etag: str | None, last_modified: str | None) -> None:
        """Record that a published article was read again and has not changed."""
        self._successes += 1
        self._catalog.record_check(
            listing.id, at=clock.now_text(), headline=listing.headline, etag=etag, last_modified=last_modified,
            is_fruitless=listing.id in self._renamed,
        )  # fmt: skip

    def failed(self, article_id: str, kind: FailureKind, detail: str) -> None:
        """Keep a failure for `settle`, which records it once all outcomes of the run are known."""
        self._failures[article_id] = kind, detail

    def settle(self) -> list[Published]:
        """Record the failures, by one policy for every kind; return the published articles that were deleted."""
        failures, self._failures = self._failures, {}
        states = {article_id: self._catalog.find(article_id) for article_id in failures}
        first = [kind for article_id, (kind, _) in failures.items() if not has_failed(states[article_id])]
        fault = outage(first, self._successes)
        if fault:
            self._stats.outage = len(first)
        deleted = []
        for article_id, (kind, detail) in failures.items():
            state = states[article_id]
            if isinstance(state, Pending):
                self._settle_pending(state, kind, detail, is_outage=kind is fault)
            elif state and kind is not fault and (published := self._settle_published(state, kind)):
                deleted.append(published)
        return deleted

    def summarize(self) -> None:
        """Write the reach of this run to its stats."""
        pending = self._catalog.pending()
        resting = {each.id for each in pending if rests(each, clock.now())}
        self._stats.pending = len(pending)
        self._stats.pending_resting = len(resting)
        if len(resting) >= MANY and self._stats.newest in resting:
            self._stats.outage = self._stats.outage or len(resting)
        self._stats.pending_rejected = len(self._rejected & {each.id for each in pending} - resting)
        abandoned = self._catalog.abandoned(MOST_NAMED)
        self._stats.abandoned_articles = [f"{each.id} ({each.reason})" for each in abandoned]

    # --- Steps

    def _own_labels(self, entry: IndexEntry, section: Section | None) -> list[Section]:
        """Return the sections under which an entry belongs to this feed: labels over it, and the page's own."""
        labels = [*entry.sections, *([section] if section and not entry.sections else [])]
        labels += [section] if section and None in entry.lists else []
        return [label for label in labels if covers(self._section, label)]

    def _list_names(self, entry: IndexEntry, section: Section) -> dict[str, None]:
        """Return the names of this feed's lists in which an entry stands on a page."""
        return {(each or section).name: None for each in entry.lists if covers(self._section, each or section)}

    def _note_listed(self, article_id: str, state: State) -> State:
        """Record that an article is listed, which proves that it was not deleted; return its state after that."""
        self._listed.add(article_id)
        if (isinstance(state, Pending) and state.gone_runs) or (isinstance(state, Published) and state.missing_runs):
            self._catalog.record_listed(article_id)
            return self._catalog.find(article_id)
        return state

    def _earlier_run(self, state: State) -> int | None:
        """Return the number of the earlier run that listed an article first."""
        return None if state is None or state.listed_run == self.run_number else state.listed_run

    def _take(self, entry: IndexEntry, category: Category | None, state: State, *, is_in_list: bool) -> None:
        """Add a listed article to the frontier and the catalog, or complete what is known of it."""
        if entry.id not in self._order:
            day = day_of_id(entry.id)
            is_wanted = day is not None and self._arguments.allow(day)
            rank = listed_rank(entry, state, self._started, is_in_list=is_in_list) if is_wanted else None
            if rank is None:
                return
            if isinstance(state, Published) and state.status != "withdrawn":
                self._renamed.add(entry.id)
            listing = known_listing(state) if state else Listing(entry.id, entry.url, first_seen_at=clock.now_text())
            self._order.add(listing, rank)
        if waiting := self._order.find(entry.id):
            is_headline = entry.headline and (not entry.in_headline_box or not waiting.headline)
            self._order.complete(replace(
                waiting,
                url=entry.url if is_in_list else waiting.url,
                headline=entry.headline if is_headline else waiting.headline,
                category=waiting.category if isinstance(state, Published) else waiting.category or category,
            ))  # fmt: skip
        if not isinstance(state, Published):
            self._catalog.add_pending(
                entry.id, url=entry.url, category=category, headline=entry.headline or None, at=clock.now_text(),
                run=self.run_number,
            )  # fmt: skip

    def _settle_pending(self, state: Pending, kind: FailureKind, detail: str, *, is_outage: bool) -> None:
        """Record the failure of a pending article; abandon it if it was deleted, or failed too often."""
        now = clock.now()
        if kind is FailureKind.REJECTED:
            self._rejected.add(state.id)
        counts = kind.attempts > 0 and not (is_outage and was_tried_within(state.tried_at, ONE_DAY, now))
        attempts = self._catalog.record_failure(state.id, reason=detail, at=utc_text(now), counts=counts)
        is_abandoned = counts and attempts >= kind.attempts
        has_gone = False
        if kind is FailureKind.GONE and not is_outage and state.id not in self._listed:
            gone = self._catalog.record_gone(state.id, at=utc_text(now))
            has_gone = gone is not None and is_deleted(gone.gone_runs, gone.gone_since, now)
        if has_gone or is_abandoned:
            self._catalog.abandon(state.id, is_deleted=has_gone)
            self._stats.abandoned += not state.abandoned

    def _settle_published(self, state: Published, kind: FailureKind) -> Published | None:
        """Record that a published article is missing; return it if it was deleted."""
        if kind is not FailureKind.GONE or state.id in self._listed:
            return None
        missing = self._catalog.record_missing(state.id, at=clock.now_text())
        return missing if missing and is_deleted(missing.missing_runs, missing.missing_since, clock.now()) else None

    def _record_bound(self) -> None:
        asked = self._arguments.max_articles
        is_asked = asked is not None and asked <= self._most
        self._stats.bounded_by = f"max_articles={asked}" if is_asked else f"JIJI_MAX_ARTICLES={self._most}"

    def _extend_window(self, article_id: str) -> None:
        self._stats.newest = max(article_id, self._stats.newest or article_id)
        self._stats.oldest = min(article_id, self._stats.oldest or article_id)
