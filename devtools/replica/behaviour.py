"""Behaviour of the replica, changeable while it serves."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Behaviour:
    """Switches for changes and faults of the site."""

    shift_every: int = 0
    """Number of index page requests after which a new story is published. 0: never."""
    endless: bool = False
    """True: the last index page links to further pages, which repeat the section's stories without end."""
    redesigned: bool = False
    """True: article pages have an unknown layout."""
    outage: int | None = None
    """HTTP status of every response. None: normal responses."""
    lists_are_empty: bool = False
    """True: the sections' index pages list no stories. Home and the boxes still do."""
    home_is_a_picture: bool = False
    """True: the home page is a PNG file."""
    sends_away_to: str = ""
    """Redirect target of article pages. Empty: no redirect."""
    broken: set[str] = field(default_factory=set)
    """Article IDs whose pages answer 500."""
