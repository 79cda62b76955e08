"""Article line: the catalog's part of a line of the feed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import NamedTuple


class ArticleLine(NamedTuple):
    """The values that the catalog keeps of a line, in the order of `Published`."""

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
            data = json.loads(line)
        except RecursionError as error:
            raise ValueError("nested too deep") from error
        if not isinstance(data, dict) or not isinstance(data.get("id"), str) or not data["id"]:
            raise ValueError("not a record with an id")
        revision = data.get("revision")
        if not isinstance(revision, int) or not 0 < revision < 1 << 31:
            raise ValueError("invalid revision")
        text = {key: value for key, value in data.items() if isinstance(value, str)}
        status, content_hash, url = (text.get(key, "") for key in ("status", "content_hash", "url"))
        times = text.get("first_seen_at", ""), text.get("fetched_at", "")
        return cls(data["id"], revision, status, content_hash, url, text.get("category"), *times)


def epoch(time: str) -> int:
    """Return seconds since 1970, 0 if the text is not a time.

    >>> epoch("1970-01-01T00:01:00Z"), epoch("1970-01-01T00:01:00"), epoch("soon")
    (60, 60, 0)
    """
    try:
        moment = datetime.fromisoformat(time)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except ValueError:
        return 0
