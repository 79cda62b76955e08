"""Summary of a run: what it did, in a few lines for a person."""

from collections.abc import Iterator

from jiji.runs.result import RunResult
from jiji.runs.warnings import warnings
from jiji.stats import RunStats


def summary_lines(result: RunResult, stats: RunStats, seconds: float) -> Iterator[tuple[str, str]]:
    """Yield name and value of each line.

    >>> from jiji.runs.result import Exit
    >>> for line in summary_lines(RunResult(Exit.DONE, "all read", "Nothing to do"), RunStats(new=2, requests=9), 75):
    ...     print(line)
    ('result', 'done (0): all read')
    ('articles', '2 new')
    ('requests', '9 in 1:15 min')
    """
    yield "result", f"{result.status.word} ({result.status:d}): {result.message}"
    names = ("new", "updated", "withdrawn", "unchanged", "not_modified", "rejected", "failed", "pending")
    counts = [f"{number} {name.replace('_', ' ')}" for name in names if (number := getattr(stats, name))]
    yield "articles", ", ".join(counts) or "nothing new"
    yield "requests", f"{stats.requests} in {int(seconds // 60)}:{int(seconds % 60):02} min"
    yield from (("warning", each) for each in warnings(stats))
    if result.status:
        yield "advice", result.advice
