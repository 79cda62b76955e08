"""Item exporters: of the section's feed, and of extra feeds (``-o``, ``FEEDS``).

The section's feed is always on and independent of ``FEEDS``: a setting or failure of another feed cannot touch it.
Extra feeds get flat columns in CSV and XML, and plain values in marshal. Scrapy's own exporters would write
``Dateline(text=...)`` into a cell. Items of other classes are exported as Scrapy does. docs/how-to/extra-feeds.md
describes the columns.
"""

import json
from dataclasses import asdict, fields
from io import BytesIO
from typing import Any, cast

from itemadapter import ItemAdapter
from scrapy.exporters import CsvItemExporter, JsonLinesItemExporter, MarshalItemExporter, XmlItemExporter

from jiji.items import Article, Dateline, Image
from jiji.section_run import SectionRun

SEPARATOR = "; "
"""Stands between the values of a list."""


class SectionFeedExporter:
    """Appends articles to the section's feed; each line is durable when `export` returns."""

    def __init__(self, run: SectionRun) -> None:
        self._run = run
        self._exporter = ArticleLinesExporter(cast("BytesIO", self), encoding="utf-8")

    def export(self, article: Article) -> None:
        """Append the line of an article; raises FeedError."""
        self._exporter.export_item(article)

    def write(self, line: bytes) -> None:
        """Append one line: the file interface that the exporter writes to."""
        if self._run.feed.append(line):
            self._run.stats.lines_appended += 1
        else:
            self._run.stats.lines_skipped += 1


class ArticleLinesExporter(JsonLinesItemExporter):
    """Writes an item as one line: keys in their order, and no line separator of any kind left raw."""

    _SEPARATORS = str.maketrans({"\u2028": r"\u2028", "\u2029": r"\u2029", "\x85": r"\u0085"})

    def export_item(self, item: Any) -> None:
        """Write the line of an item in one piece."""
        line = self.encoder.encode(dict(self.get_serialized_fields(item)))
        self.file.write(line.translate(self._SEPARATORS).encode("utf-8") + b"\n")


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
