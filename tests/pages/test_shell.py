"""Shells: index pages without a list of their own, and pages that need no browser."""

import pytest
from scrapy.http import HtmlResponse

from jiji.pages.shell import is_shell

SCRIPT = '<script src="/js/app.js"></script>'
LIST = "".join(
    f'<li><a href="/jc/eng?g=eco&amp;k=20260602{at:05}">Rowers Win Race No. {at} on Lake Biwa</a></li>'
    for at in range(9)
)
BOX = "<div><h2>NATIONAL</h2><h2>HEADLINES</h2>" + "".join(
    f'<h3>{name}</h3><ul><li><a href="/jc/eng?g=eco&amp;k=2026060100{at:03}">Ferry No. {at} Returns</a></li></ul>'
    for at, name in enumerate(("POLITICS", "ECONOMY", "SPORTS", "OTHER"))
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f'<div id="app"></div>{SCRIPT}', True),
        (f'<div id="app"></div>{BOX}{SCRIPT}', True),
        ('<div id="app"></div><script>load()</script>', True),
        ('<div id="app"></div>', False),
        ('<div id="app"></div><script type="application/json">{}</script>', False),
        (f"<ul>{LIST}</ul>{SCRIPT}", False),
        (f"<ul>{LIST}</ul>{BOX}{SCRIPT}", False),
    ],
)
def test_index_page_without_a_list_of_its_own_is_a_shell(body: str, expected: bool) -> None:
    html = f"<html><head><title>Jiji Press</title></head><body>{body}</body></html>"
    response = HtmlResponse("https://jen.jiji.com/jc/list?g=pol", body=html.encode(), encoding="utf-8")
    assert is_shell(response, is_article=False) is expected
