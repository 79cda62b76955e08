"""CSV: one flat row an article, by RFC 4180 in UTF-8, safe against formula injection."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import fields
from io import TextIOWrapper
from typing import BinaryIO

from jiji.items import Article, Dateline, Image

BETWEEN_NAMES = "; "
"""Separates the parts of a list in one cell. The images' cells have a line an image instead."""
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def write(articles: Iterable[Article], target: BinaryIO) -> None:
    """Write a header and a row for each article."""
    text = TextIOWrapper(target, encoding="utf-8", errors="replace", newline="", write_through=True)
    rows = csv.DictWriter(text, list(_header()))
    rows.writeheader()
    for article in articles:
        rows.writerow({name: safe(value) for name, value in flat(article).items()})
    text.detach()


def flat(article: Article) -> dict[str, str]:
    """Return the cells of an article, by column."""
    cells: dict[str, str] = {}
    for each in fields(article):
        value = getattr(article, each.name)
        if each.name == "dateline":
            parts = {part.name: getattr(value, part.name) if value else None for part in fields(Dateline)}
            cells.update({f"dateline_{name}": _text(part) for name, part in parts.items()})
        elif each.name == "images":
            for part in fields(Image):
                lines = (getattr(image, part.name) or "" for image in value)
                cells[f"image_{part.name}s"] = "\n".join(lines).rstrip("\n")
        else:
            cells[each.name] = _text(value)
    return cells


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before one that begins like it.

    >>> safe("=HYPERLINK(...)"), safe("-5 Degrees in Ome"), safe("Rain")
    ("'=HYPERLINK(...)", "'-5 Degrees in Ome", 'Rain')
    """
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _header() -> Iterator[str]:
    for each in fields(Article):
        if each.name == "dateline":
            yield from (f"dateline_{part.name}" for part in fields(Dateline))
        elif each.name == "images":
            yield from (f"image_{part.name}s" for part in fields(Image))
        else:
            yield each.name


def _text(value: object) -> str:
    if isinstance(value, list):
        return BETWEEN_NAMES.join(value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
