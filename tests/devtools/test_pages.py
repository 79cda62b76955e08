"""Replica pages: content as in the ledger, structure as on the site, bytes in the declared charset."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from parsel import Selector

from devtools.replica import Replica
from devtools.replica.ledger import Row
from tests.devtools.visits import Visit, crawl, visible_text, visit

LAYOUTS = {
    "paragraphs in article-body": "div#layout > div#main > div#article-area > div#article-body > p",
    "one element for each paragraph": "h1#article-title ~ p.full-article-txt + p.full-article-txt",
    "line breaks": "p.full-article-txt > br",
    "tables": "td#main > p.full-article-txt",
    "photo between paragraphs": "p.full-article-txt + div.photo > div.caption",
}
LIST_STYLES = (".textBL > a", ".textL > li > a", "a.textL", "tbody > tr > td > a", "div.photos-list > p > a")
SUBSCRIBE = "To read a full story, please click here to find out how to subscribe."
LABELS = (
    *("HOME", "NATIONAL", "HEADLINES", "POLITICS", "ECONOMY", "SPORTS", "OTHER"),
    *("AFP-JIJI PRESS NEWS JOURNAL", "Photos"),
)


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica() as serving:
        yield serving


@pytest.fixture(scope="module")
def stories(replica: Replica) -> list[tuple[Row, Visit]]:
    """Return every story's ledger row with its page."""
    rows = [row for section in ("national", "journal", "photos") for row in replica.ledger(section)]
    return [(row, visit(row["url"])) for row in rows]


def test_every_link_resolves_and_every_story_is_linked(replica: Replica) -> None:
    with Replica(days=3) as small:
        seen = list(crawl(small.url))
        assert [(each.status, each.url) for each in seen if each.status != 200] == []
        shown = {parse_qs(urlsplit(each.url).query).get("k", [""])[0] for each in seen} - {""}
        rows = [row for section in ("national", "journal", "photos") for row in small.ledger(section)]
        assert shown == {row["id"] for row in rows}


def test_every_picture_is_served() -> None:
    with Replica(days=2) as small:
        addresses = {address for each in crawl(small.url) for address in each.addresses("img::attr(src)")}
        assert {image["url"] for row in small.ledger("national") for image in row["images"]} <= addresses
        for address in addresses:
            assert visit(address).body.startswith(b"\x89PNG")


def test_article_pages_print_the_ledgers_text(stories: list[tuple[Row, Visit]]) -> None:
    for row, seen in stories:
        assert seen.status == 200, row["url"]
        main = visible_text(seen.page.css("#main"))
        dateline = row["dateline"]
        opening = f"{dateline['text']} ({dateline['agency']})--" if dateline else ""
        for paragraph in (opening + row["body"]).split("\n\n"):
            assert paragraph in main
        assert [visible_text(seen.page.css("h1"))] == [row["headline"]]
        assert (SUBSCRIBE in main) == row["truncated"]
        assert visible_text(seen.page.css(".breadcrumb, #breadcrumb")).split(" > ") == row["breadcrumbs"]
        for author in row["authors"]:
            assert author in main


def test_pictures_and_captions_are_those_of_the_ledger(stories: list[tuple[Row, Visit]]) -> None:
    for row, seen in stories:
        captions = [image["caption"] + (f" ({image['credit']})" if image["credit"] else "") for image in row["images"]]
        assert [visible_text(each) for each in seen.page.css(".caption")] == captions
        assert seen.addresses("#main .photo img::attr(src), .picture img::attr(src)") == [
            image["url"] for image in row["images"]
        ]


def test_captions_are_printed_twice(stories: list[tuple[Row, Visit]]) -> None:
    for row, seen in stories:
        printed = seen.page.css("#main img::attr(alt), .photo-alt::text").getall()
        for image in row["images"]:
            assert any(image["caption"] in text for text in printed)


def test_article_pages_have_the_sites_reading_order(stories: list[tuple[Row, Visit]]) -> None:
    for row, seen in stories:
        if row["section"] != "national":
            continue
        text = visible_text(seen.page.css("body"))
        marks = ["HOME > NATIONAL > Article", "Text Size small medium large", *2 * [row["headline"]]]
        marks += [row["body"].split("\n\n")[-1], "NATIONAL HEADLINES POLITICS", "ECONOMY", "SPORTS", "OTHER"]
        marks += ["AFP-JIJI PRESS NEWS JOURNAL", "Photos"]
        position = 0
        for mark in marks:
            position = text.index(mark, position) + len(mark)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_occurs(layout: str, stories: list[tuple[Row, Visit]]) -> None:
    count = sum(bool(seen.page.css(LAYOUTS[layout])) for _, seen in stories)
    assert count > 15


def test_journal_and_photo_pages_have_the_sites_structure(stories: list[tuple[Row, Visit]]) -> None:
    for row, seen in stories:
        if row["section"] != "national":
            assert visible_text(seen.page.css("h1.text4L")) == row["headline"]
            assert bool(seen.page.css("p.article-date")) == (row["published_source"] == "page")
            assert seen.page.css("p.full-article-txt" if row["section"] == "journal" else "div.photos-data p")


def test_difficult_markup_occurs(stories: list[tuple[Row, Visit]]) -> None:
    everything = b"".join(seen.body for _, seen in stories)
    for markup in (b"&quot;", b"&#39;", b"&nbsp;", b"&hellip;", b"&#8364;", b"<P CLASS=full-article-txt>", b"<!-- <p>"):
        assert markup in everything


def test_charsets_and_their_declarations_are_mixed(stories: list[tuple[Row, Visit]]) -> None:
    declared = Counter(seen.charset.upper() for _, seen in stories)
    assert set(declared) == {"UTF-8", "EUC-JP"}
    assert 0.1 < declared["EUC-JP"] / len(stories) < 0.2
    in_header = Counter("charset" in seen.headers["Content-Type"] for _, seen in stories)
    assert min(in_header.values()) > len(stories) / 10


def test_every_page_has_the_navigation(replica: Replica) -> None:
    for path in ("", "jc/eng?g=eco", "jc/list?g=pol&p=2", "jc/nowhere"):
        labels = visit(replica.url + path).page.css("ul.clearfix > li > a")
        assert [visible_text(label) for label in labels] == list(LABELS)


def test_home_uses_every_list_style(replica: Replica) -> None:
    home = visit(replica.url).page
    for style in LIST_STYLES:
        assert home.css(f"#main {style}"), style


def test_links_have_many_spellings(replica: Replica) -> None:
    seen = [visit(f"{replica.url}jc/eng?g=eco&p={page}") for page in range(1, 8)]
    spellings = [href for each in seen for href in each.page.css("#main .box a::attr(href)").getall()]
    for trait in ("http://", "/jc/eng?g=eco&k=", "/jc/i?", "?k=", "m=rss", "rel=top", "#top"):
        assert any(trait in href for href in spellings), trait
    assert any(href.startswith("eng?") for href in spellings)
    markup = b"".join(each.body for each in seen)
    assert b"g=eco&k=" in markup and b"g=eco&amp;k=" in markup


def index_pages(start: str, more: str) -> Iterator[Visit]:
    """Yield an index page and those that follow, by the link that `more` selects."""
    following = [start]
    while following:
        seen = visit(following[0])
        yield seen
        following = seen.addresses(more)


def article_ids(seen: Visit, block: str) -> list[str]:
    links = [parse_qs(urlsplit(url).query) for url in seen.addresses(f"{block} a::attr(href)")]
    return list(dict.fromkeys(link["k"][0] for link in links if "k" in link))


@pytest.mark.parametrize(
    ("section", "path", "size"),
    [("national", "jc/eng?g=eco", 25), ("politics", "jc/list?g=pol", 20), ("journal", "jc/afpbb", 20)],
)
def test_pagination_lists_the_whole_section(replica: Replica, section: str, path: str, size: int) -> None:
    block = "#main .breadcrumb + .box"
    pages = list(index_pages(replica.url + path, f"{block} .link-more a::attr(href)"))
    found = [article_ids(seen, block) for seen in pages]
    assert [key for page in found for key in page] == [row["id"] for row in replica.ledger(section)]
    assert {len(page) for page in found[:-1]} == {size}


def test_national_index_labels_the_groups(replica: Replica) -> None:
    first, *groups = visit(f"{replica.url}jc/eng?g=eco").page.css("#main .box")
    assert not first.css(".box-title")
    assert [visible_text(group.css(".box-title")) for group in groups] == ["POLITICS", "ECONOMY", "SPORTS", "OTHER"]
    for group in groups:
        category = visible_text(group.css(".box-title")).lower()
        newest = [row["headline"] for row in replica.ledger(category)[:5]]
        assert [text for text in map(visible_text, links_with_text(group)) if text != "more"] == newest


def links_with_text(block: Selector) -> list[Selector]:
    return [link for link in block.css("a") if visible_text(link) and not link.xpath("ancestor::h3")]


def test_boilerplate_shows_one_headline_of_each_group(replica: Replica) -> None:
    for path in ("", "jc/list?g=pol", "jc/photos", "jc/nowhere"):
        box = visit(replica.url + path).page.css("#side .headlines")
        newest = [replica.ledger(group)[0]["headline"] for group in ("politics", "economy", "sports", "other")]
        assert [visible_text(link) for link in links_with_text(box[0])] == newest
