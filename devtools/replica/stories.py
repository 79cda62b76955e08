"""What the newsroom knows of a story, whatever page shows it. Days and times are Japan's."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9))
MONTHS = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")


@dataclass(frozen=True)
class Dateline:
    """Where, when (the local day; None in an undated feature) and for which agency a story was filed."""

    places: tuple[str, ...]
    day: date | None
    agency: str

    @property
    def text(self) -> str:
        """As printed, without the agency.

        >>> Dateline(("Seoul", "Tokyo"), date(2026, 1, 27), "Jiji Press").text
        'Seoul/Tokyo, Jan. 27'
        """
        places = "/".join(self.places)
        return f"{places}, {MONTHS[self.day.month - 1]} {self.day.day}" if self.day else places

    @property
    def printed(self) -> str:
        """What opens the first paragraph."""
        return f"{self.text} ({self.agency})--"


@dataclass(frozen=True)
class Picture:
    """A photo; `name` is its file's, unique on the site."""

    name: str
    caption: str
    credit: str | None = None

    @property
    def printed(self) -> str:
        """The caption with its credit in brackets."""
        return f"{self.caption} ({self.credit})" if self.credit else self.caption


@dataclass(frozen=True)
class Story:
    """One story."""

    key: str
    """13 digits: the day and a number that tells nothing of the order within it."""
    section: str
    """One of "national", "journal", "photos"."""
    category: str | None
    """The group of a NATIONAL story; None for one that stands in none of the four."""
    published: datetime
    """No article page prints it."""
    headline: str
    paragraphs: tuple[str, ...]
    authors: tuple[str, ...] = ()
    dateline: Dateline | None = None
    pictures: tuple[Picture, ...] = ()
    truncated: bool = False
    """Whether the page ends in the sentence on how to subscribe."""
    date_form: str = ""
    """How the page prints its date, in strftime's terms; empty: not at all."""
    edition: int = 1
    """1, then one more each time the story is rewritten."""

    @property
    def shows_time(self) -> bool:
        """Whether the page prints the time of day beside the date."""
        return "%H" in self.date_form

    @property
    def byline(self) -> str:
        """As printed: `By A B`, `By A B and C D`, `By A B, C D and E F`; empty without authors."""
        if not self.authors:
            return ""
        *others, last = self.authors
        return f"By {', '.join(others)} and {last}" if others else f"By {last}"

    @property
    def body(self) -> str:
        """The paragraphs, one blank line between them."""
        return "\n\n".join(self.paragraphs)
