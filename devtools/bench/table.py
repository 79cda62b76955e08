"""Tables of a benchmark: rows that are measured in turn, with their medians and their ratios to the first row."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing."""

    name: str
    measure: Callable[[], float]
    """Measure one round."""
    goal: str = ""
    """Goal for the value of the first row, for the ratio of any other."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind. The first is this project's, the others are what it is compared with."""

    title: str
    unit: str
    rows: Sequence[Row]
    rounds: int
    digits: int = 0
    """Decimal places of the values."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Arguments of a run of the benchmarks."""

    quick: bool
    """True for a run that takes two minutes at most."""
    peers_python: str | None
    """Interpreter of the environment with the peers; None leaves the peers out."""
    stack: ExitStack
    """Closes what the tables need, at the end of the run."""


def measured(table: Table) -> list[str]:
    """Measure a table and return its lines. Each round measures all rows, so that a busy machine slows all alike.

    >>> speeds = iter([4.0, 2.0, 6.0, 1.0, 5.0, 2.0])
    >>> rows = [Row("ours", lambda: next(speeds), ">= 6"), Row("theirs", lambda: next(speeds), ">= 2")]
    >>> for text in measured(Table("Pages", "pages a second", rows, rounds=3)):
    ...     print(text)
    Pages, median of 3 rounds
    <BLANKLINE>
    | row | pages a second | ratio | range | goal |
    |---|---|---|---|---|
    | ours | 5 | | 4 to 6 | >= 6 |
    | theirs | 2 | 2.50 | 1 to 2 | >= 2 |
    """
    values = list(zip(*([row.measure() for row in table.rows] for _ in range(table.rounds)), strict=True))
    lines = [
        f"{table.title}, median of {table.rounds} rounds",
        "",
        f"| row | {table.unit} | ratio | range | goal |",
        "|---|---|---|---|---|",
    ]
    for row, own in zip(table.rows, values, strict=True):
        ratios = [ours / other for ours, other in zip(values[0], own, strict=True)]
        ratio = "" if own is values[0] else f"{median(ratios):.2f}"
        figures = [f"{value:,.{table.digits}f}" for value in (median(own), min(own), max(own))]
        cells = (row.name, figures[0], ratio, f"{figures[1]} to {figures[2]}", row.goal)
        lines.append("".join(f"| {cell} " if cell else "| " for cell in cells) + "|")
    return lines
