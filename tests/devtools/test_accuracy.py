"""Accuracy measurement: difficulty of the generated pages, and the report."""

import re
import sys
from collections.abc import Callable

import pytest

from devtools.accuracy import __main__ as report
from devtools.accuracy import links, stories
from devtools.accuracy.damage import DAMAGES, damaged
from devtools.accuracy.pages import REWRITES, TEMPLATES, Page, pages
from devtools.accuracy.peers import PEERS, forgiven, read_by_peers
from devtools.accuracy.retold import HELD_OUT, TUNING, pairs
from devtools.accuracy.samples import generated, sample, saved
from devtools.newsroom.expected import Fields
from devtools.newsroom.grammar import sentence_case
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def drawn() -> list[Page]:
    """Return some generated pages."""
    return generated(pages(), 600)


@pytest.fixture(scope="module")
def drawn_text(drawn: list[Page]) -> str:
    """Return all headlines, bodies, captions and credits of the generated pages, a line each."""
    lines = []
    for page in drawn:
        lines += [page.expected["headline"], page.expected["body"]]
        lines += [image[part] or "" for image in page.expected["images"] for part in ("caption", "credit")]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "name", [*stories.TRICKY_LISTS, "aside", "bullet", "caption", "bracketed", "credit", "headline"]
)
def test_every_form_of_a_list_is_drawn(name: str, drawn_text: str) -> None:
    for form in stories.LISTS[name]:
        parts = map(re.escape, re.split(r"\{\w+\}", sentence_case(form)))
        assert re.search(".+".join(parts), drawn_text), form


DIFFICULTIES: dict[str, Callable[[Fields], object]] = {
    "no author": lambda row: not row["authors"],
    "three authors": lambda row: len(row["authors"]) == 3,
    "name with particle": lambda row: any(re.search(" (von|van|de|der|la) ", name) for name in row["authors"]),
    "name with initials": lambda row: "J.K. Minowa" in row["authors"],
    "name with apostrophe": lambda row: any("'" in name for name in row["authors"]),
    "name with curly apostrophe": lambda row: any("’" in name for name in row["authors"]),
    "name with accent": lambda row: any("é" in name.lower() for name in row["authors"]),
    "no dateline": lambda row: row["dateline"] is None,
    "undated": lambda row: row["dateline"] and row["dateline"]["text"].endswith("Tokyo"),
    "uncertain year": lambda row: (
        row["dateline"] and not row["dateline"]["date"] and row["dateline"]["text"][-1].isdigit()
    ),
    "three places": lambda row: row["dateline"] and len(row["dateline"]["places"]) == 3,
    "prefecture": lambda row: row["dateline"] and " Pref." in row["dateline"]["text"],
    "place with apostrophe": lambda row: row["dateline"] and "N'Djamena" in row["dateline"]["places"],
    "place with hyphens": lambda row: row["dateline"] and "Port-au-Prince" in row["dateline"]["places"],
    "place with full stop": lambda row: row["dateline"] and "St. Petersburg" in row["dateline"]["places"],
    "place with lower-case word": lambda row: row["dateline"] and "Frankfurt am Main" in row["dateline"]["places"],
    "place with accent": lambda row: row["dateline"] and "São Paulo" in row["dateline"]["places"],
    "kicker": lambda row: row["headline"].startswith("2026 POLLS: "),
    "source": lambda row: row["headline"].endswith(" Mayor"),
    "picture without caption": lambda row: any(image["caption"] is None for image in row["images"]),
    "credit without caption": lambda row: any(not image["caption"] and image["credit"] for image in row["images"]),
    "brackets in caption and credit": lambda row: any(
        "(" in (image["caption"] or "") and "(" in (image["credit"] or "") for image in row["images"]
    ),
    "three pictures": lambda row: len(row["images"]) == 3,
    "time on the page": lambda row: row["published_at"],
    "whole story": lambda row: not row["truncated"],
}


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_difficulty_is_drawn(difficulty: str, drawn: list[Page]) -> None:
    assert any(DIFFICULTIES[difficulty](page.expected) for page in drawn)


def test_every_template_rewrite_and_damage_is_drawn(drawn: list[Page]) -> None:
    assert {page.template for page in drawn} == set(TEMPLATES)
    assert {page.rewrite for page in drawn} == set(REWRITES)
    kinds = {damage.__name__.replace("_", " ") for damage in DAMAGES}
    assert {page.damage for page in generated(damaged(), 300)} == kinds


def test_report_counts_saved_generated_and_damaged_pages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(report, "GENERATED", 20)
    monkeypatch.setattr(report, "DAMAGED", 20)
    report.main()
    printed = capsys.readouterr().out
    stories_saved, others_saved = len(list(saved(*report.STORY_CLASSES))), len(list(saved("NotAnArticle")))
    assert min(stories_saved, others_saved) > 0
    assert f"{stories_saved} saved cases: precision / recall in percent" in printed
    found = re.search(r"pages right in every field: (\d+) of (\d+), refused: (\d+)$", printed, re.MULTILINE)
    assert found and int(found[1]) + int(found[3]) == int(found[2]) == stories_saved
    assert f"saved pages without a story: {others_saved} of {others_saved} refused" in printed
    assert re.search(r"^\d+ damaged pages$", printed, re.MULTILINE)
    assert re.search(
        r"^\d{3} held-out pairs: links with precision [\d.]+, recall [\d.]+ percent$", printed, re.MULTILINE
    )


@pytest.mark.parametrize("half", [TUNING, HELD_OUT])
@pytest.mark.parametrize("seed", [links.SEEDS[TUNING], links.SEEDS[HELD_OUT], 1, 2])
def test_links_of_labelled_pairs_are_precise_and_complete(half: str, seed: int) -> None:
    labelled = pairs(half, seed)
    assert len(labelled) >= 400
    precision, recall = links.precision_and_recall(labelled)
    assert float(precision) >= 98 and float(recall) >= 95


def test_figures_of_links_in_the_docs_are_those_printed(capsys: pytest.CaptureFixture[str]) -> None:
    links.print_links()
    told = (PROJECT / "docs" / "explanation" / "accuracy.md").read_text(encoding="utf-8")
    for line in filter(None, capsys.readouterr().out.splitlines()):
        assert line in told, line


def test_peers_without_their_libraries_find_nothing(drawn: list[Page]) -> None:
    found = read_by_peers(sys.executable, [sample(page) for page in drawn[:2]])
    assert {name: [(row["headline"], row["body"]) for row in rows] for name, rows in found.items()} == {
        name: [("", "")] * 2 for name in PEERS
    }


def test_headline_byline_and_dateline_before_a_body_are_forgiven() -> None:
    expected = {
        "headline": "Snow",
        "authors": ["A B"],
        "published_date": "2026-01-27",
        "body": "It fell.",
        "images": [],
    }
    found = {"headline": "Snow", "body": "Snow\nBy A B\nTokyo, Jan. 27 (Jiji Press)--It fell.", "images": []}
    assert forgiven(found, expected)["body"] == "It fell."
    assert forgiven({**found, "body": "Rain."}, expected)["body"] == "Rain."
