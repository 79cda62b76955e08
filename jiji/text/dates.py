"""Dates of article IDs, datelines and pages; None where a date is not certain.

Pure functions. Days are days in Japan, except for the local day of a dateline. Japan has no summer time.
"""

import re
from datetime import date, datetime, time, timedelta, timezone
from typing import Literal

from jiji.text.zones import JAPAN, ZONE_BEHIND, printed_zone

MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}  # fmt: skip
MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)(?![a-z])"
)

OLDEST_DATELINE = timedelta(days=40)
"""Age of a dateline, against the day of its article ID, up to which its year is certain (embargoed features)."""
NEWEST_DATELINE = timedelta(days=1)
"""Days by which a dateline may be later: places east of Japan are a day ahead for a few hours."""

NEAR = timedelta(days=3)
"""Distance from the day of the article ID that settles the order of day and month: two readings are weeks apart."""

PublishedSource = Literal["page", "key", "dateline"]
"""Source of the day of publication: printed date, article ID, dateline."""

_SEP = r"[-/.年月 ]+"
_PAGE_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<year>\d{{4}}){_SEP}(?P<month>\d{{1,2}}){_SEP}(?P<day>\d{{1,2}})(?!\d)",
        rf"\b(?P<year>\d{{4}})[-/ ]+(?P<month>{MONTH})[-/ ]+(?P<day>\d{{1,2}})(?!\d)",
        rf"\b(?P<day>\d{{1,2}})[-/ ]+(?P<month>{MONTH})[-/, ]+(?P<year>\d{{4}})(?!\d)",
        rf"\b(?P<month>{MONTH})[-/ ]+(?P<day>\d{{1,2}})[-/, ]+(?P<year>\d{{4}})(?!\d)",
        r"\b(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})(?!\d)",
        r"\b(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[-/.](?P<year>\d{4})(?!\d)",
    )
)
_TIME = re.compile(
    r"(?<![\d:])(?P<hour>\d{1,2})[:時](?P<minute>\d{2})分?(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?![\d:])"
    r"(?P<half>\s*[ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_TIME_AND_ZONE = re.compile(f"{_TIME.pattern}{ZONE_BEHIND}{{0,2}}", re.IGNORECASE)
_LONGEST_DATE = 200
_DATE_WORDS = re.compile(
    r"(?:[\W_]|日|T\b|(?:published|posted|released|updated|modified|revised|last|update|date|time|on|at|jst|japan"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\b)*",
    re.IGNORECASE,
)


def day_of_id(article_id: str) -> date | None:
    """Return the day in Japan that an article ID starts with, None for digits that are no day since 1995.

    >>> day_of_id("2026012700123")
    datetime.date(2026, 1, 27)
    >>> day_of_id("2026022900123") is None, day_of_id("0026012700123") is None
    (True, True)
    """
    digits = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{5}", article_id)
    try:
        day = date(*map(int, digits.groups())) if digits else None
    except ValueError:
        return None
    return day if day and 1995 <= day.year < 2100 else None


def dateline_day(month: str, day: int, published: date, year: int | None = None) -> date | None:
    """Return the local day of a dateline, its year taken from the day of the article ID (``published``).

    The day may be one before Japan's (Los Angeles), weeks before it (an embargoed feature), or in the year before.
    None if it is further away: the year would be a guess.

    >>> dateline_day("Dec.", 31, date(2026, 1, 1)), dateline_day("Sept.", 16, date(2026, 9, 17))
    (datetime.date(2025, 12, 31), datetime.date(2026, 9, 16))
    >>> dateline_day("Feb.", 29, date(2028, 3, 1)), dateline_day("Feb.", 29, date(2026, 3, 1))
    (datetime.date(2028, 2, 29), None)
    """
    number = MONTHS.get(month[:3].lower())
    for candidate in (year,) if year else (published.year, published.year - 1, published.year + 1):
        try:
            local = date(candidate, number or 0, day)
        except ValueError:
            continue
        if published - OLDEST_DATELINE <= local <= published + NEWEST_DATELINE:
            return local
    return None


def published_day(printed: date | None, day: date, filed: date | None) -> tuple[date, PublishedSource]:
    """Return the day of publication in Japan, and its source.

    The day that the page prints, else the later one of the article ID's ``day`` and the dateline's (``filed``): the ID
    has the day of entry, and a dateline may be of the next day (seen).

    >>> published_day(None, date(2026, 4, 30), date(2026, 5, 1))
    (datetime.date(2026, 5, 1), 'dateline')
    >>> published_day(None, date(2026, 1, 14), date(2026, 1, 13))
    (datetime.date(2026, 1, 14), 'key')
    >>> published_day(date(2026, 1, 15), date(2026, 1, 14), None)
    (datetime.date(2026, 1, 15), 'page')
    """
    if printed:
        return printed, "page"
    return (filed, "dateline") if filed and day < filed <= day + NEWEST_DATELINE else (day, "key")


def is_day(text: str) -> bool:
    """Return whether a line is a day and nothing else, such as a list that is ordered by day prints above each day.

    >>> is_day("Jan. 27"), is_day("Tuesday, January 27, 2026"), is_day("2026-01-27"), is_day("May Day")
    (True, True, True, False)
    """
    named = rf"(?:\w+day,? )?(?:{MONTH} \d{{1,2}}|\d{{1,2}} {MONTH})(?:,? \d{{4}})?"
    return re.fullmatch(named, text, re.IGNORECASE) is not None or _PAGE_DATES[0].fullmatch(text) is not None


def is_page_date(text: str) -> bool:
    """Return whether a line is a day with its year, with or without a time and words such as "Updated", and no more.

    >>> is_page_date("Updated: January 27, 2026, 14:05 JST"), is_page_date("2026年01月27日14時05分")
    (True, True)
    >>> is_page_date("The Fair of Jan. 27, 2026"), is_page_date("Jan. 27")
    (False, False)
    """
    if len(text) > _LONGEST_DATE or not any(pattern.search(text) for pattern in _PAGE_DATES):
        return False
    rest = text
    for pattern in (*_PAGE_DATES, _TIME_AND_ZONE):
        rest = pattern.sub(" ", rest)
    return _DATE_WORDS.fullmatch(rest) is not None


def page_date(text: str, published: date | None) -> tuple[date | None, datetime | None]:
    """Return the day in Japan and the moment of a date printed on a page; None for each that is not certain.

    An ambiguous order (03-04-2026) is settled by ``published``, the day of the article ID, or not at all. A day with a
    time in a zone that is not certain counts if it is the day of the article ID.

    >>> page_date("2026-01-09 14:05", None)
    (datetime.date(2026, 1, 9), datetime.datetime(2026, 1, 9, 14, 5, tzinfo=...JST...))
    >>> page_date("09-Jan-2026", None)[0], page_date("Jan. 9, 2026", None)[0]
    (datetime.date(2026, 1, 9), datetime.date(2026, 1, 9))
    >>> page_date("03-04-2026", None), page_date("03-04-2026", date(2026, 4, 4))[0]
    ((None, None), datetime.date(2026, 4, 3))
    """
    if not text:
        return None, None
    text = text[:_LONGEST_DATE]
    days = {day for pattern in _PAGE_DATES for match in pattern.finditer(text) if (day := _day(match))}
    if len(days) > 1 and published:
        days = {day for day in days if abs(day - published) <= NEAR}
    if len(days) != 1:
        return None, None
    day = days.pop()
    for pattern in _PAGE_DATES:
        text = pattern.sub(";", text)
    times = _times(text)
    if len(times) != 1:
        return day, None
    zone = printed_zone(text[: times[0].start()], text[times[0].end() :])
    if zone is None:
        return (day if day == published else None), None
    moment = _moment(day, times[0], zone)
    return (moment.astimezone(JAPAN).date() if moment else day), moment


def _day(match: re.Match[str]) -> date | None:
    month = match["month"]
    number = int(month) if month.isdigit() else MONTHS[month[:3].lower()]
    try:
        return date(int(match["year"]), number, int(match["day"]))
    except ValueError:
        return None


def _times(text: str) -> list[re.Match[str]]:
    """Return the times in a text, without the offsets behind them (``-05:00``)."""
    found = list(_TIME.finditer(text))
    return [match for match in found if match is found[0] or text[match.start() - 1] not in "+−-"]


def _moment(day: date, match: re.Match[str], zone: timezone) -> datetime | None:
    hour, half = int(match["hour"]), (match["half"] or "").strip().lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        clock = time(hour, int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        return None
    return datetime.combine(day, clock, zone)
