"""Index pages of a section's crawl: home, the section's label, its index page, pagination."""

from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar
from urllib.parse import urljoin

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from jiji.configuration import Arguments
from jiji.exceptions import PageRejected, RunEnding
from jiji.network.render_request import RenderRequest
from jiji.pages import IndexPage, block_page_kind
from jiji.section_run import SectionRun
from jiji.site.sections import Section, covers, lineage
from jiji.spiders.frontier import Frontier
from jiji.spiders.rendering import Rendering
from jiji.stats import BlockPageKind


class IndexPageSpider(Spider):
    """Callbacks for index pages; the frontier decides where pagination stops."""

    section: ClassVar[Section]
    arguments: Arguments

    @cached_property
    def run(self) -> SectionRun:
        """The run that this spider crawls for."""
        return SectionRun.of(self.crawler)

    @cached_property
    def frontier(self) -> Frontier:
        """The articles that this run fetches."""
        run = self.run
        return Frontier(self.section, run.feed.catalog, self.arguments, run.configuration, run.stats)

    @cached_property
    def rendering(self) -> Rendering:
        """The decision which pages are opened in a browser."""
        return Rendering(self.run.configuration, self.run.stats)

    def parse_home(self, response: Response) -> Iterator[Request]:
        """Read home; follow the label that leads to the section's index page, or to its parent's."""
        if request := self.render_index_request(response):
            yield request
            return
        home, _ = self.read_index_page(response, None)
        if home is None:
            yield from self.request_fallback()
            return
        found = ((section, home.section_link(section)) for section in lineage(self.section))
        section, link = next(((section, link) for section, link in found if link), (None, None))
        if section and link:
            yield self.section_request(link, section)
        else:
            if lineage(self.section)[-1] is self.section:
                self.label_missing(home)
            yield from self.request_fallback()

    def parse_index(self, response: Response, section: Section | None = None) -> Iterator[Request]:
        """Read an index page of a section, by default the spider's; follow pagination."""
        section = section or self.section
        if request := self.render_index_request(response):
            yield request
            return
        page, goes_on = self.read_index_page(response, section)
        if page is None:
            yield from self.request_fallback()
            return
        if section.name == self.section.parent:
            if found := page.section_link(self.section):
                yield self.section_request(found, self.section)
            else:
                self.label_missing(page)
        for link in page.pagination_links if goes_on else ():
            if covers(self.section, link.section or section):
                yield self.index_request(link.url, link.section or section)

    def read_index_page(self, response: Response, section: Section | None) -> tuple[IndexPage | None, bool]:
        """Return an index page, None for an unreadable one, and whether pagination goes on behind it."""
        try:
            page = IndexPage(response)
            if not page.entries and (kind := self.block_page(response)):
                raise PageRejected(kind.reject_reason, "served in the place of an index page")
            goes_on = self.frontier.listed(page.entries, section)
        except PageRejected as error:
            self.record_failed_index_page(response.url, str(error))
            return None, False
        self.run.stats.offsite_links += len(page.offsite_links)
        if section and covers(self.section, section) and self.run.stats.newest is None:
            self.run.stats.index_pages_empty += 1
            self.logger.error(
                "Index page without a list: %s: expected articles of %s, found %s elsewhere on the page",
                response.url, self.section.labels[0].upper(), len(page.entries),
            )  # fmt: skip
        return page, goes_on

    def render_index_request(self, response: Response) -> RenderRequest | None:
        """Return the request to open an index page in the browser, where it is wanted."""
        of_every = self.rendering.of_every(response, is_article=False)
        return of_every or self.rendering.of_shell(response, is_article=False)

    def index_page_failed(self, failure: Failure) -> Iterator[Request]:
        """Request the fallback where home or an index page could not be fetched."""
        if isinstance(failure.value, RunEnding):
            self.frontier.index_page_skipped()
            return
        self.record_failed_index_page(failed_request(failure).url, failure.getErrorMessage())
        yield from self.request_fallback()

    def request_fallback(self) -> Iterator[Request]:
        """Yield the request for the index page at its last known address."""
        if self.section.fallback:
            url = urljoin(self.run.configuration.base_url, self.section.fallback)
            yield self.index_request(url, lineage(self.section)[-1])

    def section_request(self, found: tuple[str, str], section: Section) -> Request:
        """Return the request for an index page that a label led to."""
        url, rule = found
        self.run.stats.labels_found[rule] += 1
        self.logger.info("Index page of %s: %s, found by %s", section.labels[0].upper(), url, rule)
        return self.index_request(url, section)

    def index_request(self, url: str, section: Section) -> Request:
        """Return the request for an index page of a section."""
        return Request(url, self.parse_index, errback=self.index_page_failed, cb_kwargs={"section": section})

    def record_failed_index_page(self, url: str, detail: str) -> None:
        """Record an index page that could not be read."""
        self.frontier.index_page_failed()
        self.logger.error("Index page not read: %s: %s", url, detail)

    def label_missing(self, page: IndexPage) -> None:
        """Record a page without the section's label."""
        self.run.stats.labels_missing += 1
        labels = ", ".join(self.section.labels).upper()
        self.logger.error("Section label missing: %s shows none of: %s", page.url, labels)

    def block_page(self, response: Response) -> BlockPageKind | None:
        """Return the kind of block page that a response is, and count it."""
        kind = block_page_kind(response)
        if kind:
            self.run.stats.block_pages[kind] += 1
        return kind


def failed_request(failure: Failure) -> Request:
    """Return the request that failed."""
    request: Request = failure.request  # type: ignore[attr-defined] # set by Scrapy, documented for errbacks
    return request
