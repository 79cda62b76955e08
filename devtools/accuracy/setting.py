"""Sets a story on a page: which layout, in which order, with what around it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from random import Random

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup

from devtools.accuracy.furniture import LABELS, NAVIGATION, Furnisher
from devtools.accuracy.hand import INDENTS, Hand
from devtools.accuracy.stories import SECTIONS, Picture, Story
from devtools.accuracy.words import fill, pick

ENVIRONMENT = Environment(
    loader=PackageLoader("devtools.accuracy"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
)
MARKS = ("&nbsp;&gt;&nbsp;", " &gt; ", " &raquo; ", " ＞ ", " › ")
DOCTYPES = ("<!DOCTYPE html>", '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">', "")
SUBSCRIBE = (
    'To read a full story, please <a href="/jc/service">click here</a> to find out how to subscribe.',
    "To read a full story, please <a href='/jc/service'>click\nhere</a> to find out<br>how to subscribe.",
    "To&nbsp;read the full story, please <b>click here</b> to find out how to <i>subscribe</i>.",
)


@dataclass(frozen=True)
class Choices:
    """What decides how a page is built; the rest is left to its `rng`."""

    template: str
    indented: bool
    twice: bool
    """Whether the headline is printed twice."""
    spread: bool
    """Whether pictures stand between the paragraphs."""
    furnished: bool
    habits: frozenset[str]
    charset: str
    seed: int


@dataclass(frozen=True)
class Shown:
    """A picture as a page shows it: lines above it, its tag, lines below it, a credit of its own, what holds them."""

    above: tuple[Markup, ...]
    tag: Markup
    below: tuple[Markup, ...]
    credit: Markup | None
    box: str


class Sheet:
    """What a template sets: the parts of a story as markup."""

    def __init__(self, story: Story, choices: Choices) -> None:
        self._rng = Random(choices.seed)
        self._story, self._choices, self._hand = story, choices, Hand(self._rng, choices.habits)
        self._furnisher = Furnisher(self._rng, story.day)
        self.charset = choices.charset
        self._style()
        ink = self._hand.ink
        self.crumbs = [ink(crumb) for crumb in ("HOME", SECTIONS[story.kind], "Article")]
        self.title = story.headline + " | JIJI PRESS" if self._rng.random() < 0.5 else "Jiji Press"
        self.printed_first = self._hand.attribute(story.headline) if choices.twice else ""
        self.headline = self._hand.headline(story.headline)
        self.stamp = self._hand.attribute(story.stamp.text) if story.stamp else ""
        self.byline = ink(byline(story.authors)) if story.authors else Markup()
        self.subscribe = Markup(self._rng.choice(SUBSCRIBE)) if story.truncated else ""
        self.pictures = [] if self._spread else [self._shown(picture) for picture in story.pictures]
        self.flow = list(self._joined(self._flow(story.pictures if self._spread else ())))
        self._furnish()

    def html(self) -> str:
        """Return the page's text."""
        return ENVIRONMENT.get_template(f"{self._choices.template}.html").render(page=self)

    @property
    def _spread(self) -> bool:
        return self._choices.spread and self._choices.template not in ("breaks", "photos")

    def _style(self) -> None:
        """Decide what has nothing to do with the story."""
        choose = self._rng.choice
        self.doctype = Markup(choose(DOCTYPES))
        self.crumbs_as = choose(("line", "spans", "list"))
        self.mark = Markup(choose(MARKS))
        self.indent = choose(INDENTS) if self._choices.indented else ""
        self.picture_box = choose(("div", "div", "div", "table", "dl"))
        self.paragraph = choose(("p", "p", "div", "section"))
        self.line_break = Markup(choose(("<br>", "<br />\n", "<br><br>", "\n<br>\n<br>\n")))
        self.boxes_as = choose(("dl", "lists", "table"))
        self.boxes_inside = choose((True, False, False))
        self.stamp_below_pictures = choose((True, False, False))

    def _furnish(self) -> None:
        own = Markup('<a class="textL" href="/jc/eng?g=eco&amp;k={}">{}</a>').format(
            self._story.key, self._story.headline
        )
        links = [own if self._rng.random() < OFTEN_OWN else self._furnisher.link() for _ in LABELS]
        self.navigation = NAVIGATION
        self.boxes = list(zip(LABELS, links, strict=True))
        places = ("head", "top", "under headline", "below", "bottom")
        self.head, self.top, self.under_headline, self.below, self.bottom = (
            self._furnisher.some(place) if self._choices.furnished else Markup() for place in places
        )

    def _flow(self, pictures: tuple[Picture, ...]) -> Iterator[tuple[str, object]]:
        """Yield what the story's text is made of: kind and markup."""
        waiting = list(pictures)
        bulleted = self._choices.template != "breaks"
        for is_list, group in groupby(self._story.paragraphs, lambda text: bulleted and text in self._story.bullets):
            if is_list:
                yield "bullets", [self._hand.ink(text) for text in group]
                continue
            for number, text in enumerate(group):
                yield "paragraph", self._paragraph(text, is_first=not number and text == self._story.paragraphs[0])
                if waiting:
                    yield "picture", self._shown(waiting.pop(0))
                if self._choices.furnished and self._rng.random() < 0.2:
                    piece = self._furnisher.one("unseen", *(["between"] if bulleted else []))
                    yield "furniture", Markup("<!-- furniture -->{}<!-- /furniture -->").format(piece)
                if self._choices.furnished and self._rng.random() < 0.1:
                    yield "empty", Markup("&nbsp;")
        for picture in waiting:
            yield "picture", self._shown(picture)

    def _joined(self, flow: Iterator[tuple[str, object]]) -> Iterator[tuple[str, object]]:
        """Yield the flow, now and then two paragraphs in one element, a line break between."""
        waiting: tuple[str, object] | None = None
        for kind, thing in flow:
            if waiting and waiting[0] == kind == "paragraph" and self._may_join and self._rng.random() < OFTEN_JOINED:
                waiting = kind, Markup(f"{waiting[1]}<br>{self.indent}{thing}")
                continue
            if waiting:
                yield waiting
            waiting = kind, thing
        if waiting:
            yield waiting

    @property
    def _may_join(self) -> bool:
        return self._choices.indented and self._choices.template in ("area", "of2013", "table")

    def _paragraph(self, text: str, *, is_first: bool) -> Markup:
        dateline = self._story.dateline
        if not (is_first and dateline):
            return self._hand.ink(text)
        opening = self._hand.ink(f"{dateline.text} ({dateline.agency})")
        if self._rng.random() < 0.1:
            opening = Markup("<b>{}</b>").format(opening)
        return opening + self._rng.choice(("--", "--", "--", "--", "—", " -- ")) + self._hand.ink(text)

    def _shown(self, picture: Picture) -> Shown:
        """Return a picture as one of the ways of printing captions has it."""
        bare = picture.caption or ""
        told = f"{bare} ({picture.credit})" if bare and picture.credit and not picture.apart else bare
        printings = self._rng.choice(CAPTIONED)
        once = "T" not in "".join(printings)  # the credit stands nowhere else
        described = fill(self._rng, pick(self._rng, "Photo|Picture of {things}|Image"))
        above, alt, below = (
            [described if letter == "D" else told if letter == "T" or once else bare for letter in part] if bare else []
            for part in printings
        )
        if not bare and self._rng.random() < 0.3:
            alt = [self._story.headline]
        return Shown(
            tuple(map(self._hand.ink, above)),
            self._tag(picture.file, alt[0] if alt else ""),
            tuple(map(self._hand.ink, below)),
            self._hand.ink(self._lone(picture.credit)) if picture.apart and picture.credit else None,
            self.picture_box,
        )

    def _lone(self, credit: str) -> str:
        return credit if credit.startswith("Photo ") and self._rng.random() < 0.5 else f"({credit})"

    def _tag(self, file: str, alt: str) -> Markup:
        source = self._rng.choice(("/photos/", "../photos/", "https://jen.jiji.com/photos/")) + file
        where = f'src="{source}"'
        if self._rng.random() < 0.15:
            where = f'src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="{source}"'
        size = self._rng.choice((' width="300" height="200"', "", ' loading="lazy"'))
        tag = f'<img {where} alt="{self._hand.attribute(alt)}"{size}>'
        return Markup(self._rng.choice(FRAMES)).format(tag=Markup(tag), source=source)


CAPTIONED = (
    *(("", "T", "T"), ("", "T", "T"), ("", "", "TT"), ("", "T", "TT"), ("T", "", "T"), ("", "", "T"), ("", "T", "")),
    *(("", "B", "T"), ("", "T", "B"), ("", "", "BT"), ("", "D", "T")),
)
"""Where a caption is printed: above its picture, as its other text, below; T with its credit, B without.

D: the other text describes the picture in words that are not printed.
"""
FRAMES = (
    *("{tag}",) * 5,
    '<a href="{source}">{tag}</a>',
    '<picture><source srcset="{source}?w=2">{tag}</picture>',
    '{tag}<noscript><img src="{source}"></noscript>',
)
OFTEN_JOINED = 0.3
OFTEN_OWN = 0.05
"""How often a box of headlines has the page's own story."""


def byline(authors: tuple[str, ...]) -> str:
    """Return a byline; it is empty without authors.

    >>> byline(("Aya Mori", "Ken Doi", "Rei Ito")), byline(())
    ('By Aya Mori, Ken Doi and Rei Ito', '')
    """
    *others, last = authors or [""]
    return (f"By {', '.join(others)} and {last}" if others else f"By {last}") if last else ""
