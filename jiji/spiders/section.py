"""The walk that all sections share: home, the section's lists, their "more" pages, the articles."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, ClassVar, Self, cast
from urllib.parse import urljoin

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from jiji.configuration import Arguments, Configuration
from jiji.exceptions import PageRejected
from jiji.extensions.crash_guard import Deadly
from jiji.feed.feed import Feed
from jiji.feedexport import SectionFeed
from jiji.items import Article, Unreadable, utc_text, withdrawal
from jiji.pages import IndexPage, article_page, block_page_kind
from jiji.site.listing import Category, Listing
from jiji.site.sections import SECTIONS, Section, covers, lineage
from jiji.site.urls import on_root
from jiji.spiders.frontier import Walk
from jiji.stats import BlockPageKind, RejectReason

BATCH = 20
"""Articles that wait in Scrapy's scheduler at a time; the walk holds the rest, in less memory than requests take."""

NOT_MODIFIED = 304
GONE = (404, 410)


class SectionSpider(Spider):
    """Walk one section of the site; a subclass gives its name."""

    section: ClassVar[Section]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.section = SECTIONS[cls.name]

    def __init__(self, settings: BaseSettings, **arguments: str) -> None:
        super().__init__(self.name)
        self.given = {name: text for name, text in arguments.items() if name[0] != "_"}
        self.arguments = Arguments.parse(**self.given)
        configuration = Configuration.from_settings(settings)
        self.root = configuration.base_url
        self.recheck_hours = configuration.recheck_hours
        self.max_pages, self.max_articles = configuration.max_pages, configuration.max_articles

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider; raises ValueError for arguments and settings that are not accepted."""
        spider = cls(crawler.settings, **kwargs)
        spider._set_crawler(crawler)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        crawler.signals.connect(spider.closing, signals.spider_closed)
        return spider

    @cached_property
    def feed(self) -> Feed:
        """The section's feed and its index, held by this run."""
        return SectionFeed.of(self.crawler).feed

    @cached_property
    def walk(self) -> Walk:
        """What this run has seen and asked for."""
        return Walk(self.section, self.feed.index, self.arguments, self.max_pages, self.max_articles)

    async def start(self) -> AsyncIterator[Request]:
        """Ask for home; what earlier runs left over is put down first."""
        with SectionFeed.of(self.crawler).guarded():
            self.walk.ask_again(self.recheck_hours)
        yield Request(self.root, self.parse_home, errback=self.list_failed)

    def parse_home(self, response: Response) -> Iterator[Request]:
        """Take in the stories under the section's labels; follow the label that leads to its list or its parent's."""
        home = self.take_in(response, None)
        if home is None:
            yield from self.follow_fallback(None)
            return
        leads = ((place, home.section_link(place)) for place in lineage(self.section))
        place, lead = next((found for found in leads if found[1]), (None, None))
        if place and lead:
            yield self.lead_request(lead, place)
        else:
            yield from self.follow_fallback(home)

    def parse_index(self, response: Response, place: Section) -> Iterator[Request]:
        """Take in the stories of a list of ``place``; follow the pages on which it goes on."""
        page = self.take_in(response, place)
        if page is None:
            yield from self.follow_fallback(None)
            return
        if place.name == self.section.parent:
            if lead := page.section_link(self.section):
                yield self.lead_request(lead, self.section)
            else:
                self.note_missing_label(page)
        if self.walk.goes_on(page.entries, place):
            for link in page.pagination_links:
                if covers(self.section, link.section or place):
                    yield self.list_request(link.url, link.section or place)

    def idle(self) -> None:
        """Fetch articles once all lists are read: only then is it known in which of them each stands."""
        if batch := self.walk.next(BATCH):
            for key, url, listed_as in batch:
                self.crawler.engine.crawl(self.article_request(key, url, listed_as))
            raise DontCloseSpider

    def list_failed(self, failure: Failure) -> Iterator[Request]:
        """Try the fallback where home, or the list a label led to, cannot be read."""
        self.note_failed_list(failure.request.url, failure.getErrorMessage())  # type: ignore[attr-defined]
        yield from self.follow_fallback(None)

    def parse_article(self, response: Response, key: str, listed_as: str | None) -> Iterator[Article | Unreadable]:
        """Read an article; what cannot be read as the one that was asked for is handed on as unreadable."""
        now = utc_text(datetime.now(UTC))
        if response.status == NOT_MODIFIED:
            self.count("article/not_modified")
            self.feed.index.checked(key, at=now, listed_as=listed_as)
            return
        met = self.feed.index.pending_one(key) or self.feed.index.known(key)
        try:
            page = article_page(response)
            if page.article_id != key:
                raise PageRejected(RejectReason.OTHER_ARTICLE, f"asked for {key}, answered by {response.url}")
        except PageRejected as error:
            kind = self.note_barrier(response)
            yield Unreadable(id=key, url=response.url, reason=f"{kind.reject_reason}: {error}" if kind else str(error))
            if kind in (BlockPageKind.BLOCKED, BlockPageKind.MAINTENANCE) and self.walk.meets_barrier(kind):
                raise CloseSpider(kind) from None
        else:
            self.walk.meets_barrier(None)
            for field, rule in page.rules.items():
                self.count(f"rule/{field}/{rule}")
            response.meta["rules"] = page.rules
            category = cast("Category | None", met.category if met else None)
            listing = Listing(key, response.url, listed_as, category, met.first_seen_at if met else now)
            yield page.to_item(listing, section=self.name, fetched_at=now)

    def article_failed(self, failure: Failure) -> Iterator[Article]:
        """Keep an article that could not be fetched for a later run; one that is gone run after run is withdrawn."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        answer = error.response.status if isinstance(error, HttpError) else None
        reason = f"HTTP {answer}" if answer else failure.getErrorMessage()
        self.logger.warning("Not fetched: %s: %s", request.url, reason)
        self.count("article/gone" if answer in GONE else "article/failed")
        now = utc_text(datetime.now(UTC))
        for_good = isinstance(error, Deadly)
        if for_good:
            self.count("set_aside")
        known = self.walk.failed(request.cb_kwargs["key"], reason, gone=answer in GONE, now=now, for_good=for_good)
        if known:
            yield withdrawal(
                self.feed.line(known), id=known.id, url=known.url, headline=known.listed_as, section=self.name, now=now
            )

    def closing(self, reason: str) -> None:
        """Write down how far the walk came: the window of keys it saw, a gap, or that it is complete."""
        now = utc_text(datetime.now(UTC))
        if reason == "finished":
            with SectionFeed.of(self.crawler).guarded():
                self.walk.complete(now)
        for name, value in self.walk.window.items():
            self.crawler.stats.set_value(f"jiji/window/{name}", value)
        for warning in self.walk.warnings():
            self.logger.warning("%s", warning)

    def take_in(self, response: Response, place: Section | None) -> IndexPage | None:
        """Take in what an index page shows, and return it; None where it cannot be read as one."""
        try:
            page = IndexPage(response)
            if not page.entries and (kind := self.note_barrier(response)):
                raise ValueError(f"{kind} page in its place")
            self.walk.read(page.entries, place, utc_text(datetime.now(UTC)))
        except ValueError as error:
            self.note_failed_list(response.url, str(error))
            return None
        self.count("index/pages")
        self.crawler.stats.inc_value("jiji/gate/links", len(page.offsite_links))
        if place and covers(self.section, place) and self.walk.newest is None:
            self.count("index/empty")
            self.logger.error(
                "No list: %s: expected links to stories of %s, found %s links to stories, none of them in such a list",
                page.url,
                self.section.labels[0].upper(),
                len(page.entries),
            )
        return page

    def follow_fallback(self, home: IndexPage | None) -> Iterator[Request]:
        """Read the list where it was last known to stand; the page of a parent's list is read as that."""
        place = lineage(self.section)[-1]
        if home and place is self.section:
            self.note_missing_label(home)
        if self.section.fallback:
            yield self.list_request(urljoin(self.root, self.section.fallback), place)

    def lead_request(self, lead: tuple[str, str], place: Section) -> Request:
        """Return the request for a list that a label led to."""
        url, rule = lead
        self.count(f"label/{rule}")
        self.logger.info("%s: %s, found by %s", place.labels[0].upper(), url, rule)
        return self.list_request(url, place)

    def list_request(self, url: str, place: Section) -> Request:
        """Return the request for an index page of ``place``."""
        return Request(url, self.parse_index, errback=self.list_failed, cb_kwargs={"place": place})

    def article_request(self, key: str, url: str, listed_as: str | None) -> Request:
        """Return the request for an article; a server that gave validators is asked only for what has changed."""
        known = self.feed.index.known(key)
        validators = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
        return Request(
            on_root(url, self.root),
            self.parse_article,
            errback=self.article_failed,
            headers={name: value for name, value in validators.items() if value},
            meta={"handle_httpstatus_list": [NOT_MODIFIED]},
            dont_filter=True,  # the walk asks once; two stories that redirect to one page must both be heard of
            cb_kwargs={"key": key, "listed_as": listed_as or None},
        )

    def note_failed_list(self, url: str, reason: str) -> None:
        """Take note that a list was not read to its end."""
        self.walk.cut_short = True
        self.count("index/failed")
        self.logger.error("No index: %s: %s", url, reason)

    def note_barrier(self, response: Response) -> BlockPageKind | None:
        """Return what stands in the way of the page that was asked for, and count it; None if nothing is known to."""
        kind = block_page_kind(response)
        if kind:
            self.count(f"barrier/{'missing' if kind is BlockPageKind.NOT_FOUND else kind}")
        return kind

    def note_missing_label(self, page: IndexPage) -> None:
        """Take note that the site no longer shows the section's label where it used to stand."""
        self.count("label/missing")
        self.logger.error("No label: %s shows none of: %s", page.url, ", ".join(self.section.labels).upper())

    def count(self, name: str) -> None:
        """Count what happened, under ``jiji/``."""
        self.crawler.stats.inc_value(f"jiji/{name}")
