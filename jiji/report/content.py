"""Content of the report: the status of the sections, their runs of the last days, and the articles."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile

from markupsafe import Markup

from jiji.extract.rule import ExtractionRule
from jiji.items import Article
from jiji.output import OutputDir
from jiji.report import charts
from jiji.report.summary import LAG_HOURS, OPTIONAL_FIELDS, Summary
from jiji.runs.manifests import Manifest, ManifestStore
from jiji.runs.result import KILLED
from jiji.runs.status import Limits, SectionStatus, section_status

RUN_DAYS = 14
"""Days of runs that the report shows."""
ARTICLE_DAYS = 60
"""Days of articles that the charts by day show."""
MOST_PLACES = 15
LATEST_RUNS = 20


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run."""

    section: str
    started: str
    """UTC, ISO 8601."""
    result: str
    status: int | None
    message: str
    new: int
    updated: int
    rejected: int
    pending: int | None


@dataclass(frozen=True, slots=True)
class Chart:
    """Chart and its caption; None for a chart without data."""

    title: str
    note: str
    svg: Markup | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the page shows."""

    made_at: str
    site: str
    sections: list[SectionStatus]
    runs: list[RunRow]
    """Latest runs, the newest first."""
    rejected: list[tuple[str, int]]
    """Reasons of rejected pages in the runs of the last days, and their numbers."""
    drift: list[tuple[str, str, float]]
    """Section, field, and share of pages with layout drift in each section's last run."""
    coverage: list[tuple[str, int, list[float]]]
    """Section, articles, and share of articles with each of `fields`."""
    fields: tuple[str, ...]
    summary: Summary
    charts: list[Chart]


def gather(
    output: OutputDir, sections: Sequence[str], articles: Iterable[Article], *, site: str, now: datetime, limits: Limits
) -> Report:
    """Return the report of sections over their manifests and a stream of articles, each in its latest revision."""
    summary = Summary.of(articles)
    manifests = sorted(_recent_runs(output, sections, now), key=lambda each: each.started_at, reverse=True)
    latest = {each.section: each for each in reversed(manifests)}
    reasons: Counter[str] = sum((Counter(each.articles.rejected_by_reason) for each in manifests), Counter())
    return Report(
        made_at=now.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        site=site,
        sections=[section_status(output, name, now, limits) for name in sections],
        runs=[_row(each) for each in manifests[:LATEST_RUNS]],
        rejected=reasons.most_common(),
        drift=[(name, field, share) for name, run in sorted(latest.items()) for field, share in run.drift.items()],
        coverage=[
            (name, number, [summary.covered[name, field] / number for field in OPTIONAL_FIELDS])
            for name, number in sorted(summary.by_section.items())
        ],
        fields=OPTIONAL_FIELDS,
        summary=summary,
        charts=[*_article_charts(summary), *_run_charts(manifests)],
    )


def _recent_runs(output: OutputDir, sections: Sequence[str], now: datetime) -> Iterator[Manifest]:
    oldest = (now - timedelta(days=RUN_DAYS)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for name in sections:
        newest_first = ManifestStore(output.runs(name)).newest_first()
        yield from takewhile(lambda each: each.started_at >= oldest, newest_first)


def _row(manifest: Manifest) -> RunRow:
    is_killed = manifest.is_unfinished and not manifest.process.is_alive
    return RunRow(
        section=manifest.section,
        started=manifest.started_at,
        result=KILLED.status.word if is_killed else manifest.verdict.word,
        status=int(KILLED.status) if is_killed else manifest.verdict.status,
        message=KILLED.message if is_killed else manifest.verdict.message,
        new=manifest.articles.new,
        updated=manifest.articles.updated,
        rejected=manifest.articles.rejected,
        pending=manifest.articles.pending,
    )


def _article_charts(summary: Summary) -> Iterator[Chart]:
    for title, counts in (("by section", summary.by_day), ("by category", summary.by_category)):
        values = list(_last_days(counts))
        series = sorted({str(value["series"]) for value in values})
        svg = charts.stacked_days(values, "series", series) if values else None
        yield Chart(f"Articles a day, {title}", f"by the day in Japan, the last {ARTICLE_DAYS} days with articles", svg)
    order = [*(f"under {bound} h" for bound in LAG_HOURS), f"{LAG_HOURS[-1]} h and more", "unknown"]
    lags = [{"lag": name, "articles": summary.lags[name]} for name in order if summary.lags[name]]
    svg = charts.bars(lags, "lag", "articles", order=order) if lags else None
    yield Chart("From publication to the feed", "from the printed time, else from first sight on an index page", svg)
    places = [{"place": name, "articles": number} for name, number in summary.places.most_common(MOST_PLACES)]
    svg = charts.bars(places, "place", "articles") if places else None
    yield Chart("Places in datelines", f"the {MOST_PLACES} most frequent", svg)


def _run_charts(manifests: Sequence[Manifest]) -> Iterator[Chart]:
    rows = [_row(each) for each in manifests]
    values = [{"started": row.started, "section": row.section, "result": row.result} for row in rows]
    results = sorted({row.result for row in rows}, key=lambda word: (word != "done", word))
    yield Chart("Runs and results", f"the last {RUN_DAYS} days, UTC", charts.runs(values, results) if rows else None)
    rules: Counter[str] = sum((Counter(each.rules) for each in manifests), Counter())
    split = [(*key.split("/", 1), number) for key, number in rules.items() if "/" in key]
    pages = [{"field": field, "rule": rule, "pages": number} for field, rule, number in split]
    svg = charts.shares(pages, "field", "rule", [str(rule) for rule in ExtractionRule]) if pages else None
    yield Chart("Extraction rules", f"by which rule fields were found in the runs of the last {RUN_DAYS} days", svg)


def _last_days(counts: Counter[tuple[str, str]]) -> Iterator[dict[str, object]]:
    """Yield the counts of the last days as values of a chart."""
    if not counts:
        return
    newest = max(day for day, _ in counts)
    oldest = (date.fromisoformat(newest) - timedelta(days=ARTICLE_DAYS - 1)).isoformat()
    for (day, series), number in sorted(counts.items()):
        if day >= oldest:
            yield {"day": day, "series": series, "articles": number}
