"""What one run has seen of its section's lists, and what follows: which story to fetch, whether to turn the page."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from jiji.configuration import Arguments
from jiji.feed.feed import Index, Known, Pending
from jiji.items import utc_text
from jiji.pages import IndexEntry
from jiji.site.sections import Section, covers
from jiji.text.dates import day_of_id

GONE_AFTER = 3
"""Runs in a row in which an article answers 404 or 410 before it counts as gone."""
RESTS_AFTER = 10
"""Failed tries after which a story is tried once a day only."""
REST = timedelta(days=1)
GIVEN_UP_AFTER = 40
"""Failed tries after which a story is set aside: about a month."""

MOST_BARRIERS = 5
"""Captchas, logins or notices in a row in the place of articles, after which the run does not hammer on."""

WALKED_AT = "walked_at"
"""Note in the index: when a walk last reached the point from which everything is known."""
NEWEST = "newest_key"
"""Note in the index: the newest key that walk saw."""


@dataclass
class Walk:
    """One run's way through the lists of a section, newest first."""

    section: Section
    index: Index
    arguments: Arguments
    max_pages: int
    max_articles: int
    """How many articles a run may ask for, unless its arguments say less."""
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    pages: int = 0
    asked: set[str] = field(default_factory=set)
    """Keys of the stories this run asks for."""
    newest: str | None = None
    oldest: str | None = None
    overlaps: bool = False
    """Whether a list showed a story that the last complete walk had seen."""
    bounded: bool = False
    """Whether the walk ended at the number of pages a run may read."""
    cut_short: bool = False
    """Whether the walk ended before its natural end, so that older stories may not have been seen."""

    barriers: int = 0
    """How many pages in a row stood in an article's place."""

    _waiting: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    _order: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._walked_at = self.index.noted(WALKED_AT)
        self._last_newest = self.index.noted(NEWEST)

    def read(self, stories: Sequence[IndexEntry], place: Section | None, now: str) -> None:
        """Take in what one index page shows: what is wanted of it is written down and waits to be fetched.

        ``place`` is the section whose list the page is, None for a page that mixes them all (home); ``now`` is UTC.
        """
        self.pages += 1
        for story in self.own(stories, place):
            if place and not story.in_headline_box:
                self._see(story.id)
            if story.id in self._waiting and story.headline and not story.in_headline_box:
                self._waiting[story.id] = self._waiting[story.id][0], story.headline
            if self._wants(story):
                self.ask(story.id, story.url, story.headline)
            if story.id in self.asked:
                group = story.section or place
                self.index.discover(
                    story.id,
                    url=story.url,
                    category=group.category if group else None,
                    listed_as=story.headline or None,
                    seen_at=now,
                )

    def own(self, stories: Sequence[IndexEntry], place: Section | None) -> list[IndexEntry]:
        """Return the stories that are the section's: those under its labels, and those under none in its own list."""
        return [story for story in stories if (group := story.section or place) and covers(self.section, group)]

    def goes_on(self, stories: Sequence[IndexEntry], place: Section) -> bool:
        """Say whether the list is worth following: not behind a page on which every story is settled.

        A run that is asked for older days (``since``) goes back to them, whatever is known.
        """
        listed = [story.id for story in self.own(stories, place) if not story.in_headline_box]
        if not listed:
            return False
        if self.is_full:
            self.cut_short = True
            return False
        if since := self.arguments.since:
            self.cut_short = True
            goes_on = any(day >= since for key in listed if (day := day_of_id(key)))
        else:
            goes_on = not all(map(self._is_settled, listed))
        if goes_on and self.pages >= self.max_pages:
            self.bounded, goes_on = True, False
        return goes_on

    @property
    def is_full(self) -> bool:
        """Whether the run has asked for as many articles as it may."""
        return len(self.asked) >= min(self.max_articles, self.arguments.max_articles or self.max_articles)

    def ask(self, key: str, url: str, listed_as: str | None) -> None:
        """Put an article down to be fetched, unless it is already or the run may ask for no more."""
        if key in self.asked:
            return
        if self.is_full:
            self.cut_short = True
            return
        self.asked.add(key)
        self._waiting[key] = url, listed_as or None
        heapq.heappush(self._order, key)

    def ask_again(self, ages: Sequence[float]) -> None:
        """Put down what earlier runs left over, and known articles that are due for another look (ages in hours)."""
        wanted: list[Known | Pending] = [*self._left_over(), *self.index.due(self.started, ages)]
        for met in wanted:
            self.ask(met.id, met.url, met.listed_as)

    def next(self, most: int) -> list[tuple[str, str, str | None]]:
        """Return the next articles to fetch, oldest first: key, URL and the headline under which they were listed."""
        keys = [heapq.heappop(self._order) for _ in range(min(most, len(self._order)))]
        return [(key, *self._waiting.pop(key)) for key in keys]

    def meets_barrier(self, kind: str | None) -> bool:
        """Take note of what stood in an article's place, None for the article; say whether the run had better stop."""
        self.barriers = self.barriers + 1 if kind else 0
        return self.barriers >= MOST_BARRIERS

    def failed(self, key: str, reason: str, *, gone: bool, now: str, for_good: bool = False) -> Known | None:
        """Take note that an article could not be read; return it when it counts as withdrawn from here on.

        ``for_good`` says that it is not to be tried again.
        """
        known = self.index.known(key)
        if known is None:
            attempts = self.index.failed(key, reason=reason, at=now)
            if for_good or attempts >= (GONE_AFTER if gone else GIVEN_UP_AFTER):
                self.index.give_up(key, reason=reason, at=now)
            return None
        return known if gone and self.index.missed(key, at=now) >= GONE_AFTER else None

    @property
    def window(self) -> dict[str, str | int | bool | None]:
        """What the lists showed: newest and oldest key, whether that overlaps what was known, and the gap if not."""
        return {
            "newest": self.newest,
            "oldest": self.oldest,
            "overlaps": self.overlaps,
            "gap_from": self.gap[0] if self.gap else None,
            "gap_to": self.gap[1] if self.gap else None,
            "pages": self.pages,
            "bounded": self.bounded,
            "full": len(self.asked) >= self.max_articles,
        }

    @property
    def gap(self) -> tuple[str, str] | None:
        """The keys between which stories may have slipped by: the newest before this run, the oldest it was shown."""
        if self._walked_at is None or self._last_newest is None or self.oldest is None or self.overlaps:
            return None
        return self._last_newest, self.oldest

    def warnings(self) -> Iterator[str]:
        """Yield what a person should know of how far the walk came."""
        if self.bounded:
            yield f"Stopped at {self.pages} index pages (JIJI_MAX_PAGES): older stories were not looked for"
        if self.window["full"]:
            yield f"Stopped at {self.max_articles} articles (JIJI_MAX_ARTICLES): the next run goes on"
        if self.gap:
            yield "Gap: stories between the keys {} and {} may have slipped by".format(*self.gap)

    def complete(self, now: str) -> None:
        """Write down that everything the lists show is known from here on, unless the walk was cut short."""
        if self.newest and not self.cut_short:
            self.index.note(WALKED_AT, now)
            self.index.note(NEWEST, max(self.newest, self._last_newest or ""))

    def _see(self, key: str) -> None:
        self.newest = max(key, self.newest or key)
        self.oldest = min(key, self.oldest or key)
        self.overlaps = self.overlaps or self._is_settled(key)

    def _is_settled(self, key: str) -> bool:
        """Say whether the last complete walk had seen a story: what lies behind it in the lists is known as well."""
        met = self.index.known(key) or self.index.pending_one(key)
        known_since = met.first_seen_at if met else "9"
        return self.index.set_aside(key) or (self._walked_at is not None and known_since <= self._walked_at)

    def _left_over(self) -> Iterator[Pending]:
        """Yield what earlier runs discovered and did not publish, as far as this run may ask for it."""
        for pending in self.index.pending():
            day = day_of_id(pending.id)
            if day and self.arguments.allow(day) and not self._rests(pending):
                yield pending

    def _rests(self, pending: Pending | None) -> bool:
        """Say whether a story that failed often is not yet to be tried again."""
        if pending is None or pending.attempts < RESTS_AFTER:
            return False
        return (pending.tried_at or "") > utc_text(self.started - REST)

    def _wants(self, story: IndexEntry) -> bool:
        day = day_of_id(story.id)
        if day is None or not self.arguments.allow(day) or self.index.set_aside(story.id):
            return False
        known = self.index.known(story.id)
        if known is None:
            return not self._rests(self.index.pending_one(story.id))
        is_back = known.status == "withdrawn"
        return is_back or _is_renamed(known.listed_as, story)


def _is_renamed(listed_as: str | None, story: IndexEntry) -> bool:
    """Say whether an index page shows a known story under another headline than before; a cut one is no other."""
    if listed_as is None or story.in_headline_box or not story.headline:
        return False
    before, now = (headline.rstrip(" .…") for headline in (listed_as, story.headline))
    return not (before.startswith(now) or now.startswith(before))
