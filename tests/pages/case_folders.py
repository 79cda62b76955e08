"""Test cases of pages in this repository; `jiji.cases.case` describes and reads one."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from jiji.cases.case import INDEX, INDEX_PAGE_FIELDS, NOT_AN_ARTICLE, index_page_fields, page_fields, read

CASES = Path(__file__).parent / "cases"
ALL = sorted(case for case in CASES.glob("*/*") if case.is_dir())
"""Every case, also of a kind that nothing knows yet."""
ARTICLES = [case for case in ALL if case.parent.name not in (INDEX, NOT_AN_ARTICLE)]


def of_kind(kind: str) -> list[Path]:
    """Return the cases of a kind."""
    return [case for case in ALL if case.parent.name == kind]


def named(cases: Iterable[Path]) -> list[Any]:
    """Return cases as parameters with their names."""
    return [pytest.param(case, id=f"{case.parent.name}/{case.name}") for case in cases]


__all__ = [
    "ALL",
    "ARTICLES",
    "CASES",
    "INDEX",
    "INDEX_PAGE_FIELDS",
    "NOT_AN_ARTICLE",
    "index_page_fields",
    "named",
    "of_kind",
    "page_fields",
    "read",
]
