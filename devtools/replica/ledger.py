"""What a perfect reader would have read: the feed's values for a story."""

from typing import Any

from devtools.replica.sections import story_address
from devtools.replica.stories import Dateline, Story

Row = dict[str, Any]
"""Field of the feed → its value, as JSON has it."""


def row(story: Story, section: str, breadcrumbs: list[str], base: str) -> Row:
    """The row of a story in a section's ledger; `base` is the site's root, times are Japan's."""
    return {
        "id": story.key,
        "url": base.rstrip("/") + story_address(story),
        "section": section,
        "category": story.category,
        "breadcrumbs": [" ".join(crumb.split()) for crumb in breadcrumbs],
        "headline": story.headline,
        "authors": list(story.authors),
        "dateline": _dateline(story.dateline),
        "published_date": story.published.date().isoformat(),
        "published_at": story.published.isoformat() if story.shows_time else None,
        "published_source": "page" if story.date_form else "key",
        "modified_at": None,
        "body": story.body,
        "truncated": story.truncated,
        "images": [
            {"url": f"{base}img/{picture.name}.png", "caption": picture.caption, "credit": picture.credit}
            for picture in story.pictures
        ],
    }


def _dateline(dateline: Dateline | None) -> Row | None:
    if dateline is None:
        return None
    return {
        "text": dateline.text,
        "places": list(dateline.places),
        "date": dateline.day.isoformat() if dateline.day else None,
        "agency": dateline.agency,
    }
