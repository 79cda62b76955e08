"""Zones of printed times: right or None, never another zone."""

from datetime import date, datetime, timedelta, timezone

import pytest

from jiji.text.dates import is_page_date, page_date
from jiji.text.zones import printed_zone

DAY = date(2026, 1, 27)
ZONES = {
    "": 9, " JST": 9, " (JST)": 9, " jst": 9, " Japan time": 9, " (Japan time)": 9, " KST": 9,
    " Japan Standard Time": 9,
    ", Japan time": 9, " Tokyo time": 9, "Z": 0, " UTC": 0, " GMT": 0, " (GMT)": 0, " EST": -5, " EDT": -4, " PDT": -7,
    " CET": 1, " CEST": 2, "-05": -5, " -05": -5, "-05:00": -5, " -0500": -5, "+0900": 9, " +09:00": 9, "+09": 9,
    " (+0900)": 9, " GMT+9": 9, " UTC+9": 9, " (UTC+9)": 9, " UTC +9": 9, " GMT-5": -5, " UTC-05:00": -5,
    " UTC+5:30": 5.5,
    "−05:00": -5, " +0900 (JST)": 9, " JST (UTC+9)": 9, " JST Tuesday": 9, " (Tue)": 9, " on Tuesday": 9, " GMT+0": 0,
    " AEDT": 11, "+00:00": 0,
}  # fmt: skip
UNCERTAIN = """ CST| IST| BST| PST| MST| AST| (CST)| (Paris time)| Paris time| New York time| local time
 London| (Paris)| ET| WAT| XYZ| EST (JST)| JST +0800|+25:00| UTC+99| Eastern Standard Time
 Eastern Time| 現地時間| Sri Lanka time| (Eastern)|, Paris time|, CST| PT""".replace("\n", "|").split("|")


@pytest.mark.parametrize(("printed", "hours"), ZONES.items())
def test_certain_zone(printed: str, hours: float) -> None:
    moment = datetime(2026, 1, 27, 21, 5, tzinfo=timezone(timedelta(hours=hours)))
    for text in (
        f"Jan. 27, 2026 21:05{printed}",
        f"2026-01-27 21:05{printed}",
        f"Published: January 27, 2026, 21:05{printed}",
    ):
        day, found = page_date(text, DAY)
        assert found == moment
        assert found is not None
        assert found.utcoffset() == moment.utcoffset()
        assert day == moment.astimezone(timezone(timedelta(hours=9))).date()
        assert is_page_date(text), text


@pytest.mark.parametrize("printed", UNCERTAIN)
def test_uncertain_zone_gives_no_moment(printed: str) -> None:
    text = f"Jan. 27, 2026 21:05{printed}"
    assert page_date(text, DAY) == (DAY, None)
    assert page_date(text, date(2026, 1, 28)) == (None, None)
    assert page_date(text, None) == (None, None)


@pytest.mark.parametrize("text", ["21:05 EST, Jan. 27, 2026", "EST 21:05 Jan. 27, 2026", "9:05 p.m. EST Jan. 27, 2026"])
def test_zone_before_a_date(text: str) -> None:
    moment = page_date(text, DAY)[1]
    assert moment is not None
    assert moment.isoformat() == "2026-01-27T21:05:00-05:00"


@pytest.mark.parametrize(
    "text",
    [
        *("2026-01-27T21:05:00+09:00", "2026-01-27T12:05:00Z", "2026-01-27T12:05:00.000Z", "2026-01-27 21:05:00"),
        *("2026年01月27日21時05分", "2026年01月27日21時05分 日本時間", "Tue, 27 Jan 2026 21:05:00 +0900"),
        *(
            "Tue, 27 Jan 2026 12:05:00 GMT",
            "21:05 - 27 Jan 2026",
            "Jan. 27, 2026 | 21:05",
            "NATIONAL Jan. 27, 2026 21:05",
        ),
    ],
)
def test_machine_forms(text: str) -> None:
    day, moment = page_date(text, DAY)
    assert (day, moment) == (DAY, datetime(2026, 1, 27, 12, 5, tzinfo=timezone.utc))  # noqa: UP017


def test_no_word_around_a_time_gives_another_zone() -> None:
    for word in "abandon CT WT EAST Kyoto GMTX UTCS Jst9".split():
        assert printed_zone("", f" {word}") in (None, timezone(timedelta(hours=9)))


@pytest.mark.parametrize(
    "text", ["The Fair of Jan. 27, 2026", "Fair Jan. 27, 2026 21:05 in Ome", "Jan. 27, 2026 Osaka wins"]
)
def test_sentence_with_a_date_is_no_date_line(text: str) -> None:
    assert not is_page_date(text)
