"""Words and sentences of the invented news: lists read from `grammar/*.txt`, drawn by a seeded generator."""

import re
from functools import cache
from importlib.resources import files
from random import Random

Grammar = dict[str, list[str]]
"""List name → its choices."""

MINOR_WORDS = frozenset({"a", "an", "and", "at", "by", "for", "in", "of", "on", "the", "to", "with"})
SLOT = re.compile(r"\{(\w+?)(\d*)\}")
NUMBERS = {"few": (3, 8), "dozens": (12, 96), "hundreds": (110, 980), "year": (1951, 2022)}


@cache
def grammar(name: str) -> Grammar:
    """The lists of one grammar file and the common ones."""
    return {**_read("common"), **_read(name)}


@cache
def _read(name: str) -> Grammar:
    lists: Grammar = {}
    current: list[str] = []
    for line in (files(__package__) / "grammar" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            current = lists.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            current.append(line)
    return lists


def title_case(words: str) -> str:
    """The words as in a headline.

    >>> title_case("a row of ice sculptures")
    'A Row of Ice Sculptures'
    """
    first, *rest = words.split(" ")
    return " ".join([_upper_first(first), *(word if word in MINOR_WORDS else _upper_first(word) for word in rest)])


def _upper_first(word: str) -> str:
    return word[:1].upper() + word[1:]


class Cast:
    """Who and what appears in one story: a name, once given, is kept to the story's end, a number to its sentence's.

    `{town}` and `{town2}` are two different towns; `{Town}` is `{town}` written as in a headline.
    """

    def __init__(self, lists: Grammar, rng: Random, **given: str) -> None:
        self._lists = lists
        self._rng = rng
        self._names = dict(given)
        self._numbers: dict[str, str] = {}

    def say(self, template: str) -> str:
        """The template with its slots filled."""
        self._numbers.clear()
        return self._expand(template)

    def draw(self, name: str) -> str:
        """One choice of a list, its slots filled; it is not kept."""
        return self.say(self._rng.choice(self._lists[name]))

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
        if kind == "thousands":
            return f"{self._rng.randrange(1200, 9800, 100):,}"
        if kind in ("pct", "yen"):
            return f"{self._rng.randrange(2, 79)}.{self._rng.randrange(1, 10)}"
        return str(self._rng.randrange(*NUMBERS[kind]))
