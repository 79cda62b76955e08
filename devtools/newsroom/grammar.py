"""Grammars of the invented text, expanded with a seeded random generator.

A file in `grammars/` holds named lists. Choices stand on lines of their own, or behind the name, separated by bars. A
slot such as ``{town}`` stands for a choice of that list.
"""

import re
from functools import cache
from importlib.resources import files
from random import Random

Grammar = dict[str, list[str]]
"""Name of a list → its choices."""

MINOR_WORDS = frozenset({"a", "an", "and", "at", "by", "for", "in", "of", "on", "the", "to", "with"})
SLOT = re.compile(r"\{(\w+?)(\d*)\}")
RANGES = {
    "few": (3, 8),
    "hour": (1, 12),
    "minute": (10, 60),
    "dozens": (12, 96),
    "hundreds": (110, 980),
    "year": (1951, 2022),
}
"""Numeric slot → its range. The others are in `TextGenerator`."""


@cache
def grammar(name: str) -> Grammar:
    """Return the lists of one grammar file and the common ones. ``[name+]`` extends the common list of that name."""
    lists = dict(_read("common"))
    for key, choices in _read(name).items():
        common = key.removesuffix("+")
        lists[common] = lists[common] + choices if key.endswith("+") else choices
    return lists


@cache
def _read(file: str) -> Grammar:
    lists: Grammar = {}
    current: list[str] = []
    for line in (files(__package__) / "grammars" / f"{file}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name, _, choices = line[1:].partition("]")
            current = lists.setdefault(name, [])
            current += [choice.strip() for choice in choices.split("|")] if choices else []
        elif line and not line.startswith("#"):
            current.append(line)
    return lists


def title_case(words: str) -> str:
    """Return words in a headline's capitals.

    >>> title_case("a row of ice sculptures")
    'A Row of Ice Sculptures'
    """
    first, *rest = words.split(" ")
    return " ".join([sentence_case(first), *(word if word in MINOR_WORDS else sentence_case(word) for word in rest)])


def sentence_case(text: str) -> str:
    """Return a text with a capital at its start."""
    return text[:1].upper() + text[1:]


class TextGenerator:
    """Text of one story. A slot keeps its name to the story's end, and its number to the sentence's end.

    ``{town}`` and ``{town2}`` are two different towns. ``{Town}`` is ``{town}`` in title case.
    """

    def __init__(self, lists: Grammar, rng: Random, **names: str) -> None:
        self._lists = lists
        self._rng = rng
        self._names = dict(names)
        self._numbers: dict[str, str] = {}

    def expand(self, template: str) -> str:
        """Return the template with its slots filled."""
        self._numbers.clear()
        return self._expand(template)

    def pick(self, name: str) -> str:
        """Return a choice of a list with its slots filled. The choice itself is not kept."""
        return self.expand(self._rng.choice(self._lists[name]))

    def _expand(self, template: str) -> str:
        return SLOT.sub(lambda slot: self._fill(slot[1], slot[2]), template)

    def _fill(self, name: str, suffix: str) -> str:
        if name[0].isupper():
            return title_case(self._fill(name.lower(), suffix))
        slot = name + suffix
        if slot in self._names:
            return self._names[slot]
        if name in self._lists:
            return self._names.setdefault(slot, self._name(name, suffix))
        return self._numbers.setdefault(slot, self._number(name))

    def _name(self, name: str, suffix: str) -> str:
        taken = set(self._names.values())
        choice = self._rng.choice([entry for entry in self._lists[name] if entry not in taken])
        return self._expand(SLOT.sub(rf"{{\g<1>{suffix}}}", choice))

    def _number(self, kind: str) -> str:
        if kind == "number":
            return f"{self._rng.randrange(3, 9_000):,}"
        if kind == "thousands":
            return f"{self._rng.randrange(1200, 9800, 100):,}"
        if kind in ("pct", "yen"):
            return f"{self._rng.randrange(2, 79)}.{self._rng.randrange(1, 10)}"
        return str(self._rng.randrange(*RANGES[kind]))
