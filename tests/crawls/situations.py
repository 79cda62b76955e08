"""Table of the situations of a run: the fault, the exit status, and parts of the manifest."""

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
"""Word on every page that must not reach a feed."""

Arrange = Callable[[Misbehaving], object]
QUICK = {"DOWNLOAD_TIMEOUT": "1"}


def page(title: str, words: str, head: str = "") -> bytes:
    """Return a page without a list and without an article."""
    return (
        f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p>{words} {MARK}.</p></body></html>"
    ).encode()


MAINTENANCE = page("Under Maintenance", "This site is being maintained. Please come back later.")
CAPTCHA = page(
    "One more step",
    "Please verify that you are a human.",
    '<script src="https://captcha.example/g-recaptcha.js"></script>',
)
CHALLENGE = page(
    "Just a moment",
    "Checking your browser before you go on.",
    '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate.js"></script>',
)
LOGIN = page("Log in", 'Members only. <form><input name="u"><input type="password" name="p"></form>')
NOT_FOUND = page("Page not found", "The page that you asked for does not exist.")
SHELL = b'<html><body><div id="app"></div><script src="/app.js"></script></body></html>'
BLANKS = gzip.compress(b" " * 1_000_000)
BOMB = BLANKS * 300  # a gzip file of many members is one as well


def in_disguise(headline: str | None = None) -> How:
    """Answer with one article text in the place of any article: a block page in disguise."""

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
    """Return an index page cut off behind its third article, as by a faulty proxy."""
    return body[: [found.end() for found in re.finditer(rb"k=\d{13}[^<]*<", body)][2]]


def one_text_for_three(site: Misbehaving) -> None:
    """Serve one text and one headline for three articles, in the lists as well."""
    for key in keys(site)[:3]:
        site.spoil(key, in_disguise("A Lamp Guards This Place"))
        site.revise(key, headline="A Lamp Guards This Place")


def moved(to: str) -> How:
    """Redirect to another address."""
    return status(302, Location=to)


def with_pipeline(name: str) -> dict[str, str]:
    """Return the settings of a crawl with one of the failing pipelines."""
    return {"ITEM_PIPELINES": json.dumps({**ITEM_PIPELINES, f"tests.crawls.broken.{name}": 350})}


def keys(site: Misbehaving) -> list[str]:
    """Return the article IDs in the list of SPORTS, oldest first: the order of requests."""
    return sorted(site.listed("sports"))


def first(*hows: How) -> Arrange:
    """Return an arrangement for the page of the first article."""
    return lambda site: site.spoil(keys(site)[0], *hows)


def everything(*hows: How) -> Arrange:
    """Return an arrangement for every page but robots.txt."""

    def arrange(site: Misbehaving) -> None:
        site.spoil(EVERYTHING, *hows)
        site.spoil("/robots.txt", well)

    return arrange


def articles(*hows: How, most: int | None = None) -> Arrange:
    """Return an arrangement for the pages of all articles, or of the first ones."""

    def arrange(site: Misbehaving) -> None:
        for key in keys(site)[:most]:
            site.spoil(key, *hows)

    return arrange


def robots(*hows: How) -> Arrange:
    """Return an arrangement for robots.txt."""
    return lambda site: site.spoil("/robots.txt", *hows)


def lists(*hows: How, also: str = "") -> Arrange:
    """Return an arrangement for the index page of SPORTS, and for another page."""

    def arrange(site: Misbehaving) -> None:
        for address in filter(None, ("/jc/list?g=spo", also)):
            site.spoil(address, *hows)

    return arrange


def behaviour(**values: object) -> Arrange:
    """Return an arrangement of the replica's behaviour."""

    def arrange(site: Misbehaving) -> None:
        for name, value in values.items():
            setattr(site, name, value)

    return arrange


def with_header(**headers: str) -> How:
    """Answer with the same body and other headers."""
    return changed(bytes, **headers)


@dataclass(frozen=True)
class Situation:
    """Row of the table: the arrangement, after a good run or before any, and the expected result."""

    name: str
    status: int
    arrange: Arrange
    expected: dict[str, object] = field(default_factory=dict)
    """Parts of the manifest by path: a value, or a part of its text."""
    after_good: bool = False
    options: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    healed: int = 0
    """Exit status of the next run, after the fault is gone."""


ONE_LEFT: dict[str, object] = {"articles.pending": 1, "verdict.message": "1 still to fetch"}
ONE_REJECTED: dict[str, object] = {"articles.pending": 1, "verdict.message": "1 rejected page to try again"}
SHORT = {**ONE_LEFT, "counts.jiji/incomplete_responses/short": 3}

HEALTHY = (
    Situation("a first run", 0, behaviour(), {"articles.pending": 0, "gap": None, "warnings": "[]"}),
    Situation(
        "nothing new",
        0,
        behaviour(),
        {"articles.new": 0, "appended": "[]", "verdict.message": "nothing new"},
        after_good=True,
    ),
    Situation("new articles", 0, lambda site: site.publish(12), {"requests.by_outcome.200": 1}, after_good=True),
    Situation(
        "a changed article",
        0,
        lambda site: site.revise(keys(site)[-1], headline="Rowers Win After All"),
        {"articles.updated": 1, "articles.new": 0},
        after_good=True,
    ),
    Situation(
        "a run bounded by max_articles",
        0,
        behaviour(),
        {"articles.new": 2, "arguments.max_articles": "2"},
        options=("-a", "max_articles=2"),
    ),
    Situation(
        "one failure, then well", 0, first(status(500), well), {"articles.pending": 0, "requests.by_outcome.500": 1}
    ),
    Situation("one cut page, then well", 0, first(cut(), well), {"articles.pending": 0}),
    Situation("Retry-After of a second", 0, first(status(503, Retry_After="1"), well), {"counts.jiji/waits": 1}),
    Situation("no robots.txt", 0, robots(status(404)), {"articles.pending": 0}),
    Situation("an HTML page for robots.txt", 0, robots(status(200, MAINTENANCE)), {"articles.pending": 0}),
    Situation(
        "endless pagination",
        0,
        behaviour(endless=True),
        {"warnings": "JIJI_MAX_PAGES"},
        settings={"JIJI_MAX_PAGES": "4"},
    ),
    Situation(
        "more articles than JIJI_MAX_ARTICLES",
        0,
        behaviour(),
        {"warnings": "JIJI_MAX_ARTICLES", "articles.new": 3},
        settings={"JIJI_MAX_ARTICLES": "3"},
    ),
    Situation(
        "a section label in another spelling",
        0,
        lambda site: site.rename_label("SPORTS", "Sports »"),
        {"warnings": "[]"},
    ),
    Situation("a slow site", 0, first(drip(0.01, 2000)), {"articles.pending": 0}),
    Situation("pages in chunks", 0, everything(chunked()), {"articles.pending": 0}),
    Situation("pages in gzip", 0, everything(changed(gzip.compress, Content_Encoding="gzip")), {"articles.pending": 0}),
)

NETWORK = (
    Situation("connection refused", 20, lambda site: site.stop(), {"requests.by_outcome": "Refused"}),
    Situation("everything hangs", 20, everything(hang()), {"verdict.word": "unreachable"}, settings=QUICK),
    Situation("everything is reset", 20, everything(reset()), {"verdict.word": "unreachable"}),
    Situation("everything answers 500", 20, everything(status(500)), {"requests.by_outcome.500": 6}),
    Situation("everything answers 404", 20, everything(status(404)), {"requests.by_outcome": "404"}),
    Situation(
        "an index page cut in transit",
        22,
        lists(cut()),
        {"counts.jiji/incomplete_responses/short": 3, "articles.pending": 0},
    ),
    Situation(
        "an index page cut before it was sent",
        22,
        lists(changed(half)),
        {"counts.jiji/index_pages_failed": 1, "articles.pending": 0},
    ),
    Situation(
        "index page and fallback cut in transit",
        20,
        lists(cut(), also="/jc/eng?g=eco"),
        {"verdict.message": "2 index pages"},
    ),
    Situation("robots.txt answers 503", 20, robots(status(503)), {"articles.new": 0, "verdict.message": "robots.txt"}),
    Situation("robots.txt hangs", 20, robots(hang()), {"verdict.message": "robots.txt"}, settings=QUICK),
    Situation("a body shorter than announced", 22, first(cut()), SHORT),
    Situation("a body without a length that ends early", 22, first(cut(Content_Length=None)), ONE_LEFT),
    Situation("chunks that end early", 22, first(chunked(200)), ONE_LEFT),
    Situation(
        "gzip cut short", 22, first(changed(lambda body: gzip.compress(body)[:-300], Content_Encoding="gzip")), ONE_LEFT
    ),
    Situation(
        "gzip with a wrong checksum",
        22,
        first(changed(lambda body: gzip.compress(body)[:-8] + b"12345678", Content_Encoding="gzip")),
        ONE_LEFT,
    ),
    Situation("a decompression bomb", 22, first(changed(lambda _: BOMB, Content_Encoding="gzip")), ONE_LEFT),
    Situation("an endless body", 22, first(endless()), ONE_LEFT),
    Situation("endless headers", 22, first(endless(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n" * 1000)), ONE_LEFT),
    Situation("a slow drip", 22, first(drip(0.5, 10)), ONE_LEFT, settings=QUICK),
    Situation("a connection reset within the body", 22, first(reset(0.5)), ONE_LEFT),
    Situation("a response that is not HTTP", 22, first(raw(b"SSH-2.0-OpenSSH_9.2\r\n")), ONE_LEFT),
    Situation("a page answers 500", 22, first(status(500)), ONE_LEFT),
    Situation("an article answers 404", 22, first(status(404)), {"articles.gone": 1}),
    Situation(
        "a redirect loop",
        22,
        lambda site: site.spoil(key := keys(site)[0], moved(f"/jc/i?g=eco&k={key}")),
        ONE_LEFT,
    ),
    Situation("an article redirects to home", 22, first(moved("/")), ONE_REJECTED),
    Situation(
        "an article redirects to another article",
        22,
        lambda site: site.spoil(keys(site)[0], moved(f"/jc/eng?g=eco&k={keys(site)[1]}")),
        {**ONE_REJECTED, "articles.rejected_by_reason.another article": 1},
    ),
    Situation(
        "an article redirects off-site", 22, first(moved("https://evil.example/jc/eng?g=eco&k=2025120500268")), ONE_LEFT
    ),
)

REFUSED = (
    Situation("everything answers 403", 18, everything(status(403)), {"verdict.word": "blocked"}),
    Situation("all articles answer 403", 18, articles(status(403)), {"articles.new": 0, "counts.jiji/refusals": 5}),
    Situation("everything answers 429", 18, everything(status(429)), {"verdict.word": "blocked"}),
    *(
        Situation(
            f"everything answers {code} with a challenge",
            18,
            everything(status(code, CHALLENGE)),
            {"verdict.word": "blocked", "articles.new": 0, "requests.by_outcome": f'"{code}"'},
        )
        for code in (202, 503)
    ),
    *(
        Situation(
            f"all articles answer {code} with a challenge",
            18,
            articles(status(code, CHALLENGE)),
            {"verdict.word": "blocked", "articles.new": 0},
        )
        for code in (202, 503)
    ),
    Situation(
        "a challenge by its header alone",
        18,
        everything(status(503, b"", Cf_Mitigated="challenge")),
        {"verdict.word": "blocked"},
    ),
    Situation("everything answers 402", 18, everything(status(402)), {"verdict.message": "402"}),
    Situation("all articles answer 451", 18, articles(status(451)), {"verdict.message": "451"}),
    Situation(
        "robots.txt disallows the article pages",
        18,
        robots(status(200, b"User-agent: *\nDisallow: /*k=\n")),
        {"verdict.message": "robots.txt", "articles.new": 0},
    ),
    Situation("Retry-After of a day", 18, first(status(429, Retry_After="86400")), {"verdict.word": "blocked"}),
    Situation(
        "robots.txt disallows the list",
        18,
        robots(status(200, b"User-agent: *\nDisallow: /\n")),
        {"verdict.message": "robots.txt"},
    ),
    Situation("a captcha in every place", 18, everything(status(200, CAPTCHA)), {"articles.new": 0}),
    Situation(
        "a login in the place of every article",
        18,
        articles(status(200, LOGIN)),
        {"articles.new": 0, "verdict.word": "blocked"},
    ),
)

CHANGED = (
    Situation(
        "a maintenance page in every place",
        21,
        everything(status(200, MAINTENANCE)),
        {"verdict.message": "maintenance"},
    ),
    Situation(
        "a maintenance page in the place of every article", 21, articles(status(200, MAINTENANCE)), {"articles.new": 0}
    ),
    Situation("a soft 404 in every place", 21, everything(status(200, NOT_FOUND)), {"articles.new": 0}),
    Situation("an unknown section label", 21, lambda site: site.rename_label("SPORTS", "Games"), {"warnings": "label"}),
    Situation("lists without articles", 21, behaviour(lists_are_empty=True), {"verdict.message": "found none"}),
    Situation("pages that need scripts", 21, articles(status(200, SHELL)), {"articles.new": 0}),
    Situation(
        "one text under all article IDs",
        21,
        articles(in_disguise()),
        {"articles.new": 0, "articles.rejected_by_reason": "one text under several article IDs"},
    ),
    Situation("one text under three article IDs with one headline", 21, one_text_for_three, {"articles.pending": 3}),
    Situation("one text under three article IDs", 21, articles(in_disguise(), most=3), {"articles.pending": 3}),
    Situation("one page under all article IDs", 21, articles(in_disguise("Rowers Rest")), {"articles.new": 0}),
    Situation("a maintenance page for one article", 22, first(status(200, MAINTENANCE)), {"articles.rejected": 1}),
    Situation(
        "an image in the place of home", 22, behaviour(home_is_a_picture=True), {"counts.jiji/index_pages_failed": 1}
    ),
    Situation(
        "bytes of no charset",
        22,
        first(changed(lambda body: body.replace(b"</h1>", b"\xff\xfe\x81</h1>", 1))),
        {"articles.rejected": 1},
    ),
)

SETTINGS = (
    Situation(
        "an invalid argument", 4, behaviour(), {"verdict.message": "since=YYYY-MM-DD"}, options=("-a", "since=soon")
    ),
    Situation(
        "an invalid setting", 4, behaviour(), {"verdict.message": "JIJI_MAX_PAGES"}, settings={"JIJI_MAX_PAGES": "0"}
    ),
    Situation(
        "an unknown extension",
        4,
        behaviour(),
        {"requests.made": 0},
        settings={"EXTENSIONS": '{"jiji.extensions.manifest.ManifestWriter": 490, "no.such.Extension": 600}'},
    ),
    Situation(
        "a pipeline that fails to open",
        1,
        behaviour(),
        {"verdict.message": "RuntimeError"},
        settings=with_pipeline("Unopened"),
    ),
    Situation(
        "a pipeline that fails for one article",
        22,
        behaviour(),
        ONE_LEFT,
        settings=with_pipeline("FailsOnce"),
    ),
    Situation(
        "a callback that fails for one article",
        22,
        behaviour(),
        ONE_LEFT,
        settings={
            "SPIDER_MIDDLEWARES": json.dumps({**SPIDER_MIDDLEWARES, "tests.crawls.broken.FailsInTheCallback": 960})
        },
    ),
    Situation(
        "a signal handler that fails",
        1,
        behaviour(),
        {"counts.jiji/internal_errors": 1},
        settings=with_pipeline("FailsAtTheEnd"),
    ),
    Situation(
        "an invalid feed in FEEDS",
        4,
        behaviour(),
        {"verdict.message": "FEEDS"},
        settings={"FEEDS": '{"x.y": {"format": "nonsense"}}'},
    ),
)

SITUATIONS = (*HEALTHY, *NETWORK, *REFUSED, *CHANGED, *SETTINGS)
