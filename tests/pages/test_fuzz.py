"""Whatever bytes come: no page class raises anything but ValueError, takes long, or publishes rubbish."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scrapy.http import HtmlResponse

from jiji.pages import IndexPage, barrier, story_page
from tests.pages.test_cases import CASES, read, told

URL = "https://jen.jiji.com/jc/eng?g=eco&k=2026012700123"
SAVED = sorted(case.parent for case in CASES.glob("*/*/page.html"))
STORIES = [case.parent for case in sorted(CASES.glob("*Page/*/page.html")) if "IndexPage" not in case.parts]
SECONDS = 1.5
"""CPU time that no page may take; on a machine of its own all stay below one second."""

FUZZ = settings(
    max_examples=200,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],
)


def read_all(response: HtmlResponse) -> None:
    """Read a page in every way there is; only ValueError may say that it is none."""
    begun = time.process_time()
    barrier(response)
    for reading in (
        lambda: told(story_page(response)),
        lambda: (IndexPage(response).stories, IndexPage(response).more),
    ):
        try:
            reading()
        except ValueError as error:
            assert str(error)
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
    """Draw a saved page with bytes flipped, chunks gone or repeated, or an end that is missing."""
    case = draw(st.sampled_from(SAVED))
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


@pytest.mark.parametrize("case", STORIES, ids=lambda case: case.name)
def test_a_page_that_is_cut_is_whole_in_what_it_tells_or_refused(case: Path) -> None:
    response, expected = read(case)
    for at in range(0, len(response.body), 53):
        try:
            item = told(story_page(response.replace(body=response.body[:at])))
        except ValueError:
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
def test_floods_are_read_or_refused_soon(flood: str) -> None:
    body = f"{HEAD}{FLOODS[flood]}".encode()[: MUCH + 1000]
    read_all(HtmlResponse(URL, body=body, headers={"Content-Type": "text/html; charset=utf-8"}))
