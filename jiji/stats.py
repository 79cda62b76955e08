"""Counters of one run: `RunStats`, its typed result, and the keys under which Scrapy's stats show it.

Decisions (exit status, warnings, manifest) read the attributes. Scrapy's stats are written once, at the end, for
people.
docs/reference/stats.md is generated from the fields below.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Annotated, Any
from weakref import WeakKeyDictionary

PREFIX = "jiji/"


class EndReason(StrEnum):
    """Reason for which the project itself ends a run early; also Scrapy's finish reason then."""

    NO_SPACE = "no_space"
    FEED_FAILED = "feed_failed"
    CONFIGURATION = "configuration"
    BLOCKED = "blocked"
    MAINTENANCE = "maintenance"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    DEADLINE = "deadline"
    SITE_LOCKED = "site_locked"


class RejectReason(StrEnum):
    """Reason for which a fetched page is not published."""

    NOT_TEXT = "not text"
    CHARSET = "uncertain charset"
    TOO_MUCH_MARKUP = "too much markup"
    NOT_AN_ARTICLE = "not an article"
    CUT_OFF = "page cut off"
    OTHER_ARTICLE = "another article"
    UNCERTAIN = "uncertain text"
    BLOCKED = "block page"
    MAINTENANCE = "maintenance page"
    NOT_FOUND = "soft 404"
    INVALID_FIELD = "invalid field"
    UNVERIFIED = "not verified as the listed article"
    REPEATED_TEXT = "one text under several article IDs"
    DROPPED = "dropped by a pipeline"


class BlockPageKind(StrEnum):
    """Kind of page that a site serves with status 200 in the place of the requested one."""

    BLOCKED = "blocked"
    MAINTENANCE = "maintenance"
    NOT_FOUND = "not found"

    @property
    def reject_reason(self) -> RejectReason:
        """Reason under which such a page is rejected."""
        return RejectReason[self.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditResult:
    """Result of an audit, a run that read all lists to their end."""

    at: str
    """Time of the audit, ISO 8601 in UTC."""
    missed: int
    """Articles that the runs before it had missed."""
    listed: int
    """Articles that the lists showed. 0: the first run of the section, which measures nothing."""

    def __str__(self) -> str:
        return f"audit: {self.missed} missed of {self.listed} listed"


@dataclass(kw_only=True, eq=False)
class RunStats:
    """Everything that was counted in one run; the dataclass is the result that `runs.result` judges."""

    run_number: Annotated[int | None, "number of the run, one more than that of the section's run before"] = None
    finish_reason: Annotated[str | None, "Scrapy's reason for the end of the crawl; none while it is at work"] = None
    end_reason: Annotated[EndReason | None, "reason for which the project ended the run early"] = None
    end_message: Annotated[str, "cause of the early end, in words"] = ""
    signals: Annotated[int, "SIGTERM and SIGINT signals received"] = 0
    internal_errors: Annotated[int, "exceptions of the program that were logged"] = 0
    extra_feeds_failed: Annotated[int, "feeds of FEEDS or -o, beside the section's, that could not be stored"] = 0
    feed_missing: Annotated[bool, "the feed was missing or empty at the start, rotated away or removed"] = False
    damaged_lines: Annotated[
        int, "lines of the feed without a valid article, found at the start for the first time"
    ] = 0
    unreadable_files: Annotated[int, "rotated files that cannot be read; the catalog knows their lines"] = 0
    http_cache: Annotated[bool, "HTTPCACHE_ENABLED was on"] = False
    killed_runs: Annotated[int, "earlier runs that were killed"] = 0

    new: Annotated[int, "articles published for the first time"] = 0
    updated: Annotated[int, "articles published again because headline, body or images changed"] = 0
    withdrawn: Annotated[int, "articles published as withdrawn"] = 0
    unchanged: Annotated[int, "articles fetched again without a change"] = 0
    not_modified: Annotated[int, "articles for which the server answered 304"] = 0
    rejected: Annotated[int, "pages that were fetched and refused"] = 0
    failed: Annotated[int, "articles that could not be fetched"] = 0
    gone: Annotated[int, "articles for which the server answered 404 or 410"] = 0
    unverified: Annotated[int, "articles held until the end of the run because nothing proved them at once"] = 0
    poison_pages: Annotated[int, "requests not sent because runs died while parsing the page"] = 0
    resting_pages: Annotated[list[str], "poison pages, and the time until which they are not requested"] = field(
        default_factory=list
    )
    abandoned: Annotated[int, "articles given up after too many failures"] = 0
    abandoned_articles: Annotated[list[str], "articles given up in this run or before, the last ones"] = field(
        default_factory=list
    )
    pending: Annotated[int | None, "articles that are not published yet at the end of the run"] = None
    pending_rejected: Annotated[int, "pending articles whose page was fetched and rejected in this run"] = 0
    pending_resting: Annotated[int, "pending articles that failed often, and are tried once a day only"] = 0
    outage: Annotated[int, "articles that failed alike, where most of the run or the newest of all did"] = 0
    disallowed: Annotated[int, "articles that robots.txt disallows"] = 0
    rejected_by_reason: Annotated[Counter[RejectReason], "rejected pages by reason"] = field(default_factory=Counter)
    block_pages: Annotated[Counter[BlockPageKind], "captchas, logins, notices and soft 404s in the place of a page"] = (
        field(default_factory=Counter)
    )

    index_pages: Annotated[int, "index pages read"] = 0
    index_pages_failed: Annotated[int, "index pages that could not be read"] = 0
    index_pages_empty: Annotated[int, "index pages of the section without a list"] = 0
    labels_missing: Annotated[int, "pages without the section's label where it used to stand"] = 0
    labels_found: Annotated[Counter[str], "index pages found, by navigation, label or more link"] = field(
        default_factory=Counter
    )
    newest: Annotated[str | None, "newest article ID in the section's lists"] = None
    oldest: Annotated[str | None, "oldest article ID in the section's lists"] = None
    newest_since: Annotated[str | None, "time from which on the newest article ID has been the same"] = None
    broken_lists: Annotated[dict[str, str], "lists that could not be read to their end, and the cause"] = field(
        default_factory=dict
    )
    other_sections: Annotated[list[str], "index pages that turned out to be another section's"] = field(
        default_factory=list
    )
    audit: Annotated[AuditResult | None, "result of the audit, where this run was one"] = None
    last_audit: Annotated[AuditResult | None, "result of the last audit"] = None
    clock_back_hours: Annotated[float, "hours by which the clock was behind the start of the run before"] = 0.0
    clock_skew_hours: Annotated[float, "hours between the clock and the server's"] = 0.0
    gap: Annotated[tuple[str, str] | None, "article IDs between which articles may have been missed"] = None
    pages_bounded: Annotated[bool, "pagination ended at JIJI_MAX_PAGES"] = False
    bounded_by: Annotated[str | None, "bound on articles that ended the run: max_articles or JIJI_MAX_ARTICLES"] = None

    lines_appended: Annotated[int, "lines appended to the feed"] = 0
    lines_skipped: Annotated[int, "lines that the feed held already"] = 0
    rules: Annotated[Counter[str], "fields by extraction rule (certain, selector, structure, wording, disputed)"] = (
        field(default_factory=Counter)
    )
    drift: Annotated[dict[str, float], "fields with layout drift, and the share of pages"] = field(default_factory=dict)
    coverage: Annotated[Counter[str], "articles that have a field"] = field(default_factory=Counter)
    coverage_fallen: Annotated[list[str], "fields emptier than the feed's history lets expect"] = field(
        default_factory=list
    )

    requests: Annotated[int, "requests sent"] = 0
    responses: Annotated[Counter[int], "responses by HTTP status"] = field(default_factory=Counter)
    download_errors: Annotated[Counter[str], "requests without a response, by exception class"] = field(
        default_factory=Counter
    )
    incomplete_responses: Annotated[
        Counter[str], "responses refused because a part was missing or damaged, by fault"
    ] = field(default_factory=Counter)
    offsite_requests: Annotated[Counter[str], "requests refused by the off-site check, by cause"] = field(
        default_factory=Counter
    )
    offsite_links: Annotated[int, "links that read as the site's and lead elsewhere"] = 0
    robots_disallowed: Annotated[int, "requests that robots.txt disallows"] = 0
    render_requests: Annotated[int, "pages requested from the browser"] = 0
    rendered: Annotated[int, "pages that the browser completed"] = 0
    render_bounded: Annotated[bool, "further pages were not rendered because of JIJI_MAX_RENDERED"] = False
    render_refusals: Annotated[Counter[str], "requests of rendered pages that were refused, by cause"] = field(
        default_factory=Counter
    )
    refusals: Annotated[int, "answers 401, 403 or 429"] = 0
    waits: Annotated[int, "pauses that the site asked for (Retry-After)"] = 0
    waited_seconds: Annotated[float, "seconds waited because the site asked for it"] = 0.0

    @classmethod
    def of(cls, crawler: object) -> "RunStats":
        """Return the stats of a crawler's run, one object a crawler."""
        return _BY_CRAWLER.setdefault(crawler, cls())

    def end(self, reason: EndReason, message: str) -> bool:
        """Record an early end; return False where another one was recorded before."""
        if self.end_reason is not None:
            return False
        self.end_reason, self.end_message = reason, message
        return True

    def count_rule(self, field: str, rule: str) -> None:
        """Count the extraction rule that found a field."""
        self.rules[f"{field}/{rule}"] += 1

    def as_scrapy_stats(self) -> Iterator[tuple[str, Any]]:
        """Yield key and value of everything that was counted, for Scrapy's stats.

        >>> stats = RunStats(new=2)
        >>> stats.responses[200] += 3
        >>> list(stats.as_scrapy_stats())
        [('jiji/new', 2), ('jiji/responses/200', 3)]
        """
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, dict):
                yield from ((f"{PREFIX}{each.name}/{key}", number) for key, number in value.items())
            elif isinstance(value, AuditResult):
                yield f"{PREFIX}{each.name}", str(value)
            elif value or (value == 0 and each.default is None):
                yield f"{PREFIX}{each.name}", value


_BY_CRAWLER: "WeakKeyDictionary[object, RunStats]" = WeakKeyDictionary()
