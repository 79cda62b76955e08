"""Hostile and damaged pages: page classes raise nothing but PageRejected, in bounded time."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scrapy.http import HtmlResponse

from jiji.exceptions import PageRejected
from jiji.pages import IndexPage, article_page, block_page_kind
from tests.pages.case_folders import ALL, ARTICLES, page_fields, read

URL = "https://jen.jiji.com/jc/eng?g=eco&k=2026012700123"
SECONDS = 1.5
"""CPU time of one reading of a page. All stay below one second on an idle machine."""

FUZZ = settings(
    max_examples=200,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],
)


def read_all(response: HtmlResponse) -> None:
    """Read a page as an article, as an index page and as a block page, each in time and without another exception."""
    begun = time.process_time()
    block_page_kind(response)
    for reading in (
        lambda: page_fields(article_page(response)),
        lambda: (IndexPage(response).entries, IndexPage(response).pagination_links),
    ):
        try:
            reading()
        except PageRejected as error:
            assert error.detail
    assert time.process_time() - begun < 3 * SECONDS


@FUZZ
@given(st.binary(max_size=2000), st.sampled_from(["text/html", "text/html; charset=Shift_JIS", "text/html; charset=x"]))
def test_random_bytes(body: bytes, kind: str) -> None:
    read_all(HtmlResponse(URL, body=body, headers={"Content-Type": kind}))


MARKUP = st.sampled_from(
    "<p> </p> <div> </div> <h1> <br> <img src=/a.jpg> <a href=/jc/eng?k=2026012700123> </a> <table> <td> <title>"
    " <!-- --> <script> </script> <base href=//x/> &nbsp; &#0; &#xD800; HOME &gt; Article NATIONAL POLITICS ( )"
    " By Ken Doi Tokyo, Jan. 27 (Jiji Press)-- 2026-01-27 <form> <aside> <li> <link rel=canonical href=http://[>".split(
        " "
    )
)


@FUZZ
@given(st.lists(MARKUP, max_size=60), st.booleans())
def test_random_markup(parts: list[str], joined: bool) -> None:
    read_all(HtmlResponse(URL, body=("" if joined else " ").join(parts).encode()))


@st.composite
def damaged(draw: st.DrawFn) -> tuple[Path, bytes]:
    """Draw a saved page with flipped bytes, removed, repeated or zeroed chunks, or a missing end."""
    case = draw(st.sampled_from(ALL))
    body = bytearray((case / "page.html").read_bytes())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(body) - 1, 0)))
        to = min(at + draw(st.integers(1, 400)), len(body))
        match draw(st.sampled_from(["flip", "drop", "repeat", "cut", "zero"])):
            case "flip":
                body[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case "drop":
                del body[at:to]
            case "repeat":
                body[at:at] = body[at:to] * draw(st.integers(1, 30))
            case "cut":
                del body[at:]
            case "zero":
                body[at:to] = bytes(to - at)
    return case, bytes(body)


@FUZZ
@given(damaged())
def test_damaged_pages(page: tuple[Path, bytes]) -> None:
    response, _ = read(page[0])
    read_all(response.replace(body=page[1]))


@pytest.mark.parametrize("case", ARTICLES, ids=lambda case: case.name)
def test_page_that_is_cut_off_is_read_right_or_rejected(case: Path) -> None:
    response, expected = read(case)
    for at in range(0, len(response.body), max(53, len(response.body) // 100)):
        try:
            item = page_fields(article_page(response.replace(body=response.body[:at])))
        except PageRejected:
            continue
        expected["item"]["layout"] = item["layout"]
        assert item == expected["item"], at


HEAD = "<title>Ship Sails Home</title><p>HOME &gt; NATIONAL &gt; Article</p><h1 id=article-title>Ship Sails Home</h1>"
TOLD = "<p class=full-article-txt>&nbsp; Tokyo, Jan. 27 (Jiji Press)--Rain fell.</p>"
MUCH = 5 * 1024 * 1024


def much(text: str, size: int = MUCH) -> str:
    return text * (size // len(text))


FLOODS = {
    "less-than": TOLD + much("< "),
    "ampersands": TOLD + much("&"),
    "references": TOLD + much("&#1"),
    "one line of spaces": f"{TOLD}<p>{much(' ')}",
    "one line of words": f"{TOLD}<p class=full-article-txt>{much('word ')}",
    "no-break spaces": f"{TOLD}<p>{much('&nbsp;')}x",
    "brackets in a caption": f"<img src=/a.jpg alt='{much('(')}'>{TOLD}",
    "closed brackets in a caption": f"<img src=/a.jpg><p>{much(')')}</p>{TOLD}",
    "pictures": "<img src=/a.jpg> " * 15_000 + TOLD,
    "pictures in boxes": "<div><img src=/a.jpg></div>" * 6_000 + TOLD,
    "captions": "<img src=/a.jpg alt='Cap (Jiji)'><p>Cap (Jiji)</p>" * 400 + TOLD,
    "paragraphs": TOLD + "<p class=full-article-txt>x</p>" * 9_000,
    "links": TOLD + "<a href=/jc/eng?g=eco&k=2026012700124>x</a>" * 9_000,
    "nesting": f"{TOLD}{'<div>' * 3_000}lost",
    "nesting with text": TOLD + "<div>x " * 480,
    "pictures deep inside": "<div>" * 480 + "<img src=/a.jpg>" * 15_000,
    "comments": TOLD + "<!-- x -->" * 19_000,
    "open comments": TOLD + much("<!--", 70_000),
    "crumbs": f"<p>home {much('>')}</p>{TOLD}",
    "subscribe sentences": f"{TOLD}<p>{much('to read a full story ')}</p>",
    "bylines": ("<p>By " + "Ken e " * 32 + "1</p>") * 6_000 + TOLD,
    "places": f"<p>&nbsp; {much('Tokyo/')} (Jiji Press)--x</p>",
    "agencies": f"<p>&nbsp;{'A' * 70} ({much('Jiji ')}</p>",
    "dates": f"<p class=article-date>{much('2026-01-27 ')}</p>{TOLD}",
    "attributes": f"{TOLD}<p {' '.join(f'a{number}' for number in range(80_000))}>",
    "some attributes in many tags": TOLD + f"<p {' '.join(f'a{number}' for number in range(400))}>x" * 2_000,
    "breaks": TOLD + "<p class=full-article-txt>" + "x<br>" * 15_000,
    "labels": TOLD + "<p>POLITICS</p>" * 9_000,
    "headings": "<h2>x y</h2>" * 9_000 + TOLD,
    "titles": f"<title>{much('Ship Sails Home | ')}</title>{TOLD}",
    "copyright": f"{TOLD}<p>Copyright {much('(')}",
}


@pytest.mark.parametrize("flood", FLOODS)
def test_flood_is_read_or_rejected_in_time(flood: str) -> None:
    body = f"{HEAD}{FLOODS[flood]}".encode()[: MUCH + 1000]
    read_all(HtmlResponse(URL, body=body, headers={"Content-Type": "text/html; charset=utf-8"}))
