"""Source of a page: the stretches of its markup that hold text, with the place of each character.

The markup is not parsed as a browser would, only cut into tags, comments, scripts and text. A character may be
replaced in its place, so everything else of a page stays as it is, byte for byte.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from jiji.extract.tree import BLOCK_TAGS

_TOKEN = re.compile(
    r"(?P<comment><!--(?:.*?-->|.*\Z))"
    r"|(?P<raw><(?P<raw_tag>script|style)\b(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>)(?P<raw_text>.*?)(?=</(?P=raw_tag)\b|\Z)"
    r"|(?P<tag></?(?P<name>[a-zA-Z][\w:-]*)(?:(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>|[^>]*+(?:>|\Z)))"
    r"|(?P<other><[!?/][^>]*+>)",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s\"'<>/=]+)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+))"
)
_ENTITY = re.compile(r"&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z][a-zA-Z0-9]{1,31};)")
_STRING = re.compile(
    r"\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>(?:[^'\\\n]|\\.)*)'|`(?P<back>(?:[^`\\]|\\.)*)`"
    r"|/\*(?P<block>.*?)\*/|(?<!:)//(?P<rest>[^\n]*)",
    re.DOTALL,
)
"""String or comment of a script or a style sheet."""
_ENTITY_OR_ESCAPE = re.compile(rf"{_ENTITY.pattern}|\\(?:u[0-9a-fA-F]{{4}}|x[0-9a-fA-F]{{2}}|.)", re.DOTALL)
_SETTINGS = re.compile(r"(?:\s*[\w-]+=[\w.-]+[,;]?)+")
"""Value of an attribute such as ``width=device-width, initial-scale=1``."""
_BREAKS = BLOCK_TAGS | {"img", "option", "textarea"}
_TEXT_ATTRIBUTES = frozenset("alt title summary aria-label aria-description placeholder label".split())
_CODE_ATTRIBUTES = frozenset(
    "class id style href src srcset sizes rel type media lang http-equiv name property itemprop action method d points"
    " viewbox transform width height charset integrity datetime".split()
)


class Char(NamedTuple):
    """Character of a text."""

    text: str
    start: int
    """Place in the source."""
    end: int
    is_plain: bool = True
    """False for a character reference (``&amp;``) and an escape of a script."""


@dataclass(slots=True)
class Stretch:
    """Line of text in the source, which may run through inline tags; an attribute's value; a string of a script."""

    chars: list[Char] = field(default_factory=list)
    nodes: list[tuple[int, int]] = field(default_factory=list)
    """Positions in ``chars`` at which the text of each node begins and ends."""
    is_script: bool = False
    """True for a string of a script, which need not be text."""
    is_printed: bool = False
    """True for text between tags."""

    @property
    def text(self) -> str:
        """Text of the stretch, white space as in the source."""
        return "".join(char.text for char in self.chars)


def stretches(
    source: str, start: int = 0, end: int | None = None, special: re.Pattern[str] = _ENTITY
) -> Iterator[Stretch]:
    """Yield all text of a page: printed lines, attributes that hold text, comments, and strings of scripts.

    ``special`` is the pattern of characters that are written in another way than by themselves.
    """
    end = len(source) if end is None else end
    line, at = Stretch(is_printed=True), start
    for found in _TOKEN.finditer(source, start, end):
        _add(line, source, at, found.start(), special)
        at = found.end()
        if found["comment"]:
            yield from _comment(source, found.start() + 4, found.end())
        elif found["raw"]:
            yield from _attributes(source, *found.span("raw"))
            yield from _strings(source, *found.span("raw_text"))
        elif found["tag"]:
            yield from _attributes(source, *found.span("tag"))
            if found["name"].lower() in _BREAKS and line.chars:
                yield line
                line = Stretch(is_printed=True)
    _add(line, source, at, end, special)
    if line.chars:
        yield line


def replaced(source: str, changes: list[tuple[Char, str]]) -> str:
    """Return the source with other characters in some places."""
    parts, at = [], 0
    for char, text in sorted(changes, key=lambda change: change[0].start):
        parts += [source[at : char.start], text]
        at = char.end
    return "".join([*parts, source[at:]])


def _add(line: Stretch, source: str, start: int, end: int, special: re.Pattern[str]) -> None:
    """Add a text node to a line."""
    if start < end:
        first = len(line.chars)
        line.chars += _chars(source, start, end, special)
        line.nodes.append((first, len(line.chars)))


def _chars(source: str, start: int, end: int, special: re.Pattern[str]) -> Iterator[Char]:
    """Yield the characters of a text, a character reference or escape as one."""
    at = start
    for found in special.finditer(source, start, end):
        yield from (Char(source[place], place, place + 1) for place in range(at, found.start()))
        text = unescape(found[0]) if found[0].startswith("&") else " "
        yield Char(text[:1] if text != found[0] else " ", *found.span(), is_plain=False)
        at = found.end()
    yield from (Char(source[place], place, place + 1) for place in range(at, end))


def _whole(source: str, start: int, end: int, special: re.Pattern[str]) -> Iterator[Stretch]:
    """Yield one stretch, unless it is empty."""
    if chars := list(_chars(source, start, end, special)):
        yield Stretch(chars, [(0, len(chars))], is_script=special is _ENTITY_OR_ESCAPE)


def _attributes(source: str, start: int, end: int) -> Iterator[Stretch]:
    """Yield the values of a tag's attributes that hold text: by their names, or because they have two words."""
    tag = source[start:end]
    is_code = re.match(r"(?i)<meta\b.*\bhttp-equiv\s*=", tag, re.DOTALL) is not None
    for found in _ATTRIBUTE.finditer(source, start, end):
        name = found["name"].lower()
        group = next(each for each in ("double", "single", "bare") if found[each] is not None)
        value = found[group]
        is_text = name in _TEXT_ATTRIBUTES or (" " in value.strip() and name not in _CODE_ATTRIBUTES)
        if (
            is_text
            and not is_code
            and not _SETTINGS.fullmatch(value)
            and not name.startswith("on")
            and "/" not in value.partition(" ")[0]
        ):
            yield from _whole(source, *found.span(group), _ENTITY)


def _comment(source: str, start: int, end: int) -> Iterator[Stretch]:
    if "<" in source[start:end]:
        yield from stretches(source, start, end)
    else:
        yield from _whole(source, start, end, _ENTITY)


def _strings(source: str, start: int, end: int) -> Iterator[Stretch]:
    """Yield the strings and comments of a script or a style sheet that may hold text, markup in them too."""
    for found in _STRING.finditer(source, start, end):
        group = next(each for each, value in found.groupdict().items() if value is not None)
        if re.search(r"<\w", found[group]):
            yield from stretches(source, *found.span(group), _ENTITY_OR_ESCAPE)
        elif re.search(r"[^\W\d_]", found[group]):
            yield from _whole(source, *found.span(group), _ENTITY_OR_ESCAPE)
