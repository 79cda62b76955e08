"""Field coverage: the share of articles that have a field, and its drop against the feed's history.

Pure functions. A failing selector makes no noise otherwise. The test is a bound on chance (Chernoff), without a list of
usual shares and without a setting: a drop counts when it would happen by chance less than once in a million runs.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CHANCE = 1e-6
"""Probability below which a drop is no coincidence."""
LEAST_HISTORY = 30
"""Articles from which on a feed's history is usable."""
NOTABLE = 0.8
"""Part of the usual share below which a drop matters, however certain it is."""


@dataclass(frozen=True, slots=True)
class CoverageDrop:
    """Field that new articles have less often than the feed's history; both are shares of articles."""

    field: str
    expected: float
    found: float
    articles: int
    """Number of articles behind ``found``."""

    def __str__(self) -> str:
        return (
            f"{self.field}: expected in {self.expected:.0%} of articles, found in {self.found:.0%} of {self.articles}"
        )


def filled_fields(article: Mapping[str, Any]) -> frozenset[str]:
    """Return the optional fields that an article has.

    >>> sorted(filled_fields({"authors": [], "dateline": {"date": None}, "images": [{"caption": "A", "credit": None}]}))
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


def coverage_drops(history: Sequence[frozenset[str]], counts: Mapping[str, int], articles: int) -> list[CoverageDrop]:
    """Return the fields with a drop in a run's articles, by name.

    ``history`` holds the fields of each article before the run, oldest first. ``counts`` is the number of the run's
    ``articles`` with each field. Articles right before the run that lack the field too count in, for a run may bring
    one article only.

    >>> usual = [frozenset({"dateline", "images"}), frozenset({"dateline"})] * 50
    >>> [str(each) for each in coverage_drops(usual, {"images": 1}, 4)]
    ['dateline: expected in 99% of articles, found in 0% of 4']
    >>> coverage_drops(usual, {"dateline": 4}, 4), coverage_drops(usual[:20], {}, 4)
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
            found.append(CoverageDrop(field, usual, share, all_articles))
    return found


def _leading_lack(field: str, newest_first: Iterable[frozenset[str]]) -> int:
    return next((number for number, each in enumerate(newest_first) if field in each), 0)


def _chance(share: float, usual: float, articles: int) -> float:
    """Return Chernoff's bound on the probability of so small a share among so many articles."""
    divergence = (1 - share) * math.log((1 - share) / (1 - usual))
    if share:
        divergence += share * math.log(share / usual)
    return math.exp(-articles * divergence)
