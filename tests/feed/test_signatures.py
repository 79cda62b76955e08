"""Signatures in the catalog: the search for similar articles, and its independence of what happened to the catalog."""

import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from jiji.feed.feed import Feed
from jiji.feed.signatures import MOST_CANDIDATES, Candidate, Signature
from tests.feed.lines import NAME, article_id
from tests.feed.states import catalog_of_version_1, feed_path, state_path


class Letters:
    """Makes a key of each letter of an article's text."""

    def __init__(self, version: str = "1") -> None:
        self.version = version

    def __call__(self, article: Mapping[str, Any]) -> Signature | None:
        text = article.get("body")
        return signed(text, article.get("day", 100)) if isinstance(text, str) and text else None


def signed(text: str, day: int = 100) -> Signature:
    return Signature([ord(letter) for letter in text], day, text.encode())


def line(number: int, text: str, revision: int = 1, *, duplicate_of: str | None = None, **more: object) -> bytes:
    """Return the line of an article that was fetched `number` minutes after midnight, a revision an hour later."""
    record = {
        "id": article_id(number),
        "revision": revision,
        "status": "new",
        "body": text,
        "near_duplicate_of": duplicate_of,
        "fetched_at": f"2026-01-27T{revision - 1:02}:{number:02}:00Z",
        **more,
    }
    return json.dumps(record).encode() + b"\n"


def found(output: Path, text: str, *, number: int = 99, day: int = 100, days: int = 7, version: str = "1") -> list[str]:
    with closing(Feed(output, NAME, Letters(version))) as feed:
        candidates = feed.catalog.signatures.candidates(signed(text, day), id=article_id(number), days=days)
        return [candidate.data.decode() for candidate in candidates]


def publish(output: Path, *lines: bytes) -> None:
    with closing(Feed(output, NAME, Letters())) as feed:
        for each in lines:
            assert feed.append(each)


def test_articles_with_common_keys_are_found_the_most_similar_first(tmp_path: Path) -> None:
    publish(tmp_path, line(1, "abcdef"), line(2, "bcdefg"), line(3, "axyz"), line(4, "bcdefg"))
    assert found(tmp_path, "bcdefgh") == ["bcdefg", "bcdefg", "abcdef"]
    assert found(tmp_path, "axw") == ["axyz"], "one common key is not enough"


def test_candidates_carry_what_their_line_says(tmp_path: Path) -> None:
    with closing(Feed(tmp_path, NAME, Letters())) as feed:
        feed.append(line(1, "abc", duplicate_of="x"))
        (candidate,) = feed.catalog.signatures.candidates(signed("abc"), id=article_id(9), days=1)
    assert candidate == Candidate(article_id(1), 1769472060, "x", b"abc")


def test_number_of_candidates_is_bounded(tmp_path: Path) -> None:
    publish(tmp_path, *(line(number, "abcd") for number in range(MOST_CANDIDATES + 5)))
    assert len(found(tmp_path, "abcd")) == MOST_CANDIDATES


@pytest.mark.parametrize(("day", "days", "is_found"), [(107, 7, True), (108, 7, False), (93, 7, True), (100, 0, False)])
def test_days_of_publication_bound_the_search(tmp_path: Path, day: int, days: int, is_found: bool) -> None:
    publish(tmp_path, line(1, "abcd"))
    assert found(tmp_path, "abcd", day=day, days=days) == ["abcd"] * is_found


def test_published_article_finds_only_those_before_it(tmp_path: Path) -> None:
    publish(tmp_path, line(1, "abcd"), line(2, "abcde"), line(3, "abcdef"))
    assert found(tmp_path, "abcd", number=2) == ["abcd"]


def test_published_article_does_not_find_one_that_links_to_it(tmp_path: Path) -> None:
    publish(tmp_path, line(5, "abcd"), line(1, "abcde", duplicate_of=article_id(5)))
    assert found(tmp_path, "abcd", number=5) == []


def test_later_revision_replaces_the_signature(tmp_path: Path) -> None:
    publish(tmp_path, line(1, "abcd"), line(1, "wxyz", revision=2))
    assert found(tmp_path, "abcd") == []
    assert found(tmp_path, "wxyz") == ["wxyz"]
    publish(tmp_path, line(2, "wxyz"))
    assert found(tmp_path, "wxyz", number=2) == ["wxyz"], "an article keeps the time of its first line"


def test_article_that_cannot_be_signed_is_published_and_not_found(tmp_path: Path) -> None:
    publish(tmp_path, line(1, "abcd"), line(1, "", revision=2), line(2, "", day=3))
    assert found(tmp_path, "abcd") == []


# ---- rebuilt


STATE = """
SELECT id, revision, signature.day, fetched, duplicate_of, keys, data, key
FROM signature LEFT JOIN signature_key ON article = number ORDER BY id, key
"""


def state_of(output: Path) -> list[tuple[Any, ...]]:
    """Return the signatures with their keys, in an order of their own."""
    with closing(sqlite3.connect(state_path(output, ".sqlite"))) as db:
        return db.execute(STATE).fetchall()


LINES = (
    line(1, "abcd"),
    line(2, "abcdef", duplicate_of=article_id(1)),
    line(3, "ghij"),
    line(1, "abxy", revision=2),
    line(4, "ghijk"),
)


def test_rebuilt_catalog_has_the_same_signatures(tmp_path: Path) -> None:
    publish(tmp_path, *LINES)
    before = state_of(tmp_path)
    state_path(tmp_path, ".sqlite").unlink()
    publish(tmp_path)
    assert state_of(tmp_path) == before


def test_signatures_do_not_depend_on_the_order_of_rotated_files(tmp_path: Path) -> None:
    publish(tmp_path, *LINES)
    before = state_of(tmp_path)
    for number, part in enumerate((LINES[3:], LINES[:3])):
        file = tmp_path / f"{NAME}.jsonl.{number}"
        file.write_bytes(b"".join(part))
        os.utime(file, (number, number))
    feed_path(tmp_path).unlink()
    state_path(tmp_path, ".sqlite").unlink()
    publish(tmp_path)
    assert state_of(tmp_path) == before


@pytest.mark.parametrize("lost", ["DELETE FROM note WHERE key = 'signer'", "UPDATE note SET value = '0'"])
def test_signatures_of_another_method_are_made_again(tmp_path: Path, lost: str) -> None:
    publish(tmp_path, *LINES)
    before = state_of(tmp_path)
    with closing(sqlite3.connect(state_path(tmp_path, ".sqlite"))) as db:
        db.execute("DELETE FROM signature WHERE id LIKE '%2'")
        db.execute(lost)
        db.commit()
    publish(tmp_path)
    assert state_of(tmp_path) == before
    assert found(tmp_path, "abxy", version="2") == ["abxy", "abcdef"]


def test_lines_published_without_a_signer_are_signed_later(tmp_path: Path) -> None:
    publish(tmp_path, *LINES[:2])
    with closing(Feed(tmp_path, NAME)) as feed:
        for each in LINES[2:]:
            feed.append(each)
    publish(tmp_path)
    after = state_of(tmp_path)
    state_path(tmp_path, ".sqlite").unlink()
    publish(tmp_path)
    assert state_of(tmp_path) == after
    assert len({row[0] for row in after}) == 4


def test_migration_signs_the_lines_of_the_feed_in_place(tmp_path: Path) -> None:
    catalog_of_version_1(tmp_path)
    with closing(Feed(tmp_path, NAME, Letters())) as feed:
        assert not list((tmp_path / "state").glob("*.damaged-*")), "rebuilt instead of migrated"
        assert feed.catalog.pending_count() == 1
        published = feed.catalog.published(article_id(1))
        assert published
        assert (published.headline, published.etag, published.missing_runs) == ("Headline", '"x"', 1)
        assert feed.append(line(9, "abcd"))
    with closing(sqlite3.connect(state_path(tmp_path, ".sqlite"))) as db:
        assert db.execute("SELECT count(*) FROM signature").fetchall() == [(4,)]


def test_another_feed_brings_its_own_signatures(tmp_path: Path) -> None:
    publish(tmp_path, *LINES)
    feed_path(tmp_path).write_bytes(line(7, "klmn"))
    Feed.reset(tmp_path, NAME, keeps_feed=True)
    assert found(tmp_path, "abcdefghij") == []
    assert found(tmp_path, "klmn") == ["klmn"]
