"""Fetch order: the articles of one run that wait for their request, by rank, within the bound on articles.

Articles that never failed come first, then checks of published ones, then those that failed before. Within a rank the
oldest comes first.
"""

import heapq
from collections.abc import Iterator
from enum import IntEnum

from jiji.site.listing import Listing


class Rank(IntEnum):
    """Rank of an article in the order of requests."""

    FRESH = 0
    CHECK = 1
    FAILED_BEFORE = 2


class FetchOrder:
    """Articles that wait. ``has_categories``: lists that are read later may tell an article's category."""

    def __init__(self, most: int, *, has_categories: bool) -> None:
        self._most = most
        self._has_categories = has_categories
        self._waiting: dict[str, Listing] = {}
        self._order: list[tuple[Rank, bool, str]] = []
        """Rank, whether a list left to the next run may tell more, and ID of each article that waits."""
        self._is_final = False
        """True once all lists are read."""
        self._fresh = 0
        """Articles of the first rank, requested ones included."""
        self._requested: set[str] = set()

    def __contains__(self, article_id: str) -> bool:
        """Return whether an article waits, or was requested."""
        return article_id in self._waiting or article_id in self._requested

    def __len__(self) -> int:
        """Return the number of articles that wait."""
        return len(self._order)

    @property
    def has_begun(self) -> bool:
        """Whether an article was requested."""
        return bool(self._requested)

    @property
    def is_cut(self) -> bool:
        """Whether the bound on articles leaves some to the next run."""
        return bool(self._order) and len(self._requested) >= self._most

    @property
    def is_full(self) -> bool:
        """Whether there are as many new articles as the run may request."""
        return self._fresh >= self._most

    def add(self, listing: Listing, rank: Rank) -> None:
        """Add an article, once."""
        if listing.id not in self:
            self._waiting[listing.id] = listing
            self._fresh += rank is Rank.FRESH
            heapq.heappush(self._order, (rank, False, listing.id))

    def find(self, article_id: str) -> Listing | None:
        """Return the listing of an article that waits."""
        return self._waiting.get(article_id)

    def complete(self, listing: Listing) -> None:
        """Replace the listing of an article that waits by what another list tells."""
        self._waiting[listing.id] = listing

    def take(self, size: int, *, lists_are_read: bool) -> list[Listing]:
        """Take the next articles.

        Until all lists are read, only articles are returned of which no list can tell more. They come first of their
        rank where the bound on articles leaves others to the next run.
        """
        left = self._most - len(self._requested)
        if lists_are_read and not self._is_final:
            self._is_final = True
            if len(self._order) > left:
                self._order = [(rank, not self._is_settled(rank, each), each) for rank, _, each in self._order]
                heapq.heapify(self._order)
        return list(self._pop(min(size, left), settled_only=not lists_are_read))

    def unsettled(self) -> set[str]:
        """Return the articles that wait and of which a list may tell more."""
        return {each for rank, _, each in self._order if not self._is_settled(rank, each)}

    def is_full_without(self, unsettled: set[str]) -> bool:
        """Return whether the others that wait are as many as the run may request."""
        return len(self._order) - len(unsettled) >= self._most

    def _pop(self, size: int, *, settled_only: bool) -> Iterator[Listing]:
        kept = []
        while self._order and size > 0:
            rank, _, article_id = ranked = heapq.heappop(self._order)
            if settled_only and not self._is_settled(rank, article_id):
                kept.append(ranked)
                continue
            size -= 1
            self._requested.add(article_id)
            yield self._waiting.pop(article_id)
        for ranked in kept:
            heapq.heappush(self._order, ranked)

    def _is_settled(self, rank: Rank, article_id: str) -> bool:
        """Return whether no further index page can tell more of a waiting article."""
        return rank is Rank.CHECK or not self._has_categories or self._waiting[article_id].category is not None
