"""Test cases of pages: folders with a saved page and its expected result.

``cases/<kind>/<name>/`` holds ``page.html``, the bytes as served, and ``expected.json``: the page's ``url``, its
``content_type`` if it is not ``text/html``, its ``status`` and ``headers`` if they matter, and the result, which
depends on the kind.

- a page class in ``LAYOUTS``: ``item``, the fields that the page itself gives; ``or_refused`` if the page may also be
  rejected; ``names_matter`` if classes or ids of its markup decide which text is shown or belongs to the article
- ``IndexPage``: ``own_section``, ``entries``, ``pagination_links`` and ``section_links``, and where it matters the
  entries' ``urls``, all their ``sections``, and the IDs of those that are ``pinned`` or have ``no_whole_headline``
- ``NotAnArticle``: the ``reason`` of the rejection (absent: any), perhaps a pattern of its ``detail``, and the kind of
  ``block_page``
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import HtmlResponse

from jiji.pages import BaseArticlePage, IndexPage
from jiji.site.listing import Listing
from jiji.site.sections import SECTIONS, Section

CASES = Path(__file__).parent / "cases"
INDEX = IndexPage.__name__
NOT_AN_ARTICLE = "NotAnArticle"
ALL = sorted(case for case in CASES.glob("*/*") if case.is_dir())
"""Every case, also of a kind that nothing knows yet."""
ARTICLES = [case for case in ALL if case.parent.name not in (INDEX, NOT_AN_ARTICLE)]

INDEX_PAGE_FIELDS = {"own_section", "entries", "pagination_links", "section_links"}
"""Fields of an index page that every case has."""

_FROM_THE_CRAWL = """schema_version revision status language publisher section category near_duplicate_of update_of
                     update content_hash first_seen_at fetched_at""".split()


def of_kind(kind: str) -> list[Path]:
    """Return the cases of a kind."""
    return [case for case in ALL if case.parent.name == kind]


def named(cases: Iterable[Path]) -> list[Any]:
    """Return cases as parameters with their names."""
    return [pytest.param(case, id=f"{case.parent.name}/{case.name}") for case in cases]


def read(case: Path) -> tuple[HtmlResponse, dict[str, Any]]:
    """Return the page as a response, and the expected result."""
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    headers = {"Content-Type": expected.get("content_type", "text/html"), **expected.get("headers", {})}
    status = expected.get("status", 200)
    response = HtmlResponse(expected["url"], status, headers, (case / "page.html").read_bytes())
    return response, expected


def page_fields(page: BaseArticlePage) -> dict[str, Any]:
    """Return the fields of an article that the page itself gives."""
    listing = Listing(page.article_id or "", page.url)
    item = asdict(page.to_item(listing, section="national", fetched_at="2026-01-27T00:30:00Z"))
    return {name: value for name, value in item.items() if name not in _FROM_THE_CRAWL}


def index_page_fields(page: IndexPage) -> dict[str, Any]:
    """Return what an index page shows, as the cases have it."""
    links = {name: link for name, section in SECTIONS.items() if (link := page.section_link(section))}
    return {
        "url": page.url,
        "own_section": _name(page.own_section),
        "entries": [[entry.id, entry.headline, _name(entry.section), entry.in_headline_box] for entry in page.entries],
        "pagination_links": [[link.url, _name(link.section)] for link in page.pagination_links],
        "section_links": {name: list(link) for name, link in links.items()},
        "urls": {entry.id: entry.url for entry in page.entries},
        "sections": {entry.id: [section.name for section in entry.sections] for entry in page.entries},
        "pinned": [entry.id for entry in page.entries if entry.is_pinned],
        "no_whole_headline": [entry.id for entry in page.entries if not entry.is_whole_headline],
    }


def _name(section: Section | None) -> str | None:
    return section.name if section else None
