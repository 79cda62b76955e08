"""Opening matter: marks before a headline, and the notes, marks and bylines above a dateline."""

import re
from dataclasses import dataclass

from jiji.text.wire_copy.bylines import is_byline

_MARK = re.compile(
    r"\s*(?P<bracket>[(（\[【])?(?P<kind>updat|correct|wrap)(?:[a-z]*(?:-up)?)"
    r"(?:[ -]?(?:no\. ?|#)?(?P<number>\d{1,3}))?(?(bracket) ?[)）\]】][:：]?|[:：])\s*",
    re.IGNORECASE,
)
_SLUG = re.compile(
    r"\s*(?P<kind>UPDAT|CORRECT|WRAP)(?:E|ED|ION|UP|-UP)?(?: ?(?P<number>\d{1,3}))?(?: [-–—] ?|[-–—]{1,2})(?=[A-Z\d])"
)
"""Mark in front of a dash: ``UPDATE 1-``, ``CORRECTED-``."""
_MARK_KINDS = {"updat": "update", "correct": "correction", "wrap": "wrap-up"}

_LONGEST_NOTE = 600
_NUMBER = r"(?: no\.)?(?: ?\d{1,3})?"
_NOTE_WORD = (
    r"(?:correct(?:ion|s|ed|ing)|clarif(?:ication|ies|ied|ying)|updat(?:es?|ed|ing)|recast(?:s|ing)?|add(?:s|ed|ing)|eds?"
    r"|editor'?s'? note|note(?: to editors)?|repeat(?:s|ed|ing)|fix(?:es|ed|ing)|amend(?:s|ed|ing|ment)"
    r"|remov(?:es|ed|ing)|delet(?:es|ed|ing)|refil(?:es|ed|ing)|restor(?:es|ed|ing)|replac(?:es|ed|ing)|advisory"
    r"|embargo(?:ed)?|wrap-?up|this (?:story|article|version))"
)
_LABEL = (
    r"(?:correction|corrected|clarification|clarified|update|updated|editor'?s'? note|note to editors|eds|embargoed"
    r"|advisory|attention)"
)
_MARK_WORD = (
    r"(?:update|updated|correct(?:ed|ion)|lead|ld|wrap-?up|urgent|breaking(?: news)?|flash|bulletin|exclusive|refiled?"
    r"|repeat|recast)"
)
_NOTES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # (Corrects the spelling in paragraph 2)
        rf"[(（\[【] ?{_NOTE_WORD}\b.*[)）\]】]\.?",
        # Correction: the ferry carries 300 people, Correction (Jan. 28): ...
        rf"{_LABEL}{_NUMBER}(?: ?\([^()]{{1,30}}\))?(?: ?[:：]| [-–—] |[-–—]).*"
        r"|[(（\[【](?:correction|clarification)[)）\]】].*",
        # This story has been corrected
        r"(?:this|an? (?:earlier|previous) version of this) (?:article|story|report|version)\b.{0,40}"
        r"\b(?:correct|updat|amend|clarif|misstat|misspell|misidentif)\w*.*",
        # The following is a corrected version, * The story below was updated
        # case: note-of-a-corrected-version-above-the-dateline
        r"[*※] ?.{0,80}\b(?:correct|updat|amend|story|article|version)\w*.{0,80}"
        r"|the (?:following|(?:story|article|report) below)\b.{0,30}\b(?:correct|updat|amend|revis)\w*.{0,80}",
        # UPDATE 1
        rf"[(（\[【]?(?:(?:1st|2nd|3rd|\d{{1,2}}th) )?{_MARK_WORD}{_NUMBER}[)）\]】]?[:：]?",
    )
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Mark before the headline of an article that an agency sends again."""

    kind: str | None = None
    """One of "update", "correction" and "wrap-up"."""
    number: int | None = None
    """N of `(Update N)`."""


def split_mark(headline: str) -> tuple[Mark, str]:
    """Return the mark before a headline, and the headline without it.

    Only `(Update N)` is seen on the site. The others are guesses from other agencies.

    >>> split_mark("(Update 2) Rain Falls on Osaka"), split_mark("UPDATE 1-Rain Falls on Osaka")[0].number
    ((Mark(kind='update', number=2), 'Rain Falls on Osaka'), 1)
    >>> split_mark("CORRECTION: Rain Falls on Osaka")[0], split_mark("Update on Rain: Govt Survey")[0]
    (Mark(kind='correction', number=None), Mark(kind=None, number=None))
    """
    match = _MARK.match(headline) or _SLUG.match(headline)
    if match is None or match.end() == len(headline):
        return Mark(), headline
    kind = _MARK_KINDS[match["kind"].lower()]
    number = int(match["number"]) if match["number"] and kind == "update" else None
    return Mark(kind, number), headline[match.end() :]


def is_same_headline(one: str, other: str) -> bool:
    """Return whether two lines print one headline: equal, apart from the spelling of a mark or a missing mark.

    >>> is_same_headline("(Update 2) Rain Falls on Osaka", "UPDATE 2: Rain Falls on Osaka")
    True
    >>> is_same_headline("(Update 2) Rain Falls", "Rain Falls"), is_same_headline("(Update 2) Rain", "(Update 3) Rain")
    (True, False)
    """
    one, other = one.strip(), other.strip()
    if one == other or one[-1:] != other[-1:]:
        return one == other  # most lines: no need to look for marks, which stand in front
    (mark, text), (other_mark, other_text) = split_mark(one), split_mark(other)
    return text.strip() == other_text.strip() and (mark == other_mark or Mark() in (mark, other_mark))


def is_opening_matter(text: str) -> bool:
    """Return whether a line above a dateline is a byline, a note of a correction or an update, or a mark.

    For lines above the first paragraph only. In a story, a paragraph in brackets may read like a note.

    >>> is_opening_matter("(Correction: The second paragraph names the right river.)"), is_opening_matter("UPDATE 1")
    (True, True)
    >>> is_opening_matter("By Hana Orito in Seoul"), is_opening_matter("CORRECTED-Ferry Line Back")
    (True, True)
    >>> is_opening_matter("Updated maps show the river."), is_opening_matter("(left)")
    (False, False)
    """
    if len(text) > _LONGEST_NOTE:
        return False
    return is_byline(text) or _SLUG.match(text) is not None or any(note.fullmatch(text.strip()) for note in _NOTES)
