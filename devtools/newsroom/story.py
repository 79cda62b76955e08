"""Story, dateline and picture of the invented newsroom. Days and times are Japan's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9))
MONTHS = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")


@dataclass(frozen=True)
class Dateline:
    """Places, day and agency of a report."""

    places: tuple[str, ...]
    day: date | None
    """The local day at the places. None: not printed."""
    agency: str
    first_day: date | None = None
    """The first of several days up to `day`. None: one day."""

    @property
    def text(self) -> str:
        """The printed dateline without its agency.

        >>> Dateline(("Seoul", "Tokyo"), date(2026, 1, 27), "Jiji Press").text
        'Seoul/Tokyo, Jan. 27'
        >>> Dateline(("Davos",), date(2026, 2, 1), "Jiji Press", date(2026, 1, 31)).text
        'Davos, Jan. 31-Feb. 1'
        """
        places = "/".join(self.places)
        if not self.day:
            return places
        last, first = _printed(self.day), _printed(self.first_day or self.day)
        if self.first_day and self.first_day.month == self.day.month:
            last = str(self.day.day)
        return f"{places}, {first}-{last}" if self.first_day else f"{places}, {last}"


def _printed(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.day}"


@dataclass(frozen=True)
class Picture:
    """Photo of a story, with its caption and credit (None: not printed)."""

    name: str
    """File name without its extension, unique on the site."""
    caption: str | None
    credit: str | None = None
    credit_apart: bool = False
    """True: the credit has an element of its own. False: it stands in brackets after the caption."""

    @property
    def printed(self) -> str:
        """The printed caption, with the credit in brackets unless the credit stands apart."""
        if self.caption and self.credit and not self.credit_apart:
            return f"{self.caption} ({self.credit})"
        return self.caption or ""


@dataclass(frozen=True)
class Story:
    """Invented story, independent of the page that shows it."""

    key: str
    """The article ID: 13 digits, the day and a number unrelated to the order within the day."""
    section: str
    """One of "national", "journal", "photos"."""
    category: str | None
    """The group of a NATIONAL story: "politics", "economy", "sports", "other". None: no group."""
    published: datetime
    headline: str
    paragraphs: tuple[str, ...]
    authors: tuple[str, ...] = ()
    dateline: Dateline | None = None
    pictures: tuple[Picture, ...] = ()
    truncated: bool = False
    """True: the page ends with the sentence about subscribing."""
    date_format: str = ""
    """Format of the printed date for `strftime`. Empty: no date on the page."""
    bullets: frozenset[str] = frozenset()
    """Paragraphs that are items of a list."""
    rows: frozenset[str] = frozenset()
    """Paragraphs that are rows of a table with two columns."""
    subheadings: frozenset[str] = frozenset()
    """Paragraphs that are subheadings."""
    edition: int = 1
    """1, then one more for each revision."""

    @property
    def printed_date(self) -> str:
        """The printed date. Empty without one."""
        return self.published.strftime(self.date_format)

    @property
    def has_printed_time(self) -> bool:
        """True: the page prints the time of day beside the date."""
        return "%H" in self.date_format

    @property
    def byline(self) -> str:
        """The printed byline. Empty without authors."""
        return byline(self.authors)

    @property
    def body(self) -> str:
        """The paragraphs, separated by one blank line."""
        return "\n\n".join(self.paragraphs)


def byline(authors: Sequence[str]) -> str:
    """Return a byline. Empty without authors.

    >>> byline(["Aya Mori", "Ken Doi", "Rei Ito"]), byline([])
    ('By Aya Mori, Ken Doi and Rei Ito', '')
    """
    if not authors:
        return ""
    *others, last = authors
    return f"By {', '.join(others)} and {last}" if others else f"By {last}"
