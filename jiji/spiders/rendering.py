"""Rendering: the decision which pages of a run are opened in a browser."""

import logging

from scrapy.http import Response, TextResponse

from jiji.configuration import Configuration, RenderMode
from jiji.network.find_chromium import find_chromium
from jiji.network.render_request import RenderedResponse, RenderRequest
from jiji.pages import block_page_kind
from jiji.pages.shell import is_shell
from jiji.stats import RunStats

logger = logging.getLogger(__name__)


class Rendering:
    """Makes the requests for the browser, at most JIJI_MAX_RENDERED in a run and one a page."""

    def __init__(self, configuration: Configuration, stats: RunStats) -> None:
        self._most = configuration.max_rendered
        self._mode = configuration.render
        self._with_screenshots = configuration.screenshots
        self._stats = stats
        self._is_possible = configuration.may_render and find_chromium(configuration.chromium) is not None

    def of_every(self, response: Response, *, is_article: bool) -> RenderRequest | None:
        """Return the request to open a page before it is read; None where that is not wanted or not allowed.

        JIJI_RENDER=always wants it for each page, JIJI_SCREENSHOTS for each article.
        """
        if self._mode is RenderMode.ALWAYS or (is_article and self._with_screenshots):
            return self._request(response, is_article=is_article)
        return None

    def of_shell(self, response: Response, *, is_article: bool) -> RenderRequest | None:
        """Return the request to open a page that was found without content; None unless it is a shell."""
        if self._mode is RenderMode.FALLBACK and is_shell(response, is_article=is_article):
            return self._request(response, is_article=is_article)
        return None

    def _request(self, response: Response, *, is_article: bool) -> RenderRequest | None:
        request = response.request
        if isinstance(response, RenderedResponse) or not isinstance(response, TextResponse) or request is None:
            return None
        if not self._is_possible or response.status != 200 or block_page_kind(response):
            return None
        if self._stats.render_requests >= self._most:
            if not self._stats.render_bounded:
                self._stats.render_bounded = True
                logger.warning("JIJI_MAX_RENDERED=%s pages are rendered; the others are read without", self._most)
            return None
        self._stats.render_requests += 1
        return RenderRequest(
            response.url,
            request.callback,
            errback=request.errback,
            cb_kwargs=request.cb_kwargs,
            meta={"dont_retry": True},  # the next run tries again
            dont_filter=True,  # the page itself was requested before
            document=response,
            wants_screenshot=is_article and self._with_screenshots,
        )
