"""The situations a run can meet, as a table: what is wrong, how the run must end, and what its manifest must say."""

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from jiji.settings import ITEM_PIPELINES, SPIDER_MIDDLEWARES
from tests.faults import (
    EVERYTHING,
    How,
    Misbehaving,
    changed,
    chunked,
    cut,
    drip,
    endless,
    hang,
    raw,
    reset,
    status,
    well,
)

MARK = "Quillfeather"
"""Stands in every page that no feed may ever hold."""

Arrange = Callable[[Misbehaving], object]
QUICK = {"DOWNLOAD_TIMEOUT": "1"}


def page(title: str, words: str, head: str = "") -> bytes:
    """Return a page that is neither a list nor a story."""
    return (
        f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p>{words} {MARK}.</p></body></html>"
    ).encode()


MAINTENANCE = page("Under Maintenance", "This site is being maintained. Please come back later.")
CAPTCHA = page(
    "One more step",
    "Please verify that you are a human.",
    '<script src="https://captcha.example/g-recaptcha.js"></script>',
)
LOGIN = page("Log in", 'Members only. <form><input name="u"><input type="password" name="p"></form>')
NOT_FOUND = page("Page not found", "The page that you asked for does not exist.")
SHELL = b'<html><body><div id="app"></div><script src="/app.js"></script></body></html>'
BLANKS = gzip.compress(b" " * 1_000_000)
BOMB = BLANKS * 300  # a gzip file of many members is one as well


def in_disguise(headline: str | None = None) -> How:
    """Answer with a story's page in which every paragraph says the same, in any story's place."""

    def change(body: bytes) -> bytes:
        text = body.decode("utf-8", "replace")
        said = f"&nbsp; &nbsp; &nbsp; Tokyo, Jan. 5 (Jiji Press)--{MARK} guards this place, as every reader will know."
        article = (
            '<html><body><p class="breadcrumb">HOME &gt; NATIONAL &gt; Article</p><h1 id="article-title">{}</h1>'
            '<p class="full-article-txt">{}</p><p class="full-article-txt">&nbsp; &nbsp; &nbsp; It will open again.</p>'
            '<p class="full-article-txt">To read a full story, please click here to find out how to subscribe.</p>'
            "</body></html>"
        )
        true = re.search(r"<title>([^<|]+)", text)
        return article.format(headline or (true[1].strip() if true else "A Story"), said).encode()

    return changed(change, Content_Type="text/html; charset=utf-8")


def half(body: bytes) -> bytes:
    """Return a list's page cut off behind its third story, as a proxy may have cut it."""
    return body[: [found.end() for found in re.finditer(rb"k=\d{13}[^<]*<", body)][2]]


def thrice(site: Misbehaving) -> None:
    """Let three stories be one, in the lists as well."""
    for key in keys(site)[:3]:
        site.spoil(key, in_disguise("A Lamp Guards This Place"))
        site.revise(key, headline="A Lamp Guards This Place")


def moved(to: str) -> How:
    """Redirect to another address."""
    return status(302, Location=to)


def with_pipeline(name: str) -> dict[str, str]:
    """Return the settings of a crawl with one more pipeline, of those that fail."""
    return {"ITEM_PIPELINES": json.dumps({**ITEM_PIPELINES, f"tests.crawls.broken.{name}": 350})}


def keys(site: Misbehaving) -> list[str]:
    """Return the keys on the list of SPORTS, oldest first: the order in which a run asks for them."""
    return sorted(site.listed("sports"))


def first(*hows: How) -> Arrange:
    """Return what spoils the page of the first story."""
    return lambda site: site.spoil(keys(site)[0], *hows)


def everything(*hows: How) -> Arrange:
    """Return what spoils every page, robots.txt excepted."""

    def arrange(site: Misbehaving) -> None:
        site.spoil(EVERYTHING, *hows)
        site.spoil("/robots.txt", well)

    return arrange


def articles(*hows: How, most: int | None = None) -> Arrange:
    """Return what spoils the pages of all stories, or of the first ones."""

    def arrange(site: Misbehaving) -> None:
        for key in keys(site)[:most]:
            site.spoil(key, *hows)

    return arrange


def robots(*hows: How) -> Arrange:
    """Return what spoils robots.txt."""
    return lambda site: site.spoil("/robots.txt", *hows)


def lists(*hows: How, also: str = "") -> Arrange:
    """Return what spoils the list of SPORTS, and another page."""

    def arrange(site: Misbehaving) -> None:
        for address in filter(None, ("/jc/list?g=spo", also)):
            site.spoil(address, *hows)

    return arrange


def habits(**values: object) -> Arrange:
    """Return what changes the replica's habits."""

    def arrange(site: Misbehaving) -> None:
        for name, value in values.items():
            setattr(site, name, value)

    return arrange


def with_header(**headers: str) -> How:
    """Answer with the very body, and other headers."""
    return changed(bytes, **headers)


@dataclass(frozen=True)
class Situation:
    """A row: what is arranged, after a good run or before any, and what must come of it."""

    name: str
    status: int
    arrange: Arrange
    told: dict[str, object] = field(default_factory=dict)
    """Parts of the manifest, by their path: a value, or what its text must contain."""
    after_good: bool = False
    options: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    healed: int = 0
    """How the next run ends, once all is well again."""


ONE_LEFT: dict[str, object] = {"articles.pending": 1, "verdict.said": "1 still to fetch"}
SHORT = {**ONE_LEFT, "counts.jiji/integrity/short": 3}

HEALTHY = (
    Situation("a first run", 0, habits(), {"articles.pending": 0, "gap": None, "warnings": "[]"}),
    Situation(
        "nothing new",
        0,
        habits(),
        {"articles.new": 0, "appended": "[]", "verdict.said": "nothing new"},
        after_good=True,
    ),
    Situation("new stories", 0, lambda site: site.publish(12), {"requests.by_outcome.200": 1}, after_good=True),
    Situation(
        "a changed story",
        0,
        lambda site: site.revise(keys(site)[-1], headline="Rowers Win After All"),
        {"articles.updated": 1, "articles.new": 0},
        after_good=True,
    ),
    Situation(
        "a bounded run",
        0,
        habits(),
        {"articles.new": 2, "arguments.max_articles": "2"},
        options=("-a", "max_articles=2"),
    ),
    Situation(
        "one failure, then well", 0, first(status(500), well), {"articles.pending": 0, "requests.by_outcome.500": 1}
    ),
    Situation("one cut page, then well", 0, first(cut(), well), {"articles.pending": 0}),
    Situation(
        "asked to wait a second", 0, first(status(503, Retry_After="1"), well), {"counts.jiji/throttle/waits": 1}
    ),
    Situation("no robots.txt", 0, robots(status(404)), {"articles.pending": 0}),
    Situation("a page for robots.txt", 0, robots(status(200, MAINTENANCE)), {"articles.pending": 0}),
    Situation(
        "paging without end", 0, habits(endless=True), {"warnings": "JIJI_MAX_PAGES"}, settings={"JIJI_MAX_PAGES": "4"}
    ),
    Situation(
        "more stories than a run may ask for",
        0,
        habits(),
        {"warnings": "JIJI_MAX_ARTICLES", "articles.new": 3},
        settings={"JIJI_MAX_ARTICLES": "3"},
    ),
    Situation("a label spelled otherwise", 0, lambda site: site.rename_label("SPORTS", "Sports »"), {"warnings": "[]"}),
    Situation("a slow site", 0, first(drip(0.01, 2000)), {"articles.pending": 0}),
    Situation("pages in chunks", 0, everything(chunked()), {"articles.pending": 0}),
    Situation("pages in gzip", 0, everything(changed(gzip.compress, Content_Encoding="gzip")), {"articles.pending": 0}),
)

NETWORK = (
    Situation("nobody there", 20, lambda site: site.stop(), {"requests.by_outcome": "Refused"}),
    Situation("everything hangs", 20, everything(hang()), {"verdict.word": "unreachable"}, settings=QUICK),
    Situation("everything is reset", 20, everything(reset()), {"verdict.word": "unreachable"}),
    Situation("everything answers 500", 20, everything(status(500)), {"requests.by_outcome.500": 6}),
    Situation("everything answers 404", 20, everything(status(404)), {"requests.by_outcome": "404"}),
    Situation("the list is cut", 22, lists(cut()), {"counts.jiji/integrity/short": 3, "articles.pending": 0}),
    Situation(
        "the list was cut before it was sent",
        22,
        lists(changed(half)),
        {"counts.jiji/index/failed": 1, "articles.pending": 0},
    ),
    Situation(
        "the list and its fallback are cut", 20, lists(cut(), also="/jc/eng?g=eco"), {"verdict.said": "2 of them"}
    ),
    Situation("robots.txt answers 503", 20, robots(status(503)), {"articles.new": 0, "verdict.said": "robots.txt"}),
    Situation("robots.txt hangs", 20, robots(hang()), {"verdict.said": "robots.txt"}, settings=QUICK),
    Situation("a page is shorter than announced", 22, first(cut()), SHORT),
    Situation("a page ends early, of no announced length", 22, first(cut(Content_Length=None)), ONE_LEFT),
    Situation("chunks end early", 22, first(chunked(200)), ONE_LEFT),
    Situation(
        "gzip cut short", 22, first(changed(lambda body: gzip.compress(body)[:-300], Content_Encoding="gzip")), ONE_LEFT
    ),
    Situation(
        "gzip with a wrong checksum",
        22,
        first(changed(lambda body: gzip.compress(body)[:-8] + b"12345678", Content_Encoding="gzip")),
        ONE_LEFT,
    ),
    Situation("a bomb", 22, first(changed(lambda _: BOMB, Content_Encoding="gzip")), ONE_LEFT),
    Situation("an endless body", 22, first(endless()), ONE_LEFT),
    Situation("endless headers", 22, first(endless(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n" * 1000)), ONE_LEFT),
    Situation("a page drips", 22, first(drip(0.5, 10)), ONE_LEFT, settings=QUICK),
    Situation("a page is reset", 22, first(reset(0.5)), ONE_LEFT),
    Situation("no HTTP at all", 22, first(raw(b"SSH-2.0-OpenSSH_9.2\r\n")), ONE_LEFT),
    Situation("a page answers 500", 22, first(status(500)), ONE_LEFT),
    Situation("a story is gone", 22, first(status(404)), {"articles.gone": 1}),
    Situation(
        "a story in a loop of redirects",
        22,
        lambda site: site.spoil(key := keys(site)[0], moved(f"/jc/i?g=eco&k={key}")),
        ONE_LEFT,
    ),
    Situation("a story leads home", 22, first(moved("/")), ONE_LEFT),
    Situation(
        "a story leads to another",
        22,
        lambda site: site.spoil(keys(site)[0], moved(f"/jc/eng?g=eco&k={keys(site)[1]}")),
        {**ONE_LEFT, "articles.rejected_by_reason.another article": 1},
    ),
    Situation(
        "a story leads to another host", 22, first(moved("https://evil.example/jc/eng?g=eco&k=2025120500268")), ONE_LEFT
    ),
)

REFUSED = (
    Situation("everything answers 403", 18, everything(status(403)), {"verdict.word": "blocked"}),
    Situation("stories answer 403", 18, articles(status(403)), {"articles.new": 0, "counts.jiji/refusals": 5}),
    Situation("everything answers 429", 18, everything(status(429)), {"verdict.word": "blocked"}),
    Situation("asked to wait for a day", 18, first(status(429, Retry_After="86400")), {"verdict.word": "blocked"}),
    Situation(
        "robots.txt disallows the list",
        18,
        robots(status(200, b"User-agent: *\nDisallow: /\n")),
        {"verdict.said": "robots.txt"},
    ),
    Situation("a captcha everywhere", 18, everything(status(200, CAPTCHA)), {"articles.new": 0}),
    Situation(
        "a login for every story", 18, articles(status(200, LOGIN)), {"articles.new": 0, "verdict.word": "blocked"}
    ),
)

CHANGED = (
    Situation("maintenance everywhere", 21, everything(status(200, MAINTENANCE)), {"verdict.said": "maintenance"}),
    Situation("maintenance for every story", 21, articles(status(200, MAINTENANCE)), {"articles.new": 0}),
    Situation("a notice of not found everywhere", 21, everything(status(200, NOT_FOUND)), {"articles.new": 0}),
    Situation("a label renamed", 21, lambda site: site.rename_label("SPORTS", "Games"), {"warnings": "label"}),
    Situation("lists without stories", 21, habits(lists_are_empty=True), {"verdict.said": "found none"}),
    Situation("pages that only a script would fill", 21, articles(status(200, SHELL)), {"articles.new": 0}),
    Situation(
        "one text for all", 21, articles(in_disguise()), {"articles.new": 0, "articles.rejected_by_reason": "same text"}
    ),
    Situation("one story under three headlines that are one", 21, thrice, {"articles.pending": 3}),
    Situation("one text for three", 21, articles(in_disguise(), most=3), {"articles.pending": 3}),
    Situation("one page for all", 21, articles(in_disguise("Rowers Rest")), {"articles.new": 0}),
    Situation("a notice for one story", 22, first(status(200, MAINTENANCE)), {"articles.rejected": 1}),
    Situation("home is a picture", 22, habits(home_is_a_picture=True), {"counts.jiji/index/failed": 1}),
    Situation(
        "rubbish instead of characters",
        22,
        first(changed(lambda body: body.replace(b"</h1>", b"\xff\xfe\x81</h1>", 1))),
        {"articles.rejected": 1},
    ),
)

SETTINGS = (
    Situation(
        "an argument that is none", 4, habits(), {"verdict.said": "since=YYYY-MM-DD"}, options=("-a", "since=soon")
    ),
    Situation(
        "a setting that is none", 4, habits(), {"verdict.said": "JIJI_MAX_PAGES"}, settings={"JIJI_MAX_PAGES": "0"}
    ),
    Situation(
        "a part that does not exist",
        4,
        habits(),
        {"requests.made": 0},
        settings={"EXTENSIONS": '{"jiji.feedexport.SectionFeed": 500, "no.such.Extension": 600}'},
    ),
    Situation(
        "a pipeline that does not open",
        1,
        habits(),
        {"verdict.said": "RuntimeError"},
        settings=with_pipeline("Unopened"),
    ),
    Situation(
        "a pipeline that fails for one story",
        22,
        habits(),
        ONE_LEFT,
        settings=with_pipeline("FailsOnce"),
    ),
    Situation(
        "a callback that fails for one story",
        22,
        habits(),
        ONE_LEFT,
        settings={
            "SPIDER_MIDDLEWARES": json.dumps({**SPIDER_MIDDLEWARES, "tests.crawls.broken.FailsInTheCallback": 960})
        },
    ),
    Situation(
        "a listener that fails",
        1,
        habits(),
        {"counts.jiji/mishaps": 1},
        settings=with_pipeline("FailsAtTheEnd"),
    ),
    Situation(
        "a feed that cannot be",
        4,
        habits(),
        {"verdict.said": "FEEDS"},
        settings={"FEEDS": '{"x.y": {"format": "nonsense"}}'},
    ),
)

SITUATIONS = (*HEALTHY, *NETWORK, *REFUSED, *CHANGED, *SETTINGS)
