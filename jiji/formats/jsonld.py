"""JSON-LD: a schema.org NewsArticle an article, as JSON Lines. Source: https://schema.org/NewsArticle."""

import json
from collections.abc import Iterable
from typing import Any, BinaryIO

from jiji.formats.identifiers import tag_uri
from jiji.items import Article


def write(articles: Iterable[Article], target: BinaryIO) -> None:
    """Write a line for each article."""
    for article in articles:
        target.write(json.dumps(news_article(article)).encode("ascii") + b"\n")


def news_article(article: Article) -> dict[str, Any]:
    """Return the JSON-LD of an article; keys without a value are left out."""
    publisher = {"@type": "NewsMediaOrganization", "name": article.publisher}
    made = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": tag_uri(article.id),
        "identifier": article.id,
        "url": article.url,
        "headline": article.headline,
        "articleBody": article.body,
        "wordCount": len(article.body.split()),
        "articleSection": [name for name in (article.section, article.category) if name],
        "inLanguage": article.language,
        "datePublished": article.published_at or article.published_date,
        "dateModified": article.modified_at,
        "author": [{"@type": "Person", "name": name} for name in article.authors] or [publisher],
        "publisher": publisher,
        "dateline": article.dateline.text if article.dateline else None,
        "locationCreated": [{"@type": "Place", "name": place} for place in article.dateline.places]
        if article.dateline
        else [],
        "image": [
            {
                "@type": "ImageObject",
                "url": image.url,
                **({"caption": image.caption} if image.caption else {}),
                **({"creditText": image.credit} if image.credit else {}),
            }
            for image in article.images
        ],
        "version": article.revision,
        "creativeWorkStatus": "Withdrawn" if article.status == "withdrawn" else None,
        "isBasedOn": tag_uri(article.update_of) if article.update_of else None,
    }
    return {name: value for name, value in made.items() if value} | {"isAccessibleForFree": not article.truncated}
