"""Article page read with parsel, as a Scrapy spider with selectors does: the same fields without any proof."""

import re
from typing import Any
from urllib.parse import urljoin

from parsel import Selector
from w3lib.encoding import html_to_unicode

from devtools.bench.reader_process import SavedPage

_DATELINE = re.compile(r"(?P<text>[^()]{1,60}) \((?P<agency>[^()]*(?:Jiji|AFP)[^()]*)\)\s*--\s*")
_CREDIT = re.compile(r"\((?P<credit>[^()]*(?:photo|courtesy|Photo|Jiji|AFP|Pool)[^()]*)\)$")
_ID = re.compile(r"k=(\d{13})")
_AND = re.compile(r", | and ")
_LINES = ".//text()[not(ancestor::script or ancestor::style)] | .//br"
_SUBSCRIBE = "//*[@id='main']//p[starts-with(normalize-space(), 'To read ')]"


def read_with_selectors(page: SavedPage) -> dict[str, Any]:
    """Return the fields of an article page."""
    _, text = html_to_unicode(page.content_type, page.body)
    selector = Selector(text=text)
    paragraphs = [
        line for found in selector.css("p.full-article-txt, #article-body > p") for line in _paragraph_lines(found)
    ]
    authors = _AND.split(paragraphs.pop(0)[3:]) if paragraphs and paragraphs[0].startswith("By ") else []
    truncated = bool(paragraphs) and paragraphs[-1].startswith("To read ")
    if truncated:
        paragraphs.pop()
    dateline = _DATELINE.match(paragraphs[0]) if paragraphs else None
    if dateline:
        paragraphs[0] = paragraphs[0][dateline.end() :]
    found_id = _ID.search(page.url)
    article_id = found_id[1] if found_id else ""
    crumbs = "".join(selector.css("#breadcrumb, .breadcrumb").xpath(".//text()").getall())
    return {
        "id": article_id,
        "url": page.url,
        "breadcrumbs": [_line(crumb) for crumb in crumbs.split(">")],
        "headline": _line(selector.css("h1#article-title::text").get("")),
        "authors": authors,
        "dateline": dateline.groupdict() if dateline else None,
        "published_date": f"{article_id[:4]}-{article_id[4:6]}-{article_id[6:8]}",
        "published_at": selector.css("p.article-date::text").get(),
        "body": "\n\n".join(paragraphs),
        "truncated": truncated or bool(selector.xpath(_SUBSCRIBE)),
        "images": [_picture(box, page.url) for box in selector.css(".photo")],
    }


def _paragraph_lines(found: Selector) -> list[str]:
    """Return the lines of a paragraph, split at its line breaks."""
    texts = found.xpath(_LINES).getall()
    lines = map(_line, "".join("\0" if text.startswith("<br") else text for text in texts).split("\0"))
    return [line for line in lines if line]


def _picture(box: Selector, url: str) -> dict[str, str | None]:
    caption = _line(box.css(".caption::text").get(""))
    credit = _CREDIT.search(caption)
    return {
        "url": urljoin(url, box.css("img::attr(src)").get("")),
        "caption": caption[: credit.start()].strip() if credit else caption,
        "credit": credit["credit"] if credit else None,
    }


def _line(text: str) -> str:
    return " ".join(text.split())
