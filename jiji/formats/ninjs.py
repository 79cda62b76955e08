"""IPTC ninjs 3.1, News in JSON: a JSON object an article, as JSON Lines.

Source: https://iptc.org/standards/ninjs/ (the standard and its JSON Schema).
"""

import json
from collections.abc import Iterable
from typing import Any, BinaryIO

from jiji.formats.identifiers import tag_uri
from jiji.items import Article, Image

STANDARD = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
}
_UPDATE_OF = "updateOf"


def write(articles: Iterable[Article], target: BinaryIO) -> None:
    """Write a line for each article."""
    for article in articles:
        target.write(json.dumps(news_object(article)).encode("ascii") + b"\n")


def news_object(article: Article) -> dict[str, Any]:
    """Return the ninjs object of an article; keys without a value are left out."""
    made = {
        "standard": STANDARD,
        "uri": tag_uri(article.id),
        "type": "text",
        "representationType": "partial" if article.truncated else "full",
        "version": str(article.revision),
        "firstCreated": article.first_seen_at or None,
        "versionCreated": article.fetched_at,
        "contentCreated": article.published_at,
        "pubStatus": "canceled" if article.status == "withdrawn" else "usable",
        "copyrightHolder": article.publisher,
        "language": article.language,
        "headlines": [{"role": "main", "contentType": "text/plain", "value": article.headline}],
        "bodies": _bodies(article),
        "by": ", ".join(article.authors),
        "located": article.dateline.text if article.dateline else None,
        "people": [{"name": name, "rel": "author"} for name in article.authors],
        "places": [{"name": place, "rel": "dateline"} for place in article.dateline.places] if article.dateline else [],
        "subjects": [{"name": name, "rel": "section"} for name in (article.section, article.category) if name],
        "infoSources": _sources(article),
        "altIds": [{"role": "publisher", "value": article.id}],
        "renditions": [{"name": "web", "href": article.url, "contentType": "text/html"}],
        "associations": [*_related(article), *_pictures(article.images)],
    }
    return {name: value for name, value in made.items() if value}


def _bodies(article: Article) -> list[dict[str, Any]]:
    counts = {"charCount": len(article.body), "wordCount": len(article.body.split())}
    return [{"role": "main", "contentType": "text/plain", **counts, "value": article.body}] if article.body else []


def _sources(article: Article) -> list[dict[str, Any]]:
    agencies = [{"name": article.dateline.agency, "role": "agency"}] if article.dateline else []
    return [{"name": article.publisher, "role": "publisher"}, *agencies]


def _related(article: Article) -> list[dict[str, Any]]:
    relations = {_UPDATE_OF: article.update_of, "nearDuplicateOf": article.near_duplicate_of}
    return [{"name": rel, "rel": rel, "uri": tag_uri(other)} for rel, other in relations.items() if other]


def _pictures(images: list[Image]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"picture-{number}",
            "rel": "picture",
            "uri": image.url,
            "type": "picture",
            **({"by": image.credit} if image.credit else {}),
            **({"descriptions": [{"role": "caption", "value": image.caption}]} if image.caption else {}),
            "renditions": [{"name": "main", "href": image.url}],
        }
        for number, image in enumerate(images, 1)
    ]
