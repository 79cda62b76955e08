"""Datelines: places, local day and agency at the start of a story."""

import re
from datetime import date

from jiji.items import Dateline
from jiji.text.dates import MONTH, dateline_day
from jiji.text.wire_copy.agencies import JIJI, WIRE

_LONGEST_DATELINE = 160

_AGENCY = re.compile(rf"(?P<head>[^()（）]{{2,120}}+)[(（] ?(?P<agency>{WIRE}) ?[)）] ?(?:-{{1,3}}|[‐-―−─━]{{1,3}}) ?")
_LIKE_AGENCY = re.compile(rf"[(（] ?{WIRE}(?: [A-Z]\w+){{0,2}} ?[)）] ?(?:-|[‐-―−─━]|$)")
_LIKE_DAY = re.compile(rf"(?i:{MONTH}) ?\d|\d (?i:{MONTH})")
_DAY_REACH = 25
"""Characters in front of an agency in which the day stands."""
_DAY = r"(?P<day>\d{1,2}(?!\d))"
_LAST_DAY = rf" ?(?:[-‐-―−~〜/,&]|to|and) ?(?:(?P<last_month>(?i:{MONTH})) ?)?(?P<last_day>\d{{1,2}}(?!\d))"
# case: dateline-with-a-weekday
_WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )"
_HEAD = re.compile(
    rf"(?P<places>.*?)(?:,? {_WEEKDAY}?(?P<month>(?i:{MONTH})) ?{_DAY}(?:{_LAST_DAY})?(?:,? (?P<year>\d{{4}}))?)?"
)
"""Places and perhaps a day, or the first and the last of several: ``Jan. 4-5``, ``Jan. 31-Feb. 1``."""

_WORD = r"(?:[dl]['’]|['’]s-|(?:al|as|ad|ar|an|el|ed|er|es)-)?[^\W\d_a-z][\w.'’-]*"
_PARTICLE = (
    r"(?:aan|al|am|an|and|au|aux|da|das|de|del|della|den|der|des|di|do|dos|du|e|el|em|en|es|et|i|im|la|las|le|les|los"
    r"|d[ae]['’]|na|nad|ob|of|op|pod|sous|sur|the|under|upon|van|von|y|zu|zum)"
)
_REGION_WORD = r"(?:north|south|east|west|central|middle)(?:-?(?:east|west|central))?(?:ern)?"
_NUMBER = r"(?:\d{1,3}(?:st|nd|rd|th)?(?![\d:.]|,\d))"


def _place(word: str) -> re.Pattern[str]:
    name = rf"{word}(?:(?: {_PARTICLE}){{0,3}} {word}){{0,5}}"
    return re.compile(rf"(?!{MONTH}(?: ?\d|$)){name}(?:, (?:{_REGION_WORD} |the )?(?!{MONTH} ?\d){name}){{0,3}}")


_PLACE = _place(_WORD)
_PLACE_BEFORE_DAY = _place(f"(?:{_WORD}|{_NUMBER})")
"""Place that may have numbers, as only a day behind it makes it a dateline's: ``Minato Mirai 21, Yokohama``."""
_SENTENCE_OPENING = re.compile(
    r"(?:In|On|At|By|For|From|Since|During|After|Before|Until|When|While|As|If|But|And|He|She|It|We|They|You|This|That"
    r"|These|Those|There|Its|His|Her|Their|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?:[ ,]|$)"
)
"""Words that open sentences and no name of a place."""


def split_dateline(text: str, published: date) -> tuple[Dateline | None, str]:
    """Return the dateline at the start of a paragraph, with its local day, and the rest of the paragraph.

    ``published`` is the day of the article ID, which gives the year. Of several days the last one counts.

    >>> split_dateline("Mito, Ibaraki Pref., Jan. 21 (Jiji Press)--Rain fell.", date(2026, 1, 21))
    (Dateline(text='Mito, Ibaraki Pref., Jan. 21', places=['Mito, Ibaraki Pref.'], date='2026-01-21', agency='Jiji Press'), 'Rain fell.')
    >>> split_dateline("Seoul/Tokyo, Dec. 31-Jan. 1 (AFP-Jiji)——Talks ended.", date(2026, 1, 1))[0]
    Dateline(text='Seoul/Tokyo, Dec. 31-Jan. 1', places=['Seoul', 'Tokyo'], date='2026-01-01', agency='AFP-Jiji')
    >>> split_dateline("Wakayama (Jiji Press)--Oranges ripen.", date(2026, 1, 1))[0].date is None
    True
    >>> split_dateline('He told reporters (Jiji Press)--and left.', date(2026, 1, 1))
    (None, 'He told reporters (Jiji Press)--and left.')
    """  # noqa: E501
    found = _dateline(text)
    if found is None:
        return None, text
    head, agency, rest = found
    local = _last_day(head, published)
    places = [place.strip() for place in re.split("[/／]", head["places"])]
    return Dateline(head[0], places, local.isoformat() if local else None, agency), rest


def has_dateline(text: str) -> bool:
    """Return whether a line starts with a dateline, which only wire copy has.

    >>> has_dateline("Seoul/Tokyo, Jan. 27 (Jiji Press)--Talks ended."), has_dateline("He left (Jiji Press)--early.")
    (True, False)
    """
    return _dateline(text) is not None


def resembles_dateline(text: str) -> bool:
    """Return whether a line starts like a dateline with a day, also one in an unknown form.

    >>> resembles_dateline("Sagamihara (Kanagawa), Jan. 27 (Jiji Press)--Rain."), resembles_dateline("Rain on Jan. 27.")
    (True, False)
    """
    agency = _LIKE_AGENCY.search(text[:_LONGEST_DATELINE])
    return agency is not None and _LIKE_DAY.search(text[: agency.start()][-_DAY_REACH:]) is not None


def _dateline(text: str) -> tuple[re.Match[str], str, str] | None:
    """Return a dateline's places and day, its agency, and the text behind it."""
    match = _AGENCY.match(text[:_LONGEST_DATELINE])
    head = _HEAD.fullmatch(match["head"].strip()) if match else None
    if match is None or head is None or _SENTENCE_OPENING.match(head["places"]):
        return None
    # case: place-with-a-number
    pattern = _PLACE_BEFORE_DAY if head["month"] else _PLACE
    if not all(pattern.fullmatch(place.strip()) for place in re.split("[/／]", head["places"])):
        return None
    rest = text[match.end() :]
    is_certain = head["month"] or _is_certain_without_day(head["places"], match["agency"], rest)
    return (head, match["agency"], rest) if is_certain else None


def _is_certain_without_day(places: str, agency: str, rest: str) -> bool:
    """Return whether places without a day are a dateline's: no sentence goes on behind them.

    Jiji Press prints such datelines over features (seen). Other agencies print them with capitals.
    """
    return not rest[:1].islower() and (re.search(JIJI, agency) is not None or places.isupper())


def _last_day(head: re.Match[str], published: date) -> date | None:
    if not head["month"]:
        return None
    year = int(head["year"]) if head["year"] else None
    first = dateline_day(head["month"], int(head["day"]), published, year)
    if not head["last_day"]:
        return first
    last = dateline_day(head["last_month"] or head["month"], int(head["last_day"]), published, year)
    return last if first and last and first < last else None
