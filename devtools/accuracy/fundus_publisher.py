"""Fundus publisher class of the site, with the selectors of the one known scraper.

Fundus is imported where it is used, so that this module can be imported without it.
"""

import re
from functools import cache
from typing import Any

PARAGRAPHS = (
    "//p[contains(@class, 'full-article-txt')] | //div[@id='article-body']/p | //div[@class='photos-data']/p"
    " | //article//p"
)
TEXT = "(.//text()[normalize-space()])[1][not(starts-with(normalize-space(translate(., '\u00a0', ' ')), '{}'))]"
HEADLINES = "//h1[@id='article-title' or @class='text4L'] | //article//h1"
BODY = f"({PARAGRAPHS})[{TEXT.format('To read ')}][{TEXT.format('By ')}][not(ancestor::figure or ancestor::form)]"
BYLINE = r"^[\s\u00a0]*By\s+(.+)$"
PICTURES = "//div[contains(@class, 'photo')]//img | //table[contains(@class, 'photo')]//img | //figure//img | //li//img"
CAPTIONS = "(./ancestor::*[self::div or self::figure or self::li or self::table][1]//*[self::p or self::figcaption])[1]"


@cache
def publisher() -> Any:
    """Return a parser of the publisher class."""
    from fundus.parser import ArticleBody, BaseParser, Image, ParserProxy, attribute
    from fundus.parser.utility import (
        extract_article_body_with_selector,
        generic_author_parsing,
        generic_date_parsing,
        generic_nodes_to_text,
        image_extraction,
    )
    from lxml.etree import XPath

    class JijiParser(ParserProxy):
        class V1(BaseParser):
            @attribute
            def title(self) -> str | None:
                found = generic_nodes_to_text(XPath(HEADLINES)(self.precomputed.doc))
                return " ".join(found[0].split()) if found else None

            @attribute
            def body(self) -> ArticleBody | None:
                return extract_article_body_with_selector(
                    self.precomputed.doc, XPath(BODY), subheadline_selector=XPath("//div[@id='article-area']/h3")
                )

            @attribute
            def authors(self) -> list[str]:
                lines = generic_nodes_to_text(XPath(PARAGRAPHS)(self.precomputed.doc))
                byline = next((found[1] for line in lines if (found := re.match(BYLINE, line))), None)
                return generic_author_parsing(byline)

            @attribute
            def publishing_date(self) -> Any:
                found = generic_nodes_to_text(XPath("//p[@class='article-date'] | //time")(self.precomputed.doc))
                printed = self.precomputed.meta.get("article:published_time") or next(iter(found), None)
                return generic_date_parsing(printed)

            @attribute
            def images(self) -> list[Image]:
                return image_extraction(
                    self.precomputed.doc,
                    paragraph_selector=XPath(PARAGRAPHS),
                    image_selector=XPath(PICTURES),
                    upper_boundary_selector=XPath("//h1"),
                    caption_selector=XPath(CAPTIONS),
                    relative_urls=XPath("'https://jen.jiji.com/jc/'"),
                )

    return JijiParser()()
