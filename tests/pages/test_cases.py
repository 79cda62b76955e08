"""Saved pages give their expected results; a new folder below ``cases/`` is a new test."""

import re
from pathlib import Path

import pytest

from jiji.exceptions import PageRejected
from jiji.pages import LAYOUTS, IndexPage, article_page, block_page_kind
from jiji.pages.shell import is_shell
from jiji.site.listing import Listing
from tests.conftest import PROJECT
from tests.pages.case_folders import (
    ALL,
    ARTICLES,
    CASES,
    INDEX,
    INDEX_PAGE_FIELDS,
    NOT_AN_ARTICLE,
    index_page_fields,
    named,
    of_kind,
    page_fields,
    read,
)

LAYOUT_NAMES = {layout.__name__ for layout in LAYOUTS}


@pytest.mark.parametrize("case", named(ARTICLES))
def test_article_page(case: Path) -> None:
    kind = case.parent.name
    assert kind in LAYOUT_NAMES, (
        f"no page class {kind}: write it in a file of jiji/pages/ and add it to LAYOUTS in jiji/pages/__init__.py, "
        f"or move {case.name} to the folder of another class, {INDEX} or {NOT_AN_ARTICLE}"
    )
    response, expected = read(case)
    try:
        page = article_page(response)
    except PageRejected:
        if not expected.get("or_refused"):
            raise
        return
    assert type(page).__name__ == kind
    assert page_fields(page) == expected["item"]


@pytest.mark.parametrize("case", named(of_kind(NOT_AN_ARTICLE)))
def test_page_that_is_not_an_article(case: Path) -> None:
    response, expected = read(case)
    with pytest.raises(PageRejected) as rejected:
        article_page(response)
    assert str(rejected.value.reason) == expected.get("reason", rejected.value.reason)
    assert re.search(expected.get("detail", ""), rejected.value.detail)
    assert block_page_kind(response) == expected["block_page"]
    if "is_shell" in expected:
        assert is_shell(response, is_article=True) == expected["is_shell"]


@pytest.mark.parametrize("case", named(of_kind(INDEX)))
def test_index_page(case: Path) -> None:
    response, expected = read(case)
    fields = index_page_fields(IndexPage(response))
    assert expected.keys() >= INDEX_PAGE_FIELDS
    assert {name: expected[name] for name in fields if name in expected} == {
        name: value for name, value in fields.items() if name in expected
    }


def test_every_layout_has_a_case() -> None:
    assert {case.parent.name for case in ARTICLES} >= LAYOUT_NAMES


def test_cases_named_in_comments_exist() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "jiji").rglob("*.py"))
    named_cases = {name for names in re.findall(r"# cases?: ([a-z0-9, -]+)", sources) for name in names.split(", ")}
    assert named_cases
    assert named_cases <= {case.name for case in ALL}


def test_category_and_first_sight_come_from_the_listing() -> None:
    page = article_page(read(CASES / "ArticlePage" / "template-of-2013")[0])
    listing = Listing(page.article_id or "", page.url, category="sports", first_seen_at="2026-01-26T23:00:00Z")
    item = page.to_item(listing, section="national", fetched_at="2026-01-27T00:30:00Z")
    assert (item.section, item.category) == ("national", "sports")
    assert (item.first_seen_at, item.fetched_at) == ("2026-01-26T23:00:00Z", "2026-01-27T00:30:00Z")
