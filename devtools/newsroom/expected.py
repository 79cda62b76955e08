"""Expected feed fields of an invented story: the ground truth of tests and measurements."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from devtools.newsroom.story import Dateline, Story

Fields = dict[str, Any]
"""Field of a feed line → its value, as in JSON."""


def expected_fields(story: Story, *, section: str, url: str, breadcrumbs: Sequence[str], picture_url: str) -> Fields:
    """Return the fields of a feed line that follow from the story and its page.

    `section` is the feed's. `picture_url` is a format string for a picture's name.
    """
    return {
        "id": story.key,
        "url": url,
        "section": section,
        "category": story.category,
        "breadcrumbs": [" ".join(crumb.split()) for crumb in breadcrumbs],
        "headline": story.headline,
        "authors": list(story.authors),
        "dateline": _dateline(story.dateline),
        "published_date": _published_day(story).isoformat(),
        "published_at": story.published.isoformat() if story.has_printed_time else None,
        "published_source": _published_source(story),
        "modified_at": None,
        "body": story.body,
        "truncated": story.truncated,
        "images": [
            {"url": picture_url.format(picture.name), "caption": picture.caption, "credit": picture.credit}
            for picture in story.pictures
        ],
    }


def _published_source(story: Story) -> str:
    if story.date_format:
        return "page"
    return "dateline" if _published_day(story) > story.published.date() else "key"


def _published_day(story: Story) -> date:
    """Return the printed day, else the later of the article ID's and the dateline's: that one may be a day later."""
    day, line = story.published.date(), story.dateline
    is_later = not story.date_format and line and line.day == day + timedelta(days=1)
    return day + timedelta(days=1) if is_later else day


def _dateline(dateline: Dateline | None) -> Fields | None:
    if dateline is None:
        return None
    return {
        "text": dateline.text,
        "places": list(dateline.places),
        "date": dateline.day.isoformat() if dateline.day else None,
        "agency": dateline.agency,
    }
