"""Outcomes of articles: what the pipelines and callbacks did with each one, recorded in the frontier and the stats."""

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from jiji.exceptions import ArticleRejected, ArticleUnchanged
from jiji.exporters import SectionFeedExporter
from jiji.feed.errors import FeedError
from jiji.items import Article
from jiji.section_run import FetchedArticle, SectionRun, article_published
from jiji.site.listing import Listing
from jiji.spiders.failures import FailureKind
from jiji.spiders.frontier import Frontier
from jiji.stats import RejectReason


class ArticleOutcomes:
    """Listens to Scrapy's signals about items and callbacks."""

    def __init__(self, run: SectionRun, frontier: Frontier) -> None:
        self._run = run
        self._frontier = frontier
        self._exporter = SectionFeedExporter(run)

    def listen(self, crawler: Crawler) -> None:
        """Connect to the signals; the caller keeps this object alive."""
        crawler.signals.connect(self.item_scraped, signals.item_scraped)
        crawler.signals.connect(self.item_dropped, signals.item_dropped)
        crawler.signals.connect(self.item_error, signals.item_error)
        crawler.signals.connect(self.spider_error, signals.spider_error)

    def item_scraped(self, item: object) -> None:
        """Publish an article that is through the pipelines: append it to the feed, then record that."""
        if not isinstance(item, Article) or self._run.has_failed:
            return
        fetched = self._run.fetched.pop(item.id, None)
        with self._run.feed_errors_end_the_run():
            try:
                self._exporter.export(item)
            except (TypeError, ValueError) as error:  # an item that cannot be written as JSON
                if fetched:
                    self._record_error(fetched.listing, error)
                raise
            self._count(item)
            if fetched:
                self._frontier.published(fetched.listing, **_validators(fetched.response))
                self._run.crawler.signals.send_catch_log(article_published, article=item, fetched=fetched)

    def item_dropped(self, item: object, exception: BaseException) -> None:
        """Record an article that a pipeline dropped: unchanged, or rejected for any reason."""
        fetched = self._run.fetched.pop(item.id, None) if isinstance(item, Article) else None
        if fetched is None:
            return
        if isinstance(exception, ArticleUnchanged):
            self._run.stats.unchanged += 1
            with self._run.feed_errors_end_the_run():
                self._frontier.unchanged(fetched.listing, **_validators(fetched.response))
        elif isinstance(exception, ArticleRejected):
            self.reject(fetched, exception.reason, exception.detail)
        else:
            self.reject(fetched, RejectReason.DROPPED, str(exception))

    def item_error(self, item: object, failure: Failure) -> None:
        """Record an article on which a pipeline failed."""
        if isinstance(item, Article) and (fetched := self._run.fetched.pop(item.id, None)):
            self._record_error(fetched.listing, failure.value)

    def spider_error(self, failure: Failure, response: Response) -> None:
        """Record an article on which its callback failed."""
        listing = response.request.cb_kwargs.get("listing") if response.request else None
        if isinstance(listing, Listing):
            self._record_error(listing, failure.value)

    def reject(self, fetched: FetchedArticle, reason: RejectReason, detail: str) -> None:
        """Record a page that is not published."""
        self._run.reject(fetched, reason, detail)
        with self._run.feed_errors_end_the_run():
            self._frontier.failed(fetched.listing.id, FailureKind.REJECTED, f"{reason}: {detail}")

    def _record_error(self, listing: Listing, error: BaseException | None) -> None:
        if isinstance(error, FeedError):
            self._run.fail(error)
            return
        with self._run.feed_errors_end_the_run():
            self._frontier.failed(listing.id, FailureKind.PROGRAM_ERROR, repr(error))

    def _count(self, article: Article) -> None:
        if article.status == "new":
            self._run.stats.new += 1
        elif article.status == "updated":
            self._run.stats.updated += 1
        else:
            self._run.stats.withdrawn += 1


def _validators(response: Response) -> dict[str, str | None]:
    values = {"etag": response.headers.get("ETag"), "last_modified": response.headers.get("Last-Modified")}
    return {name: value.decode("latin-1") if value else None for name, value in values.items()}
