"""Rendering: the pages of a run that are opened in a browser."""

from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from jiji.configuration import Configuration
from jiji.network.render_request import RenderedResponse, RenderRequest
from jiji.spiders.rendering import Rendering
from jiji.stats import RunStats
from tests.pages.case_folders import CASES, NOT_AN_ARTICLE, read

SHELL = read(CASES / NOT_AN_ARTICLE / "shell-that-loads-its-article")[0]
URL = SHELL.url


def callback(outcome: object) -> None:
    """Stand for a spider's callback and errback."""


def asked(response: Response) -> Response:
    """Return a response to a request of a spider."""
    response.request = Request(response.url, callback, errback=callback, cb_kwargs={"listing": 1})
    return response


@pytest.fixture
def chromium(tmp_path: Path) -> str:
    """Return a program in the place of Chromium."""
    path = tmp_path / "chromium"
    path.touch(mode=0o755)
    return str(path)


def wanted(chromium: str, response: Response, *, is_article: bool = True, **settings: Any) -> RenderRequest | None:
    """Return the request for the browser, before or after a page was read."""
    configuration = Configuration(chromium=chromium, **settings)
    rendering = Rendering(configuration, RunStats())
    return rendering.of_every(response, is_article=is_article) or rendering.of_shell(response, is_article=is_article)


def test_request_for_the_browser_keeps_callbacks_and_document(chromium: str) -> None:
    request = wanted(chromium, asked(SHELL), render="fallback")
    assert request is not None
    assert request.url == URL
    calls: list[object] = [request.callback, request.errback]
    assert calls == [callback, callback]
    assert (request.cb_kwargs, request.document, request.wants_screenshot) == ({"listing": 1}, SHELL, False)
    again = request.replace(url=f"{URL}&again=1")
    assert isinstance(again, RenderRequest)
    assert again.document is SHELL


@pytest.mark.parametrize("case", ["login-page", "challenge-of-a-firewall-with-202", "soft-404"])
@pytest.mark.parametrize("settings", [{"render": "always"}, {"render": "fallback"}, {"screenshots": True}])
def test_block_page_is_never_rendered(chromium: str, case: str, settings: dict[str, Any]) -> None:
    response = read(CASES / NOT_AN_ARTICLE / case)[0].replace(status=200)
    assert wanted(chromium, asked(response), **settings) is None


@pytest.mark.parametrize(
    "response",
    [
        RenderedResponse(URL, body=SHELL.body, encoding="utf-8"),
        Response(URL, body=b"\x89PNG"),
        HtmlResponse(URL, status=500, body=SHELL.body, encoding="utf-8"),
    ],
)
def test_rendered_pages_pictures_and_errors_are_not_rendered(chromium: str, response: Response) -> None:
    assert wanted(chromium, asked(response), render="always") is None


def test_screenshots_are_of_articles(chromium: str) -> None:
    request = wanted(chromium, asked(SHELL), screenshots=True)
    assert request is not None
    assert request.wants_screenshot
    assert wanted(chromium, asked(SHELL), screenshots=True, is_article=False) is None


def test_nothing_is_rendered_by_default(chromium: str) -> None:
    assert wanted(chromium, asked(SHELL)) is None


def test_bound_counts_requests(chromium: str) -> None:
    stats = RunStats()
    rendering = Rendering(Configuration(chromium=chromium, render="always", max_rendered=2), stats)
    requests = [rendering.of_every(asked(SHELL), is_article=True) for _ in range(4)]
    assert [request is not None for request in requests] == [True, True, False, False]
    assert (stats.render_requests, stats.render_bounded) == (2, True)
