"""Article IDs of one page, apart from numbers that only look like one."""

from collections.abc import Iterable
from datetime import date, timedelta

from jiji.text.dates import day_of_id

AHEAD = timedelta(days=1)
"""Days by which an article may be ahead of the server's clock."""
AHEAD_OF_NEIGHBOURS = timedelta(days=366)
"""Days by which an article may be ahead of most others of its page, where no clock is known or right."""


def plausible_ids(ids: Iterable[str], today: date | None = None) -> frozenset[str]:
    """Return the IDs whose day is not in the future; ``today`` is the server's day in Japan.

    A clock may be late. An article one day ahead of another one counts, and where most articles of a page are in the
    future, the clock does not count at all.

    >>> ids = "2026012700123", "2026012600456", "2026012500789", "2026020100999", "2099123100123"
    >>> def left_out(today=None):
    ...     return sorted(set(ids) - plausible_ids(ids, today))
    >>> left_out(), left_out(date(2026, 1, 27)), left_out(date(2026, 1, 26)), left_out(date(2001, 1, 1))
    (['2099123100123'], ['2026020100999', '2099123100123'], ['2026020100999', '2099123100123'], ['2099123100123'])
    """
    days = {article_id: day for article_id in ids if (day := day_of_id(article_id))}
    in_order = sorted(days.values())
    if not in_order:
        return frozenset()
    median = in_order[(len(in_order) - 1) // 2]
    is_right = today is not None and median <= today + AHEAD
    newest = today + AHEAD if today and is_right else median + AHEAD_OF_NEIGHBOURS
    before = median
    for day in in_order:
        if day <= newest or day - before <= AHEAD:
            before = day
    return frozenset(article_id for article_id, day in days.items() if day <= max(before, median))
