"""Signatures of a feed's articles: the catalog's part that finds articles with a similar text.

The feed does not know how texts are compared. A signer, given by the caller, makes a signature from a line: keys, two
of which similar articles have in common, and opaque data for the comparison itself. The table is derived from the
lines alone, independent of their order, so that a rebuilt catalog finds the same articles.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from jiji.feed.article_line import record
from jiji.feed.database import Database

SIGNER = "signer"
"""Note in the catalog: version of the signer that made the signatures."""
COMMON_KEYS = 2
"""Keys that an article has to share to be compared."""
MOST_CANDIDATES = 8
"""Articles that one is compared with, those with the most common keys."""

KNOWN_VERSION = "SELECT value FROM note WHERE key = ?"
READ_AGAIN = "UPDATE checkpoint SET offset = 0, size = -1, mtime_ns = -1"
SIGN = """
INSERT INTO signature (id, revision, day, fetched, duplicate_of, keys, data)
VALUES (:id, :revision, :day, :fetched, :duplicate_of, :keys, :data)
ON CONFLICT (id) DO UPDATE SET fetched = min(:fetched, fetched), revision = :revision, day = :day,
    duplicate_of = :duplicate_of, keys = :keys, data = :data
"""
REMOVE_KEYS = """
DELETE FROM signature_key WHERE (key, day, article) IN
    (SELECT own.value, day, number FROM signature, json_each(keys) AS own WHERE signature.id = ?)
"""
ADD_KEYS = """
INSERT OR IGNORE INTO signature_key
SELECT own.value, day, number FROM signature, json_each(keys) AS own WHERE signature.id = ?
"""
FETCHED = "SELECT fetched FROM signature WHERE id = ?"
FIND = """
SELECT id, fetched, duplicate_of, data FROM (
    SELECT article, count(*) AS common FROM json_each(:keys) AS wanted
    CROSS JOIN signature_key AS known ON known.key = wanted.value AND known.day BETWEEN :begin AND :end
    GROUP BY article HAVING common >= :least
) CROSS JOIN signature ON number = article
WHERE id <> :id AND (:fetched IS NULL OR (fetched, id) < (:fetched, :id) AND duplicate_of IS NOT :id)
ORDER BY common DESC, fetched, id LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Signature:
    """Signature of a line, made by a signer."""

    keys: Sequence[int]
    """Keys of the index, 32 bits each. Similar articles have `COMMON_KEYS` of them in common."""
    day: int
    """Ordinal of the day of publication."""
    data: bytes
    """Opaque values for the comparison."""


class Signer(Protocol):
    """A maker of signatures."""

    version: str
    """Name of the method. Another one makes the catalog sign all lines again."""

    def __call__(self, article: Mapping[str, Any]) -> Signature | None:
        """Return the signature of a line's record, None if the article cannot be compared."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An earlier article that shares keys with another."""

    id: str
    fetched: int
    """Time of its first line's response, in seconds since 1970."""
    duplicate_of: str | None
    """Article that it nearly repeats itself."""
    data: bytes


class Signatures:
    """The signatures in a database of a catalog. Without a signer, the table is empty."""

    def __init__(self, database: Database, signer: Signer | None) -> None:
        self._database = database
        self._signer = signer
        version = signer.version if signer else None
        if database.run(KNOWN_VERSION, SIGNER) != ([(version,)] if signer else []):
            with database.transaction():
                self.forget()
                database.run("DELETE FROM note WHERE key = ?", SIGNER)
                if signer:
                    database.run("INSERT INTO note VALUES (?, ?)", SIGNER, version)
                    database.run(READ_AGAIN)

    def sign(self, line: bytes, *, id: str, revision: int, fetched: int) -> None:
        """Sign a line. A later revision replaces an earlier one, in any order of signing."""
        if self._signer is None:
            return
        article = record(line)
        known = self._database.run("SELECT revision FROM signature WHERE id = ?", id)
        if known and known[0][0] > revision:
            self._database.run("UPDATE signature SET fetched = min(?, fetched) WHERE id = ?", fetched, id)
            return
        if known:
            self._database.run(REMOVE_KEYS, id)
        signature = self._signer(article) or Signature((), 0, b"")
        duplicate_of = article.get("near_duplicate_of")
        self._database.run(
            SIGN, id=id, revision=revision, day=signature.day, fetched=fetched,
            duplicate_of=duplicate_of if isinstance(duplicate_of, str) else None,
            keys=json.dumps(list(signature.keys)), data=signature.data,
        )  # fmt: skip
        self._database.run(ADD_KEYS, id)

    def candidates(self, signature: Signature, *, id: str, days: int) -> list[Candidate]:
        """Return earlier articles with common keys, published within so many days, the most similar first.

        For an article that the feed holds, earlier ones are those whose first line is older.
        """
        if not days:
            return []
        own = self._database.run(FETCHED, id)
        rows = self._database.run(
            FIND, keys=json.dumps(list(signature.keys)), begin=signature.day - days, end=signature.day + days, id=id,
            fetched=own[0][0] if own else None, least=COMMON_KEYS, most=MOST_CANDIDATES,
        )  # fmt: skip
        return [Candidate(*row) for row in rows]

    def forget(self) -> None:
        """Remove all signatures."""
        for table in ("signature", "signature_key"):
            self._database.run(f"DELETE FROM {table}")  # noqa: S608
