"""Article line: the catalog's part of a line of the feed.

A line that names an article ID and a revision counts as published, even if a hand or another program damaged the rest.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import NamedTuple

_ARTICLE_ID = re.compile(r"[0-9]{13}")


class ArticleLine(NamedTuple):
    """The values that the catalog keeps of a line, in the order of `Published`. What is missing or no time is empty."""

    id: str
    revision: int
    status: str
    content_hash: str
    url: str
    category: str | None
    first_seen_at: str
    fetched_at: str

    @classmethod
    def parse(cls, line: bytes) -> ArticleLine:
        """Return the values in a line. Raises ValueError if it is not a record with an article ID and a revision."""
        try:
            data = json.loads(line.decode("utf-8-sig"))
        except RecursionError as error:
            raise ValueError("nested too deep") from error
        article_id, revision = (data.get("id"), data.get("revision")) if isinstance(data, dict) else (None, None)
        if not isinstance(article_id, str) or not _ARTICLE_ID.fullmatch(article_id):
            raise ValueError("not a record with an article ID")
        if type(revision) is not int or not 0 < revision < 1 << 31:
            raise ValueError("invalid revision")
        text = {key: _encodable(value) for key, value in data.items() if isinstance(value, str)}
        status, content_hash, url = (text.get(key, "") for key in ("status", "content_hash", "url"))
        times = (time if epoch(time := text.get(key, "")) else "" for key in ("first_seen_at", "fetched_at"))
        return cls(article_id, revision, status, content_hash, url, text.get("category"), *times)


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


def epoch(time: str) -> int:
    """Return seconds since 1970, 0 if the text is not a time.

    >>> epoch("1970-01-01T00:01:00Z"), epoch("1970-01-01T00:01:00"), epoch("soon")
    (60, 60, 0)
    """
    try:
        moment = datetime.fromisoformat(time)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return 0


def _encodable(text: str) -> str:
    """Return a text without lone surrogates, which SQLite does not store."""
    return text.encode("utf-8", "replace").decode()
