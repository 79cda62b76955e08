"""Expected feed fields of an invented story: the ground truth of tests and measurements."""

from collections.abc import Sequence
from typing import Any

from devtools.newsroom.story import Dateline, Story

Fields = dict[str, Any]
"""Field of a feed line → its value, as in JSON."""


def expected_fields(story: Story, *, section: str, url: str, breadcrumbs: Sequence[str], picture_url: str) -> Fields:
    """Return the fields of a feed line that follow from the story and its page.

    `section` is the feed's. `picture_url` is a format string for a picture's name.
    """
    day = story.published.date()
    filed = story.dateline.day if story.dateline else None
    is_filed_later = not story.date_format and filed is not None and filed > day
    return {
        "id": story.key,
        "url": url,
        "section": section,
        "category": story.category,
        "breadcrumbs": [" ".join(crumb.split()) for crumb in breadcrumbs],
        "headline": story.headline,
        "authors": list(story.authors),
        "dateline": _dateline(story.dateline),
        "published_date": (filed if is_filed_later and filed else day).isoformat(),
        "published_at": story.published.isoformat() if story.has_printed_time else None,
        "published_source": "page" if story.date_format else "dateline" if is_filed_later else "key",
        "modified_at": None,
        "body": story.body,
        "truncated": story.truncated,
        "images": [
            {"url": picture_url.format(picture.name), "caption": picture.caption, "credit": picture.credit}
            for picture in story.pictures
        ],
    }


def _dateline(dateline: Dateline | None) -> Fields | None:
    if dateline is None:
        return None
    return {
        "text": dateline.text,
        "places": list(dateline.places),
        "date": dateline.day.isoformat() if dateline.day else None,
        "agency": dateline.agency,
    }
