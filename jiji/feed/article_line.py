"""Article line: the catalog's part of a line of the feed.

A line that names an article ID and a revision counts as published, even if a hand or another program damaged the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

_ARTICLE_ID = re.compile(r"[0-9]{13}")


class ArticleLine(NamedTuple):
    """The values that the catalog keeps of a line. What is missing or no time is empty."""

    id: str
    revision: int
    status: str
    content_hash: str
    url: str
    category: str | None
    first_seen_at: str
    fetched_at: str
    first_seen: int
    """`first_seen_at` in seconds since 1970, 0 if it is empty."""
    checked: int
    """`fetched_at`, likewise."""

    @classmethod
    def parse(cls, line: bytes) -> ArticleLine:
        """Return the values in a line. Raises ValueError if it is not a record with an article ID and a revision."""
        data = record(line)
        article_id, revision = data.get("id"), data.get("revision")
        if not isinstance(article_id, str) or not _ARTICLE_ID.fullmatch(article_id):
            raise ValueError("not a record with an article ID")
        if type(revision) is not int or not 0 < revision < 1 << 31:
            raise ValueError("invalid revision")
        status, content_hash, url, category, first_seen_at, fetched_at = map(data.get, _TEXTS)
        first_seen, checked = epoch(first_seen_at), epoch(fetched_at)
        return cls(
            article_id,
            revision,
            status if isinstance(status, str) else "",
            content_hash if isinstance(content_hash, str) else "",
            url if isinstance(url, str) else "",
            category if isinstance(category, str) else None,
            str(first_seen_at) if first_seen else "",
            str(fetched_at) if checked else "",
            first_seen,
            checked,
        )


_TEXTS = ("status", "content_hash", "url", "category", "first_seen_at", "fetched_at")


def record(line: bytes) -> dict[str, Any]:
    """Return the record in a line; raises ValueError. SQLite can store the texts in it.

    pydantic's parser reads a line in a third of the time. What it refuses, of which some is JSON for Python, is read
    again.
    """
    try:
        data = _fast_parser()(line)
    except ValueError:
        data = _tolerant_record(line)
    if not isinstance(data, dict):
        raise ValueError("not a record")
    return data


@cache
def _fast_parser() -> Callable[[bytes], Any]:
    """Return pydantic's parser. Its import takes as long as that of the whole reader, so readers do without it."""
    from pydantic_core import from_json

    return from_json


def _tolerant_record(line: bytes) -> object:
    r"""Return the values in a line that has a byte-order mark, deep nesting or lone surrogates; raises ValueError.

    >>> _tolerant_record(b'\xef\xbb\xbf{"url": "\\ud800"}')
    {'url': '?'}
    """
    try:
        data = json.loads(line.decode("utf-8-sig"))
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(data, dict):
        return data
    return {key: _encodable(value) if isinstance(value, str) else value for key, value in data.items()}


def is_article_line(line: bytes) -> bool:
    """Return whether a line names an article ID and a revision.

    >>> is_article_line(b'{"id": "2026012700001", "revision": 1}'), is_article_line(b'{"id": 7, "revision": 1}')
    (True, False)
    """
    try:
        return bool(ArticleLine.parse(line))
    except ValueError:
        return False


def is_plain_line(line: bytes) -> bool:
    r"""Return whether a line is one JSON object without a byte-order mark or a carriage return.

    >>> [is_plain_line(line) for line in (b'{}\n', b'{}\r\n', b'\xef\xbb\xbf{}\n')]
    [True, False, False]
    """
    return line.startswith(b"{") and line.endswith(b"}\n")


def epoch(time: object) -> int:
    """Return seconds since 1970, 0 if the value is not the text of a time.

    >>> epoch("1970-01-01T00:01:00Z"), epoch("1970-01-01T00:01:00"), epoch("soon"), epoch(None)
    (60, 60, 0, 0)
    """
    if not isinstance(time, str):
        return 0
    try:
        moment = datetime.fromisoformat(time)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return 0


def _encodable(text: str) -> str:
    """Return a text without lone surrogates, which SQLite does not store."""
    return text.encode("utf-8", "replace").decode()
