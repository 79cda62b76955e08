"""Crawl that all section spiders share: home, the section's index pages, pagination, articles.

1. `parse_home` reads home and follows the section's label to its index page (index_pages.py).
2. `parse_index` reads an index page and follows pagination as long as the frontier asks for it (index_pages.py).
3. `idle` requests the frontier's articles in batches, once all index pages are read: only then is each category known.
   A first batch of articles that the first index pages tell all about is requested before.
4. `parse_article` yields an article, or holds it back while nothing proves that it is the one of its listing.
5. `idle` releases the articles held back once nothing else is left, and then withdraws those that were deleted.
"""

from collections.abc import AsyncIterator, Iterator
from functools import cached_property
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from jiji import clock
from jiji.configuration import Arguments, ConfigurationError
from jiji.exceptions import DisallowedByRobots, PageRejected, RunEnding
from jiji.extensions.crash_guard import PoisonPage
from jiji.extensions.project_components import ProjectComponents
from jiji.feed.catalog import Published
from jiji.items import Article, withdrawal
from jiji.network.local_request import LocalRequest
from jiji.pages import BaseArticlePage, article_page
from jiji.runs.activity import Stage
from jiji.section_run import FetchedArticle, SectionRun, end_run, page_parsed
from jiji.site.listing import Listing
from jiji.site.sections import SECTIONS
from jiji.site.urls import article_id_in, on_root
from jiji.spiders import freshness
from jiji.spiders.failures import FailureKind
from jiji.spiders.index_pages import IndexPageSpider, failed_request
from jiji.spiders.outcomes import ArticleOutcomes
from jiji.spiders.verification import Verification
from jiji.stats import BlockPageKind, EndReason, RejectReason
from jiji.text.verification import Verdict

BATCH_SIZE = 20
"""Article requests in Scrapy's scheduler at a time; the frontier holds the others in less memory."""
MOST_HELD = 200
"""Unverified articles held back at a time, with their responses: some megabytes."""
MOST_BLOCK_PAGES = 5
"""Block pages in a row in the place of articles that end the run."""

NOT_MODIFIED = 304
GONE = (404, 410)
_END_REASONS = {BlockPageKind.BLOCKED: EndReason.BLOCKED, BlockPageKind.MAINTENANCE: EndReason.MAINTENANCE}


class SectionSpider(IndexPageSpider):
    """Crawls one section of the site; a subclass gives its name.

    `run` is a trial run under ``scrapy parse`` and in the shell: `parse` then reads any page of the site.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if section := SECTIONS.get(getattr(cls, "name", "")):
            cls.section = section  # a subclass with another name keeps its parent's section, and feed

    def __init__(self, **arguments: object) -> None:
        super().__init__(self.name)
        if not hasattr(self, "section"):
            raise ConfigurationError(f"jiji/site/sections.py has no section {self.name!r}, which its spider crawls")
        self.job = arguments.pop("_job", None)
        self.arguments = Arguments.parse(**arguments)
        self._held: list[tuple[Article, FetchedArticle]] = []
        self._block_pages_in_a_row = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider; raises ConfigurationError for invalid arguments."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        crawler.signals.connect(spider.close_crawl, signals.spider_closed)
        return spider

    @property
    def is_crawling(self) -> bool:
        """Whether the spider crawls; under Scrapy's other commands it only lends its callbacks."""
        run = SectionRun.opened(self.crawler)
        return run is not None and not run.is_trial

    @cached_property
    def outcomes(self) -> ArticleOutcomes:
        """The component that tells the frontier what became of each article."""
        return ArticleOutcomes(self.run, self.frontier)

    @cached_property
    def verification(self) -> Verification:
        """The component that judges whether a page is the article of its listing."""
        return Verification(self.run)

    def parse(self, response: Response) -> Iterator[Article | Request]:
        """Read any page of the site, for ``scrapy parse`` and the shell; a crawl knows the kind of each page."""
        if article_id_in(response.url):
            yield from self.parse_article(response)
        elif response.url == self.run.configuration.base_url:
            yield from self.parse_home(response)
        else:
            yield from self.parse_index(response)
        yield from map(self.article_request, self.frontier.next_batch(self.run.configuration.max_articles))

    # --- Start

    async def start(self) -> AsyncIterator[Request]:
        """Request home, after the articles of earlier runs were added to the frontier; raises CloseSpider."""
        if self.crawler.get_addon(ProjectComponents) is None:
            path = f"{ProjectComponents.__module__}.{ProjectComponents.__qualname__}"
            self.run.stats.end(EndReason.CONFIGURATION, f"ADDONS lacks {path}, which the project needs; add it")
            raise CloseSpider(EndReason.CONFIGURATION)
        self.outcomes.listen(self.crawler)
        with self.run.feed_errors_end_the_run():
            self.frontier.retry(self.run.feed.crash_marker.rested(clock.now()))
            self.frontier.add_earlier()
            request = self.first_request()
            self.run.activity.stage = Stage.INDEX_PAGES
        yield request

    # --- Articles

    def idle(self) -> None:
        """Request the next articles; release those held back once no other is left."""
        if not self.is_crawling:
            return
        requests: list[Request] = []
        activity = self.run.activity
        if not self.run.stats.other_sections:
            requests = [self.article_request(listing) for listing in self.frontier.next_batch(BATCH_SIZE)]
            activity.stage, activity.to_fetch = Stage.ARTICLES, self.frontier.waiting + len(requests)
        if not requests and self._held:
            activity.stage = Stage.HELD_ARTICLES
            requests = [self.release_request()]
        if not requests and (deleted := self.settle()):
            requests = [LocalRequest("local://deleted", self.withdraw, cb_kwargs={"deleted": deleted})]
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def article_request(self, listing: Listing) -> Request:
        """Return the request for an article, conditional where the server gave validators before."""
        validators = {"If-None-Match": listing.etag, "If-Modified-Since": listing.last_modified}
        return Request(
            on_root(listing.url, self.run.configuration.base_url),
            self.parse_article,
            errback=self.article_failed,
            headers={name: value for name, value in validators.items() if value},
            meta={"handle_httpstatus_list": [NOT_MODIFIED]},
            dont_filter=True,  # the frontier requests each article once; two may redirect to one page
            cb_kwargs={"listing": listing},
        )

    def parse_article(self, response: Response, listing: Listing | None = None) -> Iterator[Article | Request]:
        """Yield the article, or hold it back until the end of the run while nothing proves it."""
        listing = listing or Listing(article_id_in(response.url) or "", response.url)
        self.run.activity.fetched()
        if response.status == NOT_MODIFIED:
            self.run.stats.not_modified += 1
            self.frontier.unchanged(listing, etag=None, last_modified=None)
            return
        if request := self.rendering.of_every(response, is_article=True):
            yield request
            return
        try:
            page = self.read_article_page(response, listing)
        except PageRejected as error:
            if error.reason is RejectReason.NOT_AN_ARTICLE and (
                request := self.rendering.of_shell(response, is_article=True)
            ):
                yield request
                return
            fetched = FetchedArticle(listing, response)
            self.outcomes.reject(fetched, error.reason, error.detail)
            return
        self._block_pages_in_a_row = 0
        self.count_rules(page, response)
        article = page.to_item(listing, section=self.section.name, fetched_at=clock.now_text())
        judgement = self.verification.judge(article, listing)
        fetched = FetchedArticle(listing, response, judgement)
        if judgement.verdict is Verdict.VERIFIED or self.run.is_trial:
            self.run.fetched[article.id] = fetched
            yield article
            return
        self.run.stats.unverified += 1
        self._held.append((article, fetched))
        if len(self._held) >= MOST_HELD:
            yield self.release_request()

    def read_article_page(self, response: Response, listing: Listing) -> BaseArticlePage:
        """Return the page of a listing; raises PageRejected for any other page."""
        try:
            page = article_page(response)
        except PageRejected as error:
            if kind := self.block_page(response):
                self.end_at_block_pages(kind)
                raise PageRejected(kind.reject_reason, error.detail) from error
            raise
        if page.article_id != listing.id:
            detail = f"requested {listing.id}, answered by {response.url}"
            raise PageRejected(RejectReason.OTHER_ARTICLE, detail)
        return page

    def release_request(self) -> Request:
        """Return the request that calls `release_held`."""
        return LocalRequest("local://held-articles", self.release_held, dont_filter=True)

    def release_held(self, response: Response) -> Iterator[Article]:
        """Yield the articles held back: by now, a text under several article IDs is known.

        The pipelines publish those that nothing speaks against, and reject the others.
        """
        held, self._held = self._held, []
        for article, fetched in held:
            self.run.fetched[article.id] = fetched
            yield article

    def article_failed(self, failure: Failure) -> None:
        """Record an article that could not be fetched."""
        self.run.activity.fetched()
        request, error = failed_request(failure), failure.value
        if isinstance(error, RunEnding):
            return
        listing: Listing = request.cb_kwargs["listing"]
        status = error.response.status if isinstance(error, HttpError) else None
        detail = f"HTTP {status}" if status else failure.getErrorMessage()
        self.logger.warning("Article not fetched: %s: %s", request.url, detail)
        kind = _kind_of(error)
        if isinstance(error, HttpError) and (block := self.block_page(error.response)):
            self.end_at_block_pages(block)
        self.run.stats.poison_pages += kind is FailureKind.POISON_PAGE
        self.run.stats.disallowed += kind is FailureKind.DISALLOWED
        self.run.stats.gone += kind is FailureKind.GONE
        self.run.stats.failed += kind is not FailureKind.GONE
        self.frontier.failed(listing.id, kind, detail)

    def settle(self) -> list[Published]:
        """Record the failures of the run, and return the published articles that were deleted."""
        with self.run.feed_errors_end_the_run():
            return self.frontier.settle()
        return []

    def withdraw(self, response: Response, deleted: list[Published]) -> Iterator[Article]:
        """Yield the withdrawal of published articles that were deleted."""
        for published in deleted:
            line = self.run.feed.line(published)
            yield withdrawal(
                line, id=published.id, url=published.url, headline=published.headline, section=self.section.name,
                now=clock.now_text(),
            )  # fmt: skip

    # --- Steps

    def close_crawl(self, reason: str) -> None:
        """Record the reach of the run."""
        if not self.is_crawling:
            return
        self.run.stats.finish_reason = reason
        with self.run.feed_errors_end_the_run():
            self.lists.finish()
            self.frontier.settle()
            self.frontier.summarize()
            freshness.record_newest(self.run.feed.catalog, self.run.stats)

    def end_at_block_pages(self, kind: BlockPageKind) -> None:
        """End the run after several block pages in a row in the place of articles."""
        if reason := _END_REASONS.get(kind):
            self._block_pages_in_a_row += 1
            if self._block_pages_in_a_row >= MOST_BLOCK_PAGES:
                end_run(self.crawler, reason, f"{MOST_BLOCK_PAGES} {kind} pages in a row in the place of articles")

    def count_rules(self, page: BaseArticlePage, response: Response) -> None:
        """Count the extraction rules of a page."""
        for field, rule in page.rules.items():
            self.run.stats.count_rule(field, rule)
        self.crawler.signals.send_catch_log(page_parsed, rules=page.rules, response=response)


def _kind_of(error: BaseException | None) -> FailureKind:
    """Return the kind of failure behind an article that could not be fetched."""
    if isinstance(error, PoisonPage):
        return FailureKind.POISON_PAGE
    if isinstance(error, DisallowedByRobots):
        return FailureKind.DISALLOWED
    is_gone = isinstance(error, HttpError) and error.response.status in GONE
    return FailureKind.GONE if is_gone else FailureKind.NOT_FETCHED
