"""Bylines: authors, and the titles, agencies and places that stand beside them."""

import re

from jiji.text.dates import MONTH
from jiji.text.wire_copy.agencies import WIRE

_LONGEST_BYLINE = 200

_PARTICLES = r"(?:van|von|der|den|de|da|di|du|do|dos|das|del|della|la|las|le|los|el|al|bin|ibn|af|zu|ter|ten|y|e)"
_WORD = r"(?:[dD]['’]|al-|el-)?[^\W\d_a-z][\w.'’-]*"
_SUFFIX = r"(?:Jr\.?|Sr\.?|JR\.?|SR\.?|II|III|IV)"
_NAME = re.compile(rf"(?:{_PARTICLES} )*{_WORD}(?: (?:{_PARTICLES}|{_WORD})){{1,5}}(?:, {_SUFFIX})?")
_BYLINE = re.compile(rf"(?:By|BY) (?!(?i:{MONTH}) |\w+(?:day|DAY)\b)(?P<parts>.+)")
_SEPARATOR = re.compile(rf"((?i:,? (?:and|with) )| ?[;|/•·&] ?| [-–—] |, (?!{_SUFFIX}(?:\W|$)))")
_PLACE_BEHIND = re.compile(rf"(?i:(?:^| )(?:reporting )?(?:in|from)) {_WORD}(?: (?:[a-z]{{1,3}}|{_WORD})){{0,4}}$")
"""Place of work: ``in Seoul``."""
_HONORIFIC = re.compile(r"(?i)(?:mr|ms|mrs|dr|prof|sir|dame|rev|capt|gen|col|lt|sgt|sen)\.? ")
_AGENCY = rf"(?:(?i:(?:the|of|for|at|via|special to)) )*{WIRE}(?: (?i:english|news|service))*"
_ONLY_AGENCY = re.compile(_AGENCY)
_AGENCY_BEHIND = re.compile(rf" ?\({WIRE}\)$| {_AGENCY}$")

_TITLES = (
    r"reporters?|writers?|(?:sub-?)?editors?|editor-(?:in-chief|at-large)|editorial|correspondents?|journalists?"
    r"|(?:photo|video)journalists?|photographers?|columnists?|commentators?|critics?|contributors?|contributing|freelancers?"
    r"|freelance|analysts?|researchers?|professors?|lecturers?|fellows?|trainees?|staff|staffers?|senior|chief|deputy"
    r"|assistant|associate|bureau|desk|newsroom|special|specialist|directors?|presidents?|translators?|managing|executive"
    r"|ambassadors?|ministers?|governors?|mayors?|others|university|college|institute|academy"
)
_TITLE_WORD = re.compile(rf"(?i)\b(?:{_TITLES})\b")
_AFFILIATION = re.compile(
    r"(?i)\b(?:authors?|novelists?|\w{2,}(?:economist|logist|grapher|toonist|ategist|entist)s?|leaders?|heads?|chair(?:s|man|woman|person)?"
    r"|secretary|general|officers?|managers?|producers?|anchors?|hosts?|historians?|engineers?|physicians?|lawyers?"
    r"|consultants?|advis[eo]rs?|experts?|scholars?|interns?|teachers?|illustrators?|founders?|representatives?"
    r"|departments?|divisions?|branch|sections?|offices?|agency|centers?|centres?|schools?|hospitals?|museums?|councils?"
    r"|committees?|associations?|foundations?|company|corp|inc|ltd|bank|ministry|embassy|news|post|times|herald|tribune"
    r"|magazine|weekly|daily|network|television|radio|former|vice|principal|guest|think tank|party|forum|society|ph\.?d"
    r"|ceo|cfo|cto|university|college|institute)(?![\w'’])"
)
"""Word of a title or an organisation behind a comma. Some of them are surnames, which stand behind a given name."""
_TITLE = re.compile(
    r"(?:(?i:an?|the|our|of|for|at|in|on|to|and|political|economics?|sports|foreign|diplomatic|science|business|financial"
    rf"|city|national|news|{_TITLES})|[^\W\d_a-z][\w.'’-]*)(?:[ -](?=\w)|$)"
)
"""One word of a title: ``Chief``, ``political``, ``of``, a proper name."""
_OFFICE = re.compile(r"(?:^| )(?:of|at|from|for|in) ")
"""Start of an office behind a person: ``Hana Orito of the Osaka bureau``."""
_PLACES = re.compile(
    r"(?i)new (?:york|delhi)|los angeles|san francisco|hong kong|s[aã]o paulo|rio de janeiro|buenos aires|mexico city"
    r"|tel aviv|abu dhabi|kuala lumpur|phnom penh|addis ababa|cape town|ho chi minh city|the hague|st\.? petersburg"
    r"|kuwait city|washington d\.?c\.?|las vegas|san diego|south korea|saudi arabia|united (?:states|kingdom)"
    r"|united arab emirates|sri lanka|south africa|new zealand"
)
"""Places of several words, which look like a person behind a comma."""


def byline_authors(text: str) -> list[str]:
    """Return the persons in a byline, in order; an empty list for one without persons, and for any other line.

    Titles, agencies and places are no authors.

    >>> byline_authors("By Hana Mori, Ken van der Ido and Rei O'Hara-Sato")
    ['Hana Mori', 'Ken van der Ido', "Rei O'Hara-Sato"]
    >>> byline_authors("By J. R. Sato, Jr. and Rei Doi III")
    ['J. R. Sato, Jr.', 'Rei Doi III']
    >>> byline_authors("By Hana Orito, Senior Reporter, and Ken Doi in Seoul"), byline_authors("By Rei Doi and AFP")
    (['Hana Orito', 'Ken Doi'], ['Rei Doi'])
    >>> byline_authors("By Prof. Ken Doi, University of Ome"), byline_authors("By Rei Doi of the Osaka bureau")
    (['Ken Doi'], ['Rei Doi'])
    >>> byline_authors("By the end of March, Osaka will decide."), byline_authors("By Friday")
    ([], [])
    """
    return read_byline(text) or []


def read_byline(text: str) -> list[str] | None:
    """Return the persons in a byline; None for any other line, which `byline_authors` does not tell apart.

    >>> read_byline("By Hana Mori"), read_byline("By AFP"), read_byline("By Friday")
    (['Hana Mori'], [], None)
    """
    parts = _parts(text)
    return None if parts is None else [person for person in parts if person]


def is_byline(text: str) -> bool:
    """Return whether a line is a byline, also one without persons.

    >>> is_byline("By Hana Orito in Seoul"), is_byline("By AFP"), is_byline("By a staff writer"), is_byline("By Friday")
    (True, True, True, False)
    """
    return _parts(text) is not None


def _parts(text: str) -> list[str] | None:
    """Return the parts of a byline, each as the person in it or an empty text; None for any other line."""
    text = text.strip()
    is_short = len(text) <= _LONGEST_BYLINE and text.startswith(("By ", "BY "))
    match = _BYLINE.fullmatch(text) if is_short else None
    if match is None:
        return None
    first, *further = _SEPARATOR.split(match["parts"])
    parts = [_person(first, behind=None)]
    parts += [_person(part, behind=separator) for separator, part in zip(further[::2], further[1::2], strict=True)]
    return None if None in parts else [part for part in parts if part is not None]


def _person(printed: str, *, behind: str | None) -> str | None:
    """Return the person in a part of a byline, an empty text for a title, an agency or a place, None for other text.

    ``behind`` is the separator in front of the part, None in front of the first.
    """
    part = _AGENCY_BEHIND.sub("", _PLACE_BEHIND.sub("", printed.strip()))
    if not part or _ONLY_AGENCY.fullmatch(part):
        return ""
    if _TITLE_WORD.search(part):
        return _beside_title(part, follows_name=behind == ", ")
    # case: byline-departments-behind-names
    if behind == ", " and _AFFILIATION.search(part):
        return ""
    name = _HONORIFIC.sub("", part, count=1)
    if _NAME.fullmatch(name) and not (behind and _PLACES.fullmatch(part)):
        return name
    return "" if behind and (_PLACES.fullmatch(part) or re.fullmatch(_WORD, part)) else None


def _beside_title(part: str, *, follows_name: bool) -> str | None:
    """Return the person before or behind a title, an empty text for a title alone, None for other text."""
    titles = list(_TITLE_WORD.finditer(part))
    behind, before = part[titles[-1].end() :].strip(), part[: titles[0].start()].strip()
    if _NAME.fullmatch(behind):
        return behind
    before = _OFFICE.split(before, maxsplit=1)[0]
    if _NAME.fullmatch(before) and not follows_name and not _PLACES.fullmatch(before):
        return before
    return "" if all(_TITLE.fullmatch(word) for word in part.split()) else None
