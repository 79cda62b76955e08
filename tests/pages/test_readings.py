"""Two readings: wherever the certain reading reads a page, the fallback reads the same or refuses."""

from pathlib import Path

import pytest
from hypothesis import given
from scrapy.http import HtmlResponse

from devtools.accuracy.pages import Page, pages
from jiji.exceptions import PageRejected
from jiji.extract.rule import ExtractionRule
from jiji.pages import LAYOUTS, BaseArticlePage
from jiji.pages.page import Document
from tests.pages.case_folders import ARTICLES, NOT_AN_ARTICLE, named, of_kind, page_fields, read
from tests.pages.test_generated import FEW, response


def certain_page(served: HtmlResponse) -> BaseArticlePage | None:
    """Return the page as the certain reading reads it; None for an uncertain page."""
    try:
        document = Document(served)
    except PageRejected:
        return None
    return next((page for layout in LAYOUTS if (page := layout(document)).certain_parts), None)


def read_by_fallback(page: BaseArticlePage) -> dict[str, object] | None:
    """Return what the fallback reads of a certain page; None if it refuses."""
    other = type(page)(page.document)
    other.certain_parts = None
    try:
        other.check()
    except PageRejected:
        return None
    return page_fields(other) if other.is_article else None


def assert_readings_agree(served: HtmlResponse) -> None:
    page = certain_page(served)
    if page is not None:
        assert read_by_fallback(page) in (None, page_fields(page))


@pytest.mark.parametrize("case", named([*ARTICLES, *of_kind(NOT_AN_ARTICLE)]))
def test_readings_of_a_case_agree(case: Path) -> None:
    assert_readings_agree(read(case)[0])


@FEW
@given(pages())
def test_readings_of_a_generated_page_agree(page: Page) -> None:
    assert_readings_agree(response(page))


def test_many_cases_are_certain() -> None:
    assert sum(certain_page(read(case)[0]) is not None for case in ARTICLES) > len(ARTICLES) // 4


def test_disputed_field_of_a_sampled_page_is_no_known_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    page = next(page for case in ARTICLES if (page := certain_page(read(case)[0])) and page.certain_parts)
    monkeypatch.setattr("jiji.pages.base_article.SAMPLED", 1)
    assert ExtractionRule.DISPUTED not in page.rules.values()
    again = type(page)(page.document)
    parts = page.certain_parts
    assert parts
    again.certain_parts = type(parts)(
        **{name: getattr(parts, name) for name in parts.__slots__} | {"headline": "Other"}
    )
    assert again.rules["headline"] is ExtractionRule.DISPUTED
    assert not again.rules["headline"].is_known_layout
