"""Catalog of a feed: its published, pending and abandoned articles, in SQLite, derived from the feed.

After a power cut the last transactions may be missing. Published articles are then indexed again from the feed, which
is synced before it is indexed. Pending ones are still on the site's index pages. Only the announcement of a new file is
made durable at once, because without it that file would look like another feed's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, cast

from jiji.feed import schema
from jiji.feed.article_line import ArticleLine, epoch, is_plain_line
from jiji.feed.database import Database
from jiji.feed.line_index import Checkpoint
from jiji.feed.signatures import Signatures, Signer

LAST_RUN = "SELECT CAST(value AS INTEGER) FROM note WHERE key = 'run'"
LAST_LINE = "last line"
"""Note of article ID and revision of the feed's last line."""
PARTIAL = "partial"
"""Note of a catalog that is being rebuilt."""
GRACE = timedelta(days=7)
"""Time after its last check was due in which an article is still checked. A rebuilt catalog re-reads no archive."""

FIND = """
SELECT 1, * FROM published WHERE id = :id
UNION ALL SELECT 0, *, NULL, NULL, NULL, NULL, NULL, NULL FROM pending WHERE id = :id
"""
ADD_PENDING = """
INSERT INTO pending (id, url, category, headline, first_seen_at, listed_run)
SELECT :id, :url, :category, :headline, :at, :run WHERE NOT EXISTS (SELECT 1 FROM published WHERE id = :id)
ON CONFLICT (id) DO UPDATE SET url = :url, category = coalesce(category, :category),
    headline = coalesce(:headline, headline)
"""
PUBLISH = """
-- values of an `ArticleLine`, and the offset
INSERT INTO published VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?11, (SELECT headline FROM pending WHERE id = ?1),
    NULL, NULL, 0, ?9, ?10, coalesce((SELECT listed_run FROM pending WHERE id = ?1), 0), NULL, 0)
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, status = excluded.status,
    content_hash = coalesce(nullif(excluded.content_hash, ''), content_hash),
    url = coalesce(nullif(excluded.url, ''), url), category = coalesce(excluded.category, category),
    first_seen = iif(excluded.first_seen > 0, excluded.first_seen, first_seen),
    first_seen_at = iif(excluded.first_seen > 0, excluded.first_seen_at, first_seen_at),
    offset = excluded.offset, missing_runs = iif(excluded.revision > revision, 0, missing_runs),
    missing_since = iif(excluded.revision > revision, NULL, missing_since),
    fruitless_checks = iif(excluded.revision > revision, 0, fruitless_checks),
    checked_at = iif(excluded.checked > checked, excluded.checked_at, checked_at),
    checked = max(excluded.checked, checked)
WHERE excluded.revision >= revision
"""
RECORD_CHECK = """
UPDATE published SET checked_at = :at, checked = :checked, missing_runs = 0, missing_since = NULL,
    fruitless_checks = fruitless_checks + :fruitless, headline = coalesce(:headline, headline),
    etag = coalesce(:etag, etag), last_modified = coalesce(:last_modified, last_modified) WHERE id = :id
"""
DUE = """
SELECT * FROM published INDEXED BY published_age WHERE status <> 'withdrawn' AND missing_runs = 0
    AND first_seen > ? AND first_seen <= ? AND checked < first_seen + ? AND url <> ''
"""
MISSING = """
SELECT * FROM published INDEXED BY published_missing WHERE missing_runs > 0 AND status <> 'withdrawn' AND url <> ''
"""


Validator = Callable[[bytes], bool]
"""Judges whether a line that names an article is as the project writes it."""


@dataclass(frozen=True, slots=True)
class Published:
    """An article that the feed holds. Times are ISO 8601 in UTC."""

    id: str
    revision: int
    status: str
    content_hash: str
    url: str
    category: str | None
    first_seen_at: str
    checked_at: str
    offset: int
    """Bytes in front of its last line in the feed."""
    headline: str | None
    """Headline in its last listing."""
    etag: str | None
    last_modified: str | None
    missing_runs: int
    """Runs in a row in which it was missing from the site."""
    listed_run: int
    """Number of the run that listed it first. 0 if unknown."""
    missing_since: str | None = None
    """Time of the first of `missing_runs`."""
    fruitless_checks: int = 0
    """Checks because of another headline in a list that found the same article."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An article that was listed and is not published. Times are ISO 8601 in UTC."""

    id: str
    url: str
    category: str | None
    headline: str | None
    """Headline in its last listing."""
    first_seen_at: str
    attempts: int
    reason: str | None
    """Cause of the last failure."""
    tried_at: str | None
    abandoned: bool
    listed_run: int
    """Number of the run that listed it first. 0 if unknown."""
    gone_runs: int = 0
    """Runs in a row in which it was neither on the site nor listed."""
    gone_since: str | None = None
    """Time of the first of `gone_runs`."""


class Counts(NamedTuple):
    """Numbers of articles by state."""

    published: int
    pending: int
    abandoned: int


class Catalog:
    """The catalog in the SQLite file at `path`, made if it is missing. It is the `LineIndex` of an append log.

    `last_run` is the number of the last run, for a catalog that is rebuilt. `signer` makes the signatures, and
    `is_valid` judges lines. Each method is one transaction and raises `CatalogDamaged`, `NoSpaceLeft`, `LockHeld` or,
    if the file cannot be used otherwise, `FeedError`.
    """

    def __init__(
        self, path: Path, *, last_run: int = 0, signer: Signer | None = None, is_valid: Validator = is_plain_line
    ) -> None:
        self._is_valid = is_valid
        self._database = Database(path, tables=schema.TABLES, version=schema.VERSION, migrations=schema.MIGRATIONS)
        self._run = self._database.run
        self._keyed: dict[bytes, ArticleLine] = {}
        """Values of the lines whose keys were asked for, so that an append parses each line once."""
        try:
            self.signatures = Signatures(self._database, signer)
        except BaseException:
            self._database.close()
            raise
        if last_run:
            self.note("run", str(last_run))

    def together(self) -> AbstractContextManager[None]:
        """Make the calls inside one transaction, which writes once. No line may be indexed inside."""
        return self._database.transaction()

    def begin_run(self) -> int:
        """Return the number of a new run: 1, 2, ..."""
        run = self._database.number(LAST_RUN) + 1
        self.note("run", str(run))
        return run

    def find(self, id: str) -> Published | Pending | None:
        """Return the article in whichever state it is, None if it was never listed."""
        for is_published, *row in self._run(FIND, id=id):
            return _published(row) if is_published else _pending(row)
        return None

    def published(self, id: str) -> Published | None:
        """Return the article if it is published."""
        return next(map(_published, self._run("SELECT * FROM published WHERE id = ?", id)), None)

    def pending(self) -> list[Pending]:
        """Return the pending articles that are not abandoned, the oldest first."""
        rows = self._run("SELECT * FROM pending WHERE NOT abandoned ORDER BY first_seen_at, id")
        return list(map(_pending, rows))

    def pending_count(self) -> int:
        """Return the number of pending articles that are not abandoned."""
        return self._database.number("SELECT count(*) FROM pending WHERE NOT abandoned")

    def add_pending(self, id: str, *, url: str, category: str | None, headline: str | None, at: str, run: int) -> None:
        """Add a listed article.

        A pending one keeps its values, gets the missing ones, and always the newest URL and headline. A published one
        is ignored.
        """
        self._run(ADD_PENDING, id=id, url=url, category=category, headline=headline, at=at, run=run)

    def record_failure(self, id: str, *, reason: str, at: str, counts: bool = True) -> int:
        """Record a failed attempt at a pending article, and return its attempts, 0 if it is not pending.

        An attempt that does not count, as in an outage, leaves their number.
        """
        sql = "UPDATE pending SET attempts = attempts + ?, reason = ?, tried_at = ? WHERE id = ?"
        self._run(sql, int(counts), reason, at, id)
        return self._database.number("SELECT attempts FROM pending WHERE id = ?", id)

    def record_gone(self, id: str, *, at: str) -> Pending | None:
        """Record that a pending article is neither on the site nor listed, and return it."""
        sql = "UPDATE pending SET gone_runs = gone_runs + 1, gone_since = coalesce(gone_since, ?) WHERE id = ?"
        self._run(sql, at, id)
        return next(map(_pending, self._run("SELECT * FROM pending WHERE id = ?", id)), None)

    def abandon(self, id: str, *, is_deleted: bool = False) -> None:
        """Abandon a pending article: it was deleted, or it failed too often."""
        sql = "UPDATE pending SET abandoned = 1, gone_runs = iif(?, gone_runs, 0), gone_since = NULL WHERE id = ?"
        self._run(sql, is_deleted, id)

    def record_listed(self, id: str) -> None:
        """Record that an article that was gone is listed: it is missing no more, and abandoned no more if deleted."""
        sql = """UPDATE pending SET attempts = iif(abandoned, 0, attempts), abandoned = 0, gone_runs = 0,
            gone_since = NULL WHERE id = ? AND gone_runs > 0"""
        self._run(sql, id)
        self._run("UPDATE published SET missing_runs = 0, missing_since = NULL WHERE id = ?", id)

    def restore(self, id: str) -> None:
        """Make an abandoned article pending again, as if it was never tried."""
        self._run("UPDATE pending SET abandoned = 0, attempts = 0 WHERE id = ? AND abandoned", id)

    def abandoned(self, most: int) -> list[Pending]:
        """Return the articles that were abandoned last."""
        return list(
            map(_pending, self._run("SELECT * FROM pending WHERE abandoned ORDER BY tried_at DESC LIMIT ?", most))
        )

    def record_check(
        self,
        id: str,
        *,
        at: str,
        headline: str | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        is_fruitless: bool = False,
    ) -> None:
        """Record that the site still has a published article. None keeps the value recorded before."""
        values = {"headline": headline, "etag": etag, "last_modified": last_modified, "fruitless": int(is_fruitless)}
        self._run(RECORD_CHECK, id=id, at=at, checked=epoch(at), **values)

    def record_missing(self, id: str, *, at: str) -> Published | None:
        """Record that a published article is missing from the site, and return it."""
        sql = """UPDATE published SET missing_runs = missing_runs + 1, missing_since = coalesce(missing_since, ?),
            checked_at = ?, checked = ? WHERE id = ?"""
        self._run(sql, at, at, epoch(at), id)
        return self.published(id)

    def due(self, now: datetime, ages_hours: Sequence[float]) -> list[Published]:
        """Return the published articles to be checked again, the oldest first.

        An article is due at each of these ages, counted from `first_seen_at`, until it was checked at that age or
        older. A missing one is due in every run. Withdrawn ones never are, nor ones a week past the last age.
        """
        ages = [timedelta(hours=age) for age in sorted(ages_hours)]
        rows = self._run(MISSING)
        for age, next_age in zip(ages, [*ages[1:], ages[-1] + GRACE] if ages else [], strict=True):
            window = int((now - next_age).timestamp()), int((now - age).timestamp())
            rows += self._run(DUE, *window, age.total_seconds())
        return sorted(map(_published, rows), key=lambda article: (article.first_seen_at, article.id))

    def urls(self) -> list[str]:
        """Return the URLs of the first and the last article that became published."""
        sql = "SELECT url FROM published WHERE rowid IN (SELECT {}(rowid) FROM published WHERE url <> '')"
        return [url for end in ("min", "max") for (url,) in self._run(sql.format(end))]

    def note(self, key: str, value: str | None) -> None:
        """Keep a small fact. None removes it."""
        if value is None:
            self._run("DELETE FROM note WHERE key = ?", key)
        else:
            self._run("INSERT OR REPLACE INTO note VALUES (?, ?)", key, value)

    def noted(self, key: str) -> str | None:
        """Return the fact under this key."""
        return next((value for (value,) in self._run("SELECT value FROM note WHERE key = ?", key)), None)

    def notes(self, prefix: str) -> list[tuple[str, str]]:
        """Return the facts whose keys begin so."""
        rows = self._run("SELECT * FROM note WHERE key >= ? AND key < ? || char(0x10ffff)", prefix, prefix)
        return [(key, value) for key, value in rows if value is not None]

    def counts(self) -> Counts:
        """Return the numbers of articles. The time grows with them."""
        published = self._database.number("SELECT count(*) FROM published")
        abandoned = self._database.number("SELECT count(*) FROM pending WHERE abandoned")
        return Counts(published, self.pending_count(), abandoned)

    def key(self, line: bytes) -> Hashable:
        """Return a line's article ID and revision. Raises ValueError if the line holds no article."""
        values = self._keyed[line] = ArticleLine.parse(line)
        return values[:2]

    def holds(self, key: Hashable) -> bool:
        """Return whether this revision of an article, or a later one, is published."""
        sql = "SELECT 1 FROM published WHERE id = ? AND revision >= ?"
        return bool(self._run(sql, *cast("tuple[str, int]", key)))

    def last_key(self) -> Hashable | None:
        """Return article ID and revision of the feed's last line, None if it is unknown."""
        article_id, _, revision = (self.noted(LAST_LINE) or "").partition(" ")
        return (article_id, int(revision)) if revision.isdecimal() else None

    def index(self, lines: Sequence[tuple[int, bytes]], checkpoint: Checkpoint, *, are_last: bool = False) -> list[int]:
        """Make the articles of lines published, and return the offsets of lines that hold no valid article."""
        damaged: list[int] = []
        articles = list(self._articles(lines, damaged))
        self._keyed.clear()
        with self._database.transaction():
            self._publish(articles)
            if are_last and articles:
                last = articles[-1].values
                self.note(LAST_LINE, f"{last.id} {last.revision}")
            self._run("INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?, ?)", *checkpoint.row)
        if checkpoint.is_announced:
            self._run("PRAGMA wal_checkpoint")
        return damaged

    def checkpoints(self) -> list[Checkpoint]:
        """Return how far each file was indexed."""
        return [Checkpoint(*row) for row in self._run("SELECT * FROM checkpoint")]

    @property
    def is_partial(self) -> bool:
        """Whether the feed's files were never read to their end."""
        return self.noted(PARTIAL) is not None

    @is_partial.setter
    def is_partial(self, is_partial: bool) -> None:
        if is_partial != self.is_partial:
            self.note(PARTIAL, "yes" if is_partial else None)

    def close(self) -> None:
        """Close the catalog."""
        self._database.close()

    def _articles(self, lines: Sequence[tuple[int, bytes]], damaged: list[int]) -> Iterator[_Placed]:
        """Yield the articles in lines; add the offsets of lines that hold no valid article to `damaged`."""
        for offset, line in lines:
            try:
                values = self._keyed.pop(line, None) or ArticleLine.parse(line)
            except ValueError:
                damaged.append(offset)
                continue
            if not (is_valid := self._is_valid(line)):
                damaged.append(offset)
            yield _Placed(offset, line, values, is_valid)

    def _publish(self, articles: Sequence[_Placed]) -> None:
        """Make articles published. A line that is not valid is no history for other articles."""
        self._database.run_each(PUBLISH, (each.row for each in articles))
        self._database.run_each("DELETE FROM pending WHERE id = ?", ((each.values.id,) for each in articles))
        for each in articles:
            if each.is_valid:
                values = each.values
                self.signatures.sign(each.line, id=values.id, revision=values.revision, fetched=values.checked)


class _Placed(NamedTuple):
    """An article's line and its place in a file."""

    offset: int
    line: bytes
    values: ArticleLine
    is_valid: bool

    @property
    def row(self) -> tuple[object, ...]:
        """The values of `PUBLISH`."""
        values = self.values if self.is_valid else self.values._replace(category=None)
        return (*values, self.offset)


def salvaged_run(path: Path) -> int:
    """Return the number of the last run in a damaged catalog, 0 if it cannot be read."""
    uri = f"{path.resolve().as_uri()}?mode=ro"
    with suppress(sqlite3.Error, TypeError), closing(sqlite3.connect(uri, uri=True)) as damaged:
        return int(damaged.execute(LAST_RUN).fetchone()[0])
    return 0


def _published(row: Sequence[Any]) -> Published:
    return Published(*(*row[:13], *row[15:18]))


def _pending(row: Sequence[Any]) -> Pending:
    return Pending(*(*row[:8], bool(row[8]), *row[9:12]))
