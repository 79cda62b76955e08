"""Findings of a whole probe: its pages, the problems of the site, and the exit status."""

from dataclasses import asdict, dataclass, field
from typing import Any

from jiji.probe.findings import PageFindings, PageKind, RobotsFindings
from jiji.probe.inspect import missing_labels
from jiji.probe.problems import NEW_LAYOUT, Problem, ProblemKind
from jiji.runs.result import Exit, RunResult, count
from jiji.stats import EndReason, RunStats

_PRECEDENCE = (Exit.BLOCKED, Exit.UNREACHABLE, Exit.LAYOUT)
_ENDED = {
    EndReason.BLOCKED: ProblemKind.REFUSED,
    EndReason.ROBOTS_UNREACHABLE: ProblemKind.ROBOTS_UNREACHABLE,
}
_ADVICE = {
    Exit.DONE: "Crawl a few articles next: scrapy crawl national -a max_articles=3",
    Exit.BLOCKED: "Do not crawl now; follow the advice on each problem",
    Exit.UNREACHABLE: "Nothing can be said about the pages that were not read; follow the advice on each problem",
    Exit.LAYOUT: f"Follow the advice on each problem; {NEW_LAYOUT} leads through a new layout",
}


@dataclass(slots=True)
class SiteFindings:
    """Everything that one probe found."""

    site: str
    """JIJI_BASE_URL."""
    robots: RobotsFindings | None = None
    """None where ROBOTSTXT_OBEY is off."""
    pages: list[PageFindings] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """Problems that belong to no single page."""

    def conclude(self, stats: RunStats, *, is_whole_site: bool) -> None:
        """Add the problems that only the whole probe shows."""
        if stats.end_reason in _ENDED:
            self.problems.append(Problem(_ENDED[stats.end_reason], stats.end_message))
        indexes = [page for page in self.pages if page.kind is PageKind.INDEX]
        if not is_whole_site or not indexes:
            return
        found = [each for page in indexes for each in page.sections]
        for section in missing_labels(found):
            labels = ", ".join(section.labels).upper()
            self.problems.append(
                Problem(ProblemKind.NO_LABEL, f"no index page shows a label of {section.name}: {labels}")
            )
        if not any(page.name.startswith("article-") for page in self.pages) and stats.end_reason is None:
            self.problems.append(Problem(ProblemKind.NO_ARTICLES_READ, "no article was found on the index pages"))

    @property
    def all_problems(self) -> list[tuple[str, Problem]]:
        """Problems with the names of their pages; "site" for those of the whole site."""
        of_pages = [(page.name, problem) for page in self.pages for problem in page.problems]
        return [*(("site", problem) for problem in self.problems), *of_pages]

    @property
    def result(self) -> RunResult:
        """Exit status, with the cause in words and advice."""
        exits = {problem.kind.exit for _, problem in self.all_problems}
        status = next((each for each in _PRECEDENCE if each in exits), Exit.DONE if self.pages else Exit.UNREACHABLE)
        kinds = [page.kind for page in self.pages]
        indexes = count(kinds.count(PageKind.INDEX), "index page")
        read = f"{indexes} and {count(kinds.count(PageKind.ARTICLE), 'article')} read"
        worst = [
            (name, each) for name, each in self.all_problems if each.kind.exit is status and status is not Exit.DONE
        ]
        causes = "".join(f"; {name}: {problem.cause}" for name, problem in worst[:1])
        more = f", and {count(len(worst) - 1, 'problem')} more" if len(worst) > 1 else ""
        return RunResult(status, f"{read}{causes}{more}", _ADVICE[status])

    def as_json(self) -> dict[str, Any]:
        """Return the findings as plain values for JSON."""
        result = self.result
        return {
            "site": self.site,
            "status": int(result.status),
            "result": "understood" if result.status is Exit.DONE else result.status.word,
            "message": result.message,
            "advice": result.advice,
            "robots": asdict(self.robots) if self.robots else None,
            "pages": [{**asdict(page), "problems": list(map(_problem, page.problems))} for page in self.pages],
            "problems": list(map(_problem, self.problems)),
        }


def _problem(problem: Problem) -> dict[str, Any]:
    kind = problem.kind
    return {"kind": kind.name.lower(), "status": int(kind.exit), "cause": problem.cause, "todo": kind.todo}
