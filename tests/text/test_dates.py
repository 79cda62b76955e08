"""Dates over every day of six years: right or None, never guessed."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from jiji.text.dates import dateline_day, day_of_id, is_page_date, page_date
from jiji.text.wire_copy import split_dateline
from jiji.text.zones import JAPAN

MONTHS = "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.".split()
DAYS = [date(2024, 1, 1) + timedelta(days=n) for n in range((date(2030, 1, 1) - date(2024, 1, 1)).days)]
DELAYS = range(-1, 41)
ZONES = ["Asia/Tokyo", "America/Los_Angeles", "Europe/London", "Pacific/Auckland", "Asia/Kolkata"]


def test_dateline_of_every_delay_has_its_day() -> None:
    for day in DAYS:
        for delay in DELAYS:
            filed = day - timedelta(days=delay)
            assert dateline_day(MONTHS[filed.month - 1], filed.day, day) == filed


def test_dateline_too_far_from_the_id_has_no_day() -> None:
    for day in DAYS:
        for delay in (-300, -90, -3, -2, 41, 42, 100, 300):
            filed = day - timedelta(days=delay)
            assert dateline_day(MONTHS[filed.month - 1], filed.day, day) is None


def test_leap_day_is_of_a_leap_year() -> None:
    for day in DAYS:
        found = dateline_day("Feb.", 29, day)
        near = [leap for leap in (date(2024, 2, 29), date(2028, 2, 29)) if -1 <= (day - leap).days <= 40]
        assert found == next(iter(near), None)


@pytest.mark.parametrize("zone", ZONES)
def test_dateline_has_the_local_day_in_every_time_zone(zone: str) -> None:
    there = ZoneInfo(zone)
    for day in DAYS:
        for hour in (0, 8, 15, 23):
            moment = datetime.combine(day, time(hour, 30), JAPAN)
            local = moment.astimezone(there).date()
            line = f"Mito, Ibaraki Pref., {MONTHS[local.month - 1]} {local.day} (Jiji Press)--Rain."
            dateline, rest = split_dateline(line, day)
            assert dateline is not None
            assert (dateline.date, rest) == (local.isoformat(), "Rain.")


def test_dateline_without_a_day_has_no_date() -> None:
    for day in DAYS[::7]:
        dateline, _ = split_dateline("Wakayama (Jiji Press)--Oranges ripen.", day)
        assert dateline is not None
        assert dateline.date is None


def test_impossible_day_has_no_date() -> None:
    for month, number in (("Feb.", 30), ("April", 31), ("Jan.", 0), ("Dec.", 32), ("May", 99)):
        assert all(dateline_day(month, number, day) is None for day in DAYS[::5])


def test_article_id_starts_with_its_day() -> None:
    assert [day_of_id(f"{day:%Y%m%d}00123") for day in DAYS] == DAYS


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d-%b-%Y", "%B %d, %Y", "%b %d, %Y", "%Y年%m月%d日", "%Y/%m/%d"])
def test_printed_date_is_read_in_every_form(form: str) -> None:
    for day in DAYS[::3]:
        printed = day.strftime(form)
        assert is_page_date(printed), printed
        assert page_date(printed, day)[0] == page_date(printed, None)[0] == day
        moment = page_date(f"{printed} 14:05", day)[1]
        assert moment is not None
        assert moment.isoformat() == f"{day}T14:05:00+09:00"


def test_ambiguous_order_is_settled_by_the_article_id() -> None:
    for day in DAYS[::3]:
        for printed in (day.strftime("%d-%m-%Y"), day.strftime("%m-%d-%Y")):
            assert page_date(printed, day)[0] == day
            assert page_date(printed, None)[0] in (day, None)
