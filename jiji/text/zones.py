"""Time zones of printed times: the printed one, Japan's if none is printed, None if it is not certain.

Pure functions. A city's name (``Paris time``) is not certain: its offset changes with the season and the law.
"""

import re
from datetime import UTC, timedelta, timezone

JAPAN = timezone(timedelta(hours=9), "JST")

_ABBREVIATIONS = {
    -10: "HST",
    -9: "AKST",
    -8: "AKDT",
    -7: "PDT",
    -6: "MDT",
    -5: "EST CDT",
    -4: "EDT",
    0: "Z UTC GMT WET",
    1: "CET WEST",
    2: "EET CEST",
    3: "EEST MSK",
    8: "HKT SGT",
    9: "JST KST",
    10: "AEST",
    11: "AEDT",
    12: "NZST",
}
_HOURS = {name: hours for hours, names in _ABBREVIATIONS.items() for name in names.split()}
"""Abbreviations of one offset, in hours. PST, MST, CST, IST, BST, AST, GST and SST have several."""
_JAPANESE = frozenset(("japan", "tokyo"))
_NEUTRAL = frozenset(
    """a an and at by date day jiji afp press last modified on posted published release released revised the time update
    updated mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday am pm
    post latest first start issued publication hrs hours h news national""".split()
)
"""Words beside a time that name no zone."""
_FURTHEST = timedelta(hours=14)

_OFFSET = r"(?P<sign>[+−-])(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?(?![\d:])"
_BARE_OFFSET = re.compile(rf"\s*[(\[]?{_OFFSET}")
_NAMED_OFFSET = re.compile(rf"(?:(?i:UTC|GMT)\s?|(?=[+−-]\d\d:?\d\d)){_OFFSET}")
_NAMED_TIME = re.compile(r"(?i)\b(?P<place>[^\W\d_][\w.'’-]*)(?: (?:standard|daylight|summer|local))* time\b")
_NAMED_TIMES = {"日本時間": JAPAN, "現地時間": None}
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_WORD_BEHIND = re.compile(r"[\s(\[]*(?P<word>[A-Za-z\u00c0-\u024f]+)")
_UNKNOWN = re.compile(r"[A-Z]{1,4}T")

ZONE_BEHIND = (
    rf"(?:\s*,?\s*[(\[]?(?:(?:UTC|GMT)?\s?{re.sub('P<[a-z]+>', ':', _OFFSET)}|(?-i:Z|[A-Z]{{2,5}})\b"
    r"|(?:[\w.'’-]+ ){1,3}time\b|(?<=[(\[])[^\W\d_]+(?=[)\]]))[)\]]?)"
)
"""Pattern of a zone behind a time, known or not."""


def printed_zone(before: str, behind: str) -> timezone | None:
    """Return the zone of a printed time, from the text before and behind it.

    >>> [str(printed_zone("", behind)) for behind in ("", " JST", " EST", "-05", " GMT+9", "+0530", "Z")]
    ['JST', 'JST', 'UTC-05:00', 'UTC-05:00', 'UTC+09:00', 'UTC+05:30', 'UTC']
    >>> [printed_zone("", behind) for behind in (" (Paris time)", " CST", " Paris", " local time", " EST (JST)")]
    [None, None, None, None, None]
    >>> str(printed_zone("Published at ", " on Tuesday")), str(printed_zone("Japan time ", ""))
    ('JST', 'JST')
    """
    bare = _BARE_OFFSET.match(behind)
    text = f"{before};{behind[bare.end() :] if bare else behind}"
    offsets = [match for match in (bare, *_NAMED_OFFSET.finditer(text)) if match]
    beside = "" if bare else _NAMED_OFFSET.sub("", behind)
    zones = {*map(_offset, offsets), *_named_zones(_NAMED_OFFSET.sub(" ", text), beside)}
    return zones.pop() if len(zones) == 1 else None if zones else JAPAN


def _named_zones(text: str, behind: str) -> set[timezone | None]:
    """Return the zones named in a text, None for a name that may be a zone's and is not certain."""
    zones = {zone for name, zone in _NAMED_TIMES.items() if name in text}
    for match in _NAMED_TIME.finditer(text):
        place = match["place"].lower()
        if place not in _NEUTRAL and place.upper() not in _HOURS:
            zones.add(JAPAN if place in _JAPANESE else None)
    words = [word for word in _WORD.findall(_NAMED_TIME.sub(" ", text)) if word.lower() not in _NEUTRAL]
    zones |= {_named(word) for word in words if word in _HOURS or _UNKNOWN.fullmatch(word)}
    following = _WORD_BEHIND.match(behind)
    if following and not _NAMED_TIME.match(behind, following.start("word")):
        word = following["word"]
        zones |= {_named(word.upper())} if word.lower() not in _NEUTRAL else set()
    return zones


def _named(word: str) -> timezone | None:
    if word in ("JST", "JAPAN", "TOKYO"):
        return JAPAN
    return timezone(timedelta(hours=_HOURS[word])) if word in _HOURS else None


def _offset(match: re.Match[str]) -> timezone | None:
    offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
    if offset > _FURTHEST:
        return None
    return timezone(-offset if match["sign"] != "+" else offset) if offset else UTC
