"""List styles: the forms in which index pages are known to print links to articles."""

from collections import Counter

from jiji.pages.index import IndexPage
from jiji.site.urls import article_id_in

LIST_STYLES = ("div.photos-list > p > a", "tbody > tr > td > a", ".textL > li > a", ".textBL > a", "a.textL")
"""Selectors of links to articles, the narrowest first. Source: the one known scraper (used)."""
NO_KNOWN_STYLE = "no known style"


def links_by_style(page: IndexPage) -> dict[str, int]:
    """Return the number of articles by the style of the first link to each; raises PageRejected as the page does.

    Links in no known style are found too, by their URLs. They show that the site has a new kind of list.
    """
    styles = {element: style for style in reversed(LIST_STYLES) for element in page.tree.css(style)}
    listed = {entry.id for entry in page.entries}
    found: dict[str, str] = {}
    for link in page.tree.css("a, area"):
        article_id = article_id_in(link.get("href"))
        if article_id in listed:
            known = found.get(article_id, NO_KNOWN_STYLE)
            found[article_id] = styles.get(link, NO_KNOWN_STYLE) if known == NO_KNOWN_STYLE else known
    return dict(Counter(found.values()).most_common())
