"""Items: the article and its parts, with the fields of a feed's line in their order.

The JSON Schema, the types of jiji.reader and docs/reference/fields.md are made from these classes. Times are ISO 8601
with zone. Days are days in Japan. This module imports neither Scrapy nor pydantic, so that a reader starts fast.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Final, Literal
from urllib.parse import urlsplit


def utc_text(moment: datetime) -> str:
    """Return a moment as text in UTC: ISO 8601, whole seconds.

    >>> utc_text(datetime(2026, 1, 27, 9, 30, 5, 999, tzinfo=UTC))
    '2026-01-27T09:30:05Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


SCHEMA_VERSION: Final = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Meaning of a field and the constraints on its value, in pydantic's names."""

    description: str | None = None
    pattern: str | None = None
    min_length: int | None = None
    ge: int | None = None
    format: Literal["date", "date-time"] | None = None
    """Kind of text, by its name in JSON Schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """Add the constraints to pydantic's validation of the type."""
        constraints = {
            name: value for name in ("pattern", "min_length", "ge") if (value := getattr(self, name)) is not None
        }
        return {**handler(source), **constraints}

    def __get_pydantic_json_schema__(self, core: Any, handler: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """Add description and format to the JSON Schema of the type."""
        notes = {name: value for name in ("description", "format") if (value := getattr(self, name))}
        return {**handler(core), **notes}


_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME = r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d"
Day = Annotated[str, Rule(pattern=f"^{_DAY}$", format="date")]
Moment = Annotated[str, Rule(pattern=rf"^{_DAY}{_TIME}(\.\d+)?(Z|[+-]\d{{2}}:\d{{2}})$", format="date-time")]
UtcMoment = Annotated[str, Rule(pattern=f"^{_DAY}{_TIME}Z$", format="date-time")]
ArticleId = Annotated[str, Rule(pattern=r"^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{5}$")]
Sha256 = Annotated[str, Rule(pattern="^[0-9a-f]{64}$")]
Url = Annotated[str, Rule(pattern="^https?://")]
Text = Annotated[str, Rule(min_length=1)]
Number = Annotated[int, Rule(ge=0)]

_VALIDATED = {"revalidate_instances": "always"}
"""Pydantic's setting to validate the fields of an object too. Its default is to trust an object of the right class."""


@dataclass(slots=True)
class Dateline:
    """Place and day of filing, as printed at the start of the first paragraph."""

    __pydantic_config__: ClassVar = _VALIDATED

    text: Annotated[Text, Rule(description="as printed, without the agency: `Seoul/Tokyo, Jan. 27`")]
    places: Annotated[list[str], Rule(min_length=1, description="each place: `Seoul`, `Tokyo`")]
    date: Annotated[Day | None, Rule(description="local day; null if none is printed or its year is not certain")]
    agency: Annotated[Text, Rule(description="`Jiji Press`, `AFP-Jiji`")]


@dataclass(slots=True)
class Image:
    """Picture of an article."""

    __pydantic_config__: ClassVar = _VALIDATED

    url: Annotated[Url, Rule(description="absolute")]
    caption: Annotated[str | None, Rule(description="without its credit; null if none is printed")]
    credit: Annotated[str | None, Rule(description="source of the picture, as printed in brackets")]


@dataclass(slots=True, kw_only=True)
class Article:
    """One revision of one article.

    `content_hash` and `first_seen_at` may be set after construction. Validation requires them.
    """

    __pydantic_config__: ClassVar = _VALIDATED

    schema_version: Annotated[Literal["2"], Rule(description="of this description")] = SCHEMA_VERSION
    id: Annotated[ArticleId, Rule(description="article ID: the publisher's 13 digits, the same at every URL")]
    revision: Annotated[int, Rule(ge=1, description="1, then one more for each change of headline, body or images")] = 1
    status: Annotated[
        Literal["new", "updated", "withdrawn"], Rule(description="state of the article at this revision")
    ] = "new"
    url: Annotated[Url, Rule(description="canonical URL")]
    language: Annotated[Literal["en"], Rule(description="BCP 47")] = "en"
    publisher: Annotated[Literal["Jiji Press"], Rule(description="publisher")] = "Jiji Press"
    section: Annotated[str, Rule(description="the feed's section: `national`")]
    category: Annotated[
        Literal["politics", "economy", "sports", "other"] | None,
        Rule(description="category of the index page's label over it; null if there is none"),
    ] = None
    breadcrumbs: Annotated[list[str], Rule(description="as printed")] = field(default_factory=list)
    headline: Annotated[Text, Rule(description="as printed, once")]
    authors: Annotated[list[str], Rule(description="names from the byline")] = field(default_factory=list)
    dateline: Annotated[Dateline | None, Rule(description="null for an article without one")] = None
    published_date: Annotated[Day, Rule(description="day in Japan")]
    published_at: Annotated[Moment | None, Rule(description="only if the page prints a time")] = None
    published_source: Annotated[Literal["page", "key", "dateline"], Rule(description="source of the day")] = "key"
    modified_at: Annotated[Moment | None, Rule(description="only if the page prints it")] = None
    body: Annotated[str, Rule(description="plain text; paragraphs separated by one blank line")]
    truncated: Annotated[bool, Rule(description="true if the page holds only a lead and asks to subscribe")] = False
    images: Annotated[list[Image], Rule(description="in the page's order")] = field(default_factory=list)
    near_duplicate_of: Annotated[
        ArticleId | None,
        Rule(description="`id` of the earliest article of the last days with nearly the same text; or null"),
    ] = None
    update_of: Annotated[
        ArticleId | None,
        Rule(description="`id` of the article that this update or correction continues; null if none is found"),
    ] = None
    update: Annotated[Number | None, Rule(description="N of `(Update N)` before the headline; null without")] = None
    content_hash: Annotated[Sha256, Rule(description="SHA-256 over headline, body and images, after normalisation")] = (
        ""
    )
    first_seen_at: Annotated[UtcMoment, Rule(description="UTC; first time that an index page listed the article")] = ""
    fetched_at: Annotated[UtcMoment, Rule(description="UTC; time of the response")]
    layout: Annotated[str, Rule(description="name of the page class that read the page")]


_REQUIRED = [each.name for each in fields(Article) if each.default is MISSING and each.default_factory is MISSING]


def content_hash(article: Article) -> str:
    """Return the SHA-256 over headline, body and images of an article, whose strings have to be normalised."""
    images = [[picture_identity(image.url), image.caption, image.credit] for image in article.images]
    content = json.dumps([article.headline, article.body, images], ensure_ascii=True)
    return hashlib.sha256(content.encode("ascii")).hexdigest()


_PICTURE_FILE = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?)$")
_SIZE = re.compile(
    r"(?i)[-_.](?:\d{2,4}x\d{2,4}|\d{2,4}[wpx]{1,2}|w\d{2,4}|thumb(?:nail)?|small|medium|large)(?=[-_.]|$)|@[234]x"
)
_SIZE_FOLDER = re.compile(
    r"(?i)(?:\d{0,4}x\d{0,4}|[wshq][-_=]?\d{1,4}|(?:(?:[whq]|width|height|quality|fit|format|f|dpr|c|g)[=_]\w+,?)+"
    r"|unsafe|fit-in|resize|cdn-cgi|[\w-]{27}=)"
)
_RENDITION = re.compile(
    r"(?i)(?:[whqstv]|width|height|size|quality|fit|crop|resize|format|fm|auto|dpr|ver(?:sion)?|sig(?:nature)?|token"
    r"|hash|exp(?:ires)?|ts|time(?:stamp)?|policy|key-pair-id|x-\w+-.*|awsaccesskeyid|ixlib|cb|cache.*|utm_.*|im\w*)"
)
"""Query parameters of a rendition, a signature or a cache, where the path names no picture."""


def picture_identity(url: str) -> list[str]:
    """Return the parts of a URL that identify a picture, apart from host, size, rendition and signature.

    >>> picture_identity("https://jen.jiji.com/img/a.jpg")
    ['/img/a.jpg', '']
    >>> picture_identity("https://cdn1.example/w640/img/a-640x480.jpg?sig=4f2a&w=640")
    ['/img/a.jpg', '']
    >>> picture_identity("https://jen.jiji.com/picture?id=7&w=640"), picture_identity("https://jen.jiji.com/img/b.jpg")
    (['/picture', 'id=7'], ['/img/b.jpg', ''])
    """
    parts = urlsplit(url)
    *folders, name = parts.path.split("/")
    path = "/".join([*(folder for folder in folders if not _SIZE_FOLDER.fullmatch(folder)), _SIZE.sub("", name)])
    if _PICTURE_FILE.search(name):
        return [path, ""]
    query = [each for each in parts.query.split("&") if not _RENDITION.fullmatch(each.partition("=")[0])]
    return [path, "&".join(sorted(query))]


def article_from(line: object) -> Article:
    """Return the article in a decoded line of a feed, of any schema version; raises ValueError for another record.

    A line of an older version lacks the keys that came later. They get their defaults. Other values are not validated.

    >>> article_from({"id": "2026012700123", "url": 1})
    Traceback (most recent call last):
    ValueError: not an article: no text in url, section, headline, published_date, body, fetched_at, layout
    """
    if not isinstance(line, dict):
        raise ValueError("not an article: no JSON object")
    given = {name: line[name] for name in Article.__slots__ if name in line}
    if other := [name for name in _REQUIRED if not isinstance(given.get(name), str)]:
        raise ValueError(f"not an article: no text in {', '.join(other)}")
    if type(given.get("revision", 1)) is not int:
        raise ValueError("not an article: revision is no integer")
    try:
        dateline = given.get("dateline")
        given["dateline"] = Dateline(**dateline) if dateline else None
        given["images"] = [Image(**image) for image in given.get("images", [])]
    except TypeError as error:
        raise ValueError(f"not an article: {error}") from None
    return Article(**given)


def withdrawal(line: bytes | None, *, id: str, url: str, headline: str | None, section: str, now: str) -> Article:
    """Return the withdrawn revision of an article: its last line of the feed, or the given values without one.

    A line of schema version "1" lacks the keys that came later. They get their defaults.
    """
    if line is None:
        article = Article(
            id=id, url=url, section=section, headline=headline or id, published_date=f"{id[:4]}-{id[4:6]}-{id[6:8]}",
            body="", first_seen_at=now, fetched_at=now, layout="",
        )  # fmt: skip
    else:
        article = article_from({**json.loads(line), "schema_version": SCHEMA_VERSION})
    return replace(article, status="withdrawn", fetched_at=now)
