"""The grammar of wire copy: byline, dateline, credit, the sentence that asks to subscribe.

Pure functions over one line of normalised text. Source: what Jiji Press's pages in public show, down to the two hyphens
after the agency; partners who reprint the copy set a dash instead, which is understood as well.
"""

import re
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
SUBSCRIBE_OPENING = "to read "
_SUBSCRIBE = re.compile(r"(?i)\bto read (?:a|the) full story\b.{0,200}\bsubscri")


def byline_authors(text: str) -> list[str]:
    """Return the names a byline gives, in order; an empty list where the line is no byline.

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
    """Return the dateline that opens a paragraph, with its local day, and the rest of the paragraph.

    ``published`` is the key's day in Japan, from which the year comes.

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
    """Say whether a line opens with a dateline, as only a story of the wire does.

    >>> has_dateline("Seoul/Tokyo, Jan. 27 (Jiji Press)--Talks ended."), has_dateline("He left (Jiji Press)--early.")
    (True, False)
    """
    return _dateline(text) is not None


def _dateline(text: str) -> re.Match[str] | None:
    match = _DATELINE.match(text)
    return match if match and all(_PLACE.fullmatch(place.strip()) for place in match["places"].split("/")) else None


def split_credit(caption: str) -> tuple[str, str | None]:
    """Return a caption without the credit in brackets at its end, and the credit.

    Brackets that do not speak of where a picture comes from belong to the caption.

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
    """Return the credit where a line is nothing but one, in brackets or not.

    >>> lone_credit("(Pool photo)"), lone_credit("Photo by Aki Doi"), lone_credit("A boat by the pier")
    ('Pool photo', 'Photo by Aki Doi', None)
    """
    rest, credit = split_credit(text)
    if credit:
        return None if rest else credit
    return (
        text
        if re.match(r"(?i)(?:photos?|pictures?|images?)(?: (?:by|courtesy)\b|:)", text) and len(text) < 80
        else None
    )


def subscribe_start(text: str) -> int | None:
    """Return where in a line the sentence begins that stands where the free part of a story ends.

    >>> subscribe_start("Rain fell. To read a full story, please click here to find out how to subscribe.")
    11
    """
    match = _SUBSCRIBE.search(text)
    return match.start() if match else None
