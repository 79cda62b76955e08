"""Entries of an index page: URL and headline of an article with several links, noise, and numbers like an ID."""

import pytest
from scrapy.http import HtmlResponse

from jiji.pages import IndexEntry, IndexPage
from jiji.site.sections import SECTIONS

ROOT = "https://jen.jiji.com"
ID = "2026060200111"
URL = f"/jc/eng?g=eco&amp;k={ID}"
OWN = f"{ROOT}/jc/eng?g=eco&k={ID}"
HEADLINE = "Ward Mayor Quits over Funds"
OTHER = '<li><a href="/jc/eng?g=eco&amp;k=2026060100222">Vote on Sunday in Suzu</a></li>'


def page(html: str, *, date: str = "", url: str = "/jc/list?c=pol") -> IndexPage:
    body = f"<html><head><title>x</title></head><body><div>{html}</div><p>end</p></body></html>"
    headers = {"Date": date} if date else {}
    return IndexPage(HtmlResponse(ROOT + url, body=body.encode(), encoding="utf-8", headers=headers))


def entry(row: str) -> IndexEntry:
    """Return the first of two entries, whose row is given."""
    first, second = page(f"<h2>POLITICS</h2><ul><li>{row}</li>{OTHER}</ul>").entries
    assert (second.headline, second.section and second.section.name) == ("Vote on Sunday in Suzu", "politics")
    return first


def link(text: str, address: str = URL, more: str = "") -> str:
    return f'<a href="{address}" {more}>{text}</a>'


BESIDE = [
    link("<img src=t.jpg alt=''>"),
    link("<img src=t.jpg alt='Thumbnail'>"),
    link("<img src=t.jpg>", f"/jc/photo?k={ID}"),
    link("Print", f"/jc/print?k={ID}"),
    link("<img src=p.gif alt=Print>", f"/jc/print/{ID}.html"),
    link("Share", f"/jc/share?id={ID}&amp;to=x"),
    link("12 comments", f"/jc/comments?k={ID}"),
    link("(3)", f"{URL}#comments"),
    link("Mail", f"/jc/mail.cgi?k={ID}"),
    link("Read more", URL),
    link("Full story »", URL),
    link("…more", URL),
    link("3 hours ago", URL),
    link("Jan. 27, 10:05"),
    link("[PHOTO]"),
    link("NEW"),
    link("Updated"),
    link("POLITICS"),
    link("続きを読む"),
    link("写真"),
    link("印刷", f"/jc/print?k={ID}"),
    link("10/17 18:58"),
    link("Video"),
    link("The mayor of a ward in Tokyo said on Monday that he would quit over the use of funds."),
    link("Ward Mayor ..."),
    link("The mayor of a ward in Tokyo said on Monday he would"),
    link("about 3 hours ago"),
    link("Posted 3 hours ago by Jiji Press"),
    link("4 minute read"),
    link("Page 2", f"{URL}&amp;p=2"),
]


@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize(
    "order", ["{0} {1}", "{1} {0}", "<p>{0}</p><p>{1}</p>", "<div>{0}</div><h3>{1}</h3>", "<h3>{1}</h3>{0}{0}"]
)
def test_url_and_headline_of_an_entry_with_several_links(beside: str, order: str) -> None:
    found = entry(order.format(beside, link(HEADLINE)))
    assert (found.id, found.url, found.headline) == (ID, OWN, HEADLINE)
    assert found.is_whole_headline


@pytest.mark.parametrize(
    "behind",
    ["%20", "%E3%80%80", "\u3000", ".", "%22", "'", "%E2%80%9D", " ", "&amp;utm_source=x", "#top", "%20&amp;x=1"],
)
@pytest.mark.parametrize("path", ["/jc/eng?g=eco&amp;k=", "/jc/i?k=", "http://jen-k.jiji.com/jc/eng?g=eco&k="])
def test_characters_behind_the_id(behind: str, path: str) -> None:
    found = entry(link(HEADLINE, f"{path}{ID}{behind}"))
    assert (found.id, found.url) == (ID, OWN)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (f"/jc/photo?g=pho&amp;k={ID}%20", f"/jc/photo?g=pho&k={ID}"),
        (f"/jc/photo/{ID}.html%20", f"/jc/photo/{ID}.html"),
        (f"/jc/photo/{ID}%E3%80%80", f"/jc/photo/{ID}"),
    ],
)
def test_characters_behind_the_id_in_other_forms(address: str, expected: str) -> None:
    assert entry(link(HEADLINE, address)).url == ROOT + expected


INSIDE = [
    "{} <span>3 hours ago</span>",
    "<span class=date>Jan. 27, 10:05</span>{}",
    "{}<br>Jan. 27, 10:05",
    "[PHOTO] {}",
    "{} [PHOTO]",
    "<b>NEW</b> {}",
    "<em>NEW</em>{}",
    "<img src=new.gif alt=NEW> {}",
    "{}<img src=new.gif alt=NEW>",
    "<span class=new>New</span> {}",
    "<span>Updated</span> {}",
    "<span class=cat>POLITICS</span> {}",
    "<span>POLITICS</span>{}",
    "<p>POLITICS</p><p>{}</p>",
    "{} (3)",
    "{} <span>(3)</span>",
    "{} <small>12 comments</small>",
    "<span class=rank>1</span> {}",
    "<div>1</div><div>{}</div>",
    "{} (10/17 18:58)",
    "10:05 {}",
    "Jan. 27, 10:05 {}",
    "<time>Jan. 27</time> {}",
    "{} 3 hours ago",
    "{} - 2 days ago",
    "about 3 hours ago {}",
    "{}<em>3 hours ago</em>",
    "Updated 3 hours ago | {}",
    "{} 3h",
    "<span>3 min read</span> {}",
    "{} | June 2",
    "(June 2) {}",
    "NEW | {}",
    "{} NEW",
    "★ {}",
    "{} - POLITICS",
    "POLITICS: {}",
    "{} 12 comments",
    "<small>Jiji Press</small><br>{}",
    "【写真】{}",
    "<span class=sr-only>Article:</span> {}",
    "<span class='visually-hidden'>opens a page</span>{}",
    "<span hidden>x</span>{}",
    "<span style='display:none'>Hidden words that are long enough to win</span>{}",
    "<h3>{}</h3><p>The mayor said on Monday that he would quit over the use of funds by his office.</p>",
    "<div class=title>{}</div><div class=lead>A ward in Tokyo loses its mayor after two years, with no successor</div>",
    "<p>{}</p><p>The mayor said on Monday that he would quit over the use of funds.</p><p>Read more</p>",
    "{}<br>The mayor said on Monday that he would quit over the use of funds.",
    "<span class=kicker>World Eye</span> {}",
    "<span>{}</span>",
    "<b>Ward</b> Mayor <i>Quits</i> over Funds",
    "Ward Mayor<br>Quits over Funds",
    "<h3><span>Ward Mayor</span> <span>Quits over Funds</span></h3>",
    "<font color=red>Ward</font> Mayor Quits over Funds",
]


@pytest.mark.parametrize("inside", INSIDE)
@pytest.mark.parametrize("frame", ["{}", "<h3>{}</h3>", "<div>{}</div>"])
def test_noise_inside_the_link(inside: str, frame: str) -> None:
    found = entry(frame.format(link(inside.format(HEADLINE))))
    assert (found.headline, found.url, found.is_whole_headline) == (HEADLINE, OWN, True)


@pytest.mark.parametrize(
    "headline",
    [
        "3 Killed in Kobe",
        "(Update 2) 3 Killed in Kobe",
        "Live Music Returns to Gion",
        "New Ozeki Named",
        "Today's Rates",
        "May Day Rally Held",
        "Photo Studio Closes after 90 Years",
        "Nikkei Ends at 39,000",
        "9/11 Families Visit Tokyo",
        "1 in 3 Firms to Hire",
        "Japan's Sun. TV Show Ends",
        "2026 POLLS: Ido Leads",
        "More Rain Likely in Kyushu",
        "Next Leader to Be Named",
        "5-Day Fair Opens",
        "Pinned Down by Snow",
        "Print Shops Close",
        "Sports Day Postponed",
        "7 Eleven Years On",
        "10:10 Train Runs Late",
    ],
)
def test_headlines_that_begin_like_noise(headline: str) -> None:
    found = entry(link(headline))
    assert found.headline in (headline, headline.removeprefix("10:10 "))
    assert entry(link(f"<b>{headline}</b>")).headline == found.headline
    assert found.is_whole_headline


@pytest.mark.parametrize(
    ("html", "headline", "is_whole"),
    [
        (link("Ward Mayor Quits ..."), "Ward Mayor Quits ...", False),
        (link("Ward Mayor Quits…"), "Ward Mayor Quits…", False),
        (link("Ward Mayor Quits ...", more=f"title='{HEADLINE}'"), HEADLINE, True),
        (link("Ward Mayor Quits ...", more="title='Open this page'"), "Ward Mayor Quits ...", False),
        (link("<img src=t alt='Ward Mayor Quits over Funds'>") + link("Ward Mayor…"), HEADLINE, True),
        (
            link("The mayor of a ward said on Monday that he would quit."),
            "The mayor of a ward said on Monday that he would quit.",
            False,
        ),
        (link("<img src=t alt='Mayor at his desk'>"), "Mayor at his desk", True),
        (link("<img src=t>"), "", False),
        (link("3 hours ago"), "", False),
    ],
)
def test_other_text_than_the_headline(html: str, headline: str, is_whole: bool) -> None:
    found = entry(html)
    assert (found.headline, found.is_whole_headline) == (headline, is_whole)


LABELLED_LINKS = [
    "/jc/list?c=ecn&amp;t=2026060201234",
    "/jc/list?c=ecn&amp;v=2026060201234",
    "/jc/list?c=ecn&amp;_=2026060201234",
    "/jc/list?c=ecn&amp;ts=2026060201234",
    "/jc/list?c=ecn&amp;k=2026023100123",
    "/jc/list?c=ecn&amp;k=2099010100123",
    "/jc/eng?g=eco&amp;k=1994010100123",
    "/jc/list/2026130100123",
    "/jc/list/2099010100123",
    "/jc/list?c=ecn&amp;before=2026060100123",
]


@pytest.mark.parametrize("address", LABELLED_LINKS)
@pytest.mark.parametrize("frame", ["<h3>{}</h3>", "<p><b>{}</b></p>", "<dl><dt>{}</dt></dl>"])
def test_numbers_like_an_id_in_links_of_labels(address: str, frame: str) -> None:
    html = f"<div>{frame.format(link('ECONOMY', address))}<ul><li>{link(HEADLINE)}</li>{OTHER}</ul></div>"
    index = page(html)
    assert [(each.id, each.section and each.section.name) for each in index.entries] == [
        (ID, "economy"),
        ("2026060100222", "economy"),
    ]
    assert index.section_link(SECTIONS["economy"])


@pytest.mark.parametrize(
    ("date", "left_out"),
    [
        ("", {"2099010100111"}),
        ("Tue, 02 Jun 2026 03:00:00 GMT", {"2026070100111", "2099010100111"}),
        ("Mon, 01 Jun 2026 16:00:00 GMT", {"2026070100111", "2099010100111"}),
        ("Sat, 01 Jan 2000 00:00:00 GMT", {"2099010100111"}),
        ("yesterday", {"2099010100111"}),
    ],
)
def test_articles_of_the_future(date: str, left_out: set[str]) -> None:
    ids = [
        "2026060300111",
        "2026060200222",
        "2026060200333",
        "2026060100444",
        "2026053100555",
        "2026070100111",
        "2099010100111",
    ]
    rows = "".join(
        f"<li>{link(f'Rowers Win Race {at}', f'/jc/eng?g=eco&amp;k={each}')}</li>" for at, each in enumerate(ids)
    )
    assert {each.id for each in page(f"<ul>{rows}</ul>", date=date).entries} == set(ids) - left_out


@pytest.mark.parametrize(
    "row",
    [
        "<li class='item sticky'>{}</li>",
        "<li><span>[PINNED]</span> {}</li>",
        "<li>{} <em>Editor's Pick</em></li>",
        "<tr class=pinned><td>1</td><td>{}</td></tr>",
        "<div class=pinned-post><p>{}</p></div>",
        "<li><div class=is-pinned>{}</div></li>",
        "<article class='post featured-post'><h3>{}</h3></article>",
        "<p>【注目】{}</p>",
    ],
)
def test_pinned_entry(row: str) -> None:
    html = row.format(link(HEADLINE))
    html = f"<table>{html}</table>" if html.startswith("<tr") else html
    entries = page(f"<div><h2>POLITICS</h2>{html}</div><ul>{OTHER}</ul>").entries
    assert [(each.id, each.headline, each.is_pinned) for each in entries] == [
        (ID, HEADLINE, True),
        ("2026060100222", "Vote on Sunday in Suzu", False),
    ]


def test_article_under_two_labels() -> None:
    rows = f"<ul><li>{link(HEADLINE)}</li>{OTHER}</ul>"
    first, second = page(
        f"<div><h2>POLITICS</h2>{rows}</div><div><h2>ECONOMY</h2><ul><li>{link(HEADLINE)}</li></ul></div>"
    ).entries
    assert [section.name for section in first.sections] == ["politics", "economy"]
    assert first.section is first.sections[0]
    assert [section.name for section in second.sections] == ["politics"]


@pytest.mark.parametrize("row", ["{} <span>ECONOMY</span>", "<span>ECONOMY</span> {}", "<p>{}</p><p>ECONOMY</p>"])
def test_label_in_the_row_of_an_entry(row: str) -> None:
    other = f"{link('Vote on Sunday in Suzu', '/jc/eng?k=2026060100222')} <i>SPORTS</i>"
    entries = page(f"<h1>NATIONAL</h1><ul><li>{row.format(link(HEADLINE))}</li><li>{other}</li></ul>").entries
    assert [each.section and each.section.name for each in entries] == ["economy", "sports"]
    assert not any(each.in_headline_box for each in entries)
