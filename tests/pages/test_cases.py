"""Saved pages and what they must become: a folder a case, no code of its own.

``cases/<PageClass>/<name>/`` holds ``page.html``, the bytes as served, and ``expected.json``: the page's ``url``,
optionally its ``content_type``, and what is read from it.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import HtmlResponse

from jiji.pages import LAYOUTS, IndexPage, StoryPage, story_page
from jiji.site.sections import SECTIONS

CASES = Path(__file__).parent / "cases"
FROM_THE_CRAWL = {"section": "national", "category": None, "fetched_at": "2026-01-27T00:30:00Z"}


def read(case: Path) -> tuple[HtmlResponse, dict[str, Any]]:
    """Return the page as a response, and what is expected of it."""
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    headers = {"Content-Type": expected.get("content_type", "text/html")}
    return HtmlResponse(expected["url"], body=(case / "page.html").read_bytes(), headers=headers), expected


def cases(*kinds: str) -> list[Any]:
    """Return the cases of some page classes, named for the report."""
    found = [case.parent for kind in kinds for case in sorted(CASES.glob(f"{kind}/*/expected.json"))]
    return [pytest.param(case, id=f"{case.parent.name}/{case.name}") for case in found]


def told(page: StoryPage) -> dict[str, Any]:
    """Return what a story's page itself tells, without what the crawl adds."""
    item = asdict(page.to_item(section="national", category=None, fetched_at="2026-01-27T00:30:00Z"))
    crawl = """schema_version revision status language publisher section category near_duplicate_of content_hash
               first_seen_at fetched_at""".split()
    return {name: value for name, value in item.items() if name not in crawl}


@pytest.mark.parametrize("case", cases("ArticlePage", "JournalPage", "PhotoPage"))
def test_story(case: Path) -> None:
    response, expected = read(case)
    page = story_page(response)
    assert type(page).__name__ == case.parent.name
    assert told(page) == expected["item"]


@pytest.mark.parametrize("case", cases("NoStory"))
def test_no_story(case: Path) -> None:
    response, expected = read(case)
    with pytest.raises(ValueError, match=expected["reason"]):
        story_page(response)


@pytest.mark.parametrize("case", cases("IndexPage"))
def test_index(case: Path) -> None:
    response, expected = read(case)
    page = IndexPage(response)
    stories = [[s.key, s.headline, s.under.name if s.under else None, s.boxed] for s in page.stories]
    more = [[link.url, link.under.name if link.under else None] for link in page.more]
    leads = {name: lead for name, section in SECTIONS.items() if (lead := page.leads_to(section))}
    assert stories == expected["stories"]
    assert more == expected["more"]
    assert {name: list(lead) for name, lead in leads.items()} == expected["leads_to"]


def test_every_layout_has_a_case() -> None:
    assert {layout.__name__ for layout in LAYOUTS} <= {folder.name for folder in CASES.iterdir()}
