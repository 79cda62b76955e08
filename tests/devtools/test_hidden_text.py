"""Cases with hidden text in a real browser: behind the dateline, Chromium shows the expected body."""

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from jiji.text.normalize import line
from tests.pages.case_folders import ARTICLES, read

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path")]

CASES = [case for case in ARTICLES if case.name.startswith("hidden-")]
TEXTS = """() => {
  const isShown = node => {
    const box = node.parentElement;
    if (!box?.checkVisibility({opacityProperty: true, visibilityProperty: true})) return false;
    box.scrollIntoView({block: "center"});
    const range = document.createRange();
    range.selectNodeContents(node);
    const place = range.getClientRects()[0];
    if (!place || !place.width || !place.height) return false;
    const hit = document.elementFromPoint(place.x + place.width / 2, place.y + place.height / 2);
    return box.contains(hit);
  };
  const texts = {shown: [], hidden: []};
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const shown = node.nodeType === Node.TEXT_NODE && (!node.data.trim() || isShown(node));
    texts[shown ? "shown" : "hidden"].push(node.data);
  }
  return texts;
}"""
"""Texts of a page's text nodes and comments: those in a place where a reader sees them, and the others."""


def check(page: Page, case: Path) -> str:
    """Return an error of the expected result. Empty: none."""
    response, expected = read(case)
    page.set_content(response.body.decode())
    texts, body = page.evaluate(TEXTS), expected["item"]["body"]
    after_dateline = line(" ".join(texts["shown"])).partition("(Jiji Press)")[2].replace(" ", "").lstrip("-")
    without_spaces = re.sub(r"\s", "", body)
    return "" if after_dateline.startswith(without_spaces) else f"{case.name}: {after_dateline[:300]}"


def errors() -> list[str]:
    """Return the errors of all cases."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.route("**/*", lambda route: route.abort())
        found = [error for case in CASES if (error := check(page, case))]
        browser.close()
    return found


def test_expected_bodies_are_what_a_browser_shows() -> None:
    """Run in a thread, because Playwright's synchronous API refuses to run beside the tests' event loop."""
    assert len(CASES) > 20
    with ThreadPoolExecutor(1) as executor:
        assert executor.submit(errors).result() == []
