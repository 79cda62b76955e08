"""Hostile pages whose reading time must not grow with the square of their size."""

import gc
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from scrapy.http import HtmlResponse

from jiji.exceptions import PageRejected
from jiji.pages import article_page, block_page_kind
from tests.pages.case_folders import page_fields

URL = "https://jen.jiji.com/jc/eng?g=eco&k=2026012700123"
SIZES = (75_000, 150_000, 300_000)
SECONDS = 1.0
"""CPU time of one reading of a page of any of these sizes."""
GROWTH = 2.5
"""Factor by which the CPU time may grow while the size doubles."""
UNMEASURABLE = 0.03
"""CPU time in seconds below which growth is noise."""

TOP = "<p>HOME &gt; NATIONAL &gt; Article</p>"
HEADING = "<h1 id=article-title>Ship Sails Home</h1>"
DATELINE = "&nbsp; &nbsp; &nbsp; Tokyo, Jan. 27 (Jiji Press)--"
HEADED = TOP + HEADING
P = "<p class=full-article-txt>"
LD = "<script type=application/ld+json>["
TEXT = f"<p class=full-article-txt>{DATELINE}Rain fell.</p>"


HOSTILE: dict[str, tuple[str, ...]] = {
    "combining marks": (HEADED + P + DATELINE + "e", "\u0301"),
    "combining marks of two kinds": (HEADED + TEXT + P + "e", "\u0301\u0327"),
    "combining marks in the headline": (TOP + "<h1 id=article-title>E", "\u0323", "</h1>" + TEXT),
    "title of many lines": ("<title>", "Ship Sails Home to Ome with Rice\n", "</title>" + TOP + TEXT),
    "title of one line": ("<title>", "Ship - Home | ", "</title>" + HEADED + TEXT),
    "titles": (TOP, "<title>Ship No. {0}</title>", HEADING + TEXT),
    "different headings": (TOP, "<h1>Ship No. {0}</h1>", TEXT),
    "short headings": (TOP, "<h1>B{0}</h1>", TEXT),
    "headings twice": (TOP, "<h2>Ship {0}</h2><h2>Ship {0}</h2>", TEXT),
    "dots between letters": (HEADED + TEXT + P, "a."),
    "dots in a byline": (HEADED + "<p>By ", "A.", " Doi</p>" + TEXT),
    "dots in a dateline": (HEADED + "<p>", "A.", ", Jan. 27 (Jiji Press)--Rain fell.</p>"),
    "dots and spaces": (HEADED + P + DATELINE, ". "),
    "comments behind the end": (HEADED + TEXT + "</body></html>", "<!-- x -->", "<!-- cut"),
    "commas in a dateline": (HEADED + "<p>", "Ome, ", "Jan. 27 (Jiji Press)--Rain fell.</p>"),
    "lower-case place": (HEADED + "<p>Dar ", "es ", "Salaam, Jan. 27 (Jiji Press)--Rain fell.</p>"),
    "authors": (HEADED + "<p>By ", "Ken Doi, ", "and Rei Ito, Staff Writers</p>" + TEXT),
    "lines above the dateline": (HEADED, "<p>UPDATE 1</p>", TEXT),
    "credits in a caption": (HEADED + "<img src=/a.jpg><p>Ship ", "(Aflo) ", "</p>" + TEXT),
    "srcset": (HEADED + "<img srcset='", "/photos/{0}.jpg {0}w, ", "'>" + TEXT),
    "same picture": (HEADED, "<img src=/photos/a.jpg alt=Ship>", TEXT),
    "captions equal to paragraphs": (
        HEADED + TEXT,
        "<div><img src=/a{0}.jpg alt=Ship{0}><p>Ship{0}</p></div><p>Ship{0}</p>",
    ),
    "style sheet": ("<style>", ".c{0} .d {{ display: none }}", "</style>" + HEADED + TEXT, "<p class=c{0}>x</p>"),
    "style sheet without ends": ("<style>", ".a{{/*", "</style>" + HEADED + TEXT),
    "inline style": (HEADED + TEXT + "<p style='", "left: -1px; ", "'>x</p>"),
    "structured data": (LD, '{{"headline": "Ship {0}"}},', "1]</script>" + HEADED + TEXT),
    "nested structured data": (LD, "[", "</script>" + HEADED + TEXT),
    "time elements": (HEADED, "<time datetime=2026-01-27T10:00Z>x</time>", TEXT),
    "printed times": (HEADED + "<p class=article-date>", "2026-01-27 10:00 EST ", "</p>" + TEXT),
    "unclosed fonts": (HEADED + TEXT, "<p><font color={0}>x"),
    "unclosed bold elements": (HEADED + TEXT, "<p><b>x"),
    "unclosed links": (HEADED + TEXT, "<a href=/{0}>x"),
    "unclosed drawings": (HEADED + TEXT, "<svg><p>x"),
    "tables in tables": (HEADED + TEXT, "<table>x"),
    "rows": (HEADED + TEXT + "<table>", "<tr><td>a<td>b", "</table>" + TEXT),
    "deletions": (HEADED + P + DATELINE, "<del>1</del><ins>2</ins>"),
    "white space between attributes": (HEADED + "<div", " ", "id=x>" + TEXT),
    "subscribe sentences in quotes": (HEADED + TEXT + P, '"To read the full article, please subscribe," he said. '),
    "pagers": (HEADED + TEXT, "<a href=?k=2026012700123&p={0}>{0}</a>"),
    "letters in brackets": (HEADED + TEXT, "<p>(c) ship</p>"),
    "comment with word breaks": (HEADED + "<!--", "<wbr>", "-->" + TEXT),
}
"""Parts of pages: every second one is repeated, each time with another number."""


def page(parts: tuple[str, ...], size: int) -> bytes:
    """Return a page of about a size in bytes."""
    return "".join(
        _repeated(part, 2 * size // len(parts) if len(parts) > 3 else size) if number % 2 else part
        for number, part in enumerate(parts)
    ).encode()


def _repeated(form: str, size: int) -> str:
    return "".join(form.format(number) for number in range(size // len(form.format(10_000).encode())))


def seconds(body: bytes) -> float:
    """Return the CPU time of one reading, the release of its memory included: the least of five."""
    times = []
    for _ in range(5):
        begun = time.process_time()
        read(HtmlResponse(URL, body=body, headers={"Content-Type": "text/html; charset=utf-8"}))
        times.append(time.process_time() - begun)
    return min(times)


def read(response: HtmlResponse) -> None:
    """Read a page as a block page and as an article."""
    block_page_kind(response)
    try:
        page_fields(article_page(response))
    except PageRejected as error:
        assert error.detail


@pytest.fixture(autouse=True)
def _without_garbage_of_other_tests() -> Iterator[None]:
    """Keep the collector to the objects of the page: it also visits all that earlier tests left, at any moment."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize("name", HOSTILE)
def test_reading_time_grows_with_the_size(name: str) -> None:
    times = [seconds(page(HOSTILE[name], size)) for size in SIZES]
    assert max(times) < SECONDS, times
    for smaller, larger in pairwise(times):
        assert larger < UNMEASURABLE or larger < GROWTH * max(smaller, UNMEASURABLE / 2), times
