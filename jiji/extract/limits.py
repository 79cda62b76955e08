"""Limits on the markup of a page: beyond them the parser would block for minutes, or lose text silently.

Source: measured with Lexbor. The time for one tag grows with the square of its attributes (half a minute for 80,000),
and that for nested elements with the square of their depth.
"""

import re

MOST_TAGS = 20_000
"""An article page has some three hundred, the longest known index page two thousand."""
LONGEST_TAG = 2_048
"""Bytes of one tag without its quoted values, which may be long."""
DEEPEST = 500
"""Nested elements. Old markup that never closes a ``font`` has some dozens."""

MOST_PICTURES = 500
"""Pictures of an article page, icons and advertisements included. A photo page has some dozens."""
MOST_BLOCKS = 6_000
"""Lines and pictures of an article page down to its end. Three hundred kilobytes of text are five thousand lines."""

MOST_UNCLOSED = 100
"""Inline elements that are never closed. Each block opens them again, so the tree grows with their square."""
_FORMATTING = re.compile(rb"(?i)<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s>])")

_ATTRIBUTES = rb"""(?:[^>=]++|=\s*+(?:"[^"]*+"?|'[^']*+'?)?)*+>?"""
_TAGS = re.compile(
    rb"<!--(?:-?>|(?:[^-]++|-(?!-!?>))*+)"
    rb"|(?P<raw><(?P<name>script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[\s/>])" + _ATTRIBUTES + rb")"
    rb"(?:[^<]++|<(?!/(?P=name)))*+"
    rb"|<[!?][^>]*+"
    rb"|</?[a-z]" + _ATTRIBUTES,
    re.IGNORECASE,
)
_QUOTED = re.compile(rb"""=\s*+(?:"[^"]*+"?|'[^']*+'?)""")

_QUOTED_END = re.compile(rb"""=\s*+(?:"[^">]*+>|'[^'>]*+>)""")
"""A ">" in a quoted value, or in a text of a script that looks like one: only there does a tag go on behind a ">"."""
_WHITE_SPACE = re.compile(rb"\s{2,}")


class TooMuchMarkup(ValueError):
    """The page has more markup than the parser is given."""


def check_tags(markup: bytes) -> None:
    """Raise TooMuchMarkup for a page of too many or too long tags; nothing is parsed.

    >>> check_tags(b"<p " + b" ".join(b"a%d=1" % n for n in range(80_000)) + b">")
    Traceback (most recent call last):
    jiji.extract.limits.TooMuchMarkup: a tag of 648889 bytes, expected at most 2048 without quoted values
    >>> check_tags(b"<img src='data:" + b"A" * 9_000 + b"'>" + b"<p>text" * 9_000)
    """
    if (tags := markup.count(b"<")) > MOST_TAGS:
        raise TooMuchMarkup(f"{tags} tags, expected at most {MOST_TAGS}")
    if tags > 2 * markup.count(b"</") + MOST_UNCLOSED:
        ends = [found[1] for found in _FORMATTING.finditer(markup)]
        if (unclosed := ends.count(b"") - ends.count(b"/")) > MOST_UNCLOSED:
            raise TooMuchMarkup(f"{unclosed} inline elements are not closed, expected at most {MOST_UNCLOSED}")
    if _has_short_tags(markup):
        return  # nearly every page: its tags need not be matched one by one
    for found in _TAGS.finditer(markup):
        tag = found["raw"] or found[0]
        if len(tag) > LONGEST_TAG and tag[1] not in b"!?" and _length(tag) > LONGEST_TAG:
            raise TooMuchMarkup(f"a tag of {len(tag)} bytes, expected at most {LONGEST_TAG} without quoted values")


def _has_short_tags(markup: bytes) -> bool:
    """Return whether there is a ">" in each stretch of the longest tag's length, and none in a quoted value.

    >>> _has_short_tags(b"<p class='a'>" * 400), _has_short_tags(b"<p " + b"class='>' " * 400 + b">")
    (True, False)
    """
    end = 0
    while end + LONGEST_TAG < len(markup):
        end = markup.rfind(b">", end, end + LONGEST_TAG + 1) + 1
        if not end:
            return False
    return _QUOTED_END.search(markup) is None


def _length(tag: bytes) -> int:
    """Return the length of a tag without its quoted values and repeated white space."""
    # cases: white-space-between-attributes, tabs-between-attributes-of-a-script
    return len(_WHITE_SPACE.sub(b" ", _QUOTED.sub(b"=", tag)))
