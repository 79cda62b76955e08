"""Documents: trees and texts that the parser alone would get wrong."""

import pytest
from scrapy.http import HtmlResponse

from jiji.exceptions import PageRejected
from jiji.pages import article_page
from jiji.pages.page import Document
from jiji.stats import RejectReason

URL = "https://jen.jiji.com/jc/eng?g=eco&k=2026012700123"


@pytest.mark.parametrize("tag", ["wbr", "WBR class=x", "source srcset=a.webp", "track src=a.vtt"])
def test_void_tag_does_not_hold_the_rest_of_the_page(tag: str) -> None:
    document = Document(HtmlResponse(URL, body=f"<p>One<{tag}><p>Two".encode()))
    assert [paragraph.parent and paragraph.parent.tag for paragraph in document.tree.css("p")] == ["body", "body"]


def test_nul_bytes_are_left_out() -> None:
    assert Document(HtmlResponse(URL, body=b"<p>On\x00e")).markup == b"<p>One"


HEAD = "<p>HOME &gt; NATIONAL &gt; Article</p><h1 id=article-title>Ship Sails Home</h1>"
FIRST = "<p class=full-article-txt>&nbsp; Tokyo, Jan. 27 (Jiji Press)--Rain fell.</p>"


def test_three_hundred_kilobytes_of_short_lines_are_read() -> None:
    lines = [f"Rain fell on the harbor for day No. {day}, and the ship stayed." for day in range(5_000)]
    paragraphs = "".join(f"<p class=full-article-txt>&nbsp; {text}</p>" for text in lines)
    page = article_page(HtmlResponse(URL, body=(HEAD + FIRST + paragraphs + "</body></html>").encode()))
    assert page.body.split("\n\n") == ["Rain fell.", *lines]


@pytest.mark.parametrize("part", ["<p>Line {}</p>", "<img src=/photos/{}.jpg>"])
def test_more_lines_or_pictures_than_any_article_has_are_refused(part: str) -> None:
    body = HEAD + "".join(map(part.format, range(6_500))) + FIRST
    with pytest.raises(PageRejected) as rejected:
        article_page(HtmlResponse(URL, body=body.encode()))
    assert rejected.value.reason is RejectReason.TOO_MUCH_MARKUP


@pytest.mark.parametrize(
    ("quote", "inside"), [('="', ""), ("='", ""), ('= "', ""), ('=\t"', ""), ("='", '"'), ('="', "'")]
)
def test_long_tag_is_refused_behind_a_quoted_end(quote: str, inside: str) -> None:
    tag = "<p " + " ".join(f"a{number}{quote}{inside}>{quote[-1]}" for number in range(2_000)) + ">"
    with pytest.raises(PageRejected) as rejected:
        Document(HtmlResponse(URL, body=(HEAD + tag + FIRST).encode()))
    assert rejected.value.reason is RejectReason.TOO_MUCH_MARKUP
