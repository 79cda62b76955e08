"""Tables of the catalog in SQLite, their version, and the migrations from older versions.

The columns stand in the order of `Published` and `Pending`. New ones come last, because a migration can add them only
there. `first_seen` and `checked` are `first_seen_at` and `checked_at` in seconds since 1970. `fetched` is the earliest
`fetched_at` of an article's lines, likewise. A migration leaves the signatures empty, and opening signs all lines.
"""

VERSION = 4

AGE_INDEXES = """
CREATE INDEX published_age ON published (first_seen, checked) WHERE status <> 'withdrawn';
CREATE INDEX published_missing ON published (id) WHERE missing_runs > 0 AND status <> 'withdrawn';
"""

SIGNATURE_TABLES = """
CREATE TABLE signature (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, day INTEGER NOT NULL,
    fetched INTEGER NOT NULL, duplicate_of TEXT, keys TEXT NOT NULL, data BLOB NOT NULL
);
CREATE TABLE signature_key (
    key INTEGER NOT NULL, day INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (key, day, article)
) WITHOUT ROWID;
"""

TABLES = f"""
CREATE TABLE published (
    id TEXT PRIMARY KEY, revision INTEGER NOT NULL, status TEXT NOT NULL, content_hash TEXT NOT NULL,
    url TEXT NOT NULL, category TEXT, first_seen_at TEXT NOT NULL, checked_at TEXT NOT NULL, offset INTEGER NOT NULL,
    headline TEXT, etag TEXT, last_modified TEXT, missing_runs INTEGER NOT NULL,
    first_seen INTEGER NOT NULL, checked INTEGER NOT NULL, listed_run INTEGER NOT NULL DEFAULT 0,
    missing_since TEXT, fruitless_checks INTEGER NOT NULL DEFAULT 0
);
{AGE_INDEXES}
CREATE TABLE pending (
    id TEXT PRIMARY KEY, url TEXT NOT NULL, category TEXT, headline TEXT, first_seen_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, reason TEXT, tried_at TEXT, abandoned INTEGER NOT NULL DEFAULT 0,
    listed_run INTEGER NOT NULL DEFAULT 0, gone_runs INTEGER NOT NULL DEFAULT 0, gone_since TEXT
);
CREATE TABLE checkpoint (inode INTEGER PRIMARY KEY, head TEXT, offset INTEGER, size INTEGER, mtime_ns INTEGER);
CREATE TABLE note (key TEXT PRIMARY KEY, value TEXT);
{SIGNATURE_TABLES}
PRAGMA user_version = {VERSION}
"""

MIGRATIONS = {
    1: f"""
ALTER TABLE known RENAME TO published;
ALTER TABLE published RENAME COLUMN listed_as TO headline;
ALTER TABLE published RENAME COLUMN misses TO missing_runs;
ALTER TABLE published RENAME COLUMN seen TO first_seen;
ALTER TABLE published RENAME COLUMN looked TO checked;
ALTER TABLE published ADD COLUMN listed_run INTEGER NOT NULL DEFAULT 0;
DROP INDEX known_age;
DROP INDEX known_missed;
{AGE_INDEXES}
ALTER TABLE pending RENAME COLUMN listed_as TO headline;
ALTER TABLE pending RENAME COLUMN set_aside TO abandoned;
ALTER TABLE pending ADD COLUMN listed_run INTEGER NOT NULL DEFAULT 0;
ALTER TABLE extent RENAME TO checkpoint;
PRAGMA user_version = 2
""",
    2: f"""
{SIGNATURE_TABLES}
PRAGMA user_version = 3
""",
    3: """
ALTER TABLE published ADD COLUMN missing_since TEXT;
ALTER TABLE published ADD COLUMN fruitless_checks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pending ADD COLUMN gone_runs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pending ADD COLUMN gone_since TEXT;
PRAGMA user_version = 4
""",
}
"""Scripts by the version that they leave."""
