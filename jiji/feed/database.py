"""SQLite file that is checked before it is trusted, with errors as `FeedError`.

`synchronous` is NORMAL. In WAL mode a killed process loses nothing then, and a power cut loses at most the last
transactions, never the consistency of the file. FULL would cost a sync for each transaction.

Closing writes a seal beside the file: its size and time. As long as the seal fits, opening skips the integrity check,
which takes about 1.5 s a million rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_FSIZE, getrlimit
from typing import Any

from jiji.feed.durable import DISK, has_space
from jiji.feed.errors import (
    CatalogDamaged,
    CatalogLocked,
    FeedError,
    FileTooLarge,
    NoSpaceLeft,
    named_os_errors,
)
from jiji.feed.lock import lock_holders

DAMAGE = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
"""Error codes of a damaged or foreign file. ERROR is one, because our statements fit our own tables."""
FAILED_WRITES = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
"""Error codes of writes that fail for any cause, a full disk or quota among them."""
BUSY_SECONDS = 30.0
"""Seconds to wait for another program that locks the file."""


class Database:
    """The SQLite file at `path`, made from the script `tables` if it is missing.

    The version of the tables is `version`. A file of an older one is brought to it by the scripts in `migrations`, one
    for each version left behind. Every method raises `CatalogDamaged` where the file turns out to be damaged,
    `NoSpaceLeft` where the disk is full, `CatalogLocked` where another program locks the file, and `FeedError` where it
    cannot be used otherwise.
    """

    def __init__(self, path: Path, *, tables: str, version: int, migrations: Mapping[int, str]) -> None:
        self._path = path
        self._seal = path.with_suffix(".seal")
        self._is_sound = True
        is_sealed = not path.exists() or self._is_sealed()
        if not path.exists():
            with named_os_errors(path):
                path.touch()  # SQLite itself would not give a group the right to write that the umask leaves
        try:
            self.connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        except sqlite3.DatabaseError as error:
            raise self._named(error) from error
        try:
            self.run("PRAGMA journal_mode = WAL")
            self.run("PRAGMA synchronous = NORMAL")
            if not is_sealed and self.run("PRAGMA integrity_check(1)") != [("ok",)]:
                raise CatalogDamaged(f"{path}: integrity check failed")
            self._migrate({0: tables, **migrations}, version)
        except BaseException:
            self.connection.close()
            raise

    def run(self, sql: str, *values: object, **named: object) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        try:
            with DISK:
                return self.connection.execute(sql, named or values).fetchall()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise self._named(error) from error

    def run_each(self, sql: str, rows: Iterable[Mapping[str, object] | Sequence[object]]) -> None:
        """Run one statement with the values of each row. Much faster than a `run` for each."""
        try:
            with DISK:
                self.connection.executemany(sql, rows)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise self._named(error) from error

    def number(self, sql: str, *values: object) -> int:
        """Run one statement and return the number in its first row, 0 if there is no row."""
        return next((int(row[0]) for row in self.run(sql, *values)), 0)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all statements inside, or none of them."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            self.connection.rollback()
            raise

    def close(self) -> None:
        """Close the file and seal it."""
        with DISK:
            self.connection.close()
        if self._is_sound:
            with suppress(OSError):  # without a seal the file is checked when it is opened, no more
                self._seal.write_text(self._state())

    def _migrate(self, scripts: Mapping[int, str], version: int) -> None:
        """Bring the tables to the version in one transaction. Version 0 is an empty file."""
        with self.transaction():
            while (found := self.number("PRAGMA user_version")) != version:
                if found not in scripts:
                    raise CatalogDamaged(f"{self._path}: version {found} of the tables is unknown")
                for statement in scripts[found].split(";"):
                    self.run(statement)

    def _named(self, error: sqlite3.DatabaseError | UnicodeDecodeError) -> Exception:
        """Return the exception to raise for an error of SQLite. A programming error stays as it is."""
        # Text that is not UTF-8 is reported without a code.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        has_failed_to_write = code == sqlite3.SQLITE_FULL or code in FAILED_WRITES
        if has_failed_to_write and not has_space(self._path.parent):
            return NoSpaceLeft(self._path)
        is_write = code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
        if is_write and getrlimit(RLIMIT_FSIZE)[0] != RLIM_INFINITY:  # SQLite hides the cause
            return FileTooLarge(self._path)
        if code == sqlite3.SQLITE_FULL:
            return NoSpaceLeft(self._path)
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return CatalogLocked(self._path, lock_holders(self._path, self._path.with_name(f"{self._path.name}-shm")))
        if code in DAMAGE and not isinstance(error, sqlite3.ProgrammingError):
            self._is_sound = False
            self._seal.unlink(missing_ok=True)
            return CatalogDamaged(f"{self._path}: {error}; the next run rebuilds it from the feed")
        return FeedError(f"{self._path}: {error}") if isinstance(error, sqlite3.OperationalError) else error

    def _state(self) -> str:
        stat = self._path.stat()
        return f"{stat.st_size} {stat.st_mtime_ns}"

    def _is_sealed(self) -> bool:
        try:
            return self._seal.read_text() == self._state()
        except (FileNotFoundError, UnicodeDecodeError):
            return False
