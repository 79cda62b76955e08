"""Counts what was read right: precision, recall and, for texts, F1 over words."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from devtools.accuracy.stories import Fields


@dataclass
class Tally:
    """One field over many pages; an empty value is none."""

    given: int = 0
    """How many values a reader gave."""
    true: int = 0
    """How many values there were."""
    right: int = 0
    """How many of the values given were the true ones."""

    def count(self, value: object, truth: object) -> None:
        """Count one page.

        >>> tally = Tally()
        >>> tally.count("A", "A"), tally.count("B", None), tally.count(None, "C"), tally.count([], [])
        (None, None, None, None)
        >>> str(tally)
        '50.0 / 50.0'
        """
        self.given += is_given(value)
        self.true += is_given(truth)
        self.right += is_given(value) and value == truth

    def __str__(self) -> str:
        return f"{percent(self.right, self.given)} / {percent(self.right, self.true)}"


def is_given(value: object) -> bool:
    """Say whether a value is one; False is a value, an empty list and an empty text are not.

    >>> is_given(False), is_given(None), is_given([]), is_given("")
    (True, False, False, False)
    """
    return value is False or bool(value)


def percent(part: float, whole: float) -> str:
    """Return a share, never rounded up.

    >>> percent(1999, 2000), percent(3, 3), percent(0, 0)
    ('99.9', '100.0', '–')
    """
    return f"{int(1000 * part / whole) / 10:.1f}" if whole else "–"


def tallies(names: Iterable[str], pairs: Iterable[tuple[Fields, Fields]]) -> dict[str, Tally]:
    """Return a tally a field over pairs of what was read and what is true."""
    counted = {name: Tally() for name in names}
    for read, truth in pairs:
        for name, tally in counted.items():
            tally.count(read.get(name), truth[name])
    return counted


def f1(text: str, truth: str) -> float:
    """Return the F1 over words: how much of a text is there, and how little else.

    >>> f1("Rain fell. Share this", "Rain fell."), f1("", "Rain fell.")
    (0.6666666666666666, 0.0)
    """
    words, true_words = (Counter(re.findall(r"\w+", each.casefold())) for each in (text, truth))
    common = (words & true_words).total()
    return 2 * common / (words.total() + true_words.total()) if common else 0.0
