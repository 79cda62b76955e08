"""Readers in this project's environment: the project itself, selectors, and bare parsers. Each gets bytes."""

from lxml import html as lxml_html
from scrapy.http import HtmlResponse
from selectolax.lexbor import LexborHTMLParser

from devtools.bench.reader_process import Reader, SavedPage
from devtools.bench.selectors import read_with_selectors
from jiji.items import Article
from jiji.pages import article_page
from jiji.pages.page import Document
from jiji.site.listing import Listing


def _response(page: SavedPage) -> HtmlResponse:
    return HtmlResponse(page.url, body=page.body, headers={"Content-Type": page.content_type})


def _read(response: HtmlResponse) -> Article:
    return article_page(response).to_item(
        Listing("", response.url), section="national", fetched_at="2026-01-27T00:00:00Z"
    )


def _itself(page: SavedPage) -> SavedPage:
    return page


READERS = {
    "jiji": Reader(_response, _read),
    "document": Reader(_response, lambda response: Document(response).tree),
    "parsel": Reader(_itself, read_with_selectors),
    "lxml": Reader(_itself, lambda page: lxml_html.document_fromstring(page.body)),
    "lexbor": Reader(_itself, lambda page: LexborHTMLParser(page.body)),
}
