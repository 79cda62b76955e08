"""Process of ``scrapy savecase``: one page saved as a test case, or cases renewed, and the exit status."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError
from scrapy.http import HtmlResponse, Response
from scrapy.utils.conf import closest_scrapy_cfg

from jiji.cases.case import Parsed, parse, request_part, write
from jiji.cases.names import case_name, is_case_name
from jiji.cases.reparse import UnknownCase, find, reparse
from jiji.cases.scrambled_case import ScrambleError, scrambled_page
from jiji.configuration import Configuration, ConfigurationError
from jiji.probe.kept_pages import read_kept
from jiji.probe.one_page import NotFetched, fetch
from jiji.runs.result import Exit, count, judge_refusal
from jiji.site.urls import article_id_in, offsite_cause

CHANGED = 1
"""Exit status of --reparse that renewed a case, and of a page that cannot be scrambled."""


def save_or_renew(settings: Mapping[str, Any], process: object, args: list[str], opts: argparse.Namespace) -> int:
    """Save or renew, and return the exit status; raises UsageError for arguments that make no sense."""
    project = closest_scrapy_cfg()
    cases = Path(project).parent / "tests" / "pages" / "cases"
    if not project or not cases.is_dir():
        raise UsageError(f"{cases} is missing: run this in a checkout of the project", print_help=False)
    if opts.reparse:
        return _reparse(cases, args)
    if len(args) != 1:
        raise UsageError("name one URL or FILE, or --reparse", print_help=False)
    if opts.name and not is_case_name(opts.name):
        raise UsageError(f"--name {opts.name!r}: use small letters, digits and hyphens", print_help=False)
    try:
        _save(cases, _response(settings, process, args[0], opts), opts)
    except ScrambleError as error:
        return _refuse(CHANGED, f"not written, it cannot be scrambled: {error}")
    except NotFetched as error:
        return _refuse(Exit.UNREACHABLE, str(error))
    except OSError as error:
        return _refuse(1, f"{error.filename}: {error.strerror}")
    except ConfigurationError as error:
        return _refuse(Exit.CONFIGURATION, str(judge_refusal(error)))
    return 0


def _refuse(status: int, message: str) -> int:
    print(f"scrapy savecase: {message}", file=sys.stderr)
    return status


def _reparse(cases: Path, names: list[str]) -> int:
    """Renew cases, print the differences, and return 1 if there are any."""
    try:
        chosen = find(cases, names)
        differences = 0
        for differences, text in enumerate(reparse(chosen), start=1):  # noqa: B007 - printed behind the loop
            print(ascii_lines(text))
    except UnknownCase as error:
        raise UsageError(str(error), print_help=False) from None
    print(f"{differences} of {len(chosen)} cases changed")
    return CHANGED if differences else 0


def _response(settings: Mapping[str, Any], process: object, source: str, opts: argparse.Namespace) -> Response:
    """Return the page at a URL or in a file."""
    configuration = Configuration.from_settings(settings)
    url = opts.url or source
    path = Path(source)
    if "://" not in source:
        if kept := read_kept(path):
            return kept
        if not opts.url:
            raise UsageError(f"{source}: name the page's URL with --url", print_help=False)
    if cause := offsite_cause(url, configuration.base_url):
        root = configuration.base_url
        raise UsageError(f"{url!a}: the {cause} is not that of the site; JIJI_BASE_URL is {root}", print_help=False)
    if "://" not in source:
        return HtmlResponse(url, 200, {"Content-Type": opts.content_type}, path.read_bytes())
    if not isinstance(process, AsyncCrawlerProcess):
        raise UsageError("the project needs Scrapy's asyncio reactor: leave TWISTED_REACTOR at its default")
    return fetch(process, url)


def _save(cases: Path, response: Response, opts: argparse.Namespace) -> None:
    """Write the case and name its place; raises ScrambleError."""
    is_index = article_id_in(response.url) is None
    parsed = parse(response, is_index=is_index)
    case = cases / parsed.kind / (opts.name or case_name(parsed, response.url))
    if case.exists() and not opts.force:
        raise UsageError(f"{case} exists; choose another --name, or --force", print_help=False)
    if opts.scramble:
        response, parsed = scrambled_page(response, is_index=is_index)
    write(case, response.body, {**request_part(response), **parsed.result})
    print(f"{case}\n{_summary(parsed)}")
    if not opts.scramble:
        print("The page is not scrambled: do not commit text of the site.")


def _summary(parsed: Parsed) -> str:
    """Return a line on the result of a page."""
    if parsed.page:
        rules = ", ".join(f"{name} by {rule}" for name, rule in parsed.page.rules.items())
        return f"{parsed.kind}: {rules}. Compare expected.json with the page in a browser."
    if "entries" in parsed.result:
        return f"{parsed.kind}: {count(len(parsed.result['entries']), 'article')}. Compare expected.json with the page."
    return ascii_lines(f"{parsed.kind}: {parsed.result['reason']}: {parsed.result['detail']}")


def ascii_lines(text: str) -> str:
    """Return text whose control characters a terminal does not obey."""
    return "\n".join(
        "".join(each if each.isprintable() else ascii(each)[1:-1] for each in line) for line in text.split("\n")
    )
