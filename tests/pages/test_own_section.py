"""Own section of an index page, as the page itself says it; none where it does not say it."""

import pytest
from scrapy.http import HtmlResponse

from jiji.pages import IndexPage

ROOT = "https://jen.jiji.com"
NAVIGATION = (
    '<ul class="clearfix"><li><a href="/">HOME</a></li><li{national}><a href="/jc/eng?g=eco">NATIONAL</a></li>'
    '<li{photos}><a href="/jc/eng_photos">Photos</a></li></ul>'
)


def page(
    html: str,
    *,
    title: str = "Jiji Press English News",
    url: str = "/jc/list?c=x",
    national: str = "",
    photos: str = "",
) -> IndexPage:
    navigation = NAVIGATION.format(national=national, photos=photos)
    today = (
        "<h2>NATIONAL</h2><h3>HEADLINES</h3><dl><dt>POLITICS</dt><dd><a href='/jc/eng?k=2026060200111'>A</a></dd></dl>"
    )
    body = (
        f"<html><head><title>{title}</title></head><body>{navigation}<div>{html}</div><div>{today}</div></body></html>"
    )
    return IndexPage(HtmlResponse(ROOT + url, body=body.encode(), encoding="utf-8"))


def own(index: IndexPage) -> str | None:
    return index.own_section.name if index.own_section else None


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>HOME &gt; POLITICS</p>", "politics"),
        ("<p>HOME&nbsp;&gt;&nbsp;NATION</p>", "national"),
        ("<p>HOME &gt; NATIONAL &gt; SPORTS</p><h1>NATIONAL</h1>", "sports"),
        ("<p><a href=/>HOME</a> › <a href='/jc/eng?g=eco'>NATIONAL</a> › OTHER</p>", "other"),
        ("<ol class=breadcrumbs><li><a href=/>HOME</a><li><a href=/n>NATIONAL</a><li>ECONOMY</ol>", "economy"),
        ("<nav aria-label=Breadcrumb><a href=/>Top</a> / <span>AFP-JIJI PRESS NEWS JOURNAL</span></nav>", "journal"),
        ("<p>HOME &gt; POLITICS &gt; Page 2</p>", "politics"),
        ("<p>HOME &gt; NATIONAL</p><h1>POLITICS</h1><h2>ECONOMY</h2>", "politics"),
        ("<p>HOME &gt; NATIONAL</p><h1>NATIONAL</h1><h2>POLITICS</h2><h2>ECONOMY</h2>", "national"),
        ("<p>HOME &gt; NATIONAL</p><h2>HEADLINES</h2><h3>POLITICS</h3>", "national"),
        ("<h1>SPORTS</h1>", "sports"),
        ("<h1>Latest Sports News</h1><h1 id=logo>Jiji Press</h1>", "sports"),
        ("<h1>Photos (Page 2)</h1><h2>SPORTS</h2>", "photos"),
        ("<h1><img src=h.gif alt=x> ECONOMY »</h1>", "economy"),
        ("<h1><img src=h.gif alt='ECONOMY'></h1>", "economy"),
        ("<h2>POLITICS</h2><h2>ECONOMY</h2>", None),
        ("<h1>POLITICS</h1><h1>ECONOMY</h1>", None),
        ("<h1>Politics of Rice Turns Sour</h1>", None),
        ("<p>Latest from all over Japan</p>", None),
        ("<h1>Access Ranking</h1>", None),
    ],
)
def test_breadcrumbs_and_headings(html: str, expected: str | None) -> None:
    assert own(page(html)) == expected


@pytest.mark.parametrize(
    "mark",
    [
        " class=active",
        " class='nav current'",
        " class=on",
        " class=selected",
        " aria-current=page",
        " class=current-menu-item",
    ],
)
def test_current_item_of_the_navigation(mark: str) -> None:
    assert own(page("", national=mark)) == "national"
    assert own(page("", photos=mark)) == "photos"
    assert own(page("", national=mark, photos=mark)) is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("POLITICS | Jiji Press", "politics"),
        ("Jiji Press - Sports News", "sports"),
        ("JIJI PRESS: NATION", "national"),
        ("AFP-JIJI PRESS NEWS JOURNAL | JIJI PRESS", "journal"),
        ("Economy - Page 2 - Jiji Press", "economy"),
        ("Politics and Sports | Jiji Press", None),
        ("Jiji Press English News", None),
    ],
)
def test_title(title: str, expected: str | None) -> None:
    assert own(page("", title=title)) == expected


def test_heading_counts_before_navigation_and_title() -> None:
    assert own(page("<h1>ECONOMY</h1>", title="POLITICS | Jiji Press", photos=" class=active")) == "economy"


@pytest.mark.parametrize("html", ["", "<p>HOME</p><h1>NATIONAL</h1>", "<h2>NATIONAL</h2>"])
def test_home_has_no_own_section(html: str) -> None:
    assert own(page(html, title="NATIONAL", url="/")) is None
