"""Block pages: detected by kind, and not taken for articles or index pages."""

from pathlib import Path

import pytest
from scrapy.http import HtmlResponse, Response

from jiji.exceptions import PageRejected
from jiji.pages import article_page, block_page_kind
from jiji.stats import BlockPageKind, RejectReason
from tests.pages.case_folders import ALL, NOT_AN_ARTICLE, named, read

ARTICLE = "https://jen.jiji.com/jc/eng?g=eco&k=2026060200111"
NAVIGATION = "".join(
    f'<li><a href="/jc/{path}">{name}</a></li>'
    for path, name in (
        ("", "HOME"),
        ("eng?g=eco", "NATIONAL"),
        ("eng_journal", "NEWS JOURNAL"),
        ("eng_photos", "Photos"),
    )
)
LOGIN = '<form action="/login"><p>ID <input name="id"></p><p><input type="PASSWORD" name="pw"></p></form>'


def links(count: int) -> str:
    """Return a list of links to articles."""
    return "".join(
        f'<li><a href="/jc/eng?g=eco&amp;k=20260602{at:05}">Rowers Win Race No. {at} on Lake Biwa</a></li>'
        for at in range(count)
    )


def box(label: str, count: int) -> str:
    """Return a box of links to articles."""
    return f"<div><h2>{label}</h2><ul>{links(count)}</ul></div>"


def framed(title: str, main: str, crumbs: str = "HOME", header: str = "") -> HtmlResponse:
    """Return a page with the navigation and the boxes that each page of the site carries."""
    today = "".join(f"<h3>{name}</h3>{links(1)}" for name in ("POLITICS", "ECONOMY", "SPORTS", "OTHER"))
    html = (
        f"<html><head><title>{title}</title></head><body>{header}<ul>{NAVIGATION}</ul><div><p>{crumbs}</p>{main}</div>"
        f"<div><h2>NATIONAL</h2><h2>HEADLINES</h2>{today}</div>{box('NEWS JOURNAL', 4)}{box('Photos', 3)}"
        "<div><a href='/login'>Login</a> <p>Copyright (C) JIJI PRESS LTD. All rights reserved.</p></div></body></html>"
    )
    return HtmlResponse(ARTICLE, body=html.encode(), encoding="utf-8")


def plain(html: str) -> HtmlResponse:
    return HtmlResponse(ARTICLE, body=html.encode(), encoding="utf-8")


BLOCK_PAGES = {
    BlockPageKind.BLOCKED: [
        plain("<title>Just a moment...</title><div id=cf-wrapper>Checking your browser before you go on.</div>"),
        plain("<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>"),
        plain("<title></title><script src=https://challenges.example/cdn-cgi/challenge-platform/h/b/x.js></script>"),
        plain("<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1>You don't have permission to"
              " access this on this server.<p>Reference #18.1</body></html>"),
        plain("<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center><hr>"),
        plain("<title>429 Too Many Requests</title><h1>Too Many Requests</h1>"),
        plain("<p>Our systems have detected unusual traffic from your computer network.</p>"),
        plain("<h2>One more step</h2><p>Please complete the security check.</p><div class=g-recaptcha></div>"),
        plain("<title>JIJI PRESS</title><p>Please verify you are human</p><div class='h-captcha'></div>"),
        framed("JIJI PRESS", "<h1>Login</h1>" + LOGIN, "HOME &gt; Login"),
        framed("JIJI PRESS", "<p>Members, please enter your ID and password.</p>" + LOGIN),
        framed("JIJI PRESS", "<p>Please sign in to continue reading.</p><a href=/sso>Sign in</a>"),
        framed("JIJI PRESS", "<p>Dear reader</p><div><iframe src='//x.example/recaptcha/api2/anchor'></iframe></div>"),
        framed("Login | JIJI PRESS", LOGIN, "HOME &gt; NATIONAL &gt; Article"),
    ],
    BlockPageKind.MAINTENANCE: [
        plain("<title>503 Service Temporarily Unavailable</title><center><h1>503 Service Temporarily Unavailable</h1>"),
        plain("<h1>We'll be back soon!</h1><p>Sorry for the inconvenience.</p>"),
        plain("<html><body>Under construction</body></html>"),
        plain("<p>This site is currently undergoing maintenance.</p>"),
        plain("<title>メンテナンス中</title><p>ただいまメンテナンス中です。</p>"),
        framed("JIJI PRESS", "<h1>System Maintenance</h1><p>&nbsp; Closed from 1 a.m. to 5 a.m.</p>",
               "HOME &gt; NATIONAL &gt; Article"),
        framed("JIJI PRESS", "<h2>Notice</h2><p>The service is temporarily unavailable.</p>"),
    ],
    BlockPageKind.NOT_FOUND: [
        plain("<title>404 Not Found</title><h1>Not Found</h1><p>The requested URL was not found on this server.</p>"),
        framed("JIJI PRESS", "<h1>Page Not Found</h1><p>The page you asked for was moved or deleted.</p>"),
        framed("JIJI PRESS", "<p>&nbsp; The article you are looking for is no longer available.</p>",
               "HOME &gt; NATIONAL &gt; Article"),
        framed("JIJI PRESS", "<h1 id=article-title>Article Not Found</h1><p class=full-article-txt>&nbsp; "
               + "We are sorry for the trouble, and ask you to go on from the home page. " * 8 + "</p>",
               "HOME &gt; NATIONAL &gt; Article"),
        framed("JIJI PRESS", "<p>お探しのページは見つかりませんでした。</p>"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        pytest.param(kind, page, id=f"{kind}-{at}")
        for kind, pages in BLOCK_PAGES.items()
        for at, page in enumerate(pages)
    ],
)
def test_block_page_is_detected_by_kind_and_is_no_article(kind: BlockPageKind, page: HtmlResponse) -> None:
    assert block_page_kind(page) is kind
    with pytest.raises(PageRejected) as rejected:
        article_page(page)
    assert rejected.value.reason is RejectReason.NOT_AN_ARTICLE


@pytest.mark.parametrize("case", named(case for case in ALL if case.parent.name != NOT_AN_ARTICLE))
def test_articles_and_index_pages_are_no_block_pages(case: Path) -> None:
    assert block_page_kind(read(case)[0]) is None


MENTIONS = (
    (
        "Captcha Firm Ome Soft Says Access Denied to Robots",
        "Readers had to verify that they are human, a captcha says.",
    ),
    ("Login Not Found", "The page could not be found, and the service is temporarily unavailable, the ministry said."),
    ("Tokyo Bridge Closed for Scheduled Maintenance", "The site is under construction and closed due to maintenance."),
)


@pytest.mark.parametrize(("headline", "words"), MENTIONS)
@pytest.mark.parametrize("also", ["", LOGIN, "<div class=g-recaptcha data-sitekey=x></div><h3>Log in</h3>"])
def test_article_may_mention_block_pages(headline: str, words: str, also: str) -> None:
    body = f"<h1 id=article-title>{headline}</h1><p>&nbsp; Tokyo, June 2 (Jiji Press)--{words}</p><p>&nbsp; {words}</p>"
    page = framed(headline, body + also, "HOME &gt; NATIONAL &gt; Article", header=also)
    assert article_page(page).headline == headline
    assert block_page_kind(page) is None


@pytest.mark.parametrize("header", [LOGIN, f"<h3>Member Login</h3>{LOGIN}", "<div class=g-recaptcha></div>"])
@pytest.mark.parametrize("crumbs", ["HOME &gt; NATIONAL", "HOME"])
def test_index_page_may_have_a_login(header: str, crumbs: str) -> None:
    assert block_page_kind(framed("NATIONAL", f"<ul>{links(8)}</ul>", crumbs, header=header)) is None


@pytest.mark.parametrize("field", ['type="email" name="a"', 'name="MAIL"'])
def test_page_with_a_newsletter_form_and_its_bot_check_is_no_block_page(field: str) -> None:
    form = f"<form action=/letter><input {field}><div class=g-recaptcha></div></form><script src=/recaptcha/api.js>"
    assert (
        block_page_kind(plain(f"<h1>Ship Sails Home</h1><p>A ship sailed home on Monday, the port said.</p>{form}"))
        is None
    )
    assert block_page_kind(plain(f"<h1>Log in</h1><p>Welcome.</p>{form}<input type=password>")) is BlockPageKind.BLOCKED


def test_index_page_with_headlines_about_block_pages_is_no_block_page() -> None:
    rows = "<h2><a href='/jc/eng?g=eco&k=2026060200911'>Access Denied</a></h2>" + links(8)
    assert block_page_kind(framed("NATIONAL", rows, "HOME &gt; NATIONAL")) is None


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"\x00" * 100, b"{}", "円安".encode("shift_jis")])
def test_undecodable_response_is_no_block_page(body: bytes) -> None:
    assert block_page_kind(HtmlResponse(ARTICLE, body=body)) is None
    assert block_page_kind(Response(ARTICLE, body=body)) is None
