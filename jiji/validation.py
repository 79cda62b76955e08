"""Validation of articles, lines of a feed read with it, and their JSON Schema."""

import json
from dataclasses import fields, replace
from typing import Any

from pydantic import TypeAdapter

from jiji.items import SCHEMA_VERSION, Article

ARTICLE = TypeAdapter(Article)
"""Validates articles."""
SINCE_VERSION_2 = frozenset({"update_of", "update"})
"""Keys that a line of schema version "1" lacks."""


def json_schema(adapter: TypeAdapter[Any], title: str) -> dict[str, Any]:
    """Return a JSON Schema 2020-12 in which every key is required and no other is allowed."""
    made = adapter.json_schema(by_alias=False)
    for part in (made, *made.get("$defs", {}).values()):
        if "properties" in part:
            part.update(required=list(part["properties"]), additionalProperties=False)
            for key in part["properties"].values():
                key.pop("default", None)  # every key is required, and the default of some is no valid value
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": title}


def article_schema() -> dict[str, Any]:
    """Return the JSON Schema of a line of the feed."""
    return {**json_schema(ARTICLE, "Article"), "$id": f"urn:jiji:article:{SCHEMA_VERSION}"}


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
