"""Samples: saved cases and generated pages as responses, with their expected fields and the parser's reading."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from scrapy.http import HtmlResponse

from devtools.accuracy.pages import Page
from devtools.newsroom.expected import Fields
from jiji.pages import article_page
from jiji.site.listing import Listing

CASES = Path(__file__).parents[2] / "tests" / "pages" / "cases"

Sample = tuple[HtmlResponse, Fields]
"""Response and expected fields."""


def saved(*kinds: str) -> Iterator[Sample]:
    """Yield the saved cases of some page classes."""
    for case in (case for kind in kinds for case in sorted(CASES.glob(f"{kind}/*/expected.json"))):
        expected = json.loads(case.read_text(encoding="utf-8"))
        headers = {"Content-Type": expected.get("content_type", "text/html")}
        body = (case.parent / "page.html").read_bytes()
        yield HtmlResponse(expected["url"], body=body, headers=headers), expected.get("item", {})


def generated(strategy: SearchStrategy[Page], count: int) -> list[Page]:
    """Return up to `count` different pages, the same each time."""
    found: dict[tuple[str, bytes], Page] = {}

    @settings(max_examples=count, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(strategy)
    def collect(page: Page) -> None:
        found[page.content_type, page.body] = page
        show_progress("generating pages", len(found))

    collect()
    return list(found.values())


def sample(page: Page) -> Sample:
    """Return a generated page as a sample."""
    headers = {"Content-Type": page.content_type}
    return HtmlResponse(page.expected["url"], body=page.body, headers=headers), page.expected


def read(response: HtmlResponse) -> Fields | None:
    """Return the fields that the parser reads, or None for a refused page."""
    try:
        page = article_page(response)
    except ValueError:
        return None
    listing = Listing(page.article_id or "", page.url)
    return asdict(page.to_item(listing, section="national", fetched_at="2026-01-27T00:30:00Z"))


def show_progress(activity: str, number: int) -> None:
    """Show the progress of an activity, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r{activity}: {number}", end="\r", file=sys.stderr)
