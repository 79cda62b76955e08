"""The parts of a story in the order in which a reader meets them: known from words and order, not from markup alone.

Breadcrumb, headline (twice), picture with its caption (twice), byline, paragraphs from the dateline on, each opening
with no-break spaces, the sentence that asks to subscribe, boxes with other headlines. Source: article pages seen in
public.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise

from lxml import html

from jiji.items import Dateline
from jiji.pages.captions import Captioned, captioned, is_echo
from jiji.pages.notices import names_barrier, says_barrier
from jiji.sections import label, section_of
from jiji.text import Block, Picture, Stream, texts_of
from jiji.urls import key_of
from jiji.wire import SUBSCRIBE_OPENING, asks_to_subscribe, byline_authors, has_dateline, split_dateline

_MARK = re.compile(r"[>＞›»→]")
_COPYRIGHT = re.compile(r"(?i)END|[\[(]?\s*(?:copyright\b|\(c\)|©).*")
_TRAIL_LENGTH = 12
_HEADLINE_AREA = 4
"""How many blocks apart the two printings of a headline may stand."""
_SPLIT = 3
"""Over how many blocks a headline or the subscribe sentence may be spread by line breaks."""
_BOX_HEAD = 4
"""In how many blocks and pictures a box shows what it is."""
_MUCH_TEXT = 400
"""Characters that no notice in an article's place has."""
_NOTICE = 2
"""Paragraphs that a notice in an article's place may have."""


@dataclass(slots=True)
class Anatomy:
    """The parts of one story."""

    breadcrumbs: list[str]
    headline: str
    authors: list[str]
    dateline: Dateline | None
    paragraphs: list[str]
    truncated: bool
    pictures: list[Captioned]
    indented: bool
    """Whether the first paragraph opens as the site's paragraphs do."""
    has_end: bool
    """Whether something stands behind the paragraphs that comes only there."""

    @property
    def is_proven(self) -> bool:
        """Whether words that only a story has stand on the page, and not a notice in a story's place."""
        if not (self.headline and self.paragraphs):
            return False
        is_article = bool(self.breadcrumbs) and label(self.breadcrumbs[-1]) == "article"
        is_long = sum(map(len, self.paragraphs)) >= _MUCH_TEXT
        is_short = len(self.paragraphs) <= _NOTICE and not is_long
        is_notice = names_barrier(self.headline) or (is_short and any(map(says_barrier, self.paragraphs)))
        reads_as_one = self.truncated or (is_article and (self.indented or is_long))
        return bool(self.dateline) or (reads_as_one and not is_notice)


def dissect(stream: Stream, *, headline: str | None, known: Callable[[Block], bool], day: date) -> Anatomy:
    """Return the parts of the story that a page's stream tells.

    ``headline`` is what the known markup gives, if anything; ``known`` says whether a block stands where the known
    markup keeps paragraphs; ``day`` is the day of the page's key. Where the markup is silent, words and order answer.
    """
    crumbs, behind = trail(stream)
    headline = headline or guess_headline(stream[behind:], day, nearest=not crumbs)
    stream = [_without_text(part, headline) for part in stream]
    story = _behind_headline(stream[behind:], headline)
    start = _start(story, known, day)
    opening, telling = story[:start], list(_up_to_end(story[start:]))
    first = next(texts_of(telling), None)
    is_told = _teller(telling, known)
    pictures = [*captioned(opening, lambda block: bool(byline_authors(block.text))), *captioned(telling, is_told)]
    captions = {line for picture in pictures for line in picture.lines}
    paragraphs = [block.text for block in texts_of(telling) if is_told(block) and block.text not in captions]
    dateline, rest = split_dateline(paragraphs[0], day) if paragraphs else (None, "")
    return Anatomy(
        breadcrumbs=crumbs,
        headline=headline,
        authors=next((names for block in texts_of(opening) if (names := byline_authors(block.text))), []),
        dateline=dateline,
        paragraphs=[text for text in (rest, *paragraphs[1:]) if text],
        truncated=any(_asks_to_subscribe(stream, at) for at in range(len(stream))),
        pictures=pictures,
        indented=first is not None and first.indented,
        has_end=len(telling) < len(story) - start,
    )


def _without_text(part: Block | Picture, headline: str) -> Block | Picture:
    """Return a picture whose other text only repeats the headline without it."""
    return replace(part, alt="") if isinstance(part, Picture) and part.alt == headline else part


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
        near = list(texts_of(stream[at : at + _TRAIL_LENGTH]))
        names = [label(other.text) for other in near]
        if "article" in names and "home" not in names[1 : names.index("article")]:
            end = names.index("article")
            return _crumbs(near[: end + 1]), stream.index(near[end], at) + 1
    return [], 0


def _crumbs(printed: Sequence[Block]) -> list[str]:
    return [crumb.strip() for block in printed for crumb in _MARK.split(block.text) if crumb.strip()]


def guess_headline(stream: Stream, day: date, *, nearest: bool) -> str:
    """Return what a page without known markup offers as headline, above its first paragraph.

    That is a line printed twice that is no caption, else a heading: the first one, or the ``nearest`` to the story
    where no breadcrumb keeps the masthead apart.
    """
    above: list[Block] = []
    for block in stream:
        if isinstance(block, Picture) or block.indented or has_dateline(block.text):
            break
        above.append(block)
    doubled = [one.text for one, two in pairwise(above) if one.text == two.text]
    headings = [block.text for block in above if block.element.tag in ("h1", "h2", "h3") and not section_of(block.text)]
    return (doubled + (headings[::-1] if nearest else headings) + [""])[0]


def _behind_headline(stream: Stream, headline: str) -> Stream:
    """Return what follows the headline, both printings of it, each on one line or on several."""
    ends = [at + length for at in range(len(stream)) for length in [_printed(stream, at, headline)] if length]
    return stream[max(end for end in ends if end - ends[0] <= _HEADLINE_AREA) :] if ends else stream


def _printed(stream: Stream, at: int, line: str) -> int:
    """Return over how many blocks a line is printed from here on; 0 if it is not."""
    parts: list[str] = []
    for block in stream[at : at + _SPLIT]:
        if isinstance(block, Picture) or not line.startswith(" ".join([*parts, block.text])):
            return 0
        parts.append(block.text)
        if len(" ".join(parts)) == len(line):
            return len(parts)
    return 0


def _start(story: Stream, known: Callable[[Block], bool], day: date) -> int:
    """Return where the first paragraph stands: the first indented or else known block, or the dateline before it."""
    told = [
        (at, block)
        for at, block in enumerate(story)
        if isinstance(block, Block) and not byline_authors(block.text) and not is_echo(story, at)
    ]
    inside = [(at, block) for at, block in told if known(block)]
    datelines = [at for at, block in told if has_dateline(block.text)]
    indented = [at for at, block in inside or told if block.indented]
    plain = [] if datelines and _follows_picture(story, inside) else [at for at, _ in inside]
    return min(datelines[:1] + (indented or plain)[:1], default=len(story))


def _follows_picture(story: Stream, inside: Sequence[tuple[int, Block]]) -> bool:
    return bool(inside) and inside[0][0] > 0 and isinstance(story[inside[0][0] - 1], Picture)


def _teller(telling: Stream, known: Callable[[Block], bool]) -> Callable[[Block], bool]:
    """Return what tells the story's paragraphs from what stands between them.

    Where the first one opens with an indent, so do the others; where the markup is known, it counts as well; where
    neither is given, paragraphs look like the first.
    """
    first = next(texts_of(telling), None)
    if first is None:
        return lambda _: False
    indented = {block.element for block in texts_of(telling) if block.indented}
    home = first.element.getparent()
    links = cache(only_links)

    def is_told(block: Block) -> bool:
        if links(block.element):
            return False
        if first.indented and (block.indented or block.element in indented):
            return True
        if block.element.tag in ("li", "blockquote") and any(above is home for above in block.element.iterancestors()):
            return True
        return known(block) if known(first) else not first.indented and _kind(block) == _kind(first)

    return is_told


def _kind(block: Block) -> tuple[str, str | None]:
    return str(block.element.tag), block.element.get("class")


def _up_to_end(stream: Stream) -> Iterator[Block | Picture]:
    """Yield the stream up to the subscribe sentence, a copyright line or the first box of other stories."""
    for at, block in enumerate(stream):
        if isinstance(block, Block) and (
            _asks_to_subscribe(stream, at) or _COPYRIGHT.fullmatch(block.text) or opens_box(stream[at : at + _BOX_HEAD])
        ):
            return
        yield block


def _asks_to_subscribe(stream: Stream, at: int) -> bool:
    block = stream[at]
    if isinstance(block, Picture) or SUBSCRIBE_OPENING not in block.text.lower():
        return False
    return asks_to_subscribe(" ".join(one.text for one in texts_of(stream[at : at + _SPLIT])))


def opens_box(stream: Stream) -> bool:
    """Say whether a stream begins with a box of other stories: a section's label, then another or a link to a story."""
    one, two = [*texts_of(stream), None, None][:2]
    if one is None or two is None or one.indented or not section_of(one.text):
        return False
    return section_of(two.text) is not None or only_links(two.element)


def only_links(element: html.HtmlElement) -> bool:
    """Say whether an element is nothing but links to stories."""
    links = [link for link in element.iter("a") if key_of(link.get("href", ""))]
    linked = " ".join("".join(link.itertext()) for link in links)
    return bool(links) and len(linked.split()) >= len("".join(element.itertext()).split())
