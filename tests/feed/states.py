"""States in which a run can find a feed, made for the tests."""

import sqlite3
from contextlib import closing
from pathlib import Path

from jiji.feed.feed import Feed
from jiji.feed.line_index import head_digest
from jiji.feed.write_ahead import WriteAheadRecord
from tests.feed.lines import DAY, NAME, article_id, line


def feed_path(output: Path) -> Path:
    return output / f"{NAME}.jsonl"


def state_path(output: Path, suffix: str) -> Path:
    return output / "state" / f"{NAME}{suffix}"


def publish(output: Path, *numbers: int, size: int = 0) -> None:
    """Publish articles in one run."""
    with closing(Feed(output, NAME)) as feed:
        for number in numbers:
            feed.append(line(number, size=size))


def no_feed(output: Path) -> None:
    """Leave the folder empty, as before the first run."""


def three_articles(output: Path) -> None:
    publish(output, 0, 1, 2)


def rotated_feed(output: Path) -> None:
    publish(output, 0, 1, 2)
    feed_path(output).rename(output / f"{NAME}.jsonl.1")


def torn_line(output: Path) -> None:
    """Leave the feed as a writer does that dies in the middle of the third line."""
    publish(output, 0, 1)
    interrupt_append(output, line(2), line(2)[:50])


def torn_line_of_version_1(output: Path) -> None:
    """Leave a torn line with its record under the name of the first version."""
    torn_line(output)
    state_path(output, ".write-ahead").rename(state_path(output, ".intent"))


def interrupt_append(output: Path, payload: bytes, written: bytes) -> None:
    """Leave feed and write-ahead record as a writer does that dies in an append when these bytes are written."""
    path = feed_path(output)
    record = WriteAheadRecord(path.stat().st_ino, path.stat().st_size, payload)
    state_path(output, ".write-ahead").write_bytes(record.encode())
    with path.open("ab") as feed:
        feed.write(written)


def line_not_indexed(output: Path) -> None:
    """Leave the feed as a writer does that dies between append and index."""
    publish(output, 0, 1)
    interrupt_append(output, line(2), line(2))


def torn_line_rotated(output: Path) -> None:
    torn_line(output)
    feed_path(output).rename(output / f"{NAME}.jsonl.1")


def catalog_missing(output: Path) -> None:
    three_articles(output)
    state_path(output, ".sqlite").unlink()


def catalog_damaged(output: Path) -> None:
    three_articles(output)
    path = state_path(output, ".sqlite")
    path.write_bytes(b"\xff" * path.stat().st_size)


VERSION_1 = """
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


def catalog_of_version_1(output: Path) -> None:
    """Leave the catalog as the first version of its tables made it, with an article pending and one abandoned."""
    three_articles(output)
    path, stat = state_path(output, ".sqlite"), feed_path(output).stat()
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.executescript(VERSION_1)
        for number in range(3):
            article = (article_id(number), 1, "new", "hash", "u", "economy", DAY, DAY, number * len(line(0)))
            check = ("Headline", '"x"', "Tue", number, 1769472000, 1769472000)
            db.execute("INSERT INTO known VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", article + check)
        pending = (article_id(3), "u", "politics", "Third", DAY, 2, "timeout", DAY, 0)
        abandoned = (article_id(4), "u", None, None, DAY, 40, "HTTP 500", DAY, 1)
        db.executemany("INSERT INTO pending VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [pending, abandoned])
        extent = (stat.st_ino, head_digest(line(0)), stat.st_size, stat.st_size, stat.st_mtime_ns)
        db.execute("INSERT INTO extent VALUES (?, ?, ?, ?, ?)", extent)
        db.executemany("INSERT INTO note VALUES (?, ?)", [("walked_at", DAY), ("died on x", "2"), ("gone", None)])
        db.commit()


STATES = (
    no_feed,
    three_articles,
    rotated_feed,
    torn_line,
    torn_line_of_version_1,
    line_not_indexed,
    torn_line_rotated,
    catalog_missing,
    catalog_damaged,
    catalog_of_version_1,
)


def private_folders(path: Path) -> list[Path]:
    """Return the folders above a path that nobody but their owner may enter, as those of pytest are."""
    return [folder for folder in path.parents if not folder.stat().st_mode & 0o077]
