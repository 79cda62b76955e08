"""The pages in a real browser."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from jiji.replica import Replica

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path")]


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def widths(page: Page) -> list[int]:
    """The natural width in pixels of every picture on the page; 0 for one that did not load."""
    found: list[int] = page.evaluate("Array.from(document.images, image => image.naturalWidth)")
    return found


def test_home_and_a_story_show_headline_and_pictures(page: Page) -> None:
    with Replica(days=5) as replica:
        page.goto(replica.url)
        assert page.get_by_role("link", name=replica.ledger("national")[0]["headline"]).first.is_visible()
        assert widths(page) and min(widths(page)) > 0
        for story in [row for row in replica.ledger("national") if row["images"]][:1]:
            page.goto(story["url"])
            assert page.locator("h1").is_visible()
            assert " ".join(page.locator("h1").inner_text().split()) == story["headline"]
            assert widths(page) and min(widths(page)) > 0
