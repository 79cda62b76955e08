"""Test case of a page: a folder with the page as served and its expected result.

``cases/<kind>/<name>/`` holds ``page.html``, the bytes as served, and ``expected.json``: the page's ``url``, its
``content_type`` if it is not ``text/html``, its ``status`` and ``headers`` if they matter, and the result, which
depends on the kind.

- a page class in ``LAYOUTS``: ``item``, the fields that the page itself gives; ``or_refused`` if the page may also be
  rejected; ``names_matter`` if classes or ids of its markup decide which text is shown or belongs to the article
- ``IndexPage``: ``own_section``, ``entries``, ``pagination_links`` and ``section_links``, and where it matters the
  entries' ``urls``, all their ``sections``, and the IDs of those that are ``pinned`` or have ``no_whole_headline``
- ``NotAnArticle``: the ``reason`` of the rejection (absent: any), perhaps a pattern of its ``detail``, and the kind of
  ``block_page``; ``is_shell`` if it matters whether its scripts may bring an article
"""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from scrapy.http import HtmlResponse, Response

from jiji.exceptions import PageRejected
from jiji.pages import BaseArticlePage, IndexPage, article_page, block_page_kind
from jiji.pages.shell import is_shell
from jiji.site.listing import Listing
from jiji.site.sections import SECTIONS, Section

PAGE, EXPECTED = "page.html", "expected.json"
INDEX = IndexPage.__name__
NOT_AN_ARTICLE = "NotAnArticle"
INDEX_PAGE_FIELDS = {"own_section", "entries", "pagination_links", "section_links"}
"""Fields of an index page that every case has."""
HEADERS = ("Date", "cf-mitigated", "x-amzn-waf-action")
"""Response headers that the page classes read, beside Content-Type."""

_HTML = "text/html"
_FROM_THE_CRAWL = """schema_version revision status language publisher section category near_duplicate_of update_of
                     update content_hash first_seen_at fetched_at""".split()

Expected = dict[str, Any]


class Parsed(NamedTuple):
    """Result of a page."""

    kind: str
    """Name of the page class, ``IndexPage`` or ``NotAnArticle``."""
    result: Expected
    page: BaseArticlePage | None = None
    """The article page; None for other kinds."""


def read(case: Path) -> tuple[HtmlResponse, Expected]:
    """Return the page as a response, and the expected result."""
    expected = json.loads((case / EXPECTED).read_text(encoding="utf-8"))
    headers = {"Content-Type": expected.get("content_type", _HTML), **expected.get("headers", {})}
    status = expected.get("status", 200)
    return HtmlResponse(expected["url"], status, headers, (case / PAGE).read_bytes()), expected


def write(case: Path, body: bytes, expected: Expected) -> None:
    """Write a case."""
    case.mkdir(parents=True, exist_ok=True)
    (case / PAGE).write_bytes(body)
    write_expected(case, expected)


def write_expected(case: Path, expected: Expected) -> None:
    """Write the expected result of a case."""
    (case / EXPECTED).write_text(as_json(expected), encoding="utf-8")


def as_json(expected: Expected) -> str:
    """Return an expected result as the cases spell it."""
    return json.dumps(expected, indent=2, ensure_ascii=False) + "\n"


def request_part(response: Response) -> Expected:
    """Return the part of an expected result that describes the response."""
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    headers = {name: value.decode("latin-1") for name in HEADERS if (value := response.headers.get(name))}
    part: Expected = {"url": response.url}
    if content_type not in ("", _HTML):
        part["content_type"] = content_type
    if response.status != 200:
        part["status"] = response.status
    return part | ({"headers": headers} if headers else {})


def parse(response: Response, *, is_index: bool) -> Parsed:
    """Return kind and result of a page; ``is_index`` if the page lists articles or is refused as an index page."""
    block_page = block_page_kind(response)
    if is_index and block_page is None:
        try:
            return Parsed(INDEX, index_page_fields(IndexPage(response)))
        except PageRejected as error:
            return _refused(error, None)
    try:
        page = article_page(response)
        return Parsed(type(page).__name__, {"item": page_fields(page)}, page)
    except PageRejected as error:
        return _refused(error, block_page)


def renewed(kind: str, response: Response, expected: Expected) -> Parsed:
    """Return kind and whole expected result of a case by the rules of today; what a person added stays."""
    parsed = parse(response, is_index=kind == INDEX)
    given = {name: value for name, value in expected.items() if name not in _results(expected)}
    if parsed.kind == NOT_AN_ARTICLE and expected.get("or_refused"):
        return Parsed(kind, expected)
    result = parsed.result
    if parsed.kind == INDEX:
        wanted = INDEX_PAGE_FIELDS | expected.keys()
        result = {name: value for name, value in result.items() if name in wanted}
    if parsed.kind == NOT_AN_ARTICLE == kind:
        detail = expected.get("detail", "")
        is_same = re.search(detail, result["detail"])
        kept = {"detail": detail if is_same else re.escape(result["detail"])} if detail else {}
        shell = {"is_shell": is_shell(response, is_article=True)} if "is_shell" in expected else {}
        result = {name: result[name] for name in ("reason", "block_page") if name in expected} | kept | shell
    return Parsed(parsed.kind, {**expected, **given, **result} if kind == parsed.kind else {**given, **result})


def page_fields(page: BaseArticlePage) -> Expected:
    """Return the fields of an article that the page itself gives."""
    listing = Listing(page.article_id or "", page.url)
    item = asdict(page.to_item(listing, section="national", fetched_at="2026-01-27T00:30:00Z"))
    return {name: value for name, value in item.items() if name not in _FROM_THE_CRAWL}


def index_page_fields(page: IndexPage) -> Expected:
    """Return the content of an index page, as the cases have it."""
    links = {name: link for name, section in SECTIONS.items() if (link := page.section_link(section))}
    return {
        "url": page.url,
        "own_section": _name(page.own_section),
        "entries": [[entry.id, entry.headline, _name(entry.section), entry.in_headline_box] for entry in page.entries],
        "pagination_links": [[link.url, _name(link.section)] for link in page.pagination_links],
        "section_links": {name: list(link) for name, link in links.items()},
        "urls": {entry.id: entry.url for entry in page.entries},
        "sections": {entry.id: [section.name for section in entry.sections] for entry in page.entries},
        "pinned": [entry.id for entry in page.entries if entry.is_pinned],
        "no_whole_headline": [entry.id for entry in page.entries if not entry.is_whole_headline],
    }


def _refused(error: PageRejected, block_page: object) -> Parsed:
    reason = str(error.reason)
    result = {"reason": reason, "detail": error.detail, "block_page": str(block_page) if block_page else None}
    return Parsed(NOT_AN_ARTICLE, result)


def _results(expected: Expected) -> set[str]:
    """Return the keys of an expected result that a page gives, without those that describe the response."""
    given = {"url", "content_type", "status", "headers", "names_matter", "or_refused"}
    return set(expected) - given


def _name(section: Section | None) -> str | None:
    return section.name if section else None
