"""Pictures of generated pages: image tags, and the places in which a caption and its credit are printed."""

from dataclasses import dataclass
from random import Random

from markupsafe import Markup

from devtools.accuracy.markup import MarkupWriter
from devtools.accuracy.stories import COPYRIGHT_MARKS, pick
from devtools.newsroom.story import Picture

CAPTION_PLACES = (
    *(("", "F", "F"), ("", "F", "F"), ("", "", "FF"), ("", "F", "FF"), ("F", "", "F"), ("", "", "F"), ("", "F", "")),
    *(("", "C", "F"), ("", "F", "C"), ("", "", "CF"), ("", "D", "F")),
)
"""Texts above a picture, in its `alt` attribute, and below it.

F: caption with credit. C: caption without its credit. D: a description that is printed nowhere else.
"""
BOXES = ("div", "div", "div", "table", "dl")
FRAMES = (
    *("{tag}",) * 5,
    '<a href="{source}">{tag}</a>',
    '<picture><source srcset="{source}?w=2">{tag}</picture>',
    '{tag}<noscript><img src="{source}"></noscript>',
    '<a href="https://cdn.example/large.jpg">{tag}</a>',
    '{tag}<img class="print" src="{source}" alt="">',
)
SOURCES = (
    *('src="{}"',) * 6,
    'src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="{}"',
    'src="/img/loading.gif" data-src="{}"',
    'src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-srcset="{} 1x"',
    'src="{}" srcset="{}?w=2 2x"',
)
SIZES = (' width="300" height="200"', "", ' loading="lazy"', ' width="50%"')


@dataclass(frozen=True)
class PrintedPicture:
    """Markup of a picture: lines above it, its tag, lines below it, a credit in an element of its own, its box."""

    above: tuple[Markup, ...]
    tag: Markup
    below: tuple[Markup, ...]
    credit: Markup | None
    box: str


class PicturePrinter:
    """Printer of the pictures of one page. `headline` is the page's."""

    def __init__(self, rng: Random, writer: MarkupWriter, headline: str) -> None:
        self._rng, self._writer, self._headline = rng, writer, headline
        self._box = rng.choice(BOXES)

    def printed(self, picture: Picture) -> PrintedPicture:
        """Return a picture in one of the ways of printing captions."""
        texts = {"F": picture.printed, "C": picture.caption or "", "D": pick(self._rng, "alt")}
        places = self._rng.choice(CAPTION_PLACES) if picture.caption else ("", "", "")
        above, alt, below = ([texts[letter] for letter in place] for place in places)
        if not picture.caption and self._rng.random() < 0.3:
            alt = [self._headline]
        return PrintedPicture(
            tuple(map(self._writer.write, above)),
            self._tag(f"{picture.name}.jpg", alt[0] if alt else ""),
            tuple(map(self._caption, below)),
            self._writer.write(self._credit(picture.credit)) if picture.credit and picture.credit_apart else None,
            self._box,
        )

    def _caption(self, text: str) -> Markup:
        link = '<a href="/photos/large.html">{}</a>' if self._rng.random() < 0.1 else "{}"
        return Markup(link).format(self._writer.write(text))

    def _credit(self, credit: str) -> str:
        is_bare = credit.startswith(COPYRIGHT_MARKS) or (credit.startswith("Photo ") and self._rng.random() < 0.5)
        return credit if is_bare else f"({credit})"

    def _tag(self, file: str, alt: str) -> Markup:
        source = self._rng.choice(("/photos/", "../photos/", "https://jen.jiji.com/photos/")) + file
        where = self._rng.choice(SOURCES).replace("{}", source)
        size = self._rng.choice(SIZES)
        tag = f'<img {where} alt="{self._writer.attribute(alt)}"{size}>'
        return Markup(self._rng.choice(FRAMES)).format(tag=Markup(tag), source=source)
