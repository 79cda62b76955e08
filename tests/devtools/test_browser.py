"""Replica pages in a real browser."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, sync_playwright

from devtools.replica import Replica

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.browser


def widths(page: Page) -> list[int]:
    """Return the natural width in pixels of every picture on the page. 0: not loaded."""
    found: list[int] = page.evaluate("Array.from(document.images, image => image.naturalWidth)")
    return found


def check_pages() -> None:
    with sync_playwright() as playwright, Replica(days=5) as replica:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(replica.url)
        assert page.get_by_role("link", name=replica.ledger("national")[0]["headline"]).first.is_visible()
        assert widths(page)
        assert min(widths(page)) > 0
        page.goto(next(row["url"] for row in replica.ledger("national") if row["images"]))
        assert page.locator("h1").is_visible()
        assert widths(page)
        assert min(widths(page)) > 0
        browser.close()


def test_home_and_article_page_show_headline_and_pictures() -> None:
    """Run in a thread, because Playwright's synchronous API refuses to run beside the tests' event loop."""
    with ThreadPoolExecutor(1) as executor:
        executor.submit(check_pages).result()
