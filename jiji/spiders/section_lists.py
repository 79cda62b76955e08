"""Lists of a section in one run: the pagination of each, its memory in the catalog, and the audit.

NATIONAL has a list of its own and one for each of its groups. Each list is read page by page, the lists in turn.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

from pydantic import TypeAdapter

from jiji import clock
from jiji.feed.catalog import Catalog
from jiji.items import utc_text
from jiji.spiders.audit import Audit
from jiji.spiders.pagination import QUIET, End, ListMemory, Pagination, Seen
from jiji.stats import RunStats
from jiji.text.dates import day_of_id

MEMORY = "list of "
"""Prefix of the notes in the catalog that hold the memory of a list."""
_MEMORY = TypeAdapter(ListMemory)
CONFIRMING_RUNS = 3
CONFIRMING_TIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """An end of pagination that was the same in several runs, and may be the true end."""

    end: str
    since: str
    runs: int = 1

    def again(self, end: End) -> "Suspicion":
        """Return the suspicion after one more run."""
        if self.end != end.name:
            return Suspicion(end=end.name, since=clock.now_text())
        return Suspicion(end=self.end, since=self.since, runs=self.runs + 1)

    @property
    def is_confirmed(self) -> bool:
        """Whether the end was the same in three runs over a day."""
        return self.runs >= CONFIRMING_RUNS and self.since <= utc_text(clock.now() - CONFIRMING_TIME)


class SectionLists:
    """The lists that one run reads. ``may_go_on`` says whether the bound on index pages lets it read one more."""

    def __init__(
        self, catalog: Catalog, run: int, stats: RunStats, audit: Audit, since: date | None,
        may_go_on: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._catalog = catalog
        self._run = run
        self._stats = stats
        self._audit = audit
        self._since = since
        self._may_go_on = may_go_on
        self._lists: dict[str, Pagination] = {}
        self._suspicions: dict[str, Suspicion] = {}
        self._named: set[str] = set()
        """Lists with a page that names their section."""

    def has_begun(self, name: str) -> bool:
        """Return whether a page of the list was read."""
        return name in self._lists

    @property
    def are_read(self) -> bool:
        """Whether pagination of every list has ended."""
        return all(each.end for each in self._lists.values())

    def is_remembered(self, name: str) -> bool:
        """Return whether an earlier run read the list completely."""
        return bool(self._list(name).memory.anchors)

    def has_named_itself(self, name: str) -> bool:
        """Return whether pages of the list named their section when it was last read completely."""
        return self._list(name).memory.names_itself

    def prove(self, name: str) -> None:
        """Record that a page of the list names its section."""
        self._named.add(name)

    def knows(self, name: str, ids: Iterable[str]) -> bool:
        """Return whether a page shows an article that stood at the top of the list before."""
        return not {*ids}.isdisjoint(self._list(name).memory.anchors)

    def read(
        self,
        name: str,
        url: str,
        listings: Sequence[Seen],
        links: Sequence[str],
        *,
        is_excerpt: bool = False,
        is_full: bool = False,
    ) -> str | None:
        """Read a page of a list, and return the URL of its next page; None where its pagination ends.

        ``is_excerpt``: the page is another section's, and shows the top of the list; ``is_full``: the bound on articles
        is reached.
        """
        pagination = self._lists.setdefault(name, self._list(name))
        next_url = pagination.read(url, listings, links, is_excerpt=is_excerpt, may_go_on=self._may_go_on())
        days = [day for each in listings if (day := day_of_id(each.id))]
        is_past = self._since is not None and all(day < self._since for day in days)
        if next_url and (is_full or is_past):
            pagination.stop(End.FULL if is_full else End.SINCE)
            return None
        return next_url

    def end(self, name: str, end: End) -> None:
        """Record that a page of a list was not read."""
        self._lists.setdefault(name, self._list(name)).stop(end)

    def finish(self) -> None:
        """Save the memory of the lists that were read completely, and state the ends of the others."""
        for name, pagination in self._lists.items():
            pagination.stop(End.SKIPPED)
            self._save(name, pagination)
        self._audit.finish([*self._lists.values()])

    def _save(self, name: str, pagination: Pagination) -> None:
        end = pagination.end or End.SKIPPED
        suspicion = self._suspicions.get(name)
        now_suspected = None
        if end.can_be_confirmed:
            now_suspected = suspicion.again(end) if suspicion else Suspicion(end=end.name, since=clock.now_text())
        is_confirmed = now_suspected is not None and now_suspected.is_confirmed
        memory = pagination.memory
        if (end.is_complete or is_confirmed or pagination.is_caught_up) and not self._since:
            memory = replace(pagination.remembered(self._run), names_itself=name in self._named)
        note = {**asdict(memory), "suspicion": None if is_confirmed or not now_suspected else asdict(now_suspected)}
        self._catalog.note(f"{MEMORY}{name}", json.dumps(note))
        self._state(name, pagination, end, is_confirmed=is_confirmed)

    def _state(self, name: str, pagination: Pagination, end: End, *, is_confirmed: bool) -> None:
        """Write the end of pagination to the stats."""
        if end in (End.BOUNDED, End.BEYOND_BOUND):
            self._stats.pages_bounded = True
        is_quiet_gap = end is End.NO_OVERLAP and not pagination.has_gap
        if not (end.is_complete or end in QUIET or is_confirmed or is_quiet_gap):
            self._stats.broken_lists[name.upper()] = end.cause
        if pagination.has_gap and not self._stats.gap:
            newest = max(pagination.memory.anchors)
            self._stats.gap = newest, min(each.id for each in pagination.order.values() if each.listed_run is None)

    def _list(self, name: str) -> Pagination:
        """Return a list that is not read yet."""
        noted = json.loads(self._catalog.noted(f"{MEMORY}{name}") or "{}")
        if suspicion := noted.pop("suspicion", None):
            self._suspicions[name] = Suspicion(**suspicion)
        memory = _MEMORY.validate_python(noted)
        return Pagination(memory, reads_on=self._audit.is_due or self._since is not None)
