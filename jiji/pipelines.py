"""What an article goes through before it is published: Note, Clean, Validate, Prove, Deduplicate."""

from collections import Counter
from dataclasses import fields, is_dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Self, TypeVar

from pydantic import ValidationError
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from jiji.feedexport import SectionFeed
from jiji.items import ARTICLE, Article, Rejected, Unchanged, Unproven, Unreadable, content_hash
from jiji.text.dates import day_of_id as day_of_key
from jiji.text.normalize import normalise
from jiji.text.similarity import fingerprint_text as gist
from jiji.text.similarity import is_verified as proves_itself

Told = TypeVar("Told", Article, Unreadable)

SAME_TEXT = 3
"""Keys under which one text is no story any more."""


class Note:
    """Note which article is at work: if the process dies of it, the next run knows."""

    def __init__(self, section_feed: SectionFeed) -> None:
        self.feed = section_feed.feed

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline on the run's feed."""
        return cls(_section_feed(crawler))

    def process_item(self, item: Told) -> Told:
        """Return the item; the feed takes note when it is through."""
        self.feed.reading(item.id)
        return item


class Clean:
    """Normalise every string of an article, whichever page class made it, and seal the result with its hash."""

    def process_item(self, item: Told) -> Told:
        """Return the item in the one spelling that feeds and hashes hold."""
        _normalise(item)
        if isinstance(item, Article):
            item.content_hash = content_hash(item)
        return item


class Validate:
    """Let pass only what proves itself an article; the rest is rejected with its reason."""

    def process_item(self, item: Article | Unreadable) -> Article:
        """Return an article that is one; raises Rejected for anything else."""
        if isinstance(item, Unreadable):
            raise Rejected(item.reason)
        missing = [name for name in ("id", "headline", "body") if not getattr(item, name)]
        if missing and item.status != "withdrawn":
            raise Rejected(f"no article: {', '.join(missing)} missing")
        if day_of_key(item.id) is None:
            raise Rejected(f"no article: the key {item.id!r} does not begin with a day")
        try:
            ARTICLE.validate_python(item, strict=True)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise Rejected(f"no article: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
        return item


class Prove:
    """Let pass at once what proves to be the story that was asked for; of the rest, what is no block page in disguise.

    The rest has to wait until the run has seen enough to tell (`extensions/waiting.py`), and comes a second time then.
    """

    def __init__(self, section_feed: SectionFeed) -> None:
        self.index = section_feed.feed.index
        self.waiting: set[str] = set()
        self.keys: dict[bytes, tuple[str, ...]] = {}
        """The first keys under which each text was met, by the digest of its gist."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline on the run's feed."""
        return cls(_section_feed(crawler))

    def process_item(self, item: Article) -> Article:
        """Return an article that is proven, or second-best unique; raises Unproven the first time, Rejected at last."""
        if item.status == "withdrawn":
            return item
        keys = self._keys(item)
        met = self.index.pending_one(item.id) or self.index.known(item.id)
        listed_as = met.listed_as if met else None
        if listed_as not in self.repeated and proves_itself(item.headline, item.body, listed_as):
            return item
        if len(keys) >= SAME_TEXT:
            raise Rejected(f"same text: under the keys {', '.join(keys)}, as a block page has it in an article's place")
        if item.id in self.waiting:
            return item
        self.waiting.add(item.id)
        raise Unproven(f"not proven yet: {item.id}")

    @cached_property
    def repeated(self) -> set[str | None]:
        """Headlines under which lists show so many stories that they prove nothing; lists are read before articles."""
        shown = Counter(pending.listed_as for pending in self.index.pending())
        return {headline for headline, number in shown.items() if number >= SAME_TEXT}

    def _keys(self, item: Article) -> tuple[str, ...]:
        digest = sha256(gist(item.body).encode("utf-8")).digest()[:8]
        keys = self.keys.get(digest, ())
        if item.id not in keys and len(keys) < SAME_TEXT:
            keys = self.keys[digest] = (*keys, item.id)
        return keys


class Deduplicate:
    """Number an article's revisions by what the feed holds; what is unchanged is not published again."""

    def __init__(self, section_feed: SectionFeed) -> None:
        self.index = section_feed.feed.index

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline on the run's feed."""
        return cls(_section_feed(crawler))

    def process_item(self, item: Article) -> Article:
        """Return the article as new, updated or withdrawn; raises Unchanged where the feed holds it already."""
        known = self.index.known(item.id)
        if known is None:
            met = self.index.pending_one(item.id)
            item.first_seen_at = met.first_seen_at if met else item.fetched_at
            return item
        if item.status != "withdrawn":
            if known.content_hash == item.content_hash and known.status != "withdrawn":
                raise Unchanged(f"unchanged: {item.id}")
            item.status = "updated"
        item.revision = known.revision + 1
        item.first_seen_at = known.first_seen_at
        return item


def _section_feed(crawler: Crawler) -> SectionFeed:
    """Return the run's feed; raises NotConfigured for what crawls no section, such as ``scrapy shell``."""
    if not hasattr(crawler.spider, "section"):
        raise NotConfigured("not a section of the site")
    return SectionFeed.of(crawler)


def _normalise(value: Any) -> Any:
    """Return a value with every string in it normalised; dataclasses are changed in place."""
    if isinstance(value, str):
        return normalise(value)
    if isinstance(value, list):
        return [_normalise(part) for part in value]
    if is_dataclass(value):
        for each in fields(value):
            setattr(value, each.name, _normalise(getattr(value, each.name)))
    return value
