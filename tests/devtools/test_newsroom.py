"""Grammars of the invented newsroom."""

import re
from random import Random

import pytest

from devtools.newsroom.grammar import TextGenerator, grammar

GRAMMARS = ("politics", "economy", "sports", "other", "journal", "photos", "tricky")


@pytest.mark.parametrize("name", GRAMMARS)
def test_every_slot_of_a_grammar_can_be_filled(name: str) -> None:
    lists = grammar(name)
    for choices in lists.values():
        for template in choices:
            text = TextGenerator(lists, Random(template), weekday="Monday").expand(template)
            assert not re.search(r"[{}]", text)


def test_plus_extends_the_common_list() -> None:
    common, extended = grammar("politics")["given"], grammar("tricky")["given"]
    assert extended[: len(common)] == common
    assert "Zoë" in set(extended) - set(common)


def test_names_are_kept_and_numbers_are_drawn_for_each_sentence() -> None:
    text = TextGenerator(grammar("tricky"), Random(1))
    first, second = (text.expand("{town}, {town2}, {Town}: {number} and {number}").split(": ") for _ in range(2))
    assert first[0] == second[0]
    town, town2, headline_town = first[0].split(", ")
    assert town != town2
    assert town == headline_town
    assert first[1] != second[1]
    assert len(set(first[1].split(" and "))) == 1
