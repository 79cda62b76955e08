"""Hidden text: the declarations of a style sheet by which a browser does not show an element."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

LARGEST_SHEET = 100_000
"""Characters of one style sheet that are read."""
_HIDES = re.compile(
    r"(?i)(?<![\w-])(?:display:none|visibility:(?:hidden|collapse)|content-visibility:hidden|(?:font-size|opacity):0(?![.\d]*[1-9])"
    r"|(?:left|right|top|bottom|text-indent|margin-left|margin-top):-\d{3,}(?:\.\d+)?(?:px|r?em|%|pt|v[wh])"
    r"|transform:[^;]{0,60}(?:scale[xy3d]*\((?:[\d.]+,)?0(?:[,)])|translate(?:x|y|3d)?\((?:[^;)]{0,40},)?-\d{3,})|scale:0(?![.\d])"
    r"|font:(?:[\w.]{1,20},){0,4}0(?:px|em)?[/,]|inset:[^;]{0,60}-\d{3,}|filter:opacity\(0%?\)|color:transparent|clip:rect\((?:[01](?:px)?,?){4}\)|clip-path:inset\((?:50|100)%\))"
)
_PUSHED_OUT = re.compile(r"(?i)(?<![\w-])text-indent:\d{3,}%")
_FLAT = re.compile(r"(?i)(?<![\w-])(?:max-)?(?:height|width):[01](?:px)?(?![\d.%\w])")
_CLIPS = re.compile(r"(?i)(?<![\w-])overflow(?:-[xy])?:(?:hidden|clip)")
_SHOWS = re.compile(r"(?i)(?<![\w-])(?:display:(?!none)\w|visibility:visible)")
_MOST_RULES = 300
_SELECTOR = re.compile(
    r"(?:(?:[\w.#*-]|\[[^\[\]]{1,60}\]|:not\([^()]{1,60}\)|:(?:first|last|only)-child)+(?:\s*>\s*|\s+|$)){1,4}"
)
"""A selector without states and pseudo-elements, and with so few parts that a tree is searched in time."""
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_BRACKET = re.compile(r"([{}])")


def hides(declarations: str) -> bool:
    """Return whether the declarations of a ``style`` attribute or of a rule hide an element.

    >>> [hides(style) for style in ("display : none", "left:-9999px; top:0", "font-size:0", "font-size:0.9em", "color:red")]
    [True, True, True, False, False]
    >>> [hides(style) for style in ("font: 0/0 a", "transform: translate(-9999px, 0)", "transform: translate(-50%, -50%)")]
    [True, True, False]
    """  # noqa: E501
    if not declarations:
        return False
    compact = _compact(declarations)
    return _HIDES.search(compact) is not None or bool(
        (_FLAT.search(compact) or _PUSHED_OUT.search(compact)) and _CLIPS.search(compact)
    )


@lru_cache(maxsize=64)
def hiding_rules(sheet: str) -> tuple[tuple[str, bool], ...]:
    """Return the selectors of the rules that hide elements on a screen (True) or show them again (False), in order.

    >>> hiding_rules(".a, p.b {display:none} /* .c {display:none} */ @media print {.d {display:none}} .a {display:block}")
    (('.a', True), ('p.b', True), ('.a', False))
    """  # noqa: E501
    found = (
        (selector.strip(), is_hiding)
        for selectors, declarations in _rules(_COMMENT.sub("", sheet[:LARGEST_SHEET]))
        if (is_hiding := hides(declarations)) or _SHOWS.search(_compact(declarations))
        for selector in selectors.split(",")
    )
    return tuple(islice((rule for rule in found if _SELECTOR.fullmatch(rule[0])), _MOST_RULES))


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and declarations of each rule for every screen, not of those inside a conditional media query."""
    around: list[bool] = []
    selectors, is_for_screens = "", True
    parts = _BRACKET.split(sheet)
    for text, bracket in zip(parts[::2], parts[1::2], strict=False):
        if bracket == "{":
            selectors = text.rpartition(";")[2].strip()
            around.append(is_for_screens)
            if selectors.startswith("@"):
                is_for_screens = (
                    is_for_screens and re.fullmatch(r"(?i)@media\s+(?:all|screen)\s*", selectors) is not None
                )
        else:
            if around and is_for_screens and selectors and not selectors.startswith("@"):
                yield selectors, text
            selectors = ""
            is_for_screens = around.pop() if around else True


def _compact(declarations: str) -> str:
    """Return declarations with commas for the spaces between values, and without other white space."""
    return re.sub(r"\s*([:;,(])\s*", r"\1", declarations.strip()).replace(" ", ",")
