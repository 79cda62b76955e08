"""Lines for a feed, and assertions on its files."""

import gzip
import json
from collections import Counter
from pathlib import Path

DAY = "2026-01-27T00:00:00+00:00"
NAME = "national"


def line(number: int, revision: int = 1, *, size: int = 0, seen: str = DAY) -> bytes:
    """Return one article's line with a body of `size` characters."""
    article = {
        "id": article_id(number),
        "revision": revision,
        "status": "new",
        "url": f"https://jen.jiji.com/jc/eng?g=eco&k={article_id(number)}",
        "category": "economy",
        "body": "x" * size,
        "content_hash": f"{number:064x}",
        "first_seen_at": seen,
        "fetched_at": seen,
    }
    return json.dumps(article).encode() + b"\n"


def article_id(number: int) -> str:
    return f"{number:013}"


def key(raw: bytes) -> tuple[int, int]:
    """Return the number and revision of the article in a line."""
    article = json.loads(raw)
    return int(article["id"]), article["revision"]


def files(output: Path) -> list[Path]:
    return sorted(path for path in output.glob(f"{NAME}.jsonl*") if path.is_file())


def decompressed(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def keys(output: Path) -> list[tuple[int, int]]:
    """Return the key of every line in the feed's files. Fail if one of them is not a whole record."""
    found = []
    for path in files(output):
        text = decompressed(path)
        assert not text or text.endswith(b"\n"), f"torn line at the end of {path.name}"
        try:
            found += [key(raw) for raw in text.splitlines()]
        except ValueError as error:
            raise AssertionError(f"invalid record in {path.name}: {error}") from error
    return found


def assert_exactly(output: Path, expected: range | set[int]) -> None:
    """Assert that each of these articles, and no other, is once in the feed's files."""
    count = Counter(number for number, _ in keys(output))
    twice = [number for number, times in count.items() if times > 1]
    assert not twice, f"published twice: {twice}"
    assert set(count) == set(expected), f"lost: {set(expected) - set(count)}, unexpected: {set(count) - set(expected)}"
