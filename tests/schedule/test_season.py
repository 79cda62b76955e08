"""A season of half-hourly runs with misbehaviour of every kind: every article is published once, and no loss is silent.

`make season` simulates SEASON_DAYS, 60 by default; the ordinary tests three. SEASON_SEED repeats one of them.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from devtools.replica.behaviour import SecondPage
from jiji.feed.feed import Feed
from jiji.runs.result import Exit
from jiji.text.features import ArticleSigner
from tests.schedule.season import VirtualCrawl, VirtualSite, set_clock

TICK = timedelta(minutes=30)
LISTED = timedelta(days=4)
"""Time that a story stays in the lists."""
PER_DAY = 28
SETTINGS = {"JIJI_MAX_PAGES": "60"}


@dataclass
class Season:
    """Simulated site, feed and schedule, with everything that was observed."""

    output: Path
    seed: int
    site: VirtualSite = field(init=False)
    chance: Random = field(init=False)
    listed_at: dict[str, int] = field(default_factory=dict)
    tick: int = 0
    clock_shift: timedelta = timedelta()
    dies_after: int | None = None
    holds_back: int = 0
    """Ticks for which the newsroom publishes nothing, and then everything at once."""
    requests: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    missed: set[str] = field(default_factory=set)
    """Articles that a good run without any misbehaviour left unlisted."""
    counted: int = 0
    """Articles that the audits counted as missed."""

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.site = VirtualSite(self.seed, days=3, per_day=PER_DAY)
        self._list()

    def step(self, *, is_well: bool) -> None:
        """Let half an hour pass, and run."""
        self.tick += 1
        self.site.now += TICK
        self.holds_back -= 1
        while self.holds_back < 0 and self.site.stories.listed("national")[0].published < self.site.now:
            self.site.stories.publish(1)
        self._list()
        crawl = VirtualCrawl(self.site, self.output, settings=SETTINGS, dies_after=self.dies_after)
        ended = crawl.run()
        self.requests += crawl.requested
        if ended is None:
            self.statuses["killed"] += 1
            return
        result, stats = ended
        self.statuses[result.status.word] += 1
        self.counted += stats.audit.missed if stats.audit else 0
        if is_well and result.status is Exit.DONE:
            feed = Feed(self.output, "national", ArticleSigner())
            self.missed |= {key for key in self._shown() if feed.catalog.find(key) is None}
            feed.close()

    def _list(self) -> None:
        """Take old stories off the lists, and note the new ones."""
        for story in self.site.stories.listed("national")[::-1]:
            if self.site.now - story.published < LISTED:
                break
            self.site.stories.unlist(story.key)
        for key in self._shown():
            self.listed_at.setdefault(key, self.tick)

    def _shown(self) -> list[str]:
        return [story.key for story in self.site.stories.listed("national")]


Fault = Callable[[Season], None]


def behaves(**values: object) -> Fault:
    """Return the fault of a site with another behaviour."""

    def begin(season: Season) -> None:
        for name, value in values.items():
            setattr(season.site.behaviour, name, value)

    return begin


def pin(season: Season) -> None:
    listed = [story.key for story in season.site.stories.listed("national")]
    season.site.behaviour.pinned = tuple(season.chance.sample(listed, 8))


def breaks_articles(season: Season) -> None:
    season.site.behaviour.broken = {*season.chance.sample([*season.listed_at], 20), *[*season.listed_at][-3:]}


def move(season: Season) -> None:
    season.site.behaviour.moved |= {*season.chance.sample([*season.listed_at][-40:], 5)}


def jump(season: Season) -> None:
    season.clock_shift = season.chance.choice((-1, 1)) * timedelta(minutes=season.chance.choice((31, 600, 1440, 43200)))


def die(season: Season) -> None:
    season.dies_after = season.chance.randrange(1, 30)


def burst(season: Season) -> None:
    season.holds_back = season.chance.randrange(10, 60)


FAULTS: dict[str, Fault] = {
    **{f"second page: {kind.value}": behaves(second_page=kind) for kind in SecondPage},
    "pinned articles": pin,
    "stale lists": behaves(hidden_newest=15),
    "slightly stale lists": behaves(hidden_newest=2),
    "shrunk lists": behaves(shrunk_to=1),
    "empty lists": behaves(lists_are_empty=True),
    "another section's list": behaves(swapped={"national": "sports"}),
    "a group's list is another's": behaves(swapped={"politics": "economy"}),
    "home redirects to the section": behaves(home_is_national=True),
    "home is a picture": behaves(home_is_a_picture=True),
    "odd text in the lists": behaves(list_note="Three hours ago and more, number"),
    "numbered pages": behaves(numbered_pages=30),
    "endless pagination": behaves(endless=True),
    "articles answer 404": behaves(article_status=404),
    "articles answer 500": behaves(article_status=500),
    "everything answers 500": behaves(outage=500),
    "another layout": behaves(redesigned=True),
    "some articles answer 500": breaks_articles,
    "articles move": move,
    "clock jumps": jump,
    "killed": die,
    "burst": burst,
}


def run_season(output: Path, days: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate some days with misbehaviour, then two good ones, and check everything that was listed."""
    season = Season(output, seed)
    set_clock(monkeypatch, lambda: season.site.now + season.clock_shift)
    for _ in range(3):
        season.step(is_well=True)
    left, seen = 0, Counter[str]()
    while season.tick < days * 48:
        if left <= 0 and season.chance.random() < 0.12:
            name = season.chance.choice([*FAULTS])
            seen[name] += 1
            FAULTS[name](season)
            left = season.chance.choice((1, 1, 2, 3))
        is_well = left <= 0
        season.step(is_well=is_well)
        left -= 1
        if left <= 0:
            moved = season.site.behaviour.moved
            season.site.behaviour.reset()
            season.site.behaviour.moved = moved
            season.clock_shift, season.dies_after = timedelta(), None
    for _ in range(2 * 48 + 2):
        season.step(is_well=True)
    print(f"\nseason of {days} days, seed {seed}: {dict(season.statuses)}, {season.requests} requests")
    print(f"missed by good runs: {len(season.missed)}, counted by audits: {season.counted}; {dict(seen)}")
    check_season(season)


def check_season(season: Season) -> None:
    """Check that every article was published once, and that the audits counted those that good runs had missed."""
    lines = [json.loads(line) for line in (season.output / "national.jsonl").read_text().splitlines()]
    first = Counter(line["id"] for line in lines if line["revision"] == 1)
    assert set(first.values()) == {1}
    expected = {key for key, tick in season.listed_at.items() if tick <= season.tick - 2}
    assert expected - set(first) == set(), f"seed {season.seed}"
    assert not [line for line in lines if line["status"] == "withdrawn"]
    assert season.counted == len(season.missed), f"seed {season.seed}"


@pytest.fixture
def output(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder in memory where there is one: syncing thousands of lines to a disk would take most of the time."""
    memory = Path("/dev/shm")  # noqa: S108 # a folder of its own below it
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as folder:
        yield Path(folder)


def seeds(usual: int) -> int:
    return int(os.environ.get("SEASON_SEED", usual))


def test_three_days(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_season(output, 3, seeds(1), monkeypatch)


@pytest.mark.season
@pytest.mark.parametrize("seed", [1, 2])
def test_season(output: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    run_season(output, int(os.environ.get("SEASON_DAYS", "60")), seeds(seed), monkeypatch)


def test_day_of_half_hourly_runs_costs_six_requests_an_article(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three good days after a first one, audits included."""
    season = Season(output, seed=5)
    set_clock(monkeypatch, lambda: season.site.now)
    for _ in range(48):
        season.step(is_well=True)
    articles, requests = len(season.listed_at), season.requests
    for _ in range(3 * 48):
        season.step(is_well=True)
    cost = (season.requests - requests) / (len(season.listed_at) - articles)
    print(f"\n{cost:.2f} requests an article")
    assert cost <= 6
    check_season(season)
