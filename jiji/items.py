"""What a line of a feed is: the article and its parts, in the feed's key order.

The JSON Schema and docs/fields.md are made from these classes. Times are ISO 8601 with zone; days are days in Japan.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, TypeAdapter
from scrapy.exceptions import DropItem


def utc_text(moment: datetime) -> str:
    """Return a moment as feeds and state hold it: UTC, ISO 8601, whole seconds.

    >>> utc_text(datetime(2026, 1, 27, 9, 30, 5, 999, tzinfo=UTC))
    '2026-01-27T09:30:05Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


SCHEMA_VERSION: Final = "1"

Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Moment = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$")]


@dataclass(slots=True)
class Dateline:
    """Where and when a story was filed, as the wire prints it at the head of the first paragraph."""

    text: Annotated[str, Field(min_length=1, description="as printed, without the agency: `Seoul/Tokyo, Jan. 27`")]
    places: Annotated[list[str], Field(min_length=1, description="the places apart: `Seoul`, `Tokyo`")]
    date: Annotated[Day | None, Field(description="the local day there; null where none is printed or no year is sure")]
    agency: Annotated[str, Field(min_length=1, description="`Jiji Press`, `AFP-Jiji`")]


@dataclass(slots=True)
class Image:
    """A picture of a story."""

    url: Annotated[str, Field(pattern="^https?://", description="absolute")]
    caption: Annotated[str | None, Field(description="without its credit; null where none is printed")]
    credit: Annotated[str | None, Field(description="who made or gave the picture, as printed in brackets")]


@dataclass(slots=True, kw_only=True)
class Article:
    """One revision of one article."""

    schema_version: Annotated[Literal["1"], Field(description="of this description")] = SCHEMA_VERSION
    id: Annotated[str, Field(pattern=r"^\d{13}$", description="the publisher's key: the article's identity")]
    revision: Annotated[
        int, Field(ge=1, description="1, then one more for each change of headline, body or images")
    ] = 1
    status: Annotated[
        Literal["new", "updated", "withdrawn"], Field(description="what this line says of the article")
    ] = "new"
    url: Annotated[str, Field(pattern="^https?://", description="canonical URL")]
    language: Annotated[Literal["en"], Field(description="BCP 47")] = "en"
    publisher: Annotated[Literal["Jiji Press"], Field(description="who publishes it")] = "Jiji Press"
    section: Annotated[str, Field(description="the feed's section: `national`")]
    category: Annotated[
        Literal["politics", "economy", "sports", "other"] | None,
        Field(description="the group of the list it stood in; null where no list tells"),
    ] = None
    breadcrumbs: Annotated[list[str], Field(description="as printed")] = field(default_factory=list)
    headline: Annotated[str, Field(min_length=1, description="as printed, once")]
    authors: Annotated[list[str], Field(description="names from the byline")] = field(default_factory=list)
    dateline: Annotated[Dateline | None, Field(description="null for a story without one")] = None
    published_date: Annotated[Day, Field(description="day in Japan")]
    published_at: Annotated[Moment | None, Field(description="only when the page gives a time")] = None
    published_source: Annotated[Literal["page", "key", "dateline"], Field(description="where the day comes from")] = (
        "key"
    )
    modified_at: Annotated[Moment | None, Field(description="only when the page gives it")] = None
    body: Annotated[str, Field(description="plain text; paragraphs separated by one blank line")]
    truncated: Annotated[bool, Field(description="true: the page held only a lead and asks to subscribe")] = False
    images: Annotated[list[Image], Field(description="in the page's order")] = field(default_factory=list)
    near_duplicate_of: Annotated[
        str | None, Field(description="id of an earlier article that tells nearly the same; null: not looked for")
    ] = None
    content_hash: Annotated[str, Field(description="SHA-256 over headline, body and images, after normalisation")] = ""
    first_seen_at: Annotated[str, Field(description="UTC: when this article was first met")] = ""
    fetched_at: Annotated[Moment, Field(description="UTC: when this revision was read")]
    layout: Annotated[str, Field(description="name of the page class that parsed it")]


def content_hash(article: Article) -> str:
    """Return the SHA-256 that changes when headline, body or images of an article change, and only then.

    Takes the article's strings as they are: normalise them first. The host that serves a picture is left out: the same
    picture served from another of the site's hosts is no change.
    """
    images = [[urlsplit(image.url)[2:4], image.caption, image.credit] for image in article.images]
    told = json.dumps([article.headline, article.body, images], ensure_ascii=True)
    return hashlib.sha256(told.encode("ascii")).hexdigest()


ARTICLE = TypeAdapter(Article)
"""Checks articles, reads them off a feed's lines, and makes the JSON Schema."""


def withdrawal(line: bytes | None, *, id: str, url: str, headline: str | None, section: str, now: str) -> Article:
    """Return what the feed says of an article that is gone: its last line again, if that can still be read."""
    if line is None:
        article = Article(
            id=id, url=url, section=section, headline=headline or id, published_date=f"{id[:4]}-{id[4:6]}-{id[6:8]}",
            body="", fetched_at=now, layout="",
        )  # fmt: skip
    else:
        article = ARTICLE.validate_json(line)
    return replace(article, status="withdrawn", fetched_at=now)


@dataclass(slots=True)
class Unreadable:
    """A page that was fetched for an article and could not be read as that article."""

    id: str
    url: str
    reason: str


class Rejected(DropItem):
    """The page cannot be accepted as an article; the message says why, behind a colon the details."""

    @property
    def kind(self) -> str:
        """The reason without its details, to count by."""
        return str(self).partition(":")[0]


class Unproven(DropItem):
    """The page reads as an article, and nothing proves yet that it is the one that was asked for: it has to wait."""


class Unchanged(DropItem):
    """The feed holds this article already, with the same headline, body and images."""
