"""Item exporters of extra feeds (``-o``, ``FEEDS``): flat columns for CSV and XML, plain values for marshal.

Scrapy's own would write ``Dateline(text=...)`` into a cell. Items of other classes are exported as Scrapy does.
docs/how-to/extra-feeds.md describes the columns.
"""

import json
from dataclasses import asdict, fields
from typing import Any

from itemadapter import ItemAdapter
from scrapy.exporters import CsvItemExporter, MarshalItemExporter, XmlItemExporter

from jiji.items import Article, Dateline, Image

SEPARATOR = "; "
"""Stands between the values of a list."""


def flat(article: Article) -> dict[str, str | int | None]:
    """Return an article as columns, the same for every article.

    Lists are joined. `images` is a JSON list of all pictures, and the first one has columns of its own.
    """
    columns: dict[str, str | int | None] = {}
    for name, value in ((each.name, getattr(article, each.name)) for each in fields(article)):
        if name == "dateline":
            columns |= _columns("dateline", Dateline, value)
        elif name == "images":
            columns |= _columns("image_1", Image, value[0] if value else None)
            columns[name] = json.dumps(list(map(asdict, value)), ensure_ascii=False)
        else:
            columns[name] = _cell(value)
    return columns


def _columns(prefix: str, kind: type[Dateline | Image], part: Dateline | Image | None) -> dict[str, str | int | None]:
    return {f"{prefix}_{each.name}": _cell(getattr(part, each.name, None)) for each in fields(kind)}


def _cell(value: Any) -> str | int | None:
    """Return the value of a cell.

    >>> _cell(["Seoul", "Tokyo"]), _cell(True), _cell(None)
    ('Seoul; Tokyo', 'true', None)
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return SEPARATOR.join(map(str, value))
    return value if value is None or isinstance(value, int) else str(value)


class FlatCsvExporter(CsvItemExporter):
    """Writes articles as CSV with flat columns."""

    def export_item(self, item: Any) -> None:
        """Write a row."""
        super().export_item(flat(item) if isinstance(item, Article) else item)


class FlatXmlExporter(XmlItemExporter):
    """Writes articles as XML with flat elements, without empty ones."""

    def export_item(self, item: Any) -> None:
        """Write an element."""
        if isinstance(item, Article):
            item = {name: value for name, value in flat(item).items() if value is not None}
        super().export_item(item)


class PlainMarshalExporter(MarshalItemExporter):
    """Writes items as dicts: marshal knows no classes."""

    def export_item(self, item: Any) -> None:
        """Write a dict."""
        super().export_item(ItemAdapter(item).asdict())
