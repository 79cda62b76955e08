"""Wire copy: grammar of byline, dateline, credit and subscribe sentence.

Pure functions over one line of normalised text. Source: Jiji Press's public pages (seen), with two hyphens after the
agency. Partners that reprint the copy print a dash instead (seen).
"""

import re
from dataclasses import dataclass
from datetime import date

from jiji.items import Dateline
from jiji.text.dates import MONTH, dateline_day

_PARTICLES = r"(?:van|von|der|den|de|da|di|du|do|dos|das|del|della|la|las|le|los|el|al|bin|ibn|af|zu|ter|ten|y|e)"
_WORD = r"(?:[dD]['’]|al-|el-)?[^\W\d_a-z][\w.'’-]*"
_SUFFIX = r"(?:, (?:Jr\.|Sr\.|II|III|IV))"
_NAME = rf"(?:{_PARTICLES} )*{_WORD}(?: (?:{_PARTICLES}|{_WORD})){{1,5}}{_SUFFIX}?"
_LONGEST_BYLINE = 200
_BYLINE = re.compile(rf"By (?!{MONTH} |\w+day\b)(?P<names>{_NAME}(?:, {_NAME})*(?:,? and {_NAME})?)")

_DATELINE = re.compile(
    rf"(?P<text>(?P<places>[^()]{{2,80}}?)(?:, (?P<month>{MONTH}) ?(?P<day>\d{{1,2}})(?:, (?P<year>\d{{4}}))?)?)"
    r" ?\((?P<agency>[^()]{0,40}?\bJiji\b[^()]{0,40})\) ?(?:--|[-‐-―−]) ?"
)
_PLACE = re.compile(
    r"[^\W\d_a-z][\w.'’-]*(?: (?:[^\W\d_a-z][\w.'’-]*|de|da|do|del|la|las|los|of|and|the|en|sur|upon|am)){0,4}"
    rf"(?:, (?!{MONTH}[ \d])[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*)?)?"
)

_AGENCY = r"(?:jiji(?: press)?|afp(?:[- ]jiji)?(?: press)?|kyodo(?: news)?|reuters|ap|epa|getty images|xinhua|yonhap)"
_CREDIT_TEXT = re.compile(
    r"(?:photos?|pictures?|images?)(?: (?:by|courtesy|taken|provided|from)\b|:).*"
    r"|(?:courtesy|provided|supplied|handout|copyright)\b.*|©.*"
    r"|(?:[\w.'’-]+ ){0,4}(?:photos?|handout)"
    rf"|(?:[^,]+[/;] ?)?{_AGENCY}(?: ?[/;] ?[^,]+)?|[^,]* via {_AGENCY}",
    re.IGNORECASE,
)
_BRACKETED = re.compile(
    r"\s*(?:[(（](?P<round>(?:[^()（）]|\([^()]*\))*)[)）]|[\[【](?P<square>[^\[\]【】]*)[\]】])\s*\.?$"
)
_CLOSING = tuple(bracket + stop for bracket in ")）]】" for stop in ("", ".", " ."))
_LONGEST_CREDIT = 160
_PLAIN_CREDIT = re.compile(r"(?i)(?:photos?|pictures?|images?)(?: (?:by|courtesy)\b|:)")
_LONGEST_PLAIN_CREDIT = 80

_MARK = re.compile(
    r"\s*(?P<bracket>[(（\[])?(?P<kind>updat|correct|wrap)(?:[a-z]*(?:-up)?)(?:[ -]?(?:no\. ?|#)?(?P<number>\d{1,3}))?"
    r"(?(bracket)[)）\]][:：]?|[:：])\s*",
    re.IGNORECASE,
)

SUBSCRIBE_OPENING = "to read "
_SUBSCRIBE = re.compile(r"(?i)\bto read (?:a|the) full story\b.{0,200}\bsubscri")


@dataclass(frozen=True, slots=True)
class Mark:
    """Mark before the headline of an article that an agency sends again."""

    kind: str | None = None
    """One of "update", "correction" and "wrap-up"."""
    number: int | None = None
    """N of `(Update N)`."""


_MARK_KINDS = {"updat": "update", "correct": "correction", "wrap": "wrap-up"}


def split_mark(headline: str) -> tuple[Mark, str]:
    """Return the mark before a headline, and the headline without it.

    Only `(Update N)` is seen on the site. The others are guesses from other agencies.

    >>> split_mark("(Update 2) Rain Falls on Osaka")
    (Mark(kind='update', number=2), 'Rain Falls on Osaka')
    >>> split_mark("CORRECTION: Rain Falls on Osaka")[0], split_mark("Update on Rain: Govt Survey")[0]
    (Mark(kind='correction', number=None), Mark(kind=None, number=None))
    """
    match = _MARK.match(headline)
    if match is None or match.end() == len(headline):
        return Mark(), headline
    kind = _MARK_KINDS[match["kind"].lower()]
    number = int(match["number"]) if match["number"] and kind == "update" else None
    return Mark(kind, number), headline[match.end() :]


def byline_authors(text: str) -> list[str]:
    """Return the names in a byline, in order; an empty list for any other line.

    >>> byline_authors("By Hana Mori, Ken van der Ido and Rei O'Hara-Sato")
    ['Hana Mori', 'Ken van der Ido', "Rei O'Hara-Sato"]
    >>> byline_authors("By J. R. Sato, Jr. and Rei Doi III")
    ['J. R. Sato, Jr.', 'Rei Doi III']
    >>> byline_authors("By the end of March, Osaka will decide."), byline_authors("By Friday")
    ([], [])
    """
    match = _BYLINE.fullmatch(text) if len(text) <= _LONGEST_BYLINE else None
    return re.split(rf",? and |(?!{_SUFFIX}), ", match["names"]) if match else []


def split_dateline(text: str, published: date) -> tuple[Dateline | None, str]:
    """Return the dateline at the start of a paragraph, with its local day, and the rest of the paragraph.

    ``published`` is the day of the article ID, which gives the year.

    >>> split_dateline("Mito, Ibaraki Pref., Jan. 21 (Jiji Press)--Rain fell.", date(2026, 1, 21))
    (Dateline(text='Mito, Ibaraki Pref., Jan. 21', places=['Mito, Ibaraki Pref.'], date='2026-01-21', agency='Jiji Press'), 'Rain fell.')
    >>> split_dateline("Seoul/Tokyo, Dec. 31 (Jiji Press)--Talks ended.", date(2026, 1, 1))[0]
    Dateline(text='Seoul/Tokyo, Dec. 31', places=['Seoul', 'Tokyo'], date='2025-12-31', agency='Jiji Press')
    >>> split_dateline("Wakayama (Jiji Press)--Oranges ripen.", date(2026, 1, 1))[0].date is None
    True
    >>> split_dateline('He told reporters (Jiji Press)--and left.', date(2026, 1, 1))
    (None, 'He told reporters (Jiji Press)--and left.')
    """  # noqa: E501
    match = _dateline(text)
    if match is None:
        return None, text
    year = int(match["year"]) if match["year"] else None
    local = dateline_day(match["month"], int(match["day"]), published, year) if match["month"] else None
    day = local.isoformat() if local else None
    places = [place.strip() for place in match["places"].split("/")]
    return Dateline(match["text"], places, day, match["agency"].strip()), text[match.end() :]


def has_dateline(text: str) -> bool:
    """Return whether a line starts with a dateline, which only wire copy has.

    >>> has_dateline("Seoul/Tokyo, Jan. 27 (Jiji Press)--Talks ended."), has_dateline("He left (Jiji Press)--early.")
    (True, False)
    """
    return _dateline(text) is not None


def _dateline(text: str) -> re.Match[str] | None:
    match = _DATELINE.match(text) if "Jiji" in text else None
    return match if match and all(_PLACE.fullmatch(place.strip()) for place in match["places"].split("/")) else None


def split_credit(caption: str) -> tuple[str, str | None]:
    """Return a caption without the credit in brackets at its end, and the credit.

    Brackets that do not name the source of a picture belong to the caption.

    >>> split_credit("The new bridge in Ome (Pool photo)"), split_credit("Dawn (Photo by Ome (Tokyo) Museum)")
    (('The new bridge in Ome', 'Pool photo'), ('Dawn', 'Photo by Ome (Tokyo) Museum'))
    >>> split_credit("Runner Aki Doi (left)"), split_credit("Swans (behind them, the new pool)")
    (('Runner Aki Doi (left)', None), ('Swans (behind them, the new pool)', None))
    """
    if not caption.endswith(_CLOSING):
        return caption, None
    head, tail = caption[:-_LONGEST_CREDIT], caption[-_LONGEST_CREDIT:]
    match = _BRACKETED.search(tail)
    credit = (match["round"] or match["square"] or "").strip() if match else ""
    if match is None or not _CREDIT_TEXT.fullmatch(credit):
        return caption, None
    return (head + tail[: match.start()]).rstrip(), credit


def lone_credit(text: str) -> str | None:
    """Return the credit if a line is a credit and nothing else, in brackets or not.

    >>> lone_credit("(Pool photo)"), lone_credit("Photo by Aki Doi"), lone_credit("A boat by the pier")
    ('Pool photo', 'Photo by Aki Doi', None)
    """
    rest, credit = split_credit(text)
    if credit:
        return None if rest else credit
    is_credit = _PLAIN_CREDIT.match(text) is not None and len(text) < _LONGEST_PLAIN_CREDIT
    return text if is_credit else None


def subscribe_start(text: str) -> int | None:
    """Return the position of the subscribe sentence in a line, None for a line without it.

    >>> subscribe_start("Rain fell. To read a full story, please click here to find out how to subscribe.")
    11
    """
    match = _SUBSCRIBE.search(text)
    return match.start() if match else None
