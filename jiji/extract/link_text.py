"""Text of a link in a list: its pieces between tags, and the headline among them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby

from jiji.extract.tree import BLOCK_TAGS, Element, Event
from jiji.site.sections import section_of
from jiji.text.list_wording import is_noise, is_sentence, is_time, without_noise
from jiji.text.normalize import line

_MOST_PIECES = 100
_ASIDE_NAMES = re.compile(
    r"(?<![a-z])(?:no|num(?:ber)?|rank(?:ing)?|counts?|comments?|badge|icon|ico|new|mark|tag|label|cat(?:egory)?|kicker"
    r"|genre|section|time(?:stamp)?|date|ago|age|meta|info|byline|author|source|credit|caption)(?![a-z])",
    re.IGNORECASE,
)
_HEADLINE_NAMES = re.compile(r"(?<![a-z])(?:headline|title|ttl|tit|hl|subject|midashi)(?![a-z])", re.IGNORECASE)
_TEASER_NAMES = re.compile(
    r"(?<![a-z])(?:teaser|summary|excerpt|lead|desc(?:ription)?|digest|abstract|snippet)(?![a-z])", re.IGNORECASE
)
_SCREEN_READER_NAMES = re.compile(
    r"(?<![\w-])(?:sr-?only|screen-?reader(?:-text)?|visually-?hidden|u-hidden|assistive-text|a11y-hidden)(?![\w-])",
    re.IGNORECASE,
)
_BESIDE_LABEL = (
    re.compile(r"[\[(【](?P<label>[^\])】]{3,40})[\])】]\s*(?:[|｜]\s*)?(?P<rest>.+)"),
    re.compile(r"(?P<label>[^|｜:：]{3,40}?)\s*[|｜:：]\s*(?P<rest>.+)"),
    re.compile(r"(?P<rest>[^|｜]{1,300}?)\s+(?:[|｜]|[–—-]\s)\s*(?P<label>[^|｜]{3,40})"),
    re.compile(r"(?P<rest>[^\[(【]{1,300}?)\s*[–—|-]?\s*[\[(【](?P<label>[^\])】]{3,40})[\])】]"),
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_FORMATTING = frozenset("b i em strong u font sup sub q cite mark big tt wbr bdi bdo abbr ruby rb".split())


class Role(IntEnum):
    """Role of a piece of a link's text, the likeliest headline last."""

    ASIDE = 0
    TEASER = 1
    PLAIN = 2
    HEADLINE = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a link's text, between two tags."""

    text: str
    block: int
    """Number of the block element around the text, in reading order."""
    line: int
    """Number of the line in the block, which ``br`` elements split."""
    role: Role
    is_apart: bool
    """True for an inline element of its own that does more than change the look of its text."""
    is_formatted: bool
    """True for an inline element that only changes the look of its text."""


class _Reader:
    """State of a walk through a link, and the pieces that it finished."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._open: list[tuple[Role, Element]] = []
        self._unread: Element | None = None
        """Outermost open element with text for screen readers only."""
        self._block = 0
        self._line = 0

    def start(self, element: Element) -> None:
        """Enter an element."""
        names = f"{element.get('class')} {element.get('id')}" if self._open and element.attributes else ""
        role = _role(element.tag, names) if self._open else Role.PLAIN
        self._open.append((self._open[-1][0] if role is None else role, element))
        if self._unread is None and names and _SCREEN_READER_NAMES.search(names):
            self._unread = element
        self._break(element)

    def add(self, text: str) -> None:
        """Add text."""
        role, element = self._open[-1]
        if self._unread is None and text and len(self.pieces) < _MOST_PIECES:
            is_inline = len(self._open) > 1 and element.tag not in BLOCK_TAGS
            is_formatted = element.tag in _FORMATTING
            piece = Piece(text, self._block, self._line, role, is_inline and not is_formatted, is_formatted)
            self.pieces.append(piece)

    def end(self, element: Element) -> None:
        """Leave an element."""
        self._open.pop()
        self._break(element)
        if element == self._unread:
            self._unread = None

    def _break(self, element: Element) -> None:
        """Start a line or a block."""
        self._line += element.tag == "br"
        self._block += element.tag in BLOCK_TAGS and element.tag != "br"


def _role(tag: str, names: str) -> Role | None:
    if tag in _HEADINGS or (names and _HEADLINE_NAMES.search(names)):
        return Role.HEADLINE
    if tag == "time" or (names and _ASIDE_NAMES.search(names)):
        return Role.ASIDE
    return Role.TEASER if names and _TEASER_NAMES.search(names) else None


def pieces(link: Element) -> list[Piece]:
    """Return the printed text of a link in pieces, without text for screen readers.

    >>> from jiji.extract.tree import Tree
    >>> found = pieces(Tree("<a><h3>Rain <b>in</b> Oita</h3><span class=date>May 5</span></a>").css("a")[0])
    >>> [(piece.text, piece.block, piece.role.name) for piece in found]
    [('Rain ', 1, 'HEADLINE'), ('in', 1, 'HEADLINE'), (' Oita', 1, 'HEADLINE'), ('May 5', 2, 'ASIDE')]
    """
    reader = _Reader()
    steps = {Event.START: reader.start, Event.END: reader.end}
    for event, element, text in link.walk():
        if event is Event.TEXT:
            reader.add(text)
        else:
            steps[event](element)
    return reader.pieces


def headline(parts: Sequence[Piece]) -> str:
    """Return the headline in the text of a link; an empty text for a link with none.

    The headline is the part in a heading, or the longest that is no sentence. Times, counts, labels and marks around it
    are left out.

    >>> def headlines(*htmls):
    ...     from jiji.extract.tree import Tree
    ...     return [headline(pieces(Tree(f"<a href=x>{html}</a>").css("a")[0])) for html in htmls]
    >>> headlines("Rain in Oita <small>3 hours ago</small>", "<span>NEW</span> Rain in Oita (3)", "[PHOTO] Rain in Oita")
    ['Rain in Oita', 'Rain in Oita', 'Rain in Oita']
    >>> headlines("<p>SPORTS</p><p>Rain in Oita</p><p>Rain fell on Oita on Monday, and on Beppu.</p>", "3 comments", "Print")
    ['Rain in Oita', '', '']
    >>> headlines("<b>3</b> Killed in Kobe", "<span class=rank>3</span> Killed in Kobe", "<i>Live</i> Music<br>in Oita")
    ['3 Killed in Kobe', 'Killed in Kobe', 'Live Music in Oita']
    """  # noqa: E501
    return _headline([part for part in parts if part.role is not Role.ASIDE]) or _headline(parts)


def _headline(parts: Sequence[Piece]) -> str:
    blocks = [list(block) for _, block in groupby(parts, key=lambda part: part.block)]
    texts = [(max(part.role for part in block), text) for block in blocks if (text := _block_text(block))]
    if not texts:
        return ""
    best = max(role for role, _ in texts)
    found = [text for role, text in texts if role is best]
    # case: headline-in-a-heading-of-two-blocks
    return " ".join(found) if best is Role.HEADLINE else max(_without_sentences(found), key=len)


def _block_text(block: Iterable[Piece]) -> str:
    """Return the text of a block without lines that are noise, and without the sentences below a headline."""
    lines = [
        without_noise(_without_label(line("".join(part.text for part in parts if not _is_noise(part)))))
        for _, parts in groupby(block, key=lambda part: part.line)
    ]
    return " ".join(_without_sentences([text for text in lines if text and not section_of(text)]))


def _without_label(text: str) -> str:
    """Return a line without a section's label in brackets, or before a bar, at one of its ends.

    >>> [_without_label(text) for text in ("[POLITICS] Rain in Oita", "Rain in Oita (Sports)", "OTHER | Rain in Oita", "(1) Rain")]
    ['Rain in Oita', 'Rain in Oita', 'Rain in Oita', '(1) Rain']
    """  # noqa: E501
    found = (match for pattern in _BESIDE_LABEL if (match := pattern.fullmatch(text)))
    return next((match["rest"].strip() for match in found if section_of(match["label"])), text)


def _without_sentences(texts: list[str]) -> list[str]:
    """Return texts without those that are sentences, unless all are."""
    return [text for text in texts if not is_sentence(text)] or texts


def _is_noise(part: Piece) -> bool:
    """Return whether a piece inside a line is noise: formatted words only if in capitals, numbers only in brackets."""
    text = line(part.text)
    if part.is_formatted:
        return is_time(text) or (text.isupper() and is_noise(text))
    return part.is_apart and not text.isdecimal() and (is_noise(text) or section_of(text) is not None)


def words(parts: Iterable[Piece]) -> str:
    """Return all of a link's text on one line.

    >>> from jiji.extract.tree import Tree
    >>> words(pieces(Tree("<a><p>Next</p><p>page<br>2</p></a>").css("a")[0]))
    'Next page 2'
    """
    lines = groupby(parts, key=lambda part: (part.block, part.line))
    return line(" ".join("".join(part.text for part in each) for _, each in lines))
