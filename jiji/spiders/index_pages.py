"""Index pages of a section's crawl: home, the section's label, its index page, the pages of each of its lists."""

from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar
from urllib.parse import urljoin

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from jiji.configuration import Arguments
from jiji.exceptions import PageRejected, RunEnding
from jiji.network.render_request import RenderRequest
from jiji.pages import IndexPage, block_page_kind
from jiji.section_run import SectionRun
from jiji.site.listing import Listing
from jiji.site.sections import SECTIONS, Section, covers, lineage
from jiji.spiders import freshness
from jiji.spiders.audit import Audit
from jiji.spiders.frontier import Frontier
from jiji.spiders.known_address import KnownAddress
from jiji.spiders.pagination import End
from jiji.spiders.rendering import Rendering
from jiji.spiders.section_lists import SectionLists
from jiji.stats import BlockPageKind

EARLY_BATCH = 20
"""Articles that are fetched before all lists are read: they show at once whether the article pages can be read."""


class IndexPageSpider(Spider):
    """Callbacks for index pages: `Frontier` takes the articles, `SectionLists` decides where pagination ends."""

    section: ClassVar[Section]
    arguments: Arguments
    _has_fallen_back = False

    @cached_property
    def run(self) -> SectionRun:
        """The run that this spider crawls for."""
        return SectionRun.of(self.crawler)

    @cached_property
    def frontier(self) -> Frontier:
        """The articles that this run fetches."""
        run = self.run
        freshness.check_clock(run.feed.catalog, run.stats)
        return Frontier(self.section, run.feed.catalog, self.arguments, run.configuration, run.stats)

    @cached_property
    def rendering(self) -> Rendering:
        """The decision which pages are opened in a browser."""
        return Rendering(self.run.configuration, self.run.stats)

    @cached_property
    def audit(self) -> Audit:
        """The audit, if this run is one."""
        asked = self.arguments
        is_bounded = bool(asked.since or asked.until or asked.max_articles)
        return Audit(
            self.run.feed.catalog, self.run.stats, hours=self.run.configuration.audit_hours,
            is_asked=bool(asked.audit), is_bounded=is_bounded,
        )  # fmt: skip

    @cached_property
    def lists(self) -> SectionLists:
        """The lists of the section."""
        run = self.run
        return SectionLists(
            run.feed.catalog, self.frontier.run_number, run.stats, self.audit, self.arguments.since,
            may_go_on=lambda: run.stats.index_pages < run.configuration.max_pages,
        )  # fmt: skip

    @cached_property
    def known_address(self) -> KnownAddress:
        """The address of the section's index page, as earlier runs found it."""
        return KnownAddress(self.run.feed.catalog)

    @cached_property
    def urls_read(self) -> set[str]:
        """URLs of the index pages that were read, those behind redirects."""
        return set()

    # --- Requests

    def first_request(self) -> Request:
        """Return the request for the section's index page where its address is known, else for home."""
        if not (self.audit.is_due or self.arguments.since) and (url := self.known_address.take()):
            return Request(url, self.parse_known_address, errback=self.known_address_failed, dont_filter=True)
        return self.home_request()

    def home_request(self) -> Request:
        """Return the request for home."""
        url = self.run.configuration.base_url
        return Request(url, self.parse_home, errback=self.index_page_failed, dont_filter=True)

    def index_request(self, url: str, section: Section) -> Request:
        """Return the request for a page of a section's list.

        Without Scrapy's duplicate filter, which drops a page that redirects to another one in silence.
        """
        kwargs = {"section": section}
        return Request(url, self.parse_index, errback=self.index_page_failed, cb_kwargs=kwargs, dont_filter=True)

    def section_request(self, found: tuple[str, str], section: Section) -> Request:
        """Return the request for an index page that a label led to."""
        url, rule = found
        self.run.stats.labels_found[rule] += 1
        self.logger.info("Index page of %s: %s, found by %s", section.labels[0].upper(), url, rule)
        if section is self.section:
            self.known_address.found(url)
        return self.index_request(url, section)

    def request_fallback(self) -> Iterator[Request]:
        """Yield the request for the index page at its last known address, once, unless another page was read."""
        if (
            self.section.fallback
            and not self._has_fallen_back
            and not self.urls_read - {self.run.configuration.base_url}
        ):
            self._has_fallen_back = True
            url = urljoin(self.run.configuration.base_url, self.section.fallback)
            yield self.index_request(url, lineage(self.section)[-1])

    def render_index_request(self, response: Response) -> RenderRequest | None:
        """Return the request to open an index page in the browser, where it is wanted."""
        of_every = self.rendering.of_every(response, is_article=False)
        return of_every or self.rendering.of_shell(response, is_article=False)

    # --- Callbacks

    def parse_home(self, response: Response) -> Iterator[Request]:
        """Read home; follow the label that leads to the section's index page, or to its parent's."""
        if request := self.render_index_request(response):
            yield request
            return
        home = self.read_index_page(response, None)
        if home is None:
            yield from self.request_fallback()
            return
        self.frontier.listed(home.entries, None)
        found = ((section, home.section_link(section)) for section in lineage(self.section))
        section, link = next(((section, link) for section, link in found if link), (None, None))
        if section and link:
            section_request = self.section_request(link, section)
            if link[0] == response.url:  # home redirects to the section
                yield from self.follow(home, response, section)
            else:
                yield section_request
            return
        if lineage(self.section)[-1] is self.section:
            self.label_missing(home)
        yield from self.request_fallback()

    def parse_known_address(self, response: Response) -> Iterator[Request]:
        """Read the section's index page at its known address; read home where it shows nothing of before."""
        if request := self.render_index_request(response):
            yield request
            return
        page = self.read_index_page(response, self.section)
        if page is None or not self.lists.knows(self.section.name, (entry.id for entry in page.entries)):
            self.logger.warning("Index page shows nothing of before: %s; reading home", response.url)
            self.urls_read.clear()
            yield self.home_request()
            return
        yield from self.follow(page, response, self.section)

    def known_address_failed(self, failure: Failure) -> Iterator[Request]:
        """Request home where the known address could not be fetched."""
        if not isinstance(failure.value, RunEnding):
            self.logger.warning("Index page not read: %s: %s", failed_request(failure).url, failure.getErrorMessage())
            yield self.home_request()

    def parse_index(self, response: Response, section: Section | None = None) -> Iterator[Request]:
        """Read an index page of a section, by default the spider's; follow pagination."""
        section = section or self.section
        if request := self.render_index_request(response):
            yield request
            return
        page = self.read_index_page(response, section)
        if page is None:
            yield from self.request_fallback()
            return
        yield from self.follow(page, response, section)

    def index_page_failed(self, failure: Failure) -> Iterator[Request]:
        """Request the fallback where home or an index page could not be fetched."""
        request = failed_request(failure)
        section: Section | None = request.cb_kwargs.get("section")
        if isinstance(failure.value, RunEnding):
            self.end_list(section, End.SKIPPED)
            return
        if isinstance(failure.value, HttpError):
            self.block_page(failure.value.response)
        self.record_failed_index_page(request.url, failure.getErrorMessage(), section)
        yield from self.request_fallback()

    # --- Steps

    def read_index_page(self, response: Response, section: Section | None) -> IndexPage | None:
        """Return an index page, None for an unreadable one and for that of another section; None stands for home."""
        freshness.check_server_date(response.headers.get("Date"), self.run.stats)
        is_redirected = response.request is not None and bool(response.request.meta.get("redirect_urls"))
        if is_redirected and response.url in self.urls_read:
            self.record_failed_index_page(
                response.url, "a redirect led to it, and it was read already", section, End.REDIRECTED
            )
            return None
        try:
            page = IndexPage(response)
            if not page.entries and (kind := self.block_page(response)):
                raise PageRejected(kind.reject_reason, "served in the place of an index page")
        except PageRejected as error:
            self.record_failed_index_page(response.url, str(error), section)
            return None
        self.run.stats.index_pages += 1
        self.run.stats.offsite_links += len(page.offsite_links)
        if section and not self.is_of_section(page, section, is_redirected=is_redirected):
            self.end_list(section, End.OTHER_SECTION)
            return None
        self.urls_read.add(response.url)
        return page

    def is_of_section(self, page: IndexPage, section: Section, *, is_redirected: bool) -> bool:
        """Return whether a page proves to be the section's: by its own words, or by what it showed before."""
        own = page.own_section
        is_related = own is None or covers(own, section) or covers(section, own)
        if own is section:
            self.lists.prove(section.name)
            return True
        if is_related and self.lists.knows(section.name, (entry.id for entry in page.entries)):
            return True
        is_first = not self.lists.has_begun(section.name)
        has_to_prove = (is_first and self.lists.has_named_itself(section.name)) or (
            is_redirected and self.lists.is_remembered(section.name)
        )
        if own is None and not has_to_prove:
            return True
        if own and covers(own, section) and not is_redirected and not self.lists.is_remembered(section.name):
            return True  # a group's page that names NATIONAL alone
        found = f"that of {own.labels[0].upper()}" if own else "one that shows nothing of before"
        message = f"expected the index page of {section.labels[0].upper()}, found {found}: {page.url}"
        self.run.stats.other_sections.append(message)
        self.logger.error("Index page of another section: %s", message)
        return False

    def follow(self, page: IndexPage, response: Response, section: Section) -> Iterator[Request]:
        """Take the listings of an index page, and request the next page of each list on it."""
        lists = self.frontier.listed(page.entries, section)
        if covers(self.section, section):
            lists.setdefault(section.name, [])
            self.check_list(page, response)
        elif found := page.section_link(self.section):
            if not self.lists.has_begun(self.section.name):  # it could not be read otherwise
                yield self.section_request(found, self.section)
            return
        else:
            self.label_missing(page)
        requests = []
        for name, seen in lists.items():
            if name != section.name and self.lists.has_begun(name):
                continue  # a group's list on a further page of NATIONAL's
            links = [link.url for link in page.pagination_links if (link.section or section).name == name]
            is_excerpt = name != section.name
            url = self.lists.read(
                name,
                response.url,
                seen,
                links,
                is_excerpt=is_excerpt,
                is_full=self.frontier.needs_no_more_of(name, seen),
            )
            if url:
                requests.append(self.index_request(url, SECTIONS[name]))
        if requests and self.frontier.takes_early_batch():
            yield from map(self.article_request, self.frontier.next_batch(EARLY_BATCH, lists_are_read=False))
        yield from requests

    def article_request(self, listing: Listing) -> Request:
        """Return the request for an article."""
        raise NotImplementedError

    def check_list(self, page: IndexPage, response: Response) -> None:
        """Record an index page of the section without a list."""
        if self.run.stats.newest is None:
            self.run.stats.index_pages_empty += 1
            self.logger.error(
                "Index page without a list: %s: expected articles of %s, found %s elsewhere on the page",
                response.url, self.section.labels[0].upper(), len(page.entries),
            )  # fmt: skip

    def record_failed_index_page(
        self, url: str, detail: str, section: Section | None, end: End = End.UNREADABLE
    ) -> None:
        """Record an index page that could not be read."""
        self.end_list(section, end)
        self.run.stats.index_pages_failed += 1
        self.logger.error("Index page not read: %s: %s", url, detail)

    def end_list(self, section: Section | None, end: End) -> None:
        """End the pagination of a section's list."""
        if section and covers(self.section, section):
            self.lists.end(section.name, end)

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
