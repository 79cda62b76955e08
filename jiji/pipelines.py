"""Item pipelines in order: Clean, Validate, Verify, Deduplicate, Link. Each returns an article or drops it by a reason.

They touch articles only; any other item passes through unchanged.
"""

import json
from dataclasses import asdict, fields, is_dataclass
from functools import cached_property, partial
from typing import Any, Self, TypeVar

from pydantic import ValidationError
from scrapy.crawler import Crawler

from jiji.exceptions import ArticleRejected, ArticleUnchanged
from jiji.feed.catalog import Published
from jiji.items import Article, article_from, content_hash
from jiji.section_run import SectionRun
from jiji.stats import RejectReason
from jiji.text.dates import day_of_id
from jiji.text.features import ArticleSigner, Features
from jiji.text.near_duplicates import find_links
from jiji.text.normalize import normalise
from jiji.text.retelling import told_share
from jiji.text.verification import (
    TOLD,
    Verdict,
    announces,
    has_same_headline,
    has_same_text,
    tells_own_headline,
)
from jiji.validation import ARTICLE

Item = TypeVar("Item")

DAYS_ON_SITE = 40
"""Days for which the site keeps an article at its address, seen five weeks and more: a cache may show any of them."""


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
        missing = [name for name in ("id", "headline", "body") if not getattr(item, name)]
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
    """Drops articles that are not certainly those of their listings: other articles, and block pages in disguise.

    A verified article passes. The spider holds the others until all else is read. Then a plausible one passes if no
    other article has its text or its headline, re-posts apart.
    """

    def process_item(self, item: Item) -> Item:
        """Return a verified article, or a plausible one; raises ArticleRejected for any other."""
        fetched = self.run.fetched.get(item.id) if isinstance(item, Article) else None
        if not isinstance(item, Article) or fetched is None or fetched.judgement is None or self.run.is_trial:
            return item
        if fetched.judgement.verdict is Verdict.VERIFIED:
            return item
        announced = fetched.listing.headline
        is_announced = announced is not None and announces(announced, item.headline)
        if other := self._published_elsewhere(item, announced, is_announced=is_announced):
            raise ArticleRejected(RejectReason.OTHER_ARTICLE, f"text or headline of {other}, which the feed holds")
        own_headline = self._announced.get(item.headline, [])
        if not is_announced and (others := [each for each in own_headline if each != item.id]):
            raise ArticleRejected(RejectReason.OTHER_ARTICLE, f"headline of {others[0]}")
        ids = self.run.texts.ids(item.headline, item.body)
        is_repost = is_announced and not fetched.judgement.cause and set(ids) <= set(own_headline)
        if len(ids) > 1 and not is_repost:
            raise ArticleRejected(RejectReason.REPEATED_TEXT, f"the same text under {', '.join(ids)}")
        if fetched.judgement.verdict is Verdict.UNVERIFIED:
            raise ArticleRejected(RejectReason.UNVERIFIED, fetched.judgement.cause)
        return item

    @cached_property
    def _announced(self) -> dict[str, list[str]]:
        """Article IDs by the headline in their listings; complete, as articles are requested after all index pages."""
        found: dict[str, list[str]] = {}
        for pending in self.run.feed.catalog.pending():
            found.setdefault(pending.headline or "", []).append(pending.id)
        return found

    def _published_elsewhere(self, article: Article, announced: str | None, *, is_announced: bool) -> str | None:
        """Return the ID of another article of the feed with the same text or headline, None without one.

        With an announced headline, the same text under the same headline is a re-post, the same sentences on another
        town are a story of their own, and two stories may have one headline.
        """
        signed = ArticleSigner()(asdict(article))
        if signed is None:
            return None
        own = Features.decode(signed.data)
        is_told = is_announced and told_share(article.headline, article.body) >= TOLD
        for candidate in self.run.feed.catalog.signatures.candidates(signed, id=article.id, days=DAYS_ON_SITE):
            other = Features.decode(candidate.data)
            same_headline, same_text = has_same_headline(own, other), has_same_text(own, other)
            is_own = (is_announced and same_headline) or (is_told and tells_own_headline(own, other))
            if (same_text and not is_own) or (same_headline and announced and not is_announced):
                return candidate.id
        return None


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
            if published.status != "withdrawn" and self._holds_content(published, item):
                raise ArticleUnchanged(f"unchanged: {item.id}")
            item.status = "updated"
        item.revision = published.revision + 1
        item.first_seen_at = published.first_seen_at or item.first_seen_at or item.fetched_at
        return item

    def _holds_content(self, published: Published, article: Article) -> bool:
        """Return whether the last line of an article has its content, also where its hash was defined otherwise."""
        if published.content_hash == article.content_hash:
            return True
        try:
            return content_hash(article_from(json.loads(self.run.feed.line(published) or b""))) == article.content_hash
        except ValueError:  # the line is in no file any more
            return False


class Link(_RunPipeline):
    """Links an article to the earlier ones of its feed that tell the same story."""

    def process_item(self, item: Item) -> Item:
        """Return the article with its links; a withdrawn one keeps those of its last line."""
        if isinstance(item, Article) and item.status != "withdrawn":
            signatures, days = self.run.feed.catalog.signatures, self.run.configuration.near_duplicate_days
            links = find_links(asdict(item), partial(signatures.candidates, days=days))
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
    if is_dataclass(value):
        for each in fields(value):
            setattr(value, each.name, _normalise(getattr(value, each.name)))
    return value
