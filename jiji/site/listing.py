"""Listing: the entry of one article on the site's index pages, carried by its request."""

from dataclasses import dataclass
from typing import Literal

Category = Literal["politics", "economy", "sports", "other"]


@dataclass(frozen=True, slots=True)
class Listing:
    """One article that this run may fetch; times are ISO 8601 in UTC."""

    id: str
    """The article ID: 13 digits."""
    url: str
    headline: str | None = None
    """Headline in the list; None where no list shows one."""
    category: Category | None = None
    first_seen_at: str = ""
    etag: str | None = None
    """Validators of the last response, for a conditional request."""
    last_modified: str | None = None
