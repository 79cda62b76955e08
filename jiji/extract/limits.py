"""Limits on the markup of a page: beyond them the parser would block for minutes, or lose text silently.

Source: measured with Lexbor. The time for one tag grows with the square of its attributes (half a minute for 80,000),
and that for nested elements with the square of their depth.
"""

import re

MOST_TAGS = 20_000
"""An article page has some three hundred, the longest known index page two thousand."""
LONGEST_TAG = 2_048
"""Characters of one tag without its quoted values, which may be long."""
DEEPEST = 500
"""Nested elements. Old markup that never closes a ``font`` has some dozens."""

MOST_UNCLOSED = 100
"""Inline elements that are never closed. Each block opens them again, so the tree grows with their square."""
_FORMATTING = re.compile(r"(?i)<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s>])")

_ATTRIBUTES = r"""(?:[^>=]++|=\s*+(?:"[^"]*+"?|'[^']*+'?)?)*+>?"""
_TAGS = re.compile(
    r"<!--(?:-?>|(?:[^-]++|-(?!-!?>))*+)"
    rf"|(?P<raw><(?P<name>script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[\s/>]){_ATTRIBUTES})"
    r"(?:[^<]++|<(?!/(?P=name)))*+"
    r"|<[!?][^>]*+"
    rf"|</?[a-z]{_ATTRIBUTES}",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*+"?|'[^']*+'?)""")

_QUOTED_END = re.compile(r"""="[^">]*+>""")
"""A ">" in a quoted value: only there does a tag go on behind the next ">"."""
_OTHER_QUOTED_END = re.compile(r"""=\s*+["'][^"'>]*+>""")
_WHITE_SPACE = re.compile(r"\s{2,}")


class TooMuchMarkup(ValueError):
    """The page has more markup than the parser is given."""


def check_tags(text: str) -> None:
    """Raise TooMuchMarkup for a page of too many or too long tags; nothing is parsed.

    >>> check_tags("<p " + " ".join(f"a{n}=1" for n in range(80_000)) + ">")
    Traceback (most recent call last):
    jiji.extract.limits.TooMuchMarkup: a tag of 648889 characters, expected at most 2048 without quoted values
    >>> check_tags("<img src='data:" + "A" * 9_000 + "'>" + "<p>text" * 9_000)
    """
    if (tags := text.count("<")) > MOST_TAGS:
        raise TooMuchMarkup(f"{tags} tags, expected at most {MOST_TAGS}")
    if tags > 2 * text.count("</") + MOST_UNCLOSED:
        ends = [found[1] for found in _FORMATTING.finditer(text)]
        if (unclosed := ends.count("") - ends.count("/")) > MOST_UNCLOSED:
            raise TooMuchMarkup(f"{unclosed} inline elements are not closed, expected at most {MOST_UNCLOSED}")
    if _has_short_tags(text):
        return  # nearly every page: its tags need not be matched one by one
    for found in _TAGS.finditer(text):
        tag = found["raw"] or found[0]
        if len(tag) > LONGEST_TAG and tag[1] not in "!?" and _length(tag) > LONGEST_TAG:
            raise TooMuchMarkup(f"a tag of {len(tag)} characters, expected at most {LONGEST_TAG} without quoted values")


def _has_short_tags(text: str) -> bool:
    """Return whether there is a ">" in each stretch of the longest tag's length, and none in a quoted value."""
    end = 0
    while end + LONGEST_TAG < len(text):
        end = text.rfind(">", end, end + LONGEST_TAG + 1) + 1
        if not end:
            return False
    if "='" in text or "= " in text or "=\n" in text:
        return _OTHER_QUOTED_END.search(text) is None
    return _QUOTED_END.search(text) is None


def _length(tag: str) -> int:
    """Return the length of a tag without its quoted values and repeated white space."""
    # cases: white-space-between-attributes, tabs-between-attributes-of-a-script
    return len(_WHITE_SPACE.sub(" ", _QUOTED.sub("=", tag)))
