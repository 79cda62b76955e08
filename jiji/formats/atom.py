"""Atom (RFC 4287): the newest articles as a feed for news readers."""

import heapq
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import BinaryIO
from xml.etree.ElementTree import Element, ElementTree, SubElement, register_namespace

from jiji.formats.identifiers import tag_uri
from jiji.items import Article
from jiji.text.xml_text import xml_text

NEWEST = 50
"""Entries of the feed."""
NEVER = "1970-01-01T00:00:00Z"
"""Time of the last change of a feed without entries."""
ATOM = "http://www.w3.org/2005/Atom"


def write(articles: Iterable[Article], target: BinaryIO) -> None:
    """Write the feed of the newest articles; each occurs once, in its latest revision."""
    register_namespace("", ATOM)
    ElementTree(feed(newest(articles))).write(target, encoding="utf-8", xml_declaration=True)
    target.write(b"\n")


def newest(articles: Iterable[Article]) -> list[Article]:
    """Return the newest articles, the newest first: by day and time of publication, then by first sight."""
    return heapq.nlargest(NEWEST, (each for each in articles if each.status != "withdrawn"), key=_age)


def feed(articles: list[Article]) -> Element:
    """Return the feed element of articles in their order."""
    root = Element(f"{{{ATOM}}}feed")
    updated = max((article.fetched_at for article in articles), default=NEVER)
    _add(root, "id", "tag:jen.jiji.com,2026:newest")
    _add(root, "title", "Jiji Press")
    _add(root, "updated", updated)
    _add(_add(root, "author"), "name", "Jiji Press")
    _add(root, "link", rel="alternate", href="https://jen.jiji.com/")
    for article in articles:
        _add_entry(root, article)
    return root


def _add_entry(root: Element, article: Article) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", tag_uri(article.id))
    _add(entry, "title", article.headline, type="text")
    _add(entry, "updated", article.fetched_at)
    if article.published_at:
        _add(entry, "published", article.published_at)
    for name in article.authors or [article.publisher]:
        _add(_add(entry, "author"), "name", name)
    _add(entry, "link", rel="alternate", type="text/html", href=article.url)
    for image in article.images:
        _add(entry, "link", rel="related", href=image.url, title=image.caption or article.headline)
    for term in (article.section, article.category):
        if term:
            _add(entry, "category", term=term)
    _add(entry, "content", article.body, type="text")


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    element = SubElement(parent, f"{{{ATOM}}}{name}", {key: xml_text(value) for key, value in attributes.items()})
    element.text = None if text is None else xml_text(text)
    return element


def _age(article: Article) -> tuple[str, datetime, str, str]:
    moment = datetime.fromisoformat(article.published_at) if article.published_at else datetime.min.replace(tzinfo=UTC)
    return article.published_date, moment, article.first_seen_at, article.id
