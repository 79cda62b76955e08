"""Stories of the invented newsroom: number, variety, and every difficulty of wire copy."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from devtools.replica import Replica
from devtools.replica.ledger import Row

SECTIONS = ("national", "journal", "photos")
GROUPS = ("politics", "economy", "sports", "other")
FIELDS = [
    "id",
    "url",
    "section",
    "category",
    "breadcrumbs",
    "headline",
    "authors",
    "dateline",
    "published_date",
    "published_at",
    "published_source",
    "modified_at",
    "body",
    "truncated",
    "images",
]


@pytest.fixture(scope="module")
def ledger() -> list[Row]:
    """Return the ledger of all stories of the default replica."""
    replica = Replica()
    return [row for section in SECTIONS for row in replica.ledger(section)]


def test_sections_have_enough_stories(ledger: list[Row]) -> None:
    sections = Counter(row["section"] for row in ledger)
    assert sections["national"] >= 240
    assert sections["journal"] >= 30
    assert sections["photos"] >= 20


def test_days_are_consecutive_over_the_turn_of_the_year(ledger: list[Row]) -> None:
    days = sorted({date.fromisoformat(row["published_date"]) for row in ledger if row["section"] == "national"})
    assert (days[0], days[-1], len(days)) == (date(2025, 12, 5), date(2026, 1, 13), 40)


def test_article_ids_are_unique_and_begin_with_the_day(ledger: list[Row]) -> None:
    assert len({row["id"] for row in ledger}) == len(ledger)
    for row in ledger:
        assert re.fullmatch(r"\d{13}", row["id"])
        assert row["id"].startswith(row["published_date"].replace("-", ""))


def test_article_ids_of_a_day_are_not_in_order_of_publication(ledger: list[Row]) -> None:
    of_a_day = [row["id"] for row in ledger if row["section"] == "national" and row["published_date"] == "2025-12-24"]
    assert of_a_day != sorted(of_a_day)
    assert of_a_day != sorted(of_a_day, reverse=True)


def test_ledger_rows_have_the_fields_in_order(ledger: list[Row]) -> None:
    assert all(list(row) == FIELDS for row in ledger)


def test_texts_have_no_unfilled_slot_and_no_extra_white_space(ledger: list[Row]) -> None:
    for row in ledger:
        for text in (row["headline"], *row["body"].split("\n\n"), *(image["caption"] for image in row["images"])):
            assert text
            assert text == " ".join(text.split())
            assert not re.search("[{}|]", text)


def test_most_national_stories_belong_to_one_group(ledger: list[Row]) -> None:
    replica = Replica()
    groups = {group: replica.ledger(group) for group in GROUPS}
    for group, rows in groups.items():
        assert {(row["section"], row["category"]) for row in rows} == {(group, group)}
    ungrouped = [row for row in ledger if row["section"] == "national" and row["category"] is None]
    national = sum(row["section"] == "national" for row in ledger)
    assert sum(map(len, groups.values())) + len(ungrouped) == national
    assert 0.06 < len(ungrouped) / national < 0.1


def test_same_seed_gives_same_stories() -> None:
    one, same, other = (Replica(seed=seed, days=5).ledger("national") for seed in (3, 3, 4))
    assert one == same
    assert {row["body"] for row in one}.isdisjoint({row["body"] for row in other})


def test_days_and_stories_a_day_can_be_chosen() -> None:
    small, wide = Replica(days=2), Replica(days=2, per_day=100)
    assert 12 <= len(small.ledger("national")) <= 16
    assert 198 <= len(wide.ledger("national")) <= 202


def paragraphs(row: Row) -> list[str]:
    texts: list[str] = row["body"].split("\n\n")
    return texts


def places(row: Row) -> list[str]:
    return row["dateline"]["places"] if row["dateline"] else []


def filed_the_day_before(row: Row) -> bool:
    return bool(row["dateline"]) and (row["dateline"]["date"] or "9999") < row["published_date"]


def is_dated(row: Row) -> bool:
    return bool(row["dateline"] and row["dateline"]["date"])


DIFFICULTIES: dict[str, Callable[[Row], object]] = {
    "plain dateline": lambda row: places(row) == ["Tokyo"] and is_dated(row),
    "two places": lambda row: places(row) == ["Seoul", "Tokyo"],
    "three places": lambda row: len(places(row)) == 3,
    "prefecture": lambda row: row["dateline"] and row["dateline"]["text"].startswith("Mito, Ibaraki Pref., "),
    "prefecture among places": lambda row: places(row) == ["Tokyo", "Mito, Ibaraki Pref."],
    "one day behind": lambda row: places(row) == ["Los Angeles"] and filed_the_day_before(row),
    "one year behind": lambda row: row["id"].startswith("20260101") and filed_the_day_before(row),
    "new year's day": lambda row: row["dateline"] and row["dateline"]["date"] == "2026-01-01",
    "undated": lambda row: row["dateline"] and row["dateline"]["text"] == "Wakayama",
    "undated with prefecture": lambda row: places(row) == ["Iida, Nagano Pref."] and not is_dated(row),
    "no dateline": lambda row: row["section"] == "national" and row["dateline"] is None,
    "one author": lambda row: len(row["authors"]) == 1,
    "two authors": lambda row: len(row["authors"]) == 2,
    "three authors": lambda row: len(row["authors"]) == 3,
    "byline but no dateline": lambda row: row["authors"] and not row["dateline"],
    "name with particle": lambda row: any(" van " in name or " von " in name for name in row["authors"]),
    "name with hyphen": lambda row: any("-" in name for name in row["authors"]),
    "dashes in first paragraph": lambda row: "--" in paragraphs(row)[0],
    "dashes in later quote": lambda row: any(re.search('".*--.*"', text) for text in paragraphs(row)[1:]),
    "agency in mid-sentence": lambda row: "(Jiji Press) and" in row["body"],
    "agency at end of clause": lambda row: "(Jiji Press) from" in row["body"],
    "later paragraph begins with By": lambda row: any(text.startswith("By ") for text in paragraphs(row)[1:]),
    "body begins with By": lambda row: row["body"].startswith("By ") and not row["authors"],
    "bare body begins with By": lambda row: row["body"].startswith("By ") and not row["dateline"],
    "kicker": lambda row: row["headline"].startswith("2026 POLLS: "),
    "source": lambda row: row["headline"].endswith(": Govt Survey"),
    "billions": lambda row: " B. Yen" in row["headline"],
    "percent": lambda row: " Pct" in row["headline"],
    "ampersand in headline": lambda row: "&" in row["headline"],
    "quotes in headline": lambda row: row["headline"].count('"') == 2,
    "apostrophe in headline": lambda row: "'" in row["headline"],
    "characters outside EUC-JP": lambda row: "€" in row["body"],
    "accents": lambda row: "é" in row["body"],
    "ellipsis": lambda row: "…" in row["body"],
    "credit": lambda row: any(image["credit"] == "Pool photo" for image in row["images"]),
    "no credit": lambda row: any(image["credit"] is None for image in row["images"]),
    "other brackets and credit": lambda row: any(
        "(" in image["caption"] and image["credit"] for image in row["images"]
    ),
    "no photo": lambda row: row["section"] == "national" and not row["images"],
    "two photos": lambda row: row["section"] == "national" and len(row["images"]) == 2,
    "three photos": lambda row: len(row["images"]) == 3,
    "whole story": lambda row: row["section"] == "national" and not row["truncated"],
    "lead only": lambda row: row["truncated"],
    "other agency": lambda row: row["dateline"] and row["dateline"]["agency"] == "AFP-Jiji",
    "time on the page": lambda row: (row["published_at"] or "").endswith(":00+09:00"),
    "day on the page": lambda row: row["published_source"] == "page" and row["published_at"] is None,
    "photo page without a date": lambda row: row["section"] == "photos" and row["published_source"] == "key",
}


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_difficulty_of_wire_copy_occurs(difficulty: str, ledger: list[Row]) -> None:
    assert any(DIFFICULTIES[difficulty](row) for row in ledger)


def test_headline_occurs_twice_with_different_bodies(ledger: list[Row]) -> None:
    [(headline, count)] = Counter(row["headline"] for row in ledger if row["section"] == "national").most_common(1)
    assert count >= 2
    assert len({row["body"] for row in ledger if row["headline"] == headline}) == count
