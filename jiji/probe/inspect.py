"""Inspection of one response: the findings about a page, read by the page classes of the crawl."""

from collections.abc import Iterator

from scrapy.http import Response

from jiji.exceptions import PageRejected
from jiji.extract.rule import ExtractionRule
from jiji.pages import BaseArticlePage, IndexPage, article_page, block_page_kind
from jiji.pages.link_styles import NO_KNOWN_STYLE, links_by_style
from jiji.pages.shell import is_shell
from jiji.probe.findings import FieldFinding, PageFindings, PageKind, SectionFinding
from jiji.probe.problems import BLOCK_PAGES, REFUSALS, REJECTED, Problem, ProblemKind
from jiji.site.listing import Listing
from jiji.site.sections import SECTIONS, Section, covers, lineage
from jiji.site.urls import article_id_in
from jiji.text.charset import declarations, decode_with_charset

_FALLBACK_RULES = {
    "breadcrumbs": ExtractionRule.WORDING,
    "authors": ExtractionRule.WORDING,
    "dateline": ExtractionRule.WORDING,
    "published_at": ExtractionRule.WORDING,
    "modified_at": ExtractionRule.WORDING,
    "truncated": ExtractionRule.WORDING,
    "images": ExtractionRule.STRUCTURE,
}
"""Extraction rules of the fields without a selector, for a page that is not certain."""
_DAY_SOURCES = {"key": "article ID", "dateline": "dateline"}
"""Sources of a day that the page does not print."""


def inspect(name: str, response: Response, section: Section | None = None) -> PageFindings:
    """Return the findings about a response; ``section`` is that of an index page, None for home and other pages."""
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    found = PageFindings(name, response.url, PageKind.NOT_UNDERSTOOD, response.status, content_type)
    found.declared_charsets = declarations(content_type, response.body)
    try:
        found.charset = decode_with_charset(response.body, *found.declared_charsets)[1]
    except UnicodeError:
        found.charset = None
    if kind := block_page_kind(response):
        found.kind = PageKind.BLOCK_PAGE
        found.problems.append(Problem(BLOCK_PAGES[kind], f"a page of the kind {kind.value!r} in the place of {name}"))
    elif response.status >= 400:
        found.kind = PageKind.HTTP_ERROR
        refused = response.status in REFUSALS
        kind_of_problem = ProblemKind.REFUSED if refused else ProblemKind.HTTP_ERROR
        found.problems.append(Problem(kind_of_problem, f"HTTP {response.status}"))
    else:
        try:
            (_inspect_article if article_id_in(response.url) else _inspect_index)(found, response, section)
        except PageRejected as error:
            found.kind = PageKind.NOT_UNDERSTOOD
            found.problems.append(Problem(REJECTED.get(error.reason, ProblemKind.NOT_AN_ARTICLE), str(error)))
        problems = [problem.kind for problem in found.problems]
        is_empty = ProblemKind.NOT_AN_ARTICLE in problems or ProblemKind.NO_ENTRIES in problems
        if is_empty and is_shell(response, is_article=article_id_in(response.url) is not None):
            found.problems.append(Problem(ProblemKind.NEEDS_SCRIPTS, "the page is a shell that its scripts fill"))
    return found


def missing_labels(sections: list[SectionFinding]) -> list[Section]:
    """Return the sections whose label stands on none of the index pages that were read."""
    known = {each.name for each in sections if each.url or SECTIONS[each.name].parent}
    return [section for name, section in SECTIONS.items() if name not in known]


def _inspect_article(found: PageFindings, response: Response, section: Section | None) -> None:
    page = article_page(response)
    found.kind, found.layout, found.fields = PageKind.ARTICLE, type(page).__name__, list(_fields(page))
    unknown = {
        name: rule for name, rule in page.rules.items() if not rule.is_known_layout and name in ("headline", "body")
    }
    if unknown:
        rules = ", ".join(f"{name} by {rule}" for name, rule in unknown.items())
        found.problems.append(
            Problem(ProblemKind.UNKNOWN_LAYOUT, f"no known selector matches; read all the same: {rules}")
        )
    if page.dateline is None:
        found.problems.append(Problem(ProblemKind.NO_DATELINE, "no dateline"))


def _fields(page: BaseArticlePage) -> list[FieldFinding]:
    moment = page.published[1]
    item = page.to_item(Listing(page.article_id or "", page.url), section="", fetched_at="")
    source = f" (from the {_DAY_SOURCES[item.published_source]})" if item.published_source in _DAY_SOURCES else ""
    paragraphs = page.body.split("\n\n")
    images = [" · ".join(filter(None, (each.url, each.caption, each.credit))) for each in page.images]
    values = {
        "breadcrumbs": " > ".join(page.breadcrumbs),
        "headline": page.headline,
        "authors": ", ".join(page.authors),
        "dateline": f"{page.dateline.text} ({page.dateline.agency})" if page.dateline else "",
        "published_date": f"{item.published_date}{source}",
        "published_at": moment or "",
        "modified_at": page.modified_at or "",
        "body": f"{len(paragraphs)} paragraphs, {len(page.body)} characters: {paragraphs[0]}" if page.body else "",
        "truncated": "yes: only the lead is free" if page.truncated else "",
        "images": f"{len(images)}: {' | '.join(images)}" if images else "",
    }
    certain = dict.fromkeys(_FALLBACK_RULES, ExtractionRule.CERTAIN) if page.certain_parts else {}
    rules = {**_FALLBACK_RULES, **certain, **page.rules}
    return [FieldFinding(name, value, rules.get(name) if value else None) for name, value in values.items()]


def _inspect_index(found: PageFindings, response: Response, section: Section | None) -> None:
    page = IndexPage(response)
    found.kind, found.entries = PageKind.INDEX, len(page.entries)
    found.own_section = page.own_section.name if page.own_section else None
    found.link_styles = links_by_style(page)
    found.sections = _sections(page)
    found.pager = [link.url for link in page.pagination_links if link.section is None]
    found.problems += _index_problems(page, found, section)


def _index_problems(page: IndexPage, found: PageFindings, section: Section | None) -> Iterator[Problem]:
    own = page.own_section
    listed = section or own
    shown = [each for each in page.entries if not each.in_headline_box]
    if not page.entries:
        yield Problem(ProblemKind.NO_ENTRIES, "no link to an article")
    elif listed and not any(covers(listed, each.section or listed) for each in shown):
        cause = f"no list of {listed.name}: its articles stand in the box of the day's headlines alone, or nowhere"
        yield Problem(ProblemKind.NO_ENTRIES, cause)
    if section and own and own not in lineage(section) and section not in lineage(own):
        yield Problem(ProblemKind.OTHER_SECTION, f"reads as an index page of {own.name}, expected {section.name}")
    if unknown := found.link_styles.get(NO_KNOWN_STYLE):
        cause = f"{unknown} of {len(page.entries)} articles are linked in no known list style"
        yield Problem(ProblemKind.NEW_LIST_STYLE, cause)
    if section and page.entries and not found.pager:
        yield Problem(ProblemKind.NO_PAGER, "no link to a further page")
    if links := page.offsite_links:
        cause = f"links that read as the site's lead elsewhere: {len(links)}, such as {links[0]}"
        yield Problem(ProblemKind.OFFSITE_LINKS, cause)


def _sections(page: IndexPage) -> list[SectionFinding]:
    found = []
    for name, section in SECTIONS.items():
        link = page.section_link(section)
        entries = sum(section in entry.sections for entry in page.entries)
        if link or entries:
            found.append(SectionFinding(name, link[0] if link else None, link[1] if link else "entries", entries))
    return found
