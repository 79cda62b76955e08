"""Pagination links of an index page: pagers of any shape are followed in order, and nothing that looks like one."""

import pytest
from scrapy.http import HtmlResponse

from jiji.pages import IndexPage

ROOT = "https://jen.jiji.com"
LIST = "/jc/list?c=pol"
NEWEST, OLDEST = "2026060200111", "2026060100222"
ENTRIES = (
    f'<ul><li><a href="/jc/eng?g=eco&amp;k={NEWEST}">Ward Mayor Quits</a></li>'
    f'<li><a href="/jc/eng?g=eco&amp;k={OLDEST}">Vote on Sunday in Suzu</a></li></ul>'
)


def page(pager: str, url: str = LIST, *, head: str = "", above: str = "") -> IndexPage:
    """Return an index page with a pager below its list, and perhaps something above it."""
    body = f"<html><head><title>x</title>{head}</head><body><h1>POLITICS</h1>{above}{ENTRIES}{pager}</body></html>"
    return IndexPage(HtmlResponse(ROOT + url, body=body.encode(), encoding="utf-8"))


def followed(index: IndexPage) -> list[str]:
    """Return the addresses of the pagination links."""
    assert [entry.id for entry in index.entries] == [NEWEST, OLDEST]
    return [link.url.removeprefix(ROOT) for link in index.pagination_links]


def link(text: str, address: str = f"{LIST}&amp;p=2", more: str = "") -> str:
    return f'<a href="{address}" {more}>{text}</a>'


def numbers(own: int, shown: "list[int]", form: str = "{}") -> str:
    """Return a pager of numbered pages, with the page's own number in bold letters."""
    parts = (
        f"<b>{form.format(number)}</b>" if number == own else link(form.format(number), f"{LIST}&amp;p={number}")
        for number in shown
    )
    return f"<p>{' '.join(parts)}</p>"


ONE_LINK = [
    "»",
    "&gt;",
    "›",
    "&gt;&gt;",
    "→",
    "[2]",
    "(2)",
    "2",
    "２",
    "Page 2",
    "Page 2 of 9",
    "p. 2",
    "2ページ",
    "11-20",
    "11 – 20",
    "11～20件",
    "Next",
    "NEXT »",
    "Next page",
    "Go to the next page",
    "Next 20",
    "Next 10 stories",
    "Older",
    "Older stories",
    "« Older posts",
    "Previous",
    "« Prev",
    "次へ",
    "次のページ",
    "次の20件",
    "次へ»",
    "もっと見る",
    "more",
    "More headlines",
    "Load more",
    "Show more stories",
    "<img src=n.gif alt=Next>",
    "<img src=n.gif alt='次のページ'>",
    "<span>Next</span> <i>&raquo;</i>",
    "<svg><title>x</title></svg><span>Next</span>",
    "Page suivante",
    "Weiter",
    "Siguiente »",
    "下一页",
    "다음 페이지",
    "Далее",
    "Back issues",
    "Yesterday's news",
    "Page two",
    "To page 2",
    "❱",
    "⏵",
    "〉〉",
    "Vorwärts",
    "<button>2</button>",
]


@pytest.mark.parametrize("text", ONE_LINK)
@pytest.mark.parametrize(
    "frame", ["<p>{}</p>", "<div class=pager><span>1</span> {}</div>", "<ul><li>1</li><li>{}</li></ul>"]
)
def test_single_link_to_page_two(text: str, frame: str) -> None:
    assert followed(page(frame.format(link(text)))) == [f"{LIST}&p=2"]


@pytest.mark.parametrize(
    "address",
    [
        f"{LIST}&p=2",
        f"{LIST}&page=1",
        f"{LIST}&start=20",
        "/jc/list/pol/page/2/",
        "/jc/list_2.html",
        f"{LIST}&before={OLDEST}",
        f"{LIST}&max_id={OLDEST}",
        f"{LIST}&cursor=aGVsbG8",
        f"{LIST}&x=2",
        "/jc/older?c=pol",
        f"/jc/list/before/{OLDEST}",
        "?p=2",
        f"{LIST}&until=20260601",
        f"{LIST}&d=20260531",
    ],
)
@pytest.mark.parametrize("text", ["Next", "Older", "Previous", "次へ"])
def test_word_with_an_address_of_any_form(text: str, address: str) -> None:
    expected = "/jc/list?p=2" if address == "?p=2" else address
    assert followed(page(f"<div>{link(text, address)}</div>")) == [expected]


@pytest.mark.parametrize(
    "more",
    [
        "rel=next",
        "rel='nofollow next'",
        "rel=NEXT",
        "aria-label='Next page'",
        "title='Next page'",
        "title='Go to page 2'",
        "class=next",
        "class='pagination__next'",
        "class='btn btn-next'",
        "class=nextpostslink",
        "id=next",
    ],
)
@pytest.mark.parametrize("address", [f"{LIST}&p=2", f"{LIST}&before={OLDEST}", f"/jc/list/{OLDEST}"])
def test_link_without_words(more: str, address: str) -> None:
    if "page 2" in more and OLDEST in address:
        return
    for text in ("<img src=arrow.gif>", "", "<i class=icon></i>"):
        assert followed(page(f"<div>{link(text, address, more)}</div>")) == [address]


@pytest.mark.parametrize("text", ["Suivant", "Weiter", "Siguiente", "Próxima página", "下一頁", "다음", "Следующая"])
@pytest.mark.parametrize("address", [f"{LIST}&cursor=aGVsbG8", f"{LIST}&before={OLDEST}", "/jc/older?c=pol"])
def test_words_of_other_languages(text: str, address: str) -> None:
    assert followed(page(f"<div>{link(text, address)}</div>")) == [address]


@pytest.mark.parametrize("name", ["lastid", "key", "c2", "page_token", "position", "anchor"])
@pytest.mark.parametrize("text", ["»", "▼", "Und so weiter"])
def test_oldest_article_id_in_the_address_is_a_cursor(name: str, text: str) -> None:
    if name != "key" or text == "»":
        assert followed(page(f"<p>{link(text, f'{LIST}&amp;{name}={OLDEST}')}</p>")) == [f"{LIST}&{name}={OLDEST}"]


@pytest.mark.parametrize(
    "html",
    [
        f"<select><option value='{LIST}'>1<option value='{LIST}&amp;p=2'>2<option value='{LIST}&amp;p=3'>3</select>",
        "<form action='/jc/list'><input type=hidden name=c value=pol>"
        "<input type=hidden name=p value=2><button>2</button></form>",
        f"<button data-href='{LIST}&amp;p=2'>Next</button>",
        f"<button onclick=\"location.href='{LIST}&amp;p=2'\">Next</button>",
        f"<div id=more data-next='{LIST}&amp;p=2'></div>",
    ],
)
def test_next_page_without_a_link(html: str) -> None:
    assert followed(page(html)) == [f"{LIST}&p=2"]
    assert followed(page(html + f"<p>{link('Next', f'{LIST}&amp;cursor=x')}</p>")) == [f"{LIST}&cursor=x"]


@pytest.mark.parametrize(
    "html",
    [
        f"<select><option value='{LIST}'>All<option value='{LIST}&amp;sort=2'>Oldest</select>",
        f"<select><option value='{LIST}'>All<option value='/jc/a?p=2'>Sports</select>",
        "<form action='/jc/search'><input name=q><input type=hidden name=p value=2><button>Search</button></form>",
        "<form action='/jc/list' method=post><input type=hidden name=c value=pol><input name=p value=2></form>",
        "<button onclick='share(2)'>2</button>",
        "<button data-href='https://elsewhere.example/jc/list?c=pol&amp;p=2'>Next</button>",
    ],
)
def test_menus_and_forms_that_are_no_pagers(html: str) -> None:
    assert followed(page(html)) == []


def test_first_page_without_a_number_in_its_address() -> None:
    pager = f"{link('1', '/jc/pol/')} 2 {link('3', '/jc/pol/3/')} {link('4', '/jc/pol/4/')}"
    assert followed(page(f"<p>{pager}</p>", "/jc/pol/2/")) == ["/jc/pol/3/", "/jc/pol/4/"]


@pytest.mark.parametrize("rel", ["next", "Next", "next nofollow"])
def test_link_element_in_the_head(rel: str) -> None:
    head = f"<link rel='stylesheet' href='/x.css'><link rel='{rel}' href='{LIST}&amp;before={OLDEST}'>"
    assert followed(page("", head=head)) == [f"{LIST}&before={OLDEST}"]


@pytest.mark.parametrize("form", ["{}", "[{}]", "({})", "Page {}", "{}ページ"])
@pytest.mark.parametrize(
    ("own", "shown", "expected"),
    [
        (1, [1, 2, 3, 4, 5, 300], [2, 3, 4]),
        (1, list(range(1, 301)), [2, 3, 4]),
        (3, [1, 2, 3, 4, 5], [4, 5]),
        (5, [1, 2, 3, 4, 5], []),
        (8, [1, 7, 8, 9, 40], [9]),
        (31, list(range(20, 41)), [32, 33, 34]),
    ],
)
def test_numbers_go_on_from_the_page_itself(form: str, own: int, shown: list[int], expected: list[int]) -> None:
    for url in (f"{LIST}&p={own}" if own > 1 else LIST, f"/jc/redirected/{own}"):
        found = followed(page(numbers(own, shown, form), url))
        assert found == [f"{LIST}&p={number}" for number in expected]


def test_own_number_by_the_url_alone() -> None:
    pager = " ".join(link(str(number), f"{LIST}&amp;start={20 * (number - 1)}") for number in range(1, 9))
    assert followed(page(f"<p>{pager}</p>", f"{LIST}&start=60")) == [
        f"{LIST}&start={start}" for start in (80, 100, 120)
    ]


def test_next_page_comes_before_the_numbers_and_once() -> None:
    ends = link("« First", f"{LIST}&amp;p=1"), link("Last »", f"{LIST}&amp;p=9")
    pager = f"<div>{ends[0]} {link('2')} {link('3', f'{LIST}&amp;p=3')} {link('Next &gt;')} {ends[1]}</div>"
    assert followed(page(pager, above=pager)) == [f"{LIST}&p=2", f"{LIST}&p=3"]


@pytest.mark.parametrize(
    ("back", "on"),
    [
        (("Next", 1), ("Previous", 3)),
        (("Previous", 1), ("Next", 3)),
        (("«", 1), ("»", 3)),
        (("Newer", 1), ("Older", 3)),
        (("Newer", 3), ("Older", 1)),
        (("<img src=a alt=Prev>", 1), ("<img src=b alt=Next>", 3)),
        (("前へ", 1), ("次へ", 3)),
        (("1-20", 1), ("41-60", 3)),
    ],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_direction_on_page_two(back: tuple[str, int], on: tuple[str, int], swapped: bool) -> None:
    links = [link(text, f"{LIST}&amp;p={number}") for text, number in ((on, back) if swapped else (back, on))]
    assert followed(page(f"<div class=pager>{' | '.join(links)}</div>", f"{LIST}&p=2")) == [f"{LIST}&p={on[1]}"]


def test_cursor_tells_the_direction_better_than_the_word() -> None:
    links = [link("Previous", f"{LIST}&amp;from={OLDEST}"), link("Next", f"{LIST}&amp;from={NEWEST}")]
    assert followed(page(f"<p>{' '.join(links)}</p>", f"{LIST}&from=2026060200111")) == [f"{LIST}&from={OLDEST}"]


def test_numbers_counted_down() -> None:
    pager = " ".join(link(str(number), f"{LIST}&amp;p={number}") for number in (42, 41, 40, 39))
    assert followed(page(f"<p>{pager}</p>", f"{LIST}&p=42")) == [f"{LIST}&p={number}" for number in (41, 40, 39)]


def calendar(month: str = "June 2026") -> str:
    days = "".join(f"<td>{link(str(day), f'/jc/list?c=pol&amp;d={day:02}')}</td>" for day in range(1, 29))
    return (
        f"<table><caption>{link('«', '/jc/list?m=202605')} {month} {link('»', '/jc/list?m=202607')}</caption>"
        f"<tr><th>Su</th><th>Mo</th><th>Tu</th><th>We</th><th>Th</th><th>Fr</th><th>Sa</th></tr><tr>{days}</tr></table>"
    )


NO_PAGERS = [
    f"<table><caption>June</caption>{''.join(link(str(day), f'/jc/day{day:02}.html') for day in range(1, 31))}</table>",
    f"<table><caption>2026.6</caption>{''.join(link(str(day), f'{LIST}&amp;t={day}') for day in range(1, 32))}</table>",
    "<ol class=ranking>" + "".join(f"<li>{link(str(place), f'/jc/r/{place}')}</li>" for place in range(1, 6)) + "</ol>",
    link("Learn More »", "/jc/about?p=2"),
    link("Next Month »", "/jc/events?ym=2026-07"),
    *(link(text, "/jc/comments?id=77") for text in ("3", "(12)", "3 comments", "Comments (2)")),
    link("2", "/jc/eng?g=eco&amp;k=2026060200111#comments"),
    f"<p>Ward Mayor Quits {link('3', '/jc/talk?a=77')}</p><p>Vote on Sunday {link('4', '/jc/talk?a=81')}</p>",
    calendar(),
    calendar("2026年6月"),
    "".join(f"<td>{link(str(day), f'/jc/2026/06/{day:02}/')}</td>" for day in range(1, 8)),
    "<ul>" + "".join(f"<li>{link(str(year), f'/jc/archive/{year}/')}</li>" for year in (2026, 2025, 2024)) + "</ul>",
    "<p>2026: " + " ".join(link(str(month), f"/jc/list?y=2026&amp;m={month}") for month in range(1, 7)) + "</p>",
    " ".join(f"<i>{link(f'2026/{month:02}', f'/jc/list?ym=2026{month:02}')}</i>" for month in (6, 5, 4)),
    "<p>Text Size " + " ".join(link(str(size), f"/jc/list?c=pol&amp;size={size}") for size in (1, 2, 3)) + "</p>",
    "<div id=fontsize>" + " ".join(link(str(size), f"/jc/list?c=pol&amp;z={size}") for size in (1, 2, 3)) + "</div>",
    f"<div class=slider>{link('1', '/jc/list?s=1')} {link('2', '/jc/list?s=2')} {link('»', '/jc/list?s=2')}</div>",
    *(
        link(text, "/jc/about")
        for text in ("Learn More", "Read more", "More from our app", "More about us", "Find out more")
    ),
    link("Read more...", "/jc/about"),
    link("Next article »", "/jc/eng?g=eco&amp;k=2026060100222"),
    link("Next article", "/jc/story?x=1"),
    link("Next Story", "/jc/story?x=1"),
    link("»", "#"),
    link("Next", "#next"),
    link("Next", "javascript:next()"),
    link("Next", "https://elsewhere.example/p=2"),
    "<p><a>Next</a> <span>2</span></p>",
    link("Top 10", "/jc/top"),
    link("24", "/jc/24"),
    link("Newer stories"),
    link("First"),
    link("Last page"),
]


@pytest.mark.parametrize("html", NO_PAGERS)
def test_what_looks_like_a_pager_is_not_followed(html: str) -> None:
    index = page(f"<div>{html}</div>")
    assert [url.removeprefix(ROOT) for url in (link.url for link in index.pagination_links)] == []
    index = page(f"<div>{html}</div><div>{link('Next')}</div>")
    assert [link.url for link in index.pagination_links] == [f"{ROOT}{LIST}&p=2"]


@pytest.mark.parametrize("text", ["more", "More Economy", "See all", "ECONOMY more »", "All Economy News", "一覧", "»"])
def test_link_to_a_longer_list_keeps_the_label_over_it(text: str) -> None:
    box = f"<div><h3>ECONOMY</h3><p>{link(text, '/jc/list?c=ecn')}</p></div>"
    index = page(box + f"<p>{link('Next')}</p>")
    assert [(each.url, each.section and each.section.name) for each in index.pagination_links] == [
        (f"{ROOT}{LIST}&p=2", None),
        (f"{ROOT}/jc/list?c=ecn", "economy"),
    ]
