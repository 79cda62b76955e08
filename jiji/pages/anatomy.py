"""The parts of a story in the order in which a reader meets them: known from the words and the order, not from markup.

Breadcrumb, headline (twice), picture with its caption (twice), byline, paragraphs from the dateline on, the sentence
that asks to subscribe, boxes with other headlines. Source: article pages seen in public.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from jiji.items import Dateline
from jiji.sections import label, section_of
from jiji.text import Block, Picture
from jiji.urls import key_of
from jiji.wire import asks_to_subscribe, byline_authors, split_dateline

Stream = Sequence[Block | Picture]
Captioned = tuple[Picture, list[str]]
"""A picture with the lines that may be its caption, the likeliest first."""

_MARK = re.compile(r"[>＞›»→]")
_COPYRIGHT = re.compile(r"(?i)END|[\[(]?\s*(?:copyright\b|\(c\)|©).*")
_TRAIL_LENGTH = 12
_HEADLINE_AREA = 4
"""How many blocks apart the two printings of a headline may stand."""


@dataclass(slots=True)
class Anatomy:
    """The parts of one story."""

    breadcrumbs: list[str]
    headline: str
    authors: list[str]
    dateline: Dateline | None
    paragraphs: list[str]
    pictures: list[Captioned]


def dissect(stream: Stream, *, headline: str | None, known: Callable[[Block], bool], day: date) -> Anatomy:
    """Return the parts of the story that a page's stream tells.

    ``headline`` is what the known markup gives, if anything; ``known`` says whether a block stands where the known
    markup keeps paragraphs; ``day`` is the day of the page's key. Where the markup is silent, words and order answer.
    """
    crumbs, behind = trail(stream)
    headline = headline or guess_headline(stream[behind:])
    story = list(_up_to_end(_behind_headline(stream[behind:], headline)))
    start = _start(story, known, day)
    opening, telling = story[:start], story[start:]
    paragraphs, captions = _told(telling, known)
    dateline, rest = split_dateline(paragraphs[0], day) if paragraphs else (None, "")
    return Anatomy(
        breadcrumbs=crumbs,
        headline=headline,
        authors=next((names for block in _texts(opening) if (names := byline_authors(block.text))), []),
        dateline=dateline,
        paragraphs=[text for text in (rest, *paragraphs[1:]) if text],
        pictures=[*_captioned(opening, lambda _, block: bool(byline_authors(block.text))), *captions],
    )


def trail(stream: Stream) -> tuple[list[str], int]:
    """Return the breadcrumbs as printed, and where in the stream they end.

    Either one line with marks between (``HOME > NATIONAL > Article``) or a list of lines from HOME to Article.
    """
    for at, block in enumerate(stream):
        if (
            not isinstance(block, Block)
            or "home" not in block.text.lower()
            or label(_MARK.split(block.text)[0]) != "home"
        ):
            continue
        crumbs = _crumbs([block])
        if len(crumbs) > 1:
            return crumbs, at + 1
        near = list(_texts(stream[at : at + _TRAIL_LENGTH]))
        names = [label(other.text) for other in near]
        if "article" in names and "home" not in names[1 : names.index("article")]:
            end = names.index("article")
            return _crumbs(near[: end + 1]), stream.index(near[end], at) + 1
    return [], 0


def _crumbs(printed: Sequence[Block]) -> list[str]:
    return [crumb.strip() for block in printed for crumb in _MARK.split(block.text) if crumb.strip()]


def guess_headline(stream: Stream) -> str:
    """Return the first heading, else the first line that is printed twice: what a page without known markup offers."""
    texts = list(_texts(stream))
    headings = [block.text for block in texts if block.element.tag in ("h1", "h2", "h3")]
    doubled = [one.text for one, two in pairwise(texts) if one.text == two.text]
    return (headings + doubled + [""])[0]


def _behind_headline(stream: Stream, headline: str) -> Stream:
    """Return what follows the headline, both printings of it."""
    printed = [n for n, block in enumerate(stream) if isinstance(block, Block) and block.text == headline]
    if not printed:
        return stream
    return stream[max(n for n in printed if n - printed[0] <= _HEADLINE_AREA) + 1 :]


def _up_to_end(stream: Stream) -> Iterator[Block | Picture]:
    """Yield the stream up to the subscribe sentence, a copyright line or the first box of other stories."""
    for at, block in enumerate(stream):
        if isinstance(block, Block) and (
            asks_to_subscribe(block.text) or _COPYRIGHT.fullmatch(block.text) or opens_box(stream[at:])
        ):
            return
        yield block


def opens_box(stream: Stream) -> bool:
    """Say whether a stream begins with a box of other stories: a section's label, then another or a link to a story."""
    one, two = [*_texts(stream[:4]), None, None][:2]
    if one is None or two is None or not section_of(one.text):
        return False
    return section_of(two.text) is not None or any(key_of(link) for link in two.element.xpath(".//@href"))


def _start(story: Stream, known: Callable[[Block], bool], day: date) -> int:
    """Return where the first paragraph stands: the dateline, else the first indented or known block."""
    told = [
        (n, block)
        for n, block in enumerate(story)
        if isinstance(block, Block) and not byline_authors(block.text) and not _is_echo(story, n)
    ]
    inside = [(n, block) for n, block in told if known(block)]
    choices = (
        [n for n, block in told if split_dateline(block.text, day)[0]],
        [n for n, block in inside or told if block.indented],
        [n for n, _ in inside],
    )
    return next((found[0] for found in choices if found), len(story))


def _told(telling: Stream, known: Callable[[Block], bool]) -> tuple[list[str], list[Captioned]]:
    """Return the paragraphs from the first one on, and the pictures between them with their captions.

    What stands where the first paragraph stands is a paragraph; below a picture it must also look like one.
    """
    first = next(_texts(telling), None)
    if first is None:
        return [], []

    def is_told(block: Block) -> bool:
        return known(block) if known(first) else _kind(block) == _kind(first)

    pictures = _captioned(
        telling,
        lambda at, block: is_told(block) and (block.indented or not first.indented) and not _is_echo(telling, at),
    )
    captions = {line for _, lines in pictures for line in lines}
    return [block.text for block in _texts(telling) if is_told(block) and block.text not in captions], pictures


def _kind(block: Block) -> tuple[str, str | None]:
    return str(block.element.tag), block.element.get("class")


def _captioned(part: Stream, ends: Callable[[int, Block], bool]) -> list[Captioned]:
    """Return the pictures of a part, each with the lines below it, up to the next picture or to a block that ``ends``.

    Of those lines the caption comes first: it stands there twice, or above the picture too, or is its other text.
    """
    pictures: list[Captioned] = []
    above: list[str] = []
    for at, picture in enumerate(part):
        if isinstance(picture, Block):
            above.append(picture.text)
            continue
        below = list(_below(part, at, ends))
        proven = [text for text in below if text in (picture.alt, *above) or below.count(text) > 1]
        pictures.append((picture, list(dict.fromkeys(proven + below))))
        above = []
    return pictures


def _below(part: Stream, picture: int, ends: Callable[[int, Block], bool]) -> Iterator[str]:
    for at, block in enumerate(part[picture + 1 :], start=picture + 1):
        if isinstance(block, Picture) or ends(at, block):
            return
        yield block.text


def _is_echo(stream: Stream, at: int) -> bool:
    """Say whether a block is a caption by proof: the same line stands close to it, or is a picture's other text."""
    block = stream[at]
    near = [*stream[max(at - 3, 0) : at], *stream[at + 1 : at + 3]]
    return isinstance(block, Block) and any(
        block.text == (other.text if isinstance(other, Block) else other.alt) for other in near
    )


def _texts(stream: Stream) -> Iterator[Block]:
    return (block for block in stream if isinstance(block, Block))
