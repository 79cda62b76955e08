"""Behaviour of the replica, changeable while it serves."""

from dataclasses import MISSING, dataclass, field, fields
from enum import Enum

from devtools.replica.scripted import Mischief


class SecondPage(Enum):
    """Behaviour of the second page of every list."""

    WELL = "as it should be"
    EMPTY = "no stories"
    COPY = "a copy of the first page"
    SHORT = "five stories, and no link to further pages"
    TO_HOME = "a redirect to home"
    TO_FIRST = "a redirect to the first page"
    TO_ITSELF = "a redirect to itself"
    BROKEN = "status 500"


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
    article_status: int | None = None
    """HTTP status of every article page. None: normal responses."""
    lists_are_empty: bool = False
    """True: the sections' index pages list no stories. Home and the boxes still do."""
    home_is_a_picture: bool = False
    """True: the home page is a PNG file."""
    home_is_national: bool = False
    """True: home redirects to NATIONAL's index page."""
    sends_away_to: str = ""
    """Redirect target of article pages. Empty: no redirect."""
    disallows_articles: bool = False
    """True: robots.txt disallows the article pages, and nothing else."""
    broken: set[str] = field(default_factory=set)
    """Article IDs whose pages answer 500."""
    scripted: set[str] = field(default_factory=set)
    """Sections whose index and article pages are shells that fill themselves by script; "home" for the home page."""
    mischief: dict[str, Mischief] = field(default_factory=dict)
    """Article ID of a scripted page → what else its scripts do."""
    elsewhere: str = ""
    """Host and port that such scripts call."""
    deleted: set[str] = field(default_factory=set)
    """Article IDs whose pages answer 404."""
    moved: set[str] = field(default_factory=set)
    """Article IDs that are listed and served at another address only."""
    second_page: SecondPage = SecondPage.WELL
    pinned: tuple[str, ...] = ()
    """Article IDs that alone stand on the first page of NATIONAL's list, in front of its usual pages."""
    hidden_newest: int = 0
    """Number of the newest stories that every list lacks: a stale copy."""
    shrunk_to: int = 0
    """Number of stories that every list shows. 0: all."""
    short_groups: bool = False
    """True: NATIONAL has no list of its own, and its groups show eight stories each, and lead nowhere."""
    numbered_pages: int = 0
    """Number of further pages that every index page links to by number. 0: a link to the next page only."""
    swapped: dict[str, str] = field(default_factory=dict)
    """Sections whose address redirects to another section's index page."""
    list_note: str = ""
    """Text in every link of a list, in the place of the headline, before the number of the story."""

    def reset(self) -> None:
        """Return to the normal behaviour."""
        for switch in fields(Behaviour):
            default = switch.default_factory() if switch.default_factory is not MISSING else switch.default
            setattr(self, switch.name, default)
