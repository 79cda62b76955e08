"""Pagination of one list: a state machine that decides which page is read next, and how the reading ended.

Pure: pages go in as plain values, the URL of the next page comes out. Run numbers decide, never clocks::

              first page
                  │
                  ▼         next page
              reading ◄──────────────────┐
                  │ page                 │ more to find, and a link to a page that was not read
                  ├──────────────────────┘
                  ├── a fully crawled listing of the list's head ──► CAUGHT_UP ┐
                  ├── no further link ─────────────────────────────► LAST_PAGE ├ complete
                  ├── JIJI_MAX_PAGES, some listing of before ──────► BOUNDED   ┘
                  └── anything else ──► broken: the next run reads further

A listing is **fully crawled** if it was listed by an earlier run, and that run or a later one read the list completely.
A **pinned** listing stands above newer ones. It is no sign that the rest is known, so it never ends pagination.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from jiji.text.dates import day_of_id


class End(Enum):
    """End of pagination: whether the list was read completely, whether time may confirm it, and the cause in words."""

    CAUGHT_UP = (True, False, "reached a fully crawled listing")
    LAST_PAGE = (True, False, "reached the last page")
    BOUNDED = (True, False, "reached JIJI_MAX_PAGES")
    FULL = (False, False, "reached the bound on articles")
    SINCE = (False, False, "reached the day of since=")
    SKIPPED = (False, False, "a page was not requested, or its response never came")
    UNREADABLE = (False, False, "a page could not be read")
    OTHER_SECTION = (False, False, "the page is the index page of another section")
    EMPTY = (False, True, "a page of it shows no article")
    REPEATED = (False, True, "a further page repeats articles of the pages before it")
    REDIRECTED = (False, True, "a further page redirects to a page that was read already")
    BEYOND_BOUND = (False, True, "reached JIJI_MAX_PAGES before any article that it showed before")
    NO_OVERLAP = (False, True, "it ends without any article that it showed before")
    STALE = (False, True, "it shows only articles older than those that it showed before")
    SHRUNK = (False, True, "it shows much fewer articles than before")

    def __init__(self, is_complete: bool, can_be_confirmed: bool, cause: str) -> None:
        self.is_complete = is_complete
        self.can_be_confirmed = can_be_confirmed
        """Whether the end counts as complete after it was the same for a day: the list has changed for good."""
        self.cause = cause


QUIET = frozenset({End.FULL, End.SINCE})
"""Ends that were asked for: no fault of the list."""
MOST_ANCHORS = 60
HEAD = 5
"""Anchors of which one has to be seen. The others only tell a list of before from another one."""
LEAST_SHRINKING = 8
"""Listings of a first page from which on a quarter of them counts as shrunk."""
PIN_DAYS = 2
"""Days by which a listing below is newer than a pinned one. IDs of a day are in no order, and may be a day early."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One listing on a page, as far as pagination is concerned."""

    id: str
    listed_run: int | None
    """Number of the run that listed it first; None for this run."""
    is_pinned: bool = False
    """Whether the page marks it as pinned."""


@dataclass(frozen=True, slots=True)
class ListMemory:
    """Memory of a list: the trace of its last complete reading."""

    run: int = -1
    """Number of that run; -1: never read completely."""
    anchors: tuple[str, ...] = ()
    """Article IDs at the top of the list, in its order, without pinned ones."""
    pinned: tuple[str, ...] = ()
    size: int = 0
    """Listings on its first page."""
    names_itself: bool = False
    """Whether a page of it named its section."""


@dataclass(slots=True)
class Pagination:
    """The reading of one list in one run.

    >>> memory = ListMemory(run=7, anchors=("2026012700007", "2026012700006"), size=3)
    >>> def page(*numbers):
    ...     return [Seen(f"20260127{n:05}", 7 if n <= 7 else None) for n in numbers]
    >>> known = Pagination(memory)
    >>> known.read("/1", page(8, 7, 6), ["/2"]), known.end.name
    (None, 'CAUGHT_UP')
    >>> burst = Pagination(memory)
    >>> burst.read("/1", page(13, 12, 11), ["/2"]), burst.read("/2", page(10, 9, 7), ["/1", "/3"]), burst.end.name
    ('/2', None, 'CAUGHT_UP')
    >>> broken = Pagination(memory)
    >>> broken.read("/1", page(13, 12, 11), ["/2"]), broken.read("/2", page(13, 12, 11), ["/2"]), broken.end.name
    ('/2', None, 'REPEATED')

    NATIONAL's page shows an **excerpt** of each group's list. The group's own first page may show no more than that:

    >>> group = Pagination(ListMemory())
    >>> group.read("/national", page(9, 8, 7), ["/group"], is_excerpt=True), group.read("/group", page(9, 8, 7), [])
    ('/group', None)
    >>> group.end.name
    'LAST_PAGE'
    """

    memory: ListMemory
    reads_on: bool = False
    """Whether fully crawled listings end nothing: an audit, or ``since=``."""
    end: End | None = None
    missed: set[str] = field(default_factory=set)
    """Articles that only an audit found: below the place where an ordinary run stops."""
    is_caught_up: bool = False
    """True once an ordinary run would have stopped by now."""
    order: dict[str, Seen] = field(default_factory=dict)
    """All listings, in the order of the list."""
    _urls: set[str] = field(default_factory=set)
    _size: int = 0
    _known_pages: int = 0
    """Pages in a row without anything that an ordinary run has to fetch."""
    _is_repeating: bool = False
    _has_hole: bool = False
    _follows_excerpt: bool = False

    def read(
        self,
        url: str,
        listings: Sequence[Seen],
        links: Sequence[str],
        *,
        is_excerpt: bool = False,
        may_go_on: bool = True,
    ) -> str | None:
        """Read a page; return the URL of the next one, None where pagination ends. ``may_go_on``: see BOUNDED."""
        is_first = not self._urls
        self._urls.add(url)
        self._take(listings, is_first=is_first)
        self._follows_excerpt = is_excerpt
        next_url = next((link for link in links if link not in self._urls), None)
        end = self._end(listings, is_first=is_first, is_last=next_url is None, may_go_on=may_go_on)
        if end:
            self.stop(end)
            return None
        self._urls.add(next_url or "")
        return next_url

    def stop(self, end: End) -> None:
        """End pagination; the first end counts."""
        self.end = self.end or end

    def _end(self, listings: Sequence[Seen], *, is_first: bool, is_last: bool, may_go_on: bool) -> End | None:
        """Return the end that a page is, None where pagination goes on behind it."""
        if not listings:
            return End.LAST_PAGE if is_first and not self.memory.anchors else End.EMPTY
        if fault := self._fault(listings, is_first=is_first, is_last=is_last):
            return fault
        self.is_caught_up = self.is_caught_up or self._reaches_the_known(listings, is_first=is_first)
        if self.is_caught_up and not self.reads_on:
            return End.CAUGHT_UP
        if is_last:
            return self._last_page()
        if self._known_pages > 1 and not self.reads_on:
            return End.CAUGHT_UP if self._shows_top else End.STALE
        if may_go_on:
            return None
        return End.BOUNDED if self._overlaps or not self.memory.anchors else End.BEYOND_BOUND

    def _take(self, listings: Sequence[Seen], *, is_first: bool) -> None:
        """Add the listings of a page to the list."""
        if self.is_caught_up:
            self.missed |= {each.id for each in listings if each.listed_run is None and each.id not in self.order}
        news = [each for each in listings if each.id not in self.order]
        self._has_hole = self._has_hole or (self._is_repeating and bool(news))
        self._is_repeating = not news and not self._follows_excerpt
        self.order |= {each.id: each for each in news}
        self._known_pages = self._known_pages + 1 if all(map(self._is_fully_crawled, listings)) else 0
        if is_first:
            self._size = len(listings)

    def _fault(self, listings: Sequence[Seen], *, is_first: bool, is_last: bool) -> End | None:
        """Return the fault of a page that can only be a broken one."""
        if self._is_repeating and is_last:
            return End.REPEATED
        is_short = self.memory.size >= LEAST_SHRINKING and 4 * len(listings) < self.memory.size
        is_known = all(map(self._is_fully_crawled, listings))
        return End.SHRUNK if is_short and is_first and is_last and is_known else None

    def _reaches_the_known(self, listings: Sequence[Seen], *, is_first: bool) -> bool:
        """Return whether a page ends with fully crawled listings, one of them of the list's head."""
        if is_first and 4 * len(listings) < 3 * self.memory.size:
            return False  # pinned ones alone, or the rest was lost: the next page tells
        tail = set()
        for each in reversed(listings):
            if not self._is_fully_crawled(each):
                break
            tail.add(each.id)
        return bool(tail & {*self.memory.anchors[:HEAD]})

    def _last_page(self) -> End:
        """Return the end of a list without a further link."""
        if self._has_hole:
            return End.REPEATED
        if not self.memory.anchors:
            return End.LAST_PAGE
        if all(map(self._is_fully_crawled, self.order.values())):
            return End.LAST_PAGE if self._shows_top else End.STALE
        return End.LAST_PAGE if self._overlaps else End.NO_OVERLAP

    def _is_fully_crawled(self, each: Seen) -> bool:
        return each.is_pinned or (each.listed_run is not None and each.listed_run <= self.memory.run)

    @property
    def _overlaps(self) -> bool:
        return any(anchor in self.order for anchor in self.memory.anchors)

    @property
    def _shows_top(self) -> bool:
        top = self.memory.anchors[: max(HEAD, self.memory.size // 4)]
        return any(anchor in self.order for anchor in top)

    @property
    def has_gap(self) -> bool:
        """Whether new articles were listed, and none of those that the list showed before."""
        is_new = any(each.listed_run is None for each in self.order.values())
        return self.end in (End.NO_OVERLAP, End.BEYOND_BOUND) and is_new

    def remembered(self, run: int) -> ListMemory:
        """Return the memory that a complete reading leaves."""
        pinned = {*self.memory.pinned, *pins([*self.order.values()], self.memory.run)}
        anchors = [each for each in self.order if each not in pinned]
        anchors += [each for each in self.memory.anchors if each not in self.order and each not in pinned]
        kept = [each for each in self.order if each in pinned]
        kept += [each for each in self.memory.pinned if each not in self.order]
        return ListMemory(run, tuple(anchors[:MOST_ANCHORS]), tuple(kept[:MOST_ANCHORS]), self._size)


def pins(listings: Sequence[Seen], complete_run: int) -> set[str]:
    """Return the pinned listings of a list that has the newest article first.

    One that is marked, a fully crawled one above a new one of its day or a later day, and one above another that is
    newer by days. A new one below later ones was missed before, and tells nothing about them.

    >>> sorted(pins([Seen("2026012000001", 3), Seen("2026012700002", None), Seen("2026012700001", 3)], 3))
    ['2026012000001']
    >>> pins([Seen("2026012700002", None), Seen("2026012600009", None), Seen("2026012700001", 3)], 3)
    set()
    >>> pins([Seen("2026012700002", 3), Seen("2026012600009", None)], 3)
    set()
    """
    return {*_above_newer(listings, complete_run)}


def _above_newer(listings: Sequence[Seen], complete_run: int) -> Iterator[str]:
    newest, newest_new = 0, 0
    for each in reversed(listings):
        day = day_of_id(each.id)
        number = day.toordinal() if day else 0
        is_known = each.listed_run is not None and each.listed_run <= complete_run
        if each.is_pinned or (is_known and 0 < newest_new >= number) or number + PIN_DAYS <= newest:
            yield each.id
        if each.listed_run is None:
            newest_new = max(newest_new, number)
        newest = max(newest, number)
