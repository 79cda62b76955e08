"""Round-robin tables of story features: group, dateline, byline, tricky sentence, pictures.

A story's number selects one row of every table. The tables' lengths share no divisor, so every feature occurs within a
few days, and every combination of features in the long run.
"""

from typing import TypeVar

T = TypeVar("T")

CATEGORIES = (*("politics", "economy", "sports", "other") * 3, None)

DATELINES = ("tokyo", "prefecture", "tokyo", "joint", "city", "behind", "tokyo", "undated", "none", "tokyo", "abroad")
"""Kinds in `datelines.PLACES`, or "none"."""
NEW_YEAR_DATELINES = ("behind", "tokyo", "city")
"""The same for 1 January, as a dateline has no year, and the year turns between two time zones."""

BYLINES = (
    *((0, 0), (1, 0), (0, 0), (2, 0), (0, 0), (1, 1), (0, 0), (0, 0), (3, 0)),
    *((0, 0), (0, 0), (1, 0), (0, 0), (3, 1), (0, 0), (0, 0), (0, 0)),
)
"""Number of names, and number of names with a particle or a hyphen."""

TRICKY_SENTENCES = (
    *("", "dash-first", "", "by", "typography", "", "agency", "", "dash-later", ""),
    *("typography", "by-first", "", "", "dash-later", "", "agency", "", "by"),
)
"""Names of lists in the common grammar. "by-first" is a sentence of the list "by" as the first paragraph."""

PICTURES = ((), ("credit",), (), ("plain",), (), ("bracketed", "credit"), ())
PHOTO_PAGES = (("credit",), ("plain", "bracketed"), ("credit", "plain", "bracketed"), ("bracketed",))
"""Kinds of caption: with a credit, without, with other brackets before the credit."""

HEADLINES = ("", "", "kicker", "source", "")
"""Addition to the headline: a kicker before it, a source after it."""

TRUNCATED = (True, True, False, True, True, True, True, True)

JOURNAL_DATES = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%d-%b-%Y", "%b-%d-%Y")
PHOTO_DATES = ("%Y-%m-%d", "", "%Y-%m-%d %H:%M")


def row(table: tuple[T, ...], number: int) -> T:
    """Return the row of a table for a story's number."""
    return table[number % len(table)]
