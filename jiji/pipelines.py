"""Item pipelines in order: Clean, Validate, Verify, Deduplicate, Link. Each returns an article or drops it by a reason.

They touch articles only; any other item passes through unchanged.
"""

from functools import partial
from typing import Any, Self, TypeVar

from itemadapter import ItemAdapter
from pydantic import ValidationError
from scrapy.crawler import Crawler

from jiji.exceptions import ArticleRejected, ArticleUnchanged
from jiji.items import Article, content_hash
from jiji.section_run import SectionRun
from jiji.stats import RejectReason
from jiji.text.dates import day_of_id
from jiji.text.near_duplicates import find_links
from jiji.text.normalize import normalise
from jiji.text.similarity import MOST_IDS
from jiji.validation import ARTICLE

Item = TypeVar("Item")


class Clean:
    """Normalises every string of an article and sets its content hash."""

    def process_item(self, item: Item) -> Item:
        """Return the article in the one form that feeds and hashes hold."""
        if isinstance(item, Article):
            _normalise(item)
            item.content_hash = content_hash(item)
        return item


class Validate:
    """Drops articles with a missing or invalid field."""

    def process_item(self, item: Item) -> Item:
        """Return a valid article; raises ArticleRejected for an invalid one."""
        if not isinstance(item, Article):
            return item
        adapter = ItemAdapter(item)
        missing = [name for name in ("id", "headline", "body") if not adapter[name]]
        if missing and item.status != "withdrawn":
            raise ArticleRejected(RejectReason.INVALID_FIELD, f"{', '.join(missing)}: missing")
        if day_of_id(item.id) is None:
            raise ArticleRejected(RejectReason.INVALID_FIELD, f"id: {item.id!r} does not begin with a day")
        try:
            ARTICLE.validate_python(item, strict=True)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            detail = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
            raise ArticleRejected(RejectReason.INVALID_FIELD, detail) from None
        return item


class _RunPipeline:
    """Base of pipelines that need the run; disabled for spiders without a section."""

    def __init__(self, run: SectionRun) -> None:
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline of a run; raises NotConfigured for a spider without a section."""
        return cls(SectionRun.of(crawler))


class Verify(_RunPipeline):
    """Drops block pages in disguise: one text under several article IDs, unless its listing proves an article."""

    def process_item(self, item: Item) -> Item:
        """Return a verified or unique article; raises ArticleRejected for a repeated text."""
        if not isinstance(item, Article) or item.status == "withdrawn":
            return item
        fetched = self.run.fetched.get(item.id)
        ids = self.run.texts.ids(item.body)
        if len(ids) >= MOST_IDS and not (fetched and fetched.is_verified):
            raise ArticleRejected(RejectReason.REPEATED_TEXT, f"the same text under {', '.join(ids)}")
        return item


class Deduplicate(_RunPipeline):
    """Numbers an article's revisions by the catalog; drops an article that the feed holds already."""

    def process_item(self, item: Item) -> Item:
        """Return the article as new, updated or withdrawn; raises ArticleUnchanged for a known one."""
        if not isinstance(item, Article):
            return item
        published = self.run.feed.catalog.published(item.id)
        if published is None:
            item.first_seen_at = item.first_seen_at or item.fetched_at
            return item
        if item.status != "withdrawn":
            if published.content_hash == item.content_hash and published.status != "withdrawn":
                raise ArticleUnchanged(f"unchanged: {item.id}")
            item.status = "updated"
        item.revision = published.revision + 1
        item.first_seen_at = published.first_seen_at
        return item


class Link(_RunPipeline):
    """Links an article to the earlier ones of its feed that tell the same story."""

    def process_item(self, item: Item) -> Item:
        """Return the article with its links; a withdrawn one keeps those of its last line."""
        if isinstance(item, Article) and item.status != "withdrawn":
            signatures, days = self.run.feed.catalog.signatures, self.run.configuration.near_duplicate_days
            links = find_links(ItemAdapter(item).asdict(), partial(signatures.candidates, days=days))
            item.near_duplicate_of = links.near_duplicate_of
            item.update_of = links.update_of
            item.update = links.update
        return item


def _normalise(value: Any) -> Any:
    """Return a value with every string in it normalised; items are changed in place."""
    if isinstance(value, str):
        return normalise(value)
    if isinstance(value, list):
        return [_normalise(part) for part in value]
    if ItemAdapter.is_item(value):
        adapter = ItemAdapter(value)
        for name in adapter:
            adapter[name] = _normalise(adapter[name])
    return value
