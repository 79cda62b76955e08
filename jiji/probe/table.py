"""Tables of a probe for a terminal, with rich. Text of the site is shown as printable characters only."""

import sys
from collections import defaultdict
from collections.abc import Iterator
from shutil import get_terminal_size

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from jiji.extract.rule import ExtractionRule
from jiji.probe.findings import PageFindings, PageKind, RobotsFindings
from jiji.probe.problems import Problem, ProblemKind
from jiji.probe.site_findings import SiteFindings
from jiji.runs.result import Exit, count

Row = tuple[str, str, str, str]
"""Name, rule or count, value, style of the rule."""

_PLAIN_WIDTH = 200
"""Columns where the output is no terminal."""
_LONGEST_VALUE = 400
_GOOD, _DOUBTFUL, _BAD, _DIM = "green", "yellow", "bold red", "dim"
_RULE_STYLES = {
    ExtractionRule.CERTAIN: _GOOD,
    ExtractionRule.SELECTOR: _GOOD,
    ExtractionRule.STRUCTURE: _DOUBTFUL,
    ExtractionRule.WORDING: _DOUBTFUL,
    ExtractionRule.DISPUTED: _BAD,
}
_KIND_STYLES = {PageKind.ARTICLE: _GOOD, PageKind.INDEX: _GOOD}


def console() -> Console:
    """Return the console: colours on a terminal, plain text in a fixed width elsewhere."""
    width = get_terminal_size().columns if sys.stdout.isatty() else _PLAIN_WIDTH
    return Console(width=width, markup=False, highlight=False, emoji=False, soft_wrap=False)


def printable(text: str) -> str:
    r"""Return text without a character that a terminal would obey: such characters are escaped.

    >>> print(printable("Rain \x1b[31min\u202e Osaka\n"), printable("caf\u00e9 \u96e8"))
    Rain \x1b[31min\u202e Osaka\n café 雨
    """
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)


def print_robots(out: Console, robots: RobotsFindings | None) -> None:
    """Print the line on robots.txt."""
    if robots is None:
        text, style = "not read: ROBOTSTXT_OBEY is off", _BAD
    elif robots.status is None:
        text, style = "not read", _DOUBTFUL
    else:
        size = f", {robots.size} bytes" if robots.status < 300 else ": everything is allowed"
        delay = f"; at least {robots.seconds_between_requests:g} s between requests"
        text, style = f"HTTP {robots.status}{size}{delay}", _GOOD
    out.print(Text.assemble(("robots.txt", "bold"), "  ", (text, style)))


def print_page(out: Console, page: PageFindings) -> None:
    """Print a page: a title line and a table of its parts."""
    is_known = all(problem.kind is not ProblemKind.UNKNOWN_LAYOUT for problem in page.problems)
    layout = f", {f'layout {page.layout}' if is_known else 'unknown layout'}" if page.layout else ""
    parts = (f"HTTP {page.status}" if page.status else "", _charset(page))
    title = Text.assemble(
        (page.name, "bold"),
        "  ",
        (f"{page.kind.value}{layout}", _KIND_STYLES.get(page.kind, _BAD) if is_known else _BAD),
    )
    title.append("".join(f" · {text}" for text in parts if text), _DIM)
    out.print()
    out.print(title)
    out.print(Text(f"  {printable(page.url)}", _DIM), no_wrap=True, overflow="ellipsis")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, min_width=14)
    table.add_column(no_wrap=True, min_width=10)
    table.add_column()  # shrinks to the width; its cells do not wrap
    for name, rule, value, style in _rows(page):
        table.add_row(
            Text(name),
            Text(printable(rule), style),
            Text(printable(value[:_LONGEST_VALUE]), no_wrap=True, overflow="ellipsis"),
        )
    for problem in page.problems:
        is_remark = problem.kind.exit is Exit.DONE
        style = _DOUBTFUL if is_remark else _BAD
        table.add_row(
            Text("remark" if is_remark else "problem", style),
            "",
            Text(printable(problem.cause), style, no_wrap=True, overflow="ellipsis"),
        )
    out.print(Padding(table, (0, 0, 0, 2), expand=False))


def print_result(out: Console, findings: SiteFindings) -> None:
    """Print the problems with the next thing to do for each, and the result."""
    pages: dict[Problem, list[str]] = defaultdict(list)
    for page, problem in sorted(findings.all_problems, key=lambda each: each[1].kind.exit is Exit.DONE):
        pages[problem].append(page)
    if pages:
        out.print()
        out.print(Text("What to do next", "bold"))
    for problem, names in pages.items():
        style = _DOUBTFUL if problem.kind.exit is Exit.DONE else _BAD
        out.print(Padding(Text(f"{', '.join(names)}: {printable(problem.cause)}", style), (0, 0, 0, 2), expand=False))
        out.print(Padding(Text(f"→ {problem.kind.todo}"), (0, 0, 0, 4), expand=False))
    result = findings.result
    is_good = result.status is Exit.DONE
    word = "understood" if is_good else result.status.word
    out.print()
    out.print(
        Text.assemble((f"{word} ({result.status:d})", _GOOD if is_good else _BAD), f": {printable(result.message)}.")
    )
    out.print(Text(f"{result.advice}."))


def _charset(page: PageFindings) -> str:
    if page.status is None:
        return ""
    declared = " and ".join({name.lower(): None for name in page.declared_charsets}) or "nothing"
    return printable(f"charset {page.charset or 'uncertain'}, declared {declared}")


def _rows(page: PageFindings) -> Iterator[Row]:
    for each in page.fields:
        if each.value:
            yield each.name, each.rule or "", each.value, _RULE_STYLES[each.rule] if each.rule else ""
    if missing := [each.name for each in page.fields if not each.value]:
        yield "not found", "-", ", ".join(missing), _DIM
    if page.entries is None:
        return
    if page.own_section:
        yield "own section", "", page.own_section, ""
    styles = " · ".join(f"{number} {style}" for style, number in page.link_styles.items())
    yield "articles", str(page.entries), styles, _GOOD if page.entries else _BAD
    yield from _sections(page)
    if page.pager:
        yield "pager", str(len(page.pager)), page.pager[0], ""


def _sections(page: PageFindings) -> Iterator[Row]:
    """Yield the sections of home and of a page given by its URL; in one line those of a section's own index page."""
    if page.name.startswith("index-"):
        names = ", ".join(f"{each.name} {each.entries or ''}".strip() for each in page.sections)
        yield "sections", str(len(page.sections)), names, ""
        return
    for section in page.sections:
        articles = f"{count(section.entries, 'article')}" if section.entries else ""
        yield f"  {section.name}", section.found_by, "  ".join(filter(None, (section.url, articles))), _GOOD
