"""What counts as a character: the one rule of this project.

Pure functions. The rule is applied in one place, :func:`normalise`; docs/fields.md states it in words.
"""

import unicodedata

_ONE_OF_TWINS = str.maketrans({
    "\uff5e": "\u301c",  # wave dash
    "\u2225": "\u2016",  # double vertical line
    "\uff0d": "\u2212",  # minus
    "\uffe0": "\u00a2",
    "\uffe1": "\u00a3",
    "\uffe2": "\u00ac",
    "\u2015": "\u2014",  # dash
})  # fmt: skip
"""Characters that Japanese encodings know once and their decoders write in two ways."""


def normalise(text: str) -> str:
    r"""Return text in the one spelling that feeds and hashes hold: the rule of characters of this project.

    Every space and line or paragraph separator is a plain space (``\n`` stays); what cannot be seen (zero-width, soft
    hyphen, direction marks, control characters) or is no character (lone surrogates, U+FFFD for them, private use)
    goes; what is left is NFC. Full-width digits, quotes and dashes keep their meaning and stay.

    >>> normalise("Tokyo,\u00a0Jan.\u200b 27\u2028cafe\u00ad\u0301 \u202e\x1b[1m １２\ud800")
    'Tokyo, Jan. 27 café [1m １２'
    """
    if text.isascii():
        return text if text.isprintable() else text.translate(_VISIBLE)
    return unicodedata.normalize("NFC", text.translate(_VISIBLE)).translate(_ONE_OF_TWINS)


_SPACES = frozenset("\t\r\v\f\x85\u2800\u3164\uffa0")
"""What is no space by its category, and looks like one: tabs, the blank Braille pattern, Hangul fillers."""
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\ufffc\ufffd")
"""What is a letter or mark by its category, and nothing to see: joiners and fillers; signs for what was lost."""


class _Visible(dict[int, str]):
    """What is to be seen of each character, remembered up to the number of the common ones."""

    def __missing__(self, code: int) -> str:
        seen = _seen(chr(code))
        if code <= _COMMON:
            self[code] = seen
        return seen


_COMMON = 0xFFFF
_VISIBLE = _Visible({ord("\n"): "\n"})


def _seen(char: str) -> str:
    """Return what is to be seen of a character."""
    if char in _SPACES:
        return " "
    if char in _UNSEEN:
        return ""
    if char.isprintable():
        return char
    category = unicodedata.category(char)
    if category.startswith("Z"):
        return " "
    return char if category == "Cn" and not _is_no_character(char) else ""


def _is_no_character(char: str) -> bool:
    """Say whether a code point will never be one; others get their character in later editions of Unicode."""
    return ord(char) & 0xFFFE == 0xFFFE or "\ufdd0" <= char <= "\ufdef"


def line(text: str) -> str:
    r"""Return text as one line, normalised, without white space at its ends.

    >>> line(" B.\u00a0Yen \n  falls ")
    'B. Yen falls'
    """
    return " ".join(normalise(text).split())
