"""Whether the fields of new articles are as full as the feed lets expect: a selector that fails makes no noise.

Pure functions. The test is a bound on chance, so that it needs no list of what is usual and no setting: a field has
fallen when articles like those in the feed would miss it so often less than once in a million runs.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CHANCE = 1e-6
"""How unlikely what was found must be before it counts as fallen."""
LEAST_HISTORY = 30
"""Articles from which on a feed says what is usual."""
NOTABLE = 0.8
"""The part of the usual share below which a fall matters, however sure it is."""


@dataclass(frozen=True, slots=True)
class Fallen:
    """A field that new articles have less often than the feed's history lets expect; both are shares of articles."""

    field: str
    expected: float
    found: float
    articles: int
    """How many articles ``found`` is of."""

    def __str__(self) -> str:
        return (
            f"{self.field}: expected in {self.expected:.0%} of articles, found in {self.found:.0%} of {self.articles}"
        )


def held(article: Mapping[str, Any]) -> frozenset[str]:
    """Return the fields that an article has and another may lack.

    >>> sorted(held({"authors": [], "dateline": {"date": None}, "images": [{"caption": "A", "credit": None}]}))
    ['dateline', 'images', 'images.caption']
    """
    optional = ("category", "breadcrumbs", "authors", "dateline", "published_at", "truncated", "images")
    found = {name for name in optional if article.get(name)}
    parts = {"dateline": [article.get("dateline") or {}], "images": article.get("images") or []}
    inner = {"dateline": ("date",), "images": ("caption", "credit")}
    return frozenset(
        found
        | {f"{name}.{key}" for name, keys in inner.items() for key in keys if any(p.get(key) for p in parts[name])}
    )


def fallen(history: Sequence[frozenset[str]], counts: Mapping[str, int], articles: int) -> list[Fallen]:
    """Return the fields that have fallen in a run's articles, by name.

    ``history`` has what each article before the run held, oldest first; ``counts`` how many of the run's ``articles``
    held each field. A run may bring one article only, so articles right before it that lack the field as well count in.

    >>> usual = [frozenset({"dateline", "images"}), frozenset({"dateline"})] * 50
    >>> [str(each) for each in fallen(usual, {"images": 1}, 4)]
    ['dateline: expected in 99% of articles, found in 0% of 4']
    >>> fallen(usual, {"dateline": 4}, 4), fallen(usual[:20], {}, 4)
    ([], [])
    """
    if not articles:
        return []
    found = []
    for field in sorted(frozenset().union(*history)):
        lacking = _leading_lack(field, reversed(history))
        before = history[: len(history) - lacking]
        if len(before) < LEAST_HISTORY:
            continue
        usual = (sum(field in each for each in before) + 1) / (len(before) + 2)
        all_articles = articles + lacking
        share = counts.get(field, 0) / all_articles
        if share < usual * NOTABLE and _chance(share, usual, all_articles) < CHANCE:
            found.append(Fallen(field, usual, share, all_articles))
    return found


def _leading_lack(field: str, newest_first: Iterable[frozenset[str]]) -> int:
    return next((number for number, each in enumerate(newest_first) if field in each), 0)


def _chance(share: float, usual: float, articles: int) -> float:
    """Return a bound on how likely so small a share is among so many articles (Chernoff's, in its sharpest form)."""
    divergence = (1 - share) * math.log((1 - share) / (1 - usual))
    if share:
        divergence += share * math.log(share / usual)
    return math.exp(-articles * divergence)
