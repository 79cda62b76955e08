"""The forms wire copy takes: groups, datelines, bylines, quirks of the text, pictures.

Each table is walked by the story's number. The tables' lengths share no divisor, so every form is met within a few
days, and every combination of forms in the long run.
"""

from typing import TypeVar

T = TypeVar("T")

CATEGORIES = (*("politics", "economy", "sports", "other") * 3, None)

DATELINES = ("tokyo", "prefecture", "tokyo", "joint", "city", "behind", "tokyo", "undated", "none", "tokyo", "abroad")
"""Names of rows of PLACES, or "none"."""
NEW_YEAR = ("behind", "tokyo", "city")
"""The same for 1 January: a dateline has no year, and the year turns between two time zones."""

BYLINES = (
    *((0, 0), (1, 0), (0, 0), (2, 0), (0, 0), (1, 1), (0, 0), (0, 0), (3, 0)),
    *((0, 0), (0, 0), (1, 0), (0, 0), (3, 1), (0, 0), (0, 0), (0, 0)),
)
"""How many names, and how many of them have a particle or a hyphen."""

QUIRKS = (
    *("", "dash-first", "", "by", "soup", "", "agency", "", "dash-later", ""),
    *("soup", "by-first", "", "", "dash-later", "", "agency", "", "by"),
)
"""Names of lists in the common grammar; "by-first" opens the story with a sentence of the list "by"."""

PICTURES = ((), ("credit",), (), ("plain",), (), ("bracketed", "credit"), ())
PHOTO_PAGES = (("credit",), ("plain", "bracketed"), ("credit", "plain", "bracketed"), ("bracketed",))
"""The kinds of caption: with a credit, without, with other brackets before the credit."""

HEADLINES = ("", "", "kicker", "source", "")
"""What is added to the headline: a kicker before it, a source after it."""

TRUNCATED = (True, True, False, True, True, True, True, True)

JOURNAL_DATES = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%d-%b-%Y", "%b-%d-%Y")
PHOTO_DATES = ("%Y-%m-%d", "", "%Y-%m-%d %H:%M")

PLACES: dict[str, tuple[tuple[str, ...], ...]] = {
    "tokyo": (("Tokyo",),),
    "city": (("Osaka",), ("Sapporo",), ("Fukuoka",), ("Hiroshima",), ("Naha",)),
    "prefecture": (
        ("Mito, Ibaraki Pref.",),
        ("Nago, Okinawa Pref.",),
        ("Matsumoto, Nagano Pref.",),
        ("Tokyo", "Mito, Ibaraki Pref."),
        ("Otsu, Shiga Pref.",),
    ),
    "joint": (("Seoul", "Tokyo"), ("Washington", "Tokyo"), ("Washington", "Seoul", "Tokyo")),
    "behind": (("Los Angeles",), ("Washington",), ("Sao Paulo",), ("Washington", "New York")),
    "undated": (("Wakayama",), ("Kanazawa",), ("Iida, Nagano Pref.",)),
    "abroad": (("New Delhi",), ("Seoul",), ("Bangkok",), ("Berlin",), ("Sydney",)),
    "journal": (("Paris",), ("Lisbon",), ("Nairobi",), ("Vienna",), ("Phnom Penh",), ("Montevideo",)),
}
FOREIGN = frozenset({"joint", "behind", "abroad"})


def turn(table: tuple[T, ...], number: int) -> T:
    """The entry of the table whose turn it is."""
    return table[number % len(table)]
