"""Datelines: places, days and agencies of many kinds, and lines that only look like one."""

from datetime import date

import pytest

from jiji.text.dates import dateline_day, published_day
from jiji.text.wire_copy import has_dateline, split_dateline

DAY = date(2026, 2, 9)
PLACES = (
    """
Tokyo|Osaka|Mito, Ibaraki Pref.|Cortina d'Ampezzo, Italy|Cortina d’Ampezzo|Dar es Salaam|Dar es Salaam, Tanzania
Abu Dhabi, United Arab Emirates|Rio de Janeiro|St. Moritz|St. Moritz, Switzerland|L'Aquila|L'Aquila, Italy
Port-au-Prince|Ciudad Juarez|Ciudad Juárez, Mexico|N'Djamena|Sao Paulo|São Paulo|Washington, D.C.|Malmö|Łódź|İzmir
Frankfurt an der Oder|Frankfurt am Main|Newcastle upon Tyne|Stratford-upon-Avon|'s-Hertogenbosch|Xi'an|Nuku'alofa
Sharm el-Sheikh, Egypt|Sharm El Sheikh|Ras al-Khaimah|al-Khobar|Château-d'Œx|Val d'Isere|Val-d'Isère, France|La Paz
Las Palmas de Gran Canaria|Santa Cruz de Tenerife|San Pedro Sula, Honduras|Bandar Seri Begawan|Ho Chi Minh City
Port of Spain, Trinidad and Tobago|Sarajevo, Bosnia and Herzegovina|The Hague|Isle of Man|Boulogne-sur-Mer
Ústí nad Labem, Czech Republic|Aix-en-Provence|Winston-Salem, N.C.|New York|Hiroshima, western Japan|Seoul/Tokyo
Tokyo/Mito, Ibaraki Pref.|Mito, Ibaraki Pref./Tokyo|Cortina d'Ampezzo, Italy/Tokyo|Washington/Sao Paulo/Tokyo|Ōtsu
Nago, Okinawa Pref.|Camp David, Md.|Dien Bien Phu, Vietnam|Aboard the Asuka II|Sint-Niklaas|Rothenburg ob der Tauber
Kota Kinabalu, Malaysia|Villa de Leyva|Saint-Denis-de-la-Réunion|PARIS|PORT-AU-PRINCE, Haiti|May Pen, Jamaica|Ōita
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
DAYS = {
    "Feb. 8": "2026-02-08",
    "Feb 8": "2026-02-08",
    "February 8": "2026-02-08",
    "FEB. 8": "2026-02-08",
    "Jan. 4": "2026-01-04",
    "January 31": "2026-01-31",
    "Dec. 31": "2025-12-31",
    "Dec. 31, 2025": "2025-12-31",
    "Feb. 8-9": "2026-02-09",
    "Feb. 8–9": "2026-02-09",
    "Feb. 8 - 9": "2026-02-09",
    "Feb. 8 and 9": "2026-02-09",
    "Feb. 8, 9": "2026-02-09",
    "Jan. 31-Feb. 1": "2026-02-01",
    "Dec. 31-Jan. 1": "2026-01-01",
    "January 31–February 1, 2026": "2026-02-01",
    "Feb. 10": "2026-02-10",
    "Feb. 9-8": None,
    "Feb. 30": None,
    "Sept. 3": None,
    "March 1-2": None,
}
AGENCIES = """Jiji Press|JIJI PRESS|Jiji|AFP-Jiji|AFP-JIJI|AFP=Jiji|AFP-Jiji Press|AFP|Kyodo|Reuters|AP|EPA-Jiji|Xinhua
Yonhap|dpa|Jiji Press/AFP|時事|AFP=時事|Agence France-Presse|The Associated Press|Kyodo News""".replace(
    "\n", "|"
).split("|")
DASHES = ["--", "—", "–", " -- ", "——", " —— ", " — ", "-- ", "―", "−", "---", " - "]


@pytest.mark.parametrize("places", PLACES)
@pytest.mark.parametrize("agency", ["Jiji Press", "AFP"])
def test_places_of_any_kind(places: str, agency: str) -> None:
    dateline, rest = split_dateline(f"{places}, Feb. 8 ({agency})--Rain fell.", DAY)
    assert dateline is not None
    assert (dateline.text, dateline.places) == (f"{places}, Feb. 8", places.split("/"))
    assert (dateline.date, dateline.agency, rest) == ("2026-02-08", agency, "Rain fell.")


@pytest.mark.parametrize("places", PLACES)
def test_places_without_a_day(places: str) -> None:
    dateline, rest = split_dateline(f'{places} (Jiji Press)--"Rain" fell.', DAY)
    assert dateline is not None
    assert (dateline.text, dateline.places, dateline.date, rest) == (places, places.split("/"), None, '"Rain" fell.')


@pytest.mark.parametrize(("printed", "day"), DAYS.items())
def test_days_of_any_spelling(printed: str, day: str | None) -> None:
    for places in ("Tokyo", "Mito, Ibaraki Pref.", "Cortina d'Ampezzo, Italy"):
        dateline, _ = split_dateline(f"{places}, {printed} (Jiji Press)--Rain fell.", DAY)
        assert dateline is not None
        assert (dateline.text, dateline.places, dateline.date) == (f"{places}, {printed}", [places], day)


@pytest.mark.parametrize("agency", AGENCIES)
@pytest.mark.parametrize("dash", DASHES)
def test_agencies_and_dashes(agency: str, dash: str) -> None:
    for text in (f"Tokyo, Feb. 8 ({agency}){dash}Rain fell.", f"Tokyo, Feb. 8（{agency}）{dash}Rain fell."):
        dateline, rest = split_dateline(text, DAY)
        assert dateline is not None
        assert (dateline.places, dateline.date, dateline.agency, rest) == (
            ["Tokyo"],
            "2026-02-08",
            agency,
            "Rain fell.",
        )


@pytest.mark.parametrize(
    "text",
    [
        "He told reporters (Jiji Press)--and left.",
        "The mayor of Ome, Jan. 5 (Jiji Press reported)--and left.",
        "Agence France-Presse (AFP)--the agency that Havas became--moved to Paris.",
        "Kyodo News (Kyodo)--a rival--said so first.",
        "Tokyo (Jiji Press counted 14 towns)--more than ever.",
        "In Tokyo, Feb. 8 (Jiji Press)--was a cold day.",
        "On Monday, Feb. 8 (Jiji)--the coldest day--snow fell.",
        "By Friday, Feb. 8 (AFP)--or later.",
        "Ome, Feb. 8 (Sunday)--The fair opened.",
        "Ome, Feb. 8 (JST)--The fair opened.",
        "Ome (population 130,000)--The fair opened.",
        "Toyota (7203)--The shares fell.",
        "World Health Organization (WHO)--It warned.",
        "Paris (Reuters)--where he lived--was cold.",
        "Jiji Press (Jiji)--the agency--said so.",
        "The fair, which opened Feb. 8 (Jiji Press)--was full.",
        "The survey (AFP)--Rain.",
        "Tokyo, Feb. 8 (Jiji Press) The fair opened.",
        "Tokyo, Feb. 8--The fair opened.",
        "Feb. 8 (Jiji Press)--The fair opened.",
        "(Jiji Press)--The fair opened.",
        "This (Jiji Press)--Rain.",
        "The fair opened in Tokyo, Feb. 8 (Jiji Press)--Rain.",
        "",
        "(",
        "Tokyo (",
    ],
)
def test_what_is_no_dateline(text: str) -> None:
    assert split_dateline(text, DAY) == (None, text)
    assert not has_dateline(text)


@pytest.mark.parametrize("start", [date(2023, 12, 1), date(2024, 2, 1), date(2027, 12, 1), date(2028, 2, 1)])
def test_published_day_is_the_later_of_id_and_dateline(start: date) -> None:
    months = "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.".split()
    for number in range(60):
        day = date.fromordinal(start.toordinal() + number)
        for step, expected in ((-1, "key"), (0, "key"), (1, "dateline")):
            filed = date.fromordinal(day.toordinal() + step)
            local = dateline_day(months[filed.month - 1], filed.day, day)
            assert local == filed
            assert published_day(None, day, local) == (max(day, filed), expected)
        assert published_day(filed, day, None) == (filed, "page")
        assert published_day(None, day, None) == (day, "key")
        assert published_day(None, day, date.fromordinal(day.toordinal() + 2)) == (day, "key")
