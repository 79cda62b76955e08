"""Summary of the articles in the feeds: counts by day and place, lags, field coverage, the newest articles."""

import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from jiji.items import Article

NEWEST = 40
"""Newest articles that are kept."""
LAG_HOURS = (1, 2, 3, 6, 12, 24, 48)
"""Upper bounds of the classes of lags; longer ones are in the last class."""
OPTIONAL_FIELDS = ("category", "authors", "dateline", "published_at", "images", "breadcrumbs")
"""Fields that an article may lack, and whose coverage says something about the extraction."""


@dataclass(slots=True)
class Summary:
    """Counts over articles, each in its latest revision."""

    articles: int = 0
    withdrawn: int = 0
    truncated: int = 0
    near_duplicates: int = 0
    updates: int = 0
    revised: int = 0
    by_day: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Articles by day in Japan and section."""
    by_category: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Articles by day in Japan and category; an article without one counts under its section."""
    by_section: Counter[str] = field(default_factory=Counter)
    covered: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Articles with a value, by section and field."""
    places: Counter[str] = field(default_factory=Counter)
    lags: Counter[str] = field(default_factory=Counter)
    """Articles by class of hours from printed time, else first sight, to the feed."""
    newest: list[Article] = field(default_factory=list)
    """Newest articles, the newest first."""

    @classmethod
    def of(cls, articles: Iterable[Article]) -> "Summary":
        """Return the summary of a stream of articles, each in its latest revision."""
        summary = cls()
        keyed = ((_age(article), article) for article in articles if summary._add(article))
        summary.newest = [article for _, article in heapq.nlargest(NEWEST, keyed, key=lambda each: each[0])]
        return summary

    def _add(self, article: Article) -> bool:
        """Count an article; return whether it still stands on the site."""
        if article.status == "withdrawn":
            self.withdrawn += 1
            return False
        self.articles += 1
        self.truncated += article.truncated
        self.near_duplicates += article.near_duplicate_of is not None
        self.updates += article.update_of is not None
        self.revised += article.revision > 1
        self.by_section[article.section] += 1
        self.by_day[article.published_date, article.section] += 1
        self.by_category[article.published_date, article.category or article.section] += 1
        self.covered.update((article.section, name) for name in OPTIONAL_FIELDS if getattr(article, name))
        self.places.update(article.dateline.places if article.dateline else ())
        self.lags[lag_class(article.published_at or article.first_seen_at, article.fetched_at)] += 1
        return True


def lag_class(begin: str, end: str) -> str:
    """Return the class of the hours between two moments; both may be any text.

    >>> lag_class("2026-01-27T09:00:00+09:00", "2026-01-27T00:30:00Z"), lag_class("", "2026-01-27T00:30:00Z")
    ('under 1 h', 'unknown')
    """
    try:
        hours = (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds() / 3600
    except (ValueError, TypeError):
        return "unknown"
    return next((f"under {bound} h" for bound in LAG_HOURS if hours < bound), f"{LAG_HOURS[-1]} h and more")


def _age(article: Article) -> tuple[str, str, str]:
    return article.published_date, article.first_seen_at, article.id
