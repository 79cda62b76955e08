"""Template context of generated pages: a story's parts as markup, in their order, among boilerplate."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from random import Random

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup

from devtools.accuracy.boilerplate import GROUPS, NAVIGATION, Boilerplate
from devtools.accuracy.markup import INDENTS, MarkupWriter
from devtools.accuracy.pictures import PicturePrinter
from devtools.accuracy.stories import breadcrumbs, pick
from devtools.newsroom.story import Picture, Story

ENVIRONMENT = Environment(
    loader=PackageLoader("devtools.accuracy"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
)
CRUMB_SEPARATORS = ("&nbsp;&gt;&nbsp;", " &gt; ", " &raquo; ", " ＞ ", " › ")
DOCTYPES = ("<!DOCTYPE html>", '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">', "")
SUBSCRIBE = (
    'To read a full story, please <a href="/jc/service">click here</a> to find out how to subscribe.',
    "To read a full story, please <a href='/jc/service'>click\nhere</a> to find out<br>how to subscribe.",
    "To&nbsp;read the full story, please <b>click here</b> to find out how to <i>subscribe</i>.",
    'To read the full article, please <a href="/jc/service">subscribe</a>.',
    "To continue reading, please <a href='/jc/service'>log in or subscribe</a>.",
)
SEPARATORS = ("--", "--", "--", "--", "—", " -- ", "——", "―", " — ")
"""Marks between a dateline and its text."""
QUOTES = ("<blockquote>{}</blockquote>", "<ul><li>{}</li></ul>")
FRAMES = ("<div>{}</div>", "<div><section>{}</section></div>")
"""Boxes around a paragraph. One without a meaning of its own may also hold boilerplate."""
PAGER = Markup(
    '<p class="pager">1 <a href="?g=eco&amp;k={0}&amp;p=2">2</a> <a href="?g=eco&amp;k={0}&amp;p=2">Next page</a></p>'
)
PUBLISHED_TIME = Markup('<meta property="article:published_time" content="{}">\n')
JOINED_PROBABILITY = 0.3
QUOTE_PROBABILITY = 0.2
OWN_LINK_PROBABILITY = 0.05
"""Probability that a box of headlines links to the page's own story."""

Flow = Iterator[tuple[str, object]]
"""Parts of the text in their order: a kind of paragraph, "picture", "boilerplate" or "empty", and markup."""


@dataclass(frozen=True)
class PageOptions:
    """Options of a page. Its `seed` decides the rest."""

    template: str
    indented: bool
    headline_twice: bool
    pictures_inline: bool
    """True: pictures stand between the paragraphs."""
    has_boilerplate: bool
    variations: frozenset[str]
    charset: str
    """The charset in the page's `meta` element. Empty: none."""
    indent_share: float
    """Share of the paragraphs with an indent, if `indented`."""
    published_time: str
    """Time of publication in a `meta` element. Empty: none."""
    wrapper: str
    """Markup around some paragraphs."""
    goes_on: bool
    """True: the story goes on on further pages."""
    seed: int


class PageContext:
    """Variables of a page's template."""

    def __init__(self, story: Story, options: PageOptions) -> None:
        self._rng = Random(options.seed)
        self._story, self._options = story, options
        self._writer = MarkupWriter(self._rng, options.variations)
        self._boilerplate = Boilerplate(self._rng, story.published.date())
        self._printer = PicturePrinter(self._rng, self._writer, story.headline)
        self.charset = options.charset
        self._choose_style()
        write = self._writer.write
        self.crumbs = [write(crumb) for crumb in breadcrumbs(story)]
        self.title = story.headline + " | JIJI PRESS" if self._rng.random() < 0.5 else "Jiji Press"
        self.first_headline = self._writer.attribute(story.headline) if options.headline_twice else ""
        self.headline = self._writer.headline(story.headline)
        self.date = self._writer.attribute(story.printed_date)
        self.byline = write(self._byline()) if story.authors else Markup()
        self.subscribe = Markup(self._rng.choice(SUBSCRIBE)) if story.truncated else ""
        inline = options.pictures_inline and options.template not in ("breaks", "photos")
        self.pictures = [] if inline else [self._printer.printed(picture) for picture in story.pictures]
        self.flow = list(self._joined(self._flow(story.pictures if inline else ())))
        self._add_boilerplate()

    def html(self) -> str:
        """Return the page's text."""
        return ENVIRONMENT.get_template(f"{self._options.template}.html").render(page=self)

    def _choose_style(self) -> None:
        choose = self._rng.choice
        self.doctype = Markup(choose(DOCTYPES))
        self.crumbs_as = choose(("line", "spans", "list", "marks"))
        self.crumb_separator = Markup(choose(CRUMB_SEPARATORS))
        self._indent = choose(INDENTS)
        self.paragraph = choose(("p", "p", "div", "section"))
        self.line_break = Markup(choose(("<br>", "<br />\n", "<br><br>", "\n<br>\n<br>\n", "</br>")))
        self.wrapper = self._options.wrapper.split("{}")
        self.boxes_as = choose(("dl", "lists", "table"))
        self.boxes_inside = choose((True, False, False))
        self.date_below_pictures = choose((True, False, False))

    def _add_boilerplate(self) -> None:
        own = Markup('<a class="textL" href="/jc/eng?g=eco&amp;k={}">{}</a>').format(
            self._story.key, self._story.headline
        )
        links = [own if self._rng.random() < OWN_LINK_PROBABILITY else self._boilerplate.link() for _ in GROUPS]
        self.navigation = NAVIGATION
        self.boxes = list(zip(GROUPS, links, strict=True))
        places = ("head", "top", "under headline", "below", "bottom")
        self.head, self.top, self.under_headline, self.below, self.bottom = (
            self._boilerplate.some(place) if self._options.has_boilerplate else Markup() for place in places
        )
        if self._options.published_time:
            self.head = PUBLISHED_TIME.format(self._options.published_time) + self.head
        if self._options.goes_on:
            self.below = PAGER.format(self._story.key) + self.below

    @property
    def indent(self) -> Markup:
        """Indent of the next paragraph."""
        options = self._options
        return self._indent if options.indented and self._rng.random() < options.indent_share else Markup()

    def _byline(self) -> str:
        may_end = self._story.dateline and len(self._story.authors) == 1
        ending = pick(self._rng, "byline end") if may_end and self._rng.random() < 0.2 else ""
        return f"{self._story.byline}{'' if ending.startswith(',') else ' '}{ending}".strip()

    def _flow(self, pictures: tuple[Picture, ...]) -> Flow:
        """Yield the parts of the story's text, with these pictures between the paragraphs."""
        waiting = list(pictures)
        has_lists = self._options.template != "breaks"
        if self._story.dateline and self._rng.random() < 0.1:
            yield "paragraph", self._writer.write(pick(self._rng, "opening"))
        for kind, group in groupby(self._story.paragraphs, self._kind):
            if kind in ("bullets", "rows", "subheadings"):
                yield kind, list(map(self._row if kind == "rows" else self._writer.write, group))
                continue
            for text in group:
                wrapped = kind == "quote" and text != self._story.paragraphs[0]
                yield "quote" if wrapped else "paragraph", self._paragraph(text)
                if waiting:
                    yield "picture", self._printer.printed(waiting.pop(0))
                if self._options.has_boilerplate and self._rng.random() < 0.2:
                    piece = self._boilerplate.one("invisible", *(["between"] if has_lists else []))
                    yield "boilerplate", Markup("<!-- boilerplate -->{}<!-- /boilerplate -->").format(piece)
                if self._options.has_boilerplate and self._rng.random() < 0.1:
                    yield "empty", Markup("&nbsp;")
        for picture in waiting:
            yield "picture", self._printer.printed(picture)

    def _kind(self, text: str) -> str:
        if self._options.template == "breaks":
            return "paragraph"
        story = self._story
        kinds = {"bullets": story.bullets, "rows": story.rows, "subheadings": story.subheadings}
        other = "quote" if self._options.wrapper and self._rng.random() < QUOTE_PROBABILITY else "paragraph"
        return next((kind for kind, texts in kinds.items() if text in texts), other)

    def _row(self, text: str) -> list[Markup]:
        term, _, value = text.rpartition(" ")
        return [self._writer.write(term), self._writer.write(value)]

    def _joined(self, flow: Flow) -> Flow:
        """Yield the flow with some pairs of paragraphs in one element, separated by a line break."""
        may_join = self._options.indented and self._options.template in ("area", "of2013", "table")
        waiting: tuple[str, object] | None = None
        for kind, part in flow:
            if may_join and waiting and waiting[0] == kind == "paragraph" and self._rng.random() < JOINED_PROBABILITY:
                waiting = kind, Markup(f"{waiting[1]}<br>{self.indent}{part}")
                continue
            if waiting:
                yield waiting
            waiting = kind, part
        if waiting:
            yield waiting

    def _paragraph(self, text: str) -> Markup:
        """Return a paragraph, the first one with the dateline."""
        dateline = self._story.dateline
        if not dateline or text != self._story.paragraphs[0]:
            return self._writer.write(text)
        opening = self._writer.write(f"{dateline.text} ({dateline.agency})")
        if self._rng.random() < 0.1:
            opening = Markup("<b>{}</b>").format(opening)
        return opening + self._rng.choice(SEPARATORS) + self._writer.write(text)
