"""How much markup a page may have: what lies beyond would block the parser for minutes, or be lost in it silently.

Source: measured with libxml2 2.14. The time that one tag takes grows with the square of its attributes (80,000 of them:
half a minute), and what is nested deeper than 2,046 elements is not in the tree.
"""

import re

from lxml import etree

MOST_TAGS = 20_000
"""An article page has some three hundred, the longest index that is known two thousand."""
LONGEST_TAG = 2_048
"""Characters of one tag beside its quoted values, which may be long."""
DEEPEST = 500
"""Elements inside each other; old markup that never closes a ``font`` has some dozens."""

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

_QUOTED_END = re.compile(r"""=\s*+["'][^"'>]*+>""")
"""What a tag needs to be longer than up to the next ">": one in a quoted value."""


def check_length(text: str) -> None:
    """Raise ValueError where a page has more markup than the parser takes in at ease; nothing is parsed.

    >>> check_length("<p " + " ".join(f"a{n}=1" for n in range(80_000)) + ">")
    Traceback (most recent call last):
    ValueError: no page: a tag of 648889 characters, expected at most 2048 beside quoted values
    >>> check_length("<img src='data:" + "A" * 9_000 + "'>" + "<p>text" * 9_000)
    """
    if (tags := text.count("<")) > MOST_TAGS:
        raise ValueError(f"no page: {tags} tags, expected at most {MOST_TAGS}")
    if max(map(len, text.split(">"))) <= LONGEST_TAG and not _QUOTED_END.search(text):
        return  # nearly every page: no need to take it apart
    for found in _TAGS.finditer(text):
        tag = found["raw"] or found[0]
        if len(tag) > LONGEST_TAG and tag[1] not in "!?" and len(_QUOTED.sub("=", tag)) > LONGEST_TAG:
            raise ValueError(
                f"no page: a tag of {len(tag)} characters, expected at most {LONGEST_TAG} beside quoted values"
            )


def check_depth(root: etree._Element) -> None:
    """Raise ValueError where elements are nested so deep that text may be missing from the tree.

    >>> check_depth(etree.HTML("<div>" * 2_500 + "lost", etree.HTMLParser(huge_tree=True)))
    Traceback (most recent call last):
    ValueError: no page: elements nested more than 500 deep
    """
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise ValueError(f"no page: elements nested more than {DEEPEST} deep")
