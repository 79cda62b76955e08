"""Lines for the feed, and what must hold of a feed's files whatever happened."""

import gzip
import json
from collections import Counter
from pathlib import Path

DAY = "2026-01-27T00:00:00+00:00"
NAME = "national"


def line(number: int, revision: int = 1, *, size: int = 0, seen: str = DAY) -> bytes:
    """One article's line; `size` is the length of its body."""
    article = {
        "id": f"{number:013}",
        "revision": revision,
        "status": "new",
        "url": f"https://jen.jiji.com/jc/eng?g=eco&k={number:013}",
        "category": "economy",
        "body": "x" * size,
        "content_hash": f"{number:064x}",
        "first_seen_at": seen,
        "fetched_at": seen,
    }
    return json.dumps(article).encode() + b"\n"


def key(raw: bytes) -> tuple[int, int]:
    article = json.loads(raw)
    return int(article["id"]), article["revision"]


def files(output: Path) -> list[Path]:
    return sorted(path for path in output.glob(f"{NAME}.jsonl*") if path.is_file())


def content(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def keys(output: Path) -> list[tuple[int, int]]:
    """Id and revision of every line in the feed's files; fails if one of them is no whole record."""
    found = []
    for path in files(output):
        text = content(path)
        assert not text or text.endswith(b"\n"), f"{path.name} ends in the middle of a line"
        try:
            found += [key(raw) for raw in text.splitlines()]
        except ValueError as error:
            raise AssertionError(f"{path.name} holds what is no record: {error}") from error
    return found


def assert_exactly(output: Path, expected: range | set[int]) -> None:
    """Each of these articles stands in the feed's files once, and nothing else does."""
    count = Counter(number for number, _ in keys(output))
    twice = [number for number, times in count.items() if times > 1]
    assert not twice, f"twice: {twice}"
    assert set(count) == set(expected), f"lost {set(expected) - set(count)}, too many {set(count) - set(expected)}"
