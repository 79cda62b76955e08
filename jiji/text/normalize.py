"""Normalisation of characters.

Pure functions. :func:`normalise` is the one rule of the project. docs/reference/fields.md describes it.
"""

import re
import unicodedata

_VARIANTS = str.maketrans({
    "\uff5e": "\u301c",  # wave dash
    "\u2225": "\u2016",  # double vertical line
    "\uff0d": "\u2212",  # minus
    "\uffe0": "\u00a2",
    "\uffe1": "\u00a3",
    "\uffe2": "\u00ac",
    "\u2015": "\u2014",  # dash
})  # fmt: skip
"""Characters that Japanese charsets hold once and decoders map to two code points."""


def normalise(text: str) -> str:
    r"""Return text in the spelling of feeds and hashes.

    Spaces, line separators and paragraph separators become a plain space (``\n`` stays). Invisible characters
    (zero-width, soft hyphen, direction marks, control characters) and code points that are no characters (lone
    surrogates, U+FFFD, private use) are removed. So are combining marks beyond 30 in a row, the bound of Unicode's
    Stream-Safe Text Format. The rest is NFC. Full-width digits, quotes and dashes stay.

    >>> normalise("Tokyo,\u00a0Jan.\u200b 27\u2028cafe\u00ad\u0301 \u202e\x1b[1m １２\ud800")
    'Tokyo, Jan. 27 café [1m １２'
    """
    text = text.replace("\u00a0", " ")
    if _UNCHANGED.fullmatch(text):
        return text
    visible = _MANY_MARKS.sub(_without_excess_marks, text.translate(_VISIBLE))
    return unicodedata.normalize("NFC", visible).translate(_VARIANTS)


_UNCHANGED = re.compile("[\n\x20-\x7e\u00bf-\u017e\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026]*+")
"""Text of which no character changes: ASCII, letters of Latin alphabets, quotes and dashes."""
_SPACES = frozenset("\t\r\v\f\x85\u2800\u3164\uffa0")
"""Characters of other categories that look like a space: tabs, the blank Braille pattern, Hangul fillers."""
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\ufffc\ufffd")
"""Invisible letters and marks (joiners, fillers), and the replacement characters."""


_MOST_MARKS = 30
_MANY_MARKS = re.compile(r"[^\w\s\x00-\x7f]{16,}+")
"""Characters among which may be too many combining marks. They take normalisation quadratic time."""


def _without_excess_marks(match: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in match[0]:
        marks = marks + len(unicodedata.normalize("NFD", char)) if unicodedata.combining(char) else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)


class _Visible(dict[int, str]):
    """Translation table that computes each character once and keeps the common ones."""

    def __missing__(self, code: int) -> str:
        visible = _visible(chr(code))
        if code <= _LAST_COMMON:
            self[code] = visible
        return visible


_LAST_COMMON = 0xFFFF
_VISIBLE = _Visible({ord("\n"): "\n"})


def _visible(char: str) -> str:
    """Return a character as it is displayed: itself, a space, or nothing."""
    if char in _SPACES:
        return " "
    if char in _INVISIBLE:
        return ""
    if char.isprintable():
        return char
    category = unicodedata.category(char)
    if category.startswith("Z"):
        return " "
    return char if category == "Cn" and not _is_noncharacter(char) else ""


def _is_noncharacter(char: str) -> bool:
    """Return whether a code point is a noncharacter; other unassigned ones may become characters in later Unicode."""
    return ord(char) & 0xFFFE == 0xFFFE or "\ufdd0" <= char <= "\ufdef"


def line(text: str) -> str:
    r"""Return text as one line, normalised, without white space at its ends.

    >>> line(" B.\u00a0Yen \n  falls ")
    'B. Yen falls'
    """
    return " ".join(normalise(text).split())
