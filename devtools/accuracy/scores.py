"""Scores: precision, recall and, for texts, F1 over words."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from devtools.newsroom.expected import Fields


@dataclass
class Tally:
    """Counts for one field over many pages. An empty value is no value."""

    given: int = 0
    """Number of values that a reader gave."""
    expected: int = 0
    """Number of expected values."""
    right: int = 0
    """Number of given values that are equal to the expected ones."""

    def count(self, value: object, expected: object) -> None:
        """Count one page.

        >>> tally = Tally()
        >>> tally.count("A", "A"), tally.count("B", None), tally.count(None, "C"), tally.count([], [])
        (None, None, None, None)
        >>> str(tally)
        '50.0 / 50.0'
        """
        self.given += is_value(value)
        self.expected += is_value(expected)
        self.right += is_value(value) and value == expected

    def __str__(self) -> str:
        return f"{percent(self.right, self.given)} / {percent(self.right, self.expected)}"


def is_value(value: object) -> bool:
    """Return False for None, an empty list and an empty text.

    >>> is_value(False), is_value(None), is_value([]), is_value("")
    (True, False, False, False)
    """
    return value is False or bool(value)


def percent(part: float, total: float) -> str:
    """Return a share in percent, never rounded up.

    >>> percent(1999, 2000), percent(3, 3), percent(0, 0)
    ('99.9', '100.0', '–')
    """
    return f"{int(1000 * part / total) / 10:.1f}" if total else "–"


def tallies(names: Iterable[str], pairs: Iterable[tuple[Fields, Fields]]) -> dict[str, Tally]:
    """Return a tally for each field over pairs of read and expected fields."""
    counted = {name: Tally() for name in names}
    for read, expected in pairs:
        for name, tally in counted.items():
            tally.count(read.get(name), expected[name])
    return counted


def f1(text: str, expected: str) -> float:
    """Return the F1 over the words of a text.

    >>> f1("Rain fell. Share this", "Rain fell."), f1("", "Rain fell.")
    (0.6666666666666666, 0.0)
    """
    words, expected_words = (Counter(re.findall(r"\w+", each.casefold())) for each in (text, expected))
    common = (words & expected_words).total()
    return 2 * common / (words.total() + expected_words.total()) if common else 0.0


def print_row(*cells: str) -> None:
    """Print a row of a Markdown table."""
    print("| " + " | ".join(cells) + " |")
