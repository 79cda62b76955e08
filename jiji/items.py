"""Items: the article and its parts, with the fields of a feed's line in their order.

The JSON Schema and docs/fields.md are generated from these classes. Times are ISO 8601 with zone. Days are days in
Japan.
"""

import hashlib
import json
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Annotated, ClassVar, Final, Literal
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, TypeAdapter


def utc_text(moment: datetime) -> str:
    """Return a moment as text in UTC: ISO 8601, whole seconds.

    >>> utc_text(datetime(2026, 1, 27, 9, 30, 5, 999, tzinfo=UTC))
    '2026-01-27T09:30:05Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


SCHEMA_VERSION: Final = "2"

Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Moment = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$")]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

_VALIDATED = ConfigDict(revalidate_instances="always")
"""Validates the fields of an object too. Pydantic's default is to trust an object of the right class."""


@dataclass(slots=True)
class Dateline:
    """Place and day of filing, as printed at the start of the first paragraph."""

    __pydantic_config__: ClassVar = _VALIDATED

    text: Annotated[str, Field(min_length=1, description="as printed, without the agency: `Seoul/Tokyo, Jan. 27`")]
    places: Annotated[list[str], Field(min_length=1, description="each place: `Seoul`, `Tokyo`")]
    date: Annotated[Day | None, Field(description="local day; null if none is printed or its year is not certain")]
    agency: Annotated[str, Field(min_length=1, description="`Jiji Press`, `AFP-Jiji`")]


@dataclass(slots=True)
class Image:
    """Picture of an article."""

    __pydantic_config__: ClassVar = _VALIDATED

    url: Annotated[str, Field(pattern="^https?://", description="absolute")]
    caption: Annotated[str | None, Field(description="without its credit; null if none is printed")]
    credit: Annotated[str | None, Field(description="source of the picture, as printed in brackets")]


@dataclass(slots=True, kw_only=True)
class Article:
    """One revision of one article.

    `content_hash` and `first_seen_at` may be set after construction. Validation requires them.
    """

    __pydantic_config__: ClassVar = _VALIDATED

    schema_version: Annotated[Literal["2"], Field(description="of this description")] = SCHEMA_VERSION
    id: Annotated[
        str, Field(pattern=r"^\d{13}$", description="article ID: the publisher's 13 digits, the same at every URL")
    ]
    revision: Annotated[
        int, Field(ge=1, description="1, then one more for each change of headline, body or images")
    ] = 1
    status: Annotated[
        Literal["new", "updated", "withdrawn"], Field(description="state of the article at this revision")
    ] = "new"
    url: Annotated[str, Field(pattern="^https?://", description="canonical URL")]
    language: Annotated[Literal["en"], Field(description="BCP 47")] = "en"
    publisher: Annotated[Literal["Jiji Press"], Field(description="publisher")] = "Jiji Press"
    section: Annotated[str, Field(description="the feed's section: `national`")]
    category: Annotated[
        Literal["politics", "economy", "sports", "other"] | None,
        Field(description="category of the index page's label over it; null if there is none"),
    ] = None
    breadcrumbs: Annotated[list[str], Field(description="as printed")] = field(default_factory=list)
    headline: Annotated[str, Field(min_length=1, description="as printed, once")]
    authors: Annotated[list[str], Field(description="names from the byline")] = field(default_factory=list)
    dateline: Annotated[Dateline | None, Field(description="null for an article without one")] = None
    published_date: Annotated[Day, Field(description="day in Japan")]
    published_at: Annotated[Moment | None, Field(description="only if the page prints a time")] = None
    published_source: Annotated[Literal["page", "key", "dateline"], Field(description="source of the day")] = "key"
    modified_at: Annotated[Moment | None, Field(description="only if the page prints it")] = None
    body: Annotated[str, Field(description="plain text; paragraphs separated by one blank line")]
    truncated: Annotated[bool, Field(description="true if the page holds only a lead and asks to subscribe")] = False
    images: Annotated[list[Image], Field(description="in the page's order")] = field(default_factory=list)
    near_duplicate_of: Annotated[
        str | None,
        Field(description="`id` of the earliest article of the last days with nearly the same text; or null"),
    ] = None
    update_of: Annotated[
        str | None,
        Field(description="`id` of the article that this update or correction continues; null if none is found"),
    ] = None
    update: Annotated[int | None, Field(ge=0, description="N of `(Update N)` before the headline; null without")] = None
    content_hash: Annotated[
        Sha256, Field(description="SHA-256 over headline, body and images, after normalisation")
    ] = ""
    first_seen_at: Annotated[Moment, Field(description="UTC; first time that an index page listed the article")] = ""
    fetched_at: Annotated[Moment, Field(description="UTC; time of the response")]
    layout: Annotated[str, Field(description="name of the page class that read the page")]


def content_hash(article: Article) -> str:
    """Return the SHA-256 over headline, body and images of an article, whose strings have to be normalised.

    The host of a picture is left out. The same picture on another of the site's hosts is no change.
    """
    images = [[urlsplit(image.url)[2:4], image.caption, image.credit] for image in article.images]
    content = json.dumps([article.headline, article.body, images], ensure_ascii=True)
    return hashlib.sha256(content.encode("ascii")).hexdigest()


ARTICLE = TypeAdapter(Article)
"""Validates articles, reads a feed's lines, and makes the JSON Schema."""
SINCE_VERSION_2 = frozenset({"update_of", "update"})
"""Keys that a line of schema version "1" lacks."""


def read_line(line: bytes) -> Article:
    """Return the article in a line of the feed. Raises ValueError.

    A line of schema version "1" lacks the keys that came later. They get their defaults.
    """
    try:
        values = json.loads(line)
        later = SINCE_VERSION_2 if values["schema_version"] == "1" else frozenset()
        if missing := {each.name for each in fields(Article)} - later - values.keys():
            raise ValueError(f"missing keys: {', '.join(sorted(missing))}")
        return ARTICLE.validate_python({**values, "schema_version": SCHEMA_VERSION})
    except (AttributeError, KeyError, RecursionError, TypeError) as error:
        raise ValueError(f"not an article: {error}") from error


def is_valid_line(line: bytes) -> bool:
    """Return whether a line of the feed holds a valid article."""
    try:
        return bool(read_line(line))
    except ValueError:
        return False


def withdrawal(line: bytes | None, *, id: str, url: str, headline: str | None, section: str, now: str) -> Article:
    """Return the withdrawn revision of an article: its last line, or the given values if there is no valid one."""
    if line is None or not is_valid_line(line):
        article = Article(
            id=id, url=url, section=section, headline=headline or id, published_date=f"{id[:4]}-{id[4:6]}-{id[6:8]}",
            body="", first_seen_at=now, fetched_at=now, layout="",
        )  # fmt: skip
    else:
        article = read_line(line)
    return replace(article, status="withdrawn", fetched_at=now)
