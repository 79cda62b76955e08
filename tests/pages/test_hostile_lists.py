"""Hostile index pages are read in time that grows with their length, or rejected."""

import re
from collections.abc import Callable
from time import process_time

import pytest
from scrapy.http import HtmlResponse

from jiji.exceptions import PageRejected
from jiji.pages import IndexPage
from jiji.site.sections import SECTIONS
from jiji.stats import RejectReason

URL = "https://jen.jiji.com/jc/list?c=pol"
MOST_SECONDS = 5.0
"""Processor time of a page, on a slow and busy machine."""
LONG = 120_000
"""Characters of a page. Three times as many are more markup than a page may have, for most kinds."""
LONGER = 4
"""Factor between the lengths of the pages compared."""
MOST_GROWTH = 9.0
"""Growth of the time with the length. Linear is 4, quadratic is 16."""
SHORTEST = 0.05
"""Seconds below which a growth says nothing."""


def article(number: int) -> str:
    return f'<a href="/jc/eng?g=eco&amp;k=20260602{number:05}">Rowers Win Race {number}</a>'


PAGES: dict[str, Callable[[int], str]] = {
    "links": lambda size: "".join(f"<li>{article(at)}</li>" for at in range(min(size // 80, 1_900))),
    "links-to-one-article": lambda size: (
        "<a href='/jc/eng?g=eco&amp;k=2026060200111'>Rowers</a> " * min(size // 60, 1_900)
    ),
    "pagers": lambda size: "".join(f'<a href="?p={at}">{at}</a> ' for at in range(min(size // 30, 1_900))),
    "arrows": lambda size: "".join(f'<a href="?c={at}">»</a> ' for at in range(min(size // 30, 1_900))),
    "labels": lambda size: "<h2>NATIONAL</h2><h3>POLITICS</h3>" * min(size // 40, 4_500),
    "labels-in-a-line": lambda size: "<b>POLITICS</b> x" * (size // 30),
    "current-items": lambda size: "<div class=active>" * 300 + "<b>POLITICS</b>" * (size // 30),
    "crumbs": lambda size: "<div class=crumb>" * 300 + "<b>HOME</b> " * (size // 30),
    "nested-list": lambda size: (
        "<div>" * 400 + "".join(f"<p>{article(at)}</p>" for at in range(min(size // 80, 1_900)))
    ),
    "long-link": lambda size: "<a href='/jc/eng?k=2026060200111'>" + "<b>x</b> y" * (size // 24) + "</a>",
    "long-text": lambda size: article(1) + "x 1 - " * (size // 6) + article(2),
    "long-texts": lambda size: "".join(f"<a href='?c={at}'>{at}</a>" + "1 2 - " * 60 for at in range(size // 400)),
    "dots-in-a-link": lambda size: f"<a href='/jc/eng?k=2026060200111'>{'...... ' * (size // 7)}</a>",
    "spaces-in-a-link": lambda size: f"<a href='/jc/list'>x{' ' * size}y</a>",
    "title": lambda size: f"<title>{'POLITICS | ' * (size // 11)}</title>",
    "pictures-in-a-link": lambda size: "<a href='/jc/list'>" + "<img alt=Next>" * (size // 24) + "</a>",
    "off-site-links": lambda size: "<a href='//x.example/?k=2026060200111'>more</a>" * (size // 50),
}


def seconds(html: str) -> float:
    """Return the processor time in which an index page is read in all its properties."""
    response = HtmlResponse(URL, body=f"<html><body>{html}</body></html>".encode(), encoding="utf-8")
    started = process_time()
    page = IndexPage(response)
    assert page.entries is not None and page.pagination_links is not None and page.offsite_links is not None
    assert {page.own_section, *map(page.section_link, SECTIONS.values())}
    return process_time() - started


@pytest.mark.parametrize("kind", PAGES)
def test_time_grows_with_the_length(kind: str) -> None:
    short, long = PAGES[kind](LONG // LONGER), PAGES[kind](LONG)
    longer = min(seconds(long) for _ in range(2))
    assert longer < max(MOST_GROWTH * min(seconds(short) for _ in range(3)), SHORTEST)
    assert longer < MOST_SECONDS


@pytest.mark.parametrize(
    "html",
    [
        "<a href='/jc/eng?k=2026060200111'>x</a>" * 300_000,
        "".join(map(article, range(2_100))),
        "<h2>POLITICS</h2><h2>SPORTS</h2>" * 20_000,
        "<div>" * 2_000 + article(1),
    ],
)
def test_too_long_a_list_is_rejected_at_once(html: str) -> None:
    started = process_time()
    with pytest.raises(PageRejected) as rejected:
        assert IndexPage(HtmlResponse(URL, body=html.encode(), encoding="utf-8")).entries
    assert rejected.value.reason is RejectReason.TOO_MUCH_MARKUP
    assert process_time() - started < MOST_SECONDS


def test_one_line_of_five_megabytes() -> None:
    html = article(1) + "<p>" + "word " * 1_000_000 + "</p>" + article(2)
    assert seconds(html) < MOST_SECONDS
    assert not re.search(r"\n", html)
