"""What the feed holds of each article, and what is still to come: derived from the feed, in SQLite.

`synchronous` is NORMAL: in WAL mode a killed process loses nothing, and a power cut loses at most the last
transactions, never the file's consistency. Known articles are then learned again from the feed, which is synced
before they are learned; discovered ones stand in the site's indexes still. FULL would cost a sync for each.
Only the beginning of a new file is made durable at once: without it that file would look like another feed's.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, cast

from jiji.feed.append_log import Extent, NoSpace
from jiji.feed.lock import FeedError

SCHEMA = 1
TABLES = """
CREATE TABLE known (
    id TEXT PRIMARY KEY, revision INTEGER NOT NULL, status TEXT NOT NULL, content_hash TEXT NOT NULL,
    url TEXT NOT NULL, category TEXT, first_seen_at TEXT NOT NULL, checked_at TEXT NOT NULL, offset INTEGER NOT NULL,
    listed_as TEXT, etag TEXT, last_modified TEXT, misses INTEGER NOT NULL,
    seen INTEGER NOT NULL, looked INTEGER NOT NULL -- first_seen_at and checked_at in seconds since 1970
);
CREATE INDEX known_age ON known (seen, looked) WHERE status <> 'withdrawn';
CREATE INDEX known_missed ON known (id) WHERE misses > 0 AND status <> 'withdrawn';
CREATE TABLE pending (
    id TEXT PRIMARY KEY, url TEXT NOT NULL, category TEXT, listed_as TEXT, first_seen_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, reason TEXT, tried_at TEXT, set_aside INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE extent (inode INTEGER PRIMARY KEY, head TEXT, offset INTEGER, size INTEGER, mtime_ns INTEGER);
CREATE TABLE note (key TEXT PRIMARY KEY, value TEXT);
PRAGMA user_version = 1
"""
LEARN = """
INSERT INTO known VALUES (:id, :revision, :status, :content_hash, :url, :category, :first_seen_at, :checked_at, :offset,
    (SELECT listed_as FROM pending WHERE id = :id), NULL, NULL, 0, :seen, :looked)
ON CONFLICT (id) DO UPDATE SET revision = :revision, status = :status, content_hash = :content_hash, url = :url,
    category = coalesce(:category, category), first_seen_at = :first_seen_at, seen = :seen, offset = :offset,
    misses = iif(:revision > revision, 0, misses),
    checked_at = iif(:looked > looked, :checked_at, checked_at), looked = max(:looked, looked)
WHERE :revision >= revision
"""
DISCOVER = """
INSERT INTO pending (id, url, category, listed_as, first_seen_at)
SELECT :id, :url, :category, :listed_as, :seen_at WHERE NOT EXISTS (SELECT 1 FROM known WHERE id = :id)
ON CONFLICT (id) DO UPDATE SET category = coalesce(category, :category), listed_as = coalesce(:listed_as, listed_as)
"""
CHECKED = """
UPDATE known SET checked_at = :at, looked = :looked, misses = 0, listed_as = coalesce(:listed_as, listed_as),
    etag = coalesce(:etag, etag), last_modified = coalesce(:last_modified, last_modified) WHERE id = :id
"""
DUE = """
SELECT * FROM known WHERE status <> 'withdrawn' AND misses = 0 AND seen > ? AND seen <= ? AND looked < seen + ?
"""
DAMAGE = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
"""What SQLite says of a file that is no index of ours; the statements are fixed, so that ERROR means its tables."""
REBUILT = timedelta(days=7)
"""How long after its last check is due an article is still checked: a rebuilt index does not re-read an archive."""


class Damaged(FeedError):
    """The index is damaged; opening the `Feed` again rebuilds it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the feed holds of an article; times are ISO 8601 in UTC."""

    id: str
    revision: int
    status: str
    content_hash: str
    url: str
    category: str | None
    first_seen_at: str
    checked_at: str
    offset: int
    """Of its last line in the feed, in bytes."""
    listed_as: str | None
    """Headline under which an index page last showed it."""
    etag: str | None
    last_modified: str | None
    misses: int
    """Runs in a row in which it was gone."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An article that was discovered and is not published yet; times are ISO 8601 in UTC."""

    id: str
    url: str
    category: str | None
    listed_as: str | None
    first_seen_at: str
    attempts: int
    reason: str | None
    """Why the last attempt failed."""
    tried_at: str | None


class Counts(NamedTuple):
    """How many articles are published, still to come, and set aside."""

    known: int
    pending: int
    set_aside: int


class Index:
    """The index in the SQLite file at `path`, made if it is missing; it is a journal's `Memory`.

    Opening reads nothing eagerly; only an index whose file was changed since it was closed is checked first, at about
    1.5 s a million articles. A call is one transaction. Every method raises `Damaged` where the file turns out to be
    damaged, `NoSpace` where the disk is full, and `FeedError` where it cannot be used otherwise.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seal = path.with_suffix(".seal")
        self._is_sound = True
        is_sealed = not path.exists() or self._is_sealed()
        try:
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None)
        except sqlite3.DatabaseError as error:
            raise self._failure(error) from error
        try:
            self._prepare(is_sealed)
        except BaseException:
            self._db.close()
            raise

    def known(self, id: str) -> Known | None:
        """Return what the feed holds of the article."""
        return next(map(_known, self._run("SELECT * FROM known WHERE id = ?", id)), None)

    def __contains__(self, id: str) -> bool:
        """Whether the article is published."""
        return bool(self._run("SELECT 1 FROM known WHERE id = ?", id))

    def discover(self, id: str, *, url: str, category: str | None, listed_as: str | None, seen_at: str) -> None:
        """Make a new article pending, add what was missing to a pending one, ignore a published one."""
        self._run(DISCOVER, id=id, url=url, category=category, listed_as=listed_as, seen_at=seen_at)

    def pending(self) -> list[Pending]:
        """Return what is still to come, oldest first."""
        rows = self._run("SELECT * FROM pending WHERE NOT set_aside ORDER BY first_seen_at, id")
        return [Pending(*row) for *row, _ in rows]

    def pending_one(self, id: str) -> Pending | None:
        """Return the article if it is still to come."""
        rows = self._run("SELECT * FROM pending WHERE id = ? AND NOT set_aside", id)
        return next((Pending(*row) for *row, _ in rows), None)

    def failed(self, id: str, *, reason: str, at: str) -> int:
        """Count a failed attempt at a pending article; return its attempts, 0 if it is not pending."""
        self._run("UPDATE pending SET attempts = attempts + 1, reason = ?, tried_at = ? WHERE id = ?", reason, at, id)
        return self._number("SELECT attempts FROM pending WHERE id = ?", id)

    def give_up(self, id: str, *, reason: str, at: str) -> None:
        """Set a pending article aside: it is no longer pending, and not discovered again."""
        self._run("UPDATE pending SET set_aside = 1, reason = ?, tried_at = ? WHERE id = ?", reason, at, id)

    def set_aside(self, id: str) -> bool:
        """Whether the article was given up."""
        return bool(self._number("SELECT set_aside FROM pending WHERE id = ?", id))

    def checked(
        self,
        id: str,
        *,
        at: str,
        listed_as: str | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> None:
        """Note that a published article was looked at and is as published; None keeps what was noted before."""
        values = {"listed_as": listed_as, "etag": etag, "last_modified": last_modified}
        self._run(CHECKED, id=id, at=at, looked=_epoch(at), **values)

    def missed(self, id: str, *, at: str) -> int:
        """Note that a published article was gone; return how often in a row, 0 if it is not published."""
        self._run("UPDATE known SET misses = misses + 1, checked_at = ?, looked = ? WHERE id = ?", at, _epoch(at), id)
        return self._number("SELECT misses FROM known WHERE id = ?", id)

    def due(self, now: datetime, ages_hours: Sequence[float]) -> list[Known]:
        """Return the published articles to be looked at again, oldest first.

        An article is due at each of these ages, counted from `first_seen_at`, until it was checked at that age or
        older, and in every run while it is missed. Withdrawn ones never are, nor ones a week past the last age.
        """
        ages = [timedelta(hours=age) for age in sorted(ages_hours)]
        found = self._run("SELECT * FROM known WHERE misses > 0 AND status <> 'withdrawn'")
        for age, next_age in zip(ages, [*ages[1:], ages[-1] + REBUILT] if ages else [], strict=True):
            window = int((now - next_age).timestamp()), int((now - age).timestamp())
            found += self._run(DUE, *window, age.total_seconds())
        return sorted(map(_known, found), key=lambda known: (known.first_seen_at, known.id))

    def note(self, key: str, value: str | None) -> None:
        """Keep a small fact; None forgets it."""
        self._run("INSERT OR REPLACE INTO note VALUES (?, ?)", key, value)

    def noted(self, key: str) -> str | None:
        """Return the fact kept under this key."""
        return next((value for (value,) in self._run("SELECT value FROM note WHERE key = ?", key)), None)

    def notes(self, beginning: str) -> list[tuple[str, str]]:
        """Return the facts kept under keys that begin so."""
        rows = self._run("SELECT * FROM note WHERE key >= ? AND key < ? || char(0x10ffff)", beginning, beginning)
        return [(key, value) for key, value in rows if value is not None]

    def counts(self) -> Counts:
        """Return how many there are of each; takes time with their number."""
        known = self._number("SELECT count(*) FROM known")
        aside = self._number("SELECT count(*) FROM pending WHERE set_aside")
        return Counts(known, self._number("SELECT count(*) FROM pending") - aside, aside)

    def key(self, line: bytes) -> Hashable:
        """Return a line's id and revision. Raises ValueError if it is no record."""
        return _read(line)[:2]

    def holds(self, key: Hashable) -> bool:
        """Whether this revision, or a later one, is published."""
        return bool(self._run("SELECT 1 FROM known WHERE id = ? AND revision >= ?", *cast("tuple[str, int]", key)))

    def learn(self, lines: Sequence[tuple[int, bytes]], extent: Extent) -> list[int]:
        """Take in published lines: they are known, and no longer pending."""
        bad = []
        with self._transaction():
            for offset, line in lines:
                try:
                    self._learn(offset, line)
                except ValueError:
                    bad.append(offset)
            self._run("INSERT OR REPLACE INTO extent VALUES (?, ?, ?, ?, ?)", *astuple(extent))
        if not extent.head:
            self._run("PRAGMA wal_checkpoint")
        return bad

    def extents(self) -> list[Extent]:
        """Return how far each file was learned."""
        return [Extent(*row) for row in self._run("SELECT * FROM extent")]

    def forget(self) -> None:
        """Empty the index."""
        with self._transaction():
            for statement in ("DELETE FROM known", "DELETE FROM pending", "DELETE FROM extent", "DELETE FROM note"):
                self._run(statement)

    def close(self) -> None:
        """Close the index and seal it: who opens it next need not check it."""
        self._db.close()
        if self._is_sound:
            with suppress(OSError):  # without a seal the index is checked, no more
                self._seal.write_text(self._state())

    def _prepare(self, is_sealed: bool) -> None:
        self._run("PRAGMA journal_mode = WAL")
        self._run("PRAGMA synchronous = NORMAL")
        if not is_sealed and self._run("PRAGMA integrity_check(1)") != [("ok",)]:
            raise Damaged(f"{self._path}: the integrity check failed")
        with self._transaction():
            version = self._number("PRAGMA user_version")
            if version not in (0, SCHEMA):
                raise Damaged(f"{self._path}: it is of version {version}, not {SCHEMA}")
            for statement in TABLES.split(";") if version == 0 else ():
                self._run(statement)

    def _learn(self, offset: int, line: bytes) -> None:
        article = _read(line)
        seen, looked = _epoch(article.first_seen_at), _epoch(article.checked_at)
        self._run(LEARN, **article._asdict(), offset=offset, seen=seen, looked=looked)
        self._run("DELETE FROM pending WHERE id = ?", article.id)

    def _run(self, sql: str, *values: object, **named: object) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, named or values).fetchall()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise self._failure(error) from error

    def _failure(self, error: sqlite3.DatabaseError | UnicodeDecodeError) -> Exception:
        """Return what to raise for an error of SQLite; a mistake of ours stays what it is."""
        # Text that is no UTF-8 is reported without a code.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return NoSpace(f"{self._path}: no space left; make room and start again, nothing is lost")
        if code in DAMAGE and not isinstance(error, sqlite3.ProgrammingError):
            self._is_sound = False
            self._seal.unlink(missing_ok=True)
            return Damaged(f"{self._path}: {error}; the next run rebuilds it from the feed")
        return FeedError(f"{self._path}: {error}") if isinstance(error, sqlite3.OperationalError) else error

    def _number(self, sql: str, *values: object) -> int:
        return next((int(row[0]) for row in self._run(sql, *values)), 0)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._run("BEGIN IMMEDIATE")
        try:
            yield
            self._run("COMMIT")
        except BaseException:
            self._db.rollback()
            raise

    def _state(self) -> str:
        stat = self._path.stat()
        return f"{stat.st_size} {stat.st_mtime_ns}"

    def _is_sealed(self) -> bool:
        try:
            return self._seal.read_text() == self._state()
        except (FileNotFoundError, UnicodeDecodeError):
            return False


class _Line(NamedTuple):
    """What the index takes from a line, in the order of `Known`."""

    id: str
    revision: int
    status: str
    content_hash: str
    url: str
    category: str | None
    first_seen_at: str
    checked_at: str


def _read(line: bytes) -> _Line:
    try:
        data = json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(data, dict) or not isinstance(data.get("id"), str) or not data["id"]:
        raise ValueError("no record with an id")
    revision = data.get("revision")
    if not isinstance(revision, int) or not 0 < revision < 1 << 31:
        raise ValueError("no revision")
    text = {key: value for key, value in data.items() if isinstance(value, str)}
    status, content_hash, url, first_seen_at, fetched_at = (
        text.get(key, "") for key in ("status", "content_hash", "url", "first_seen_at", "fetched_at")
    )
    return _Line(data["id"], revision, status, content_hash, url, text.get("category"), first_seen_at, fetched_at)


def _known(row: tuple[Any, ...]) -> Known:
    return Known(*row[:-2])


def _epoch(time: str) -> int:
    """Seconds since 1970, for comparison in SQL; 0 for what is no time."""
    try:
        moment = datetime.fromisoformat(time)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except ValueError:
        return 0
