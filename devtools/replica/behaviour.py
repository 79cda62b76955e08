"""Behaviour of the replica, changeable while it serves."""

from dataclasses import dataclass, field

from devtools.replica.scripted import Mischief


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
    scripted: set[str] = field(default_factory=set)
    """Sections whose index and article pages are shells that fill themselves by script; "home" for the home page."""
    mischief: dict[str, Mischief] = field(default_factory=dict)
    """Article ID of a scripted page → what else its scripts do."""
    elsewhere: str = ""
    """Host and port that such scripts call."""
