"""Structure of a parsed page: everything but its words, to prove that a scrambled page parses like the original."""

import re
from typing import Any

from jiji.cases.case import Parsed

_EXACT = frozenset(
    "url id published_date published_at published_source modified_at layout dateline reason block_page urls sections"
    " pinned no_whole_headline pagination_links section_links own_section truncated".split()
)
"""Fields that are equal, words included."""


def difference(original: Parsed, scrambled: Parsed) -> str | None:
    """Return the first difference between two pages in words, None for the same structure."""
    if original.kind != scrambled.kind:
        detail = scrambled.result.get("detail", "")
        return f"the kind is {scrambled.kind} instead of {original.kind}{f' ({detail})' if detail else ''}"
    one, other = (parsed.page.rules if parsed.page else {} for parsed in (original, scrambled))
    if one != other:
        return f"the extraction rules are {other} instead of {one}"
    before, after = (parsed.result.get("item", parsed.result) for parsed in (original, scrambled))
    for name in before.keys() | after.keys():
        is_exact = name in _EXACT
        values = [value.get(name) for value in (before, after)]
        if (values if is_exact else list(map(_shape, values)))[0] != (
            values if is_exact else list(map(_shape, values))
        )[1]:
            return f"{name} has another structure: {_shape(values[1])!r} instead of {_shape(values[0])!r}"
    return None


def _shape(value: Any) -> Any:
    """Return a value with each letter as x or X.

    >>> _shape(["Rain Falls on 3 Towns", None])
    ['Xxxx Xxxxx xx 3 Xxxxx', None]
    """
    if isinstance(value, str) and "://" not in value:
        return re.sub(r"[^\W\d_]", lambda found: "X" if found[0].isupper() else "x", value)
    if isinstance(value, dict):
        return {key: _shape(each) for key, each in value.items()}
    return [_shape(each) for each in value] if isinstance(value, list | tuple) else value
