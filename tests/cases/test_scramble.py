"""Scrambled pages: each saved case parses to the same structure, and none of its sentences survives."""

import re
from collections import Counter
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from jiji.cases.case import INDEX, NOT_AN_ARTICLE, page_fields
from jiji.cases.scramble import scramble, surviving_run
from jiji.cases.scrambled_case import ScrambleError, scrambled_page
from jiji.pages import article_page
from tests.pages.case_folders import ALL, named, read

ARTICLE = "https://jen.jiji.com/jc/eng?g=eco&k=2026012700123"
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@pytest.mark.parametrize("case", named(ALL))
def test_case_parses_to_the_same_structure_or_is_refused_for_a_reason(case: Path) -> None:
    response, expected = read(case)
    try:
        page, parsed = scrambled_page(response, is_index=case.parent.name == INDEX)
    except ScrambleError as error:
        kind, words_of_reason = REFUSED.get(case.name, (NOT_AN_ARTICLE, "charset"))
        assert case.parent.name == kind, error
        assert words_of_reason in str(error)
        return
    assert parsed.kind == case.parent.name or expected.get("or_refused")
    assert (page.url, page.headers) == (response.url, response.headers)
    if "item" in expected and parsed.page:
        item = parsed.result["item"]
        for before, after in zip(runs(expected["item"]["body"]), [words(item["body"])] * 10**6, strict=False):
            assert before not in after
        assert item["dateline"] == expected["item"]["dateline"]
        assert list(map(len, item["body"].split("\n\n"))) == list(map(len, expected["item"]["body"].split("\n\n")))


REFUSED = {
    "paragraph-begins-like-the-subscribe-sentence": ("ArticlePage", "extraction rules"),
    "calendar-without-dates-in-its-urls": (INDEX, "pagination_links"),
    "body-of-a-placeholder": (NOT_AN_ARTICLE, "the kind is ArticlePage"),
    "byline-with-an-unknown-office": (NOT_AN_ARTICLE, "the kind is ArticlePage"),
    "request-to-subscribe-in-unknown-words": (NOT_AN_ARTICLE, "the kind is ArticlePage"),
}
"""Refused beside those of an uncertain charset: words that decide on the page are no known wording of the site."""


def words(text: str) -> str:
    return f" {' '.join(WORD.findall(text)).casefold()} "


def runs(text: str) -> list[str]:
    """Return all three words in a row of the paragraphs."""
    every = [words(KEPT.sub("", paragraph)).split() for paragraph in text.split("\n\n")]
    found = (f" {' '.join(each[at : at + 3])} " for each in every for at in range(len(each) - 2))
    return [run for run in found if run.isascii()]


KEPT = re.compile(r"^[^()]{2,60}\((?:Jiji Press|AFP-Jiji)\)--|To read a full story, .{0,78}")
"""Datelines and requests to subscribe in the text."""
PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>Rain Falls on Ome | Jiji Press</title>
<meta property="og:title" content="Rain Falls on Ome">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="Rain fell on Ome &amp; its bridges on Tuesday.">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Rain Falls on Ome",
"datePublished": "2026-01-27T10:05:00+09:00", "description": "Rain fell on Ome \\u2014 and its bridges"}}</script>
<script>/* Rain fell; it's cold */ var more = "<p title='x'>Rain fell = on\\n Ome</p>"; // Rain fell on Ome
var teaser = 'Rain fell on Ome and its bridges'; var url = "https://jen.jiji.com/x/y";</script></head><body>
<!-- Rain fell on Ome and its bridges on Tuesday. --><ul class="clearfix"><li><a href="/">HOME</a></li></ul>
<p>HOME &gt; NATIONAL &gt; Article</p><h1 id="article-title">(Update 2) Rain Falls on Ome</h1>
<img src="/photos/rain-ome.jpg" alt="The bridge in Ome (Pool photo)"><p>The bridge in Ome (Pool photo)</p>
<p>By Hana van der Orito and Ken Doi, Senior Reporter</p>
<p class="full-article-txt">&nbsp; &nbsp; &nbsp; Ome, Tokyo, Jan. 27 (Jiji Press)--Rain fell on <b>O</b>me's bridges,
F35 jets &amp; 3,200 &#66;oats on Tuesday.</p><p class="full-article-txt">&nbsp; &nbsp; &nbsp; {japanese} fell too.</p>
<p>To read a full story, please click here to find out how to subscribe.</p></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "euc-jp", "shift_jis"])
def test_everything_but_the_words_stays(charset: str) -> None:
    source = PAGE.format(charset=charset, japanese="大雨とアメ")
    body = source.encode(charset)
    response = HtmlResponse(ARTICLE, body=body, headers={"Content-Type": f"text/html; charset={charset}"})
    page, parsed = scrambled_page(response, is_index=False)
    text = page.body.decode(charset)
    assert len(text) == len(source) - len("&#66;") + 1
    for kept in (
        "(Update 2) ", "Ome, Tokyo, Jan. 27 (Jiji Press)--", "(Pool photo)", " and ", ", Senior Reporter", "van der",
        "To read a full story, please click here to find out how to subscribe.", "HOME &gt; NATIONAL &gt; Article",
        "/photos/rain-ome.jpg", "2026-01-27T10:05:00+09:00", 'class="full-article-txt"', "3,200", "| Jiji Press",
        "width=device-width, initial-scale=1", "\\u2014", "https://jen.jiji.com/x/y", '"headline": ', "&amp;",
    ):  # fmt: skip
        assert kept in text, kept
    for lost in ("Rain", "bridge", "Boats", "Tuesday", "Hana", "fell", "大雨", "アメ"):
        assert lost not in text, lost
    item = parsed.result["item"]
    headline = item["headline"].removeprefix("(Update 2) ")
    assert re.sub("[a-z]", "x", re.sub("[A-Z]", "X", headline)) == "Xxxx Xxxxx xx Xxx"
    assert text.count(headline) == 4, "title, og:title, JSON-LD and h1"
    assert text.count(item["images"][0]["caption"]) == 2
    assert re.search(r"\b[^\W\d_]35\b", text)
    assert item["published_at"] == page_fields(article_page(response))["published_at"]


def test_repetitions_stay() -> None:
    source = "<p>Rain and rain, RAIN's rai... Ra<i>i</i>n</p>"
    text = re.sub("<.*?>", "", scramble(source, b"salt"))
    one = text[:4].lower()
    found = Counter(word.lower() for word in WORD.findall(text.replace("'s", "")))
    assert found[one] >= 3
    assert text.lower().count(one) == 4
    assert one[:3] in text[text.index("..") - 3 :]


def test_words_differ_from_page_to_page_and_from_the_original() -> None:
    source = "<p>The ferry will carry mail again.</p>"
    one, other = scramble(source, b"1"), scramble(source, b"2")
    assert len({one, other, source}) == 3
    assert not set(WORD.findall(one)[1:-1]) & set(WORD.findall(source)[1:-1])


@pytest.mark.parametrize(
    "hidden",
    [
        '<a href="/x/ferry-will-carry-mail">x</a>',
        '<p class="ferry will carry">x</p>',
        "<script>ferry will carry</script>",
    ],
)
def test_words_in_the_markup_are_found(hidden: str) -> None:
    source = f"<p>The ferry will carry mail again.</p>{hidden}"
    assert surviving_run(source, scramble(source, b"1")) in ("ferry will carry", "the ferry will")


def test_page_with_words_in_its_markup_is_refused() -> None:
    source = PAGE.format(charset="utf-8", japanese="x").replace("rain-ome.jpg", "rain-fell-on-ome.jpg")
    response = HtmlResponse(ARTICLE, body=source.encode(), headers={"Content-Type": "text/html"})
    with pytest.raises(ScrambleError, match="'rain fell on'"):
        scrambled_page(response, is_index=False)
