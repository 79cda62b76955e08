"""Articles for the tests of reader and formats: ordinary ones, and one with every difficult value."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

from jiji.items import Article, Dateline, Image

HOSTILE = '=cmd|"/C calc"!A1</script><script>alert(1)</script>, "q"; \'s\n\nSecond & last]]>'


def article(number: int, **fields: object) -> Article:
    """Return a plain article of 27 January 2026; `number` is the end of its ID."""
    plain = Article(
        id=f"20260127{number:05d}", url=f"https://jen.jiji.com/jc/eng?g=eco&k=20260127{number:05d}", section="national",
        headline=f"Ferry {number} Runs Again", published_date="2026-01-27", body=f"Ferry {number} ran.\n\nIt was full.",
        content_hash=f"{number:064x}", first_seen_at="2026-01-27T00:10:00Z", fetched_at="2026-01-27T00:30:00Z",
        layout="ArticlePage",
    )  # fmt: skip
    return replace(plain, **fields)  # type: ignore[arg-type] # the tests name existing fields


FULL = article(
    99_999, headline="+1 in Ome: 日本 \U0001f600", body=HOSTILE, authors=["Aki Doi", "@Rei Ito"], category="sports",
    dateline=Dateline("Ome, Tokyo, Jan. 27", ["Ome, Tokyo"], "2026-01-27", "Jiji Press"),
    published_at="2026-01-27T09:30:00+09:00", modified_at="2026-01-27T01:00:00Z", published_source="page",
    images=[
        Image("https://jen.jiji.com/a.jpg", "-A <ferry>", "Pool photo"), Image("https://jen.jiji.com/b.jpg", None, None)
    ],
    near_duplicate_of="2026012700001", update_of="2026012700002", update=2, truncated=True,
)  # fmt: skip


def write_feed(path: Path, articles: Iterable[Article]) -> Path:
    """Append articles to a feed as a run does."""
    with path.open("ab") as feed:
        for each in articles:
            feed.write(json.dumps(asdict(each)).encode() + b"\n")
    return path
