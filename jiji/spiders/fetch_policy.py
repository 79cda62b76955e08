"""Fetch policy: whether an article that is listed or known is fetched by a run, and its rank.

Pure: the entry of an index page and the article's state in the catalog go in, the rank comes out.
"""

from datetime import datetime

from jiji.feed.catalog import Pending, Published
from jiji.pages import IndexEntry
from jiji.site.listing import Category, Listing
from jiji.spiders.failures import DAILY_AFTER, ONE_DAY, SECOND_CHANCE, was_tried_within
from jiji.spiders.fetch_order import Rank

State = Published | Pending | None
"""State of an article in the catalog; None for an unknown one."""


def listed_rank(entry: IndexEntry, state: State, now: datetime, *, is_in_list: bool) -> Rank | None:
    """Return the rank of a listed article, None for one that is not fetched.

    ``is_in_list`` is False for home and the boxes that every page has: they tell less than the list of a section.
    """
    if state is None:
        return Rank.FRESH
    if isinstance(state, Published):
        is_due = state.status == "withdrawn" or (is_in_list and _has_new_text(entry, state))
        return Rank.CHECK if is_due else None
    if state.abandoned or rests(state, now):
        has_moved = is_in_list and entry.url != state.url
        is_due = state.abandoned and is_in_list and _has_second_chance(entry, state, now)
        return Rank.FAILED_BEFORE if has_moved or is_due else None
    return pending_rank(state)


def pending_rank(state: Pending) -> Rank:
    """Return the rank of an article that an earlier run left."""
    return Rank.FAILED_BEFORE if state.tried_at else Rank.FRESH


def rests(pending: Pending, now: datetime) -> bool:
    """Return whether an article that failed often was tried within a day."""
    return pending.attempts >= DAILY_AFTER and was_tried_within(pending.tried_at, ONE_DAY, now)


def has_failed(state: State) -> bool:
    """Return whether an earlier run recorded a failure of an article."""
    return bool(state.missing_runs if isinstance(state, Published) else state and state.attempts)


def known_listing(state: Published | Pending) -> Listing:
    """Return the listing of an article that the catalog knows."""
    validators = (state.etag, state.last_modified) if isinstance(state, Published) else (None, None)
    category: Category | None = state.category  # type: ignore[assignment] # the catalog stores what the feed holds
    return Listing(state.id, state.url, state.headline, category, state.first_seen_at, *validators)


def _has_new_text(entry: IndexEntry, state: Published) -> bool:
    """Return whether another headline in a list is a reason to check an article: not if it was in vain before."""
    return not state.fruitless_checks and _is_renamed(state.headline, entry)


def _has_second_chance(entry: IndexEntry, state: Pending, now: datetime) -> bool:
    """Return whether an abandoned article is tried once more."""
    wait = ONE_DAY if _is_renamed(state.headline, entry) else SECOND_CHANCE
    return not was_tried_within(state.tried_at, wait, now)


def _is_renamed(headline: str | None, entry: IndexEntry) -> bool:
    """Return whether an index page shows another headline than before; a shortened one is the same."""
    if headline is None or entry.in_headline_box or not entry.headline or not entry.is_whole_headline:
        return False
    before, now = (text.rstrip(" .…") for text in (headline, entry.headline))
    return not (before.startswith(now) or now.startswith(before))
