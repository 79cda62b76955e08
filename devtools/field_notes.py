"""Sources and caveats of the keys of a feed's line, for docs/reference/fields.md.

Types and meanings are in jiji/items.py.
"""

from typing import NamedTuple


class FieldNote(NamedTuple):
    """Source of a value, and a caveat for its readers."""

    source: str
    caveat: str = ""


NOTES = {
    "schema_version": FieldNote("jiji", "lines of older versions lack the keys that came later"),
    "id": FieldNote(
        "query parameter `k` of the URL",
        "text, not a number; the first eight digits are a day in Japan, the rest has no known order",
    ),
    "revision": FieldNote("the feed itself", "readers of the newest state keep the highest revision of an `id`"),
    "status": FieldNote(
        "comparison with the revision before", "a withdrawn line repeats the content of the line before"
    ),
    "url": FieldNote(
        "link on an index page, without tracking parameters", "the article may have other addresses with the same `id`"
    ),
    "language": FieldNote("constant"),
    "publisher": FieldNote("constant", "agency and photo source may be others: see `dateline.agency`, `images.credit`"),
    "section": FieldNote("spider", "an article in two sections is in two feeds, with one `id`"),
    "category": FieldNote(
        "label over the list that shows the article",
        "null for an article that was listed under no label while a run looked",
    ),
    "breadcrumbs": FieldNote("breadcrumb line above the headline", "empty on layouts without one"),
    "headline": FieldNote("heading of the page", "marks like `(Update 1)` belong to it"),
    "authors": FieldNote("byline above the text", "agencies and titles are left out; most wire copy has no byline"),
    "dateline": FieldNote("first paragraph", "photo pages and briefs have none"),
    "dateline.text": FieldNote(
        "first paragraph, before `(Jiji Press)--`", "the printed form of a place is kept: no country is added"
    ),
    "dateline.places": FieldNote(
        "`dateline.text`, split at slashes and `and`",
        "a state or a country behind a place stays with it: `Portland, Ore.`",
    ),
    "dateline.date": FieldNote(
        "`dateline.text`; the year from the article ID", "the day at the place, which may be the one before Japan's"
    ),
    "dateline.agency": FieldNote("first paragraph, in brackets behind the dateline"),
    "published_date": FieldNote(
        "page, article ID or dateline: see `published_source`", "not the day when the article was fetched"
    ),
    "published_at": FieldNote(
        "printed time, `<time>`, JSON-LD or meta element that agrees with the page",
        "null on most pages; a zone that is not certain makes it null",
    ),
    "published_source": FieldNote("jiji", "`key`: the day of the article ID, which is the day of entry"),
    "modified_at": FieldNote("as `published_at`", "null on most pages"),
    "body": FieldNote(
        "paragraphs of the article's box",
        "a lead only where `truncated` is true; tables and lists are lines in reading order",
    ),
    "truncated": FieldNote(
        "subscribe sentence, or a link to a further page", "texts behind the subscription are never fetched"
    ),
    "images": FieldNote(
        "pictures of the article's box", "empty if there is none; icons and advertisements are left out"
    ),
    "images.url": FieldNote(
        "`src`, `srcset` or a lazy attribute, the largest one", "the address may expire; the picture is not fetched"
    ),
    "images.caption": FieldNote("caption element, or lines beside the picture"),
    "images.credit": FieldNote(
        "brackets at the end of the caption, or below it", "whoever reuses a picture needs the source's permission"
    ),
    "near_duplicate_of": FieldNote(
        "texts of the feed (MinHash)", "never names a later line; see [below](#the-same-story-twice)"
    ),
    "update_of": FieldNote("headline, dateline and lead of earlier lines", "see [below](#the-same-story-twice)"),
    "update": FieldNote("mark before the headline"),
    "content_hash": FieldNote("jiji", "equal hashes mean equal content; hosts and sizes of pictures do not count"),
    "first_seen_at": FieldNote("clock of the crawler", "for articles older than the first run, the time of that run"),
    "fetched_at": FieldNote("clock of the crawler", "of this revision; a check without a change writes no line"),
    "layout": FieldNote("jiji", "names a class in `jiji/pages/`, and may change with a release"),
}
"""Key of a line, with that of its object → note."""
