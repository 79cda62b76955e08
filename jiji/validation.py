"""Validation of articles, and the JSON Schema of a feed's lines."""

import json
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json

from jiji.items import SCHEMA_VERSION, Article

ARTICLE = TypeAdapter(Article)
"""Validates articles."""
SINCE_VERSION_2 = frozenset({"update_of", "update"})
"""Keys that a line of schema version "1" lacks."""


def is_valid_line(line: bytes) -> bool:
    """Return whether a line of a feed is a valid article of any schema version, with all its keys."""
    try:
        values = _values(line)
        later = SINCE_VERSION_2 if values["schema_version"] == "1" else frozenset()
        ARTICLE.validate_python({**values, "schema_version": SCHEMA_VERSION})
        return set(Article.__slots__) - later <= set(values)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return False


def _values(line: bytes) -> Any:
    """Return the values in a line; raises ValueError and RecursionError. pydantic's parser refuses some JSON."""
    try:
        return from_json(line)
    except ValueError:
        return json.loads(line)


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
