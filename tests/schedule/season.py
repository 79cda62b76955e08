"""Crawls without sockets and without an engine: the spider's callbacks, the pipelines and the feed, in virtual time.

One crawl takes some 50 ms, so that thousands of them fit into a test. Requests are answered one by one, in their order.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, DropItem, IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.misc import build_from_crawler
from scrapy.utils.project import get_project_settings
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from devtools.replica.behaviour import Behaviour
from devtools.replica.labels import Labels
from devtools.replica.published import PublishedStories
from devtools.replica.site import Page, Site
from jiji import clock
from jiji.items import Article
from jiji.network.local_request import LocalRequest
from jiji.pipelines import Clean, Deduplicate, Link, Validate, Verify
from jiji.runs.result import RunResult, judge
from jiji.section_run import SectionRun
from jiji.spiders.section import SectionSpider
from jiji.stats import RunStats
from tests.conftest import HASTE

ROOT = "http://127.0.0.1:8000/"
STEPS = (Clean, Validate, Verify, Deduplicate, Link)
MOST_REDIRECTS = 5

Answer = Callable[[str], Page]


class VirtualSite:
    """Site whose pages are made in this process, with a clock."""

    def __init__(self, seed: int, days: int, per_day: int) -> None:
        self.behaviour = Behaviour()
        self.stories = PublishedStories(seed, days, per_day)
        self.now = self.stories.listed("national")[0].published
        self._site = Site(self.stories, Labels(), self.behaviour)
        self._site.base = ROOT
        self.requests = 0

    def page(self, url: str) -> Page:
        """Return the page at a URL."""
        self.requests += 1
        parts = urlsplit(url)
        return self._site.page(parts.path, dict(parse_qsl(parts.query)))


@dataclass
class Killed(Exception):
    """The process dies in the middle of a run."""


@dataclass
class VirtualCrawl:
    """One crawl of a site; ``dies_after`` is a number of requests."""

    site: VirtualSite
    output: Path
    section: str = "national"
    settings: dict[str, str] = field(default_factory=dict)
    dies_after: int | None = None
    requested: int = 1
    """Requests made; robots.txt is the first."""
    _queue: deque[Request] = field(default_factory=deque)

    def run(self) -> tuple[RunResult, RunStats] | None:
        """Crawl; return result and stats, None for a run that died."""
        settings = get_project_settings()
        own = {"JIJI_BASE_URL": ROOT, "JIJI_OUTPUT_DIR": str(self.output), "EXTENSIONS": {}, **self.settings}
        crawler = get_crawler(_spider_class(self.section), {**settings.copy_to_dict(), **HASTE, **own})
        crawler.spider = spider = _spider_class(self.section).from_crawler(crawler)
        crawler.engine = self  # type: ignore[assignment] # all that the spider needs of an engine is `crawl`
        run = SectionRun.begin(crawler)
        try:
            self._crawl(crawler, spider)
        except Killed:
            return None
        finally:
            run.close()
        return judge(run.stats), run.stats

    def crawl(self, request: Request) -> None:
        """Schedule a request, as the engine does for the spider."""
        self._queue.append(request)

    def _crawl(self, crawler: Crawler, spider: SectionSpider) -> None:
        pipelines = [build_from_crawler(step, crawler) for step in STEPS]
        try:
            next(anext(spider.start()).__await__())  # it awaits nothing
        except StopIteration as found:
            self._queue.append(found.value)
        while self._queue or self._wakes(spider):
            for output in self._outputs(self._queue.popleft()):
                if isinstance(output, Request):
                    self._queue.append(output)
                else:
                    _process(output, pipelines, spider)
        spider.close_crawl("finished")

    def _wakes(self, spider: SectionSpider) -> bool:
        """Return whether an idle spider requests more."""
        try:
            spider.idle()
        except DontCloseSpider:
            return True
        return False

    def _outputs(self, request: Request) -> Iterator[Any]:
        """Return what the callback or the errback of a request yields."""
        assert request.callback
        if isinstance(request, LocalRequest):
            return iter(request.callback(Response(request.url), **request.cb_kwargs) or ())
        self.requested += 1
        if self.dies_after is not None and self.requested > self.dies_after:
            raise Killed
        try:
            response = self._response(request)
        except Exception as error:
            failure = Failure(error)  # type: ignore[no-untyped-call]
            failure.request = request  # type: ignore[attr-defined]
            assert request.errback
            return iter(request.errback(failure) or ())
        return iter(request.callback(response, **request.cb_kwargs) or ())

    def _response(self, request: Request) -> Response:
        """Return the response to a request; raises as Scrapy's middlewares do."""
        for _ in range(MOST_REDIRECTS + 1):
            page = self.site.page(request.url)
            if page.location is None:
                break
            passed = [*request.meta.get("redirect_urls", []), request.url]
            request = request.replace(
                url=urljoin(request.url, page.location), meta={**request.meta, "redirect_urls": passed}
            )
        else:
            raise IgnoreRequest("max redirections reached")
        headers = {"Content-Type": page.content_type, "Date": format_datetime(self.site.now)}
        response = HtmlResponse(request.url, page.status, headers, page.body, request=request)
        if page.status != 200:
            raise HttpError(response)
        return response


def _spider_class(section: str) -> type[SectionSpider]:
    return type(section.title(), (SectionSpider,), {"name": section})


def _process(article: Article, pipelines: list[Any], spider: SectionSpider) -> None:
    """Pass an article through the pipelines into the feed."""
    try:
        for pipeline in pipelines:
            article = pipeline.process_item(article)
    except DropItem as dropped:
        spider.outcomes.item_dropped(article, dropped)
    else:
        spider.outcomes.item_scraped(article)


def set_clock(monkeypatch: pytest.MonkeyPatch, now: Callable[[], datetime]) -> None:
    """Let the project's clock show a virtual time."""
    monkeypatch.setattr(clock, "now", now)
