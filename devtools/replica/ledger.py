"""Ledger of the replica: the expected feed lines of its stories."""

from devtools.newsroom.expected import Fields, expected_fields
from devtools.newsroom.story import Story
from devtools.replica.sections import story_address

Row = Fields


def row(story: Story, section: str, breadcrumbs: list[str], base: str) -> Row:
    """Return a story's row in a section's ledger. `base` is the site's root."""
    url = base.rstrip("/") + story_address(story)
    picture_url = f"{base}img/{{}}.png"
    return expected_fields(story, section=section, url=url, breadcrumbs=breadcrumbs, picture_url=picture_url)
