"""Renewal of test cases: the expected results by the rules of today, with the differences."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from difflib import unified_diff
from pathlib import Path

from jiji.cases.case import EXPECTED, NOT_AN_ARTICLE, Expected, as_json, read, renewed, write_expected


class UnknownCase(ValueError):
    """No case has this name."""


def find(cases: Path, names: Sequence[str]) -> list[Path]:
    """Return the cases with these names (``Kind/name`` or ``name``) or paths, all without a name.

    Raises UnknownCase.
    """
    every = sorted(path.parent for path in cases.glob(f"*/*/{EXPECTED}"))
    found: list[Path] = []
    for name in names:
        path = Path(name)
        matches = [case for case in every if name in (case.name, f"{case.parent.name}/{case.name}")]
        if not matches and path.is_dir():
            matches = [case for case in every if case.samefile(path)]
        if not matches:
            raise UnknownCase(f"no case {name!r} below {cases}")
        found += matches
    return found if names else every


def reparse(cases: Iterable[Path]) -> Iterator[str]:
    """Renew cases; yield the difference of each that changed. A case of another kind than before is moved."""
    for case in cases:
        kind = case.parent.name
        response, expected = read(case)
        parsed = renewed(kind, response, expected)
        if parsed.kind == kind and parsed.result == expected:
            continue
        place = case
        if parsed.kind != kind:
            place = case.parent.parent / parsed.kind / case.name
            if place.exists():
                raise UnknownCase(f"{case} is of the kind {parsed.kind} now, and {place} exists; rename one of them")
        yield _difference(case, place, expected, parsed.result)
        if place != case:
            place.parent.mkdir(exist_ok=True)
            shutil.move(case, place)
            if not any(case.parent.iterdir()):
                case.parent.rmdir()
        write_expected(place, parsed.result)


def _difference(case: Path, place: Path, before: Expected, after: Expected) -> str:
    """Return the difference in the form of ``diff -u``, and a warning for an article that is refused now."""
    old, new = (f"{path.parent.name}/{path.name}/{EXPECTED}" for path in (case, place))
    lines = unified_diff(as_json(before).splitlines(), as_json(after).splitlines(), old, new, lineterm="")
    is_lost = place.parent.name == NOT_AN_ARTICLE != case.parent.name
    return "\n".join([*lines, *(["This page was understood before, and is refused now."] if is_lost else [])])
