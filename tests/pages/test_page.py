"""Documents: trees and texts that the parser alone would get wrong."""

import pytest
from scrapy.http import HtmlResponse

from jiji.pages.page import Document

URL = "https://jen.jiji.com/jc/eng?g=eco&k=2026012700123"


@pytest.mark.parametrize("tag", ["wbr", "WBR class=x", "source srcset=a.webp", "track src=a.vtt"])
def test_void_tag_does_not_hold_the_rest_of_the_page(tag: str) -> None:
    document = Document(HtmlResponse(URL, body=f"<p>One<{tag}><p>Two".encode()))
    assert [paragraph.parent and paragraph.parent.tag for paragraph in document.tree.css("p")] == ["body", "body"]


def test_nul_bytes_are_left_out() -> None:
    assert Document(HtmlResponse(URL, body=b"<p>On\x00e")).text == "<p>One"
