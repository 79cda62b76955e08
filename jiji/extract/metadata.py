"""Machine-readable times of an article, in JSON-LD, ``meta`` and ``time`` elements, where they agree with the page."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import Enum

from jiji.extract.tree import Tree
from jiji.text.normalize import line
from jiji.text.wire_copy import is_same_headline
from jiji.text.zones import JAPAN

_LARGEST_SCRIPT = 100_000


class MachineTime(Enum):
    """Kind of a time: its names in ``meta`` elements and in JSON-LD."""

    PUBLISHED = "article:published_time", "datePublished"
    MODIFIED = "article:modified_time", "dateModified"


def machine_times(tree: Tree, kind: MachineTime, headline: str) -> list[datetime]:
    """Return the moments of a kind that a page declares for the article of a headline."""
    meta_name, json_name = kind.value
    # cases: metadata-json-ld-time-agrees, metadata-published-time-agrees
    declared = [
        meta.get("content") for meta in tree.css("meta") if meta_name in (meta.get("property"), meta.get("name"))
    ]
    for article in _json_articles(tree):
        # case: metadata-json-ld-of-another-headline
        if is_same_headline(line(str(article.get("headline", ""))), headline):
            declared.append(str(article.get(json_name, "")))
    return list(moments(declared))


def moments(texts: Iterable[str]) -> Iterator[datetime]:
    """Yield the moments in ISO 8601 among texts. A time without a zone is skipped.

    >>> [str(moment) for moment in moments(["2026-01-27T09:30:00+09:00", "2026-01-27", "yesterday"])]
    ['2026-01-27 09:30:00+09:00']
    """
    for text in texts:
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError:
            continue
        if moment.tzinfo is not None:
            yield moment


def agreed(declared: Iterable[datetime], days: set[date]) -> datetime | None:
    """Return the only moment on one of these days in Japan; None if there are several.

    >>> morning = datetime.fromisoformat("2026-01-27T09:30:00+09:00")
    >>> agreed([morning], {date(2026, 1, 27)}) == morning, agreed([morning], {date(2026, 1, 26)})
    (True, None)
    """
    # cases: metadata-json-ld-of-another-day, metadata-published-time-of-another-year
    found = list(dict.fromkeys(moment for moment in declared if moment.astimezone(JAPAN).date() in days))
    return found[0] if len(found) == 1 else None


def _json_articles(tree: Tree) -> Iterator[dict[str, object]]:
    for script in tree.css("script"):
        if script.get("type").lower() != "application/ld+json":
            continue
        try:
            parsed = json.loads(script.node.text()[:_LARGEST_SCRIPT])
        except (ValueError, RecursionError):  # case: metadata-json-ld-broken
            continue
        graph = parsed.get("@graph", [parsed]) if isinstance(parsed, dict) else parsed
        for node in graph if isinstance(graph, list) else []:
            kinds = node.get("@type", "") if isinstance(node, dict) else ""
            # case: metadata-json-ld-of-several-types
            if any(str(kind).endswith("Article") for kind in (kinds if isinstance(kinds, list) else [kinds])):
                yield node
