"""Labelled pairs of articles: the same story sent twice, and different stories in nearly the same words.

Each pair is invented. Its stories are drawn from the news wire and from recurring reports of one grammar file. The
held-out half has another file, another seed and other stories.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from random import Random

from devtools.newsroom import wire
from devtools.newsroom.datelines import PLACES
from devtools.newsroom.grammar import TextGenerator, grammar, sentence_case
from devtools.newsroom.story import Story

TUNING, HELD_OUT = "reports", "reports_held_out"
KINDS = {
    TUNING: (
        "stocks",
        "currency",
        "weather",
        "baseball",
        "sumo",
        "quake",
        "missile",
        "launch",
        "tremor",
        "results",
        "fire",
    ),
    HELD_OUT: (
        "gasoline",
        "bonds",
        "typhoon",
        "heat",
        "soccer",
        "golf",
        "volcano",
        "satellite",
        "index",
        "aftershock",
        "scores",
        "flu",
    ),
}
"""Grammar file → its recurring reports."""
DAY = date(2026, 1, 26)


@dataclass(frozen=True)
class Article:
    """The parts of an article that a comparison reads."""

    headline: str
    paragraphs: tuple[str, ...]
    places: tuple[str, ...]
    day: date
    """Of publication and of the dateline."""

    @property
    def body(self) -> str:
        """The paragraphs, separated by one blank line."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True)
class Pair:
    """Two articles, the earlier one first."""

    kind: str
    earlier: Article
    later: Article
    is_same_story: bool


class Desk:
    """Desk that draws stories, and sends them again."""

    def __init__(self, half: str, seed: int) -> None:
        self.rng = Random(f"{half}/{seed}")
        self._half = half
        self._lists = grammar(half)
        days = wire.national(seed, per_day=20)
        self._stories: Iterator[Story] = (story for day in days for story in day)

    def text(self, day: date, **names: str) -> TextGenerator:
        """Return a generator for stories of a day."""
        return TextGenerator(self._lists, self.rng, weekday=f"{day:%A}", **names)

    def report(self, kind: str, day: date, **names: str) -> Article:
        """Return a recurring report of a day."""
        template = self.rng.choice(self._lists[kind])
        headline, *paragraphs = self.text(day, **names).expand(template).split(" | ")
        place = self.rng.choice(PLACES["tokyo"] + PLACES["city"])
        return Article(headline, tuple(map(sentence_case, paragraphs)), place, day)

    def story(self) -> Article:
        """Return a story of the wire, or a recurring report."""
        if self.rng.random() < 0.4:
            return self.report(self.rng.choice(KINDS[self._half]), DAY)
        story = next(islice(self._stories, self.rng.randrange(5), None))
        places = story.dateline.places if story.dateline else ()
        return Article(story.headline, story.paragraphs, places, DAY)

    def added(self, count: int) -> tuple[str, ...]:
        """Return further paragraphs."""
        text = self.text(DAY)
        return tuple(text.expand(template) for template in self.rng.sample(self._lists["added"], count))

    # --- The same story

    def repost(self, story: Article) -> Article:
        """Return the story again, unchanged, on the same day or a later one, perhaps with another headline."""
        headline = self.rng.choice((story.headline, story.headline, f"{story.headline}: Sources"))
        return replace(story, headline=headline, day=story.day + timedelta(days=self.rng.choice((0, 0, 1, 3))))

    def edited(self, story: Article) -> Article:
        """Return the story with some words edited or its last paragraph dropped or one added."""
        swaps = {
            " said": " announced",
            " will ": " is to ",
            " some ": " about ",
            " people": " persons",
            " near ": " by ",
        }
        body = "\n".join(story.paragraphs)
        for word, other in self.rng.sample(sorted(swaps.items()), 2):
            body = body.replace(word, other, 1)
        paragraphs = tuple(body.split("\n"))
        if self.rng.random() < 0.5 and len(paragraphs) > 3:
            return replace(story, paragraphs=paragraphs[:-1])
        return replace(story, paragraphs=paragraphs + self.added(1))

    def update(self, story: Article) -> Article:
        """Return an update: the lead grown, more paragraphs, perhaps a later figure, cut to what a free page shows."""
        lead, *rest = story.paragraphs
        if self.rng.random() < 0.6:
            lead = lead.rstrip(".") + self.rng.choice(self._lists["clause"]) + "."
        new = list(self.added(self.rng.choice((1, 2, 3))))
        paragraphs = [*rest, *new] if self.rng.random() < 0.5 else [*new, *rest]
        number = self.rng.choice((1, 1, 2, 3))
        grown = replace(story, headline=f"(Update {number}) {story.headline}", paragraphs=(lead, *paragraphs[:4]))
        return self.with_other_figure(grown) if self.rng.random() < 0.3 else grown

    def correction(self, story: Article) -> Article:
        """Return a correction: one figure changed, a mark before the headline."""
        mark = self.rng.choice(("(Correction) ", "CORRECTION: ", "(Corrected) "))
        return self.with_other_figure(replace(story, headline=mark + story.headline))

    def unmarked_correction(self, story: Article) -> Article:
        """Return the story with one figure below the lead changed, and nothing that says so."""
        rest = self.with_other_figure(replace(story, paragraphs=story.paragraphs[1:]))
        return replace(story, paragraphs=story.paragraphs[:1] + rest.paragraphs)

    def wrap_up(self, story: Article) -> Article:
        """Return a round-up: the story's paragraphs and those of a second one."""
        lead, *rest = story.paragraphs
        other = self.story().paragraphs[:2]
        opening = (self.rng.choice(self._lists["roundup"]),) if self.rng.random() < 0.3 else ()
        if self.rng.random() < 0.5:
            lead = self.rng.choice(self._lists["opening"]).strip() + " " + lead[:1].lower() + lead[1:]
        return replace(
            story,
            headline=self.rng.choice(("WRAP: ", "", "", "")) + story.headline + self.rng.choice(("", ": Wrap-Up")),
            paragraphs=(*opening, lead, *rest[: self.rng.choice((1, 2, 9))], *other, *self.added(1)),
        )

    def flash(self, story: Article) -> Article:
        """Return the first news of a story: its lead alone."""
        return replace(story, paragraphs=story.paragraphs[:1])

    def with_other_figure(self, story: Article) -> Article:
        """Return the story with one figure of its text changed."""
        body = "\n".join(story.paragraphs)
        figures = list(re.finditer(r"\b\d+\b(?![:.,]\d)", body))
        if not figures:
            return story
        figure = self.rng.choice(figures)
        body = body[: figure.start()] + str(int(figure[0]) + self.rng.randint(1, 5)) + body[figure.end() :]
        return replace(story, paragraphs=tuple(body.split("\n")))

    # --- Different stories

    def next_report(self, kind: str) -> tuple[Article, Article]:
        """Return the reports of two days, about the same places or teams."""
        names = self._constants()
        day = DAY + timedelta(days=self.rng.choice((1, 1, 2, 3, 7)))
        return self.report(kind, DAY, **names), self.report(kind, day, **names)

    def same_day_reports(self, kind: str) -> tuple[Article, Article]:
        """Return two reports of one day, perhaps about one place."""
        names = self._constants()
        return self.report(kind, DAY, **names), self.report(kind, DAY, **names)

    def marked_next_report(self, kind: str) -> tuple[Article, Article]:
        """Return the reports of two days, the second an update of a report between."""
        one, two = self.next_report(kind)
        return one, replace(two, headline=f"(Update {self.rng.choice((1, 2))}) {two.headline}")

    def marked_same_day_report(self, kind: str) -> tuple[Article, Article]:
        """Return two reports of one day about other places, companies or teams, the second an update of a third one."""
        one, two = self.report(kind, DAY), self.report(kind, DAY)
        while re.sub(r"\d", "", one.headline) == re.sub(r"\d", "", two.headline):
            kind = self.rng.choice(KINDS[self._half])
            one, two = self.report(kind, DAY), self.report(kind, DAY)
        return one, replace(two, headline=f"(Update 1) {two.headline}")

    def follow_up(self) -> tuple[Article, Article]:
        """Return a story and a follow-up that repeats its last paragraph as background."""
        one, two = self.story(), self.story()
        return one, replace(two, paragraphs=(*two.paragraphs[:3], one.paragraphs[-1]), day=DAY + timedelta(days=1))

    def _constants(self) -> dict[str, str]:
        names = ("team", "team2", "town", "club", "club2", "agency", "missiles", "person", "sky")
        text = self.text(DAY)
        return {
            name: text.expand(f"{{{name}}}")
            for name in names
            if name.rstrip("2") in self._lists and self.rng.random() < 0.7
        }


def pairs(half: str, seed: int) -> list[Pair]:
    """Return the pairs of one half, the same for the same seed."""
    desk = Desk(half, seed)
    return [*_same_story(desk), *_different_stories(desk, half)]


def _same_story(desk: Desk) -> Iterator[Pair]:
    again: list[tuple[str, Callable[[Article], Article], int]] = [
        ("re-post", desk.repost, 40),
        ("edited re-post", desk.edited, 40),
        ("update", desk.update, 60),
        ("correction", desk.correction, 40),
        ("unmarked correction", desk.unmarked_correction, 20),
        ("wrap-up", desk.wrap_up, 40),
    ]
    for kind, send, count in again:
        for _ in range(count):
            story = desk.story()
            yield Pair(kind, story, send(story), is_same_story=True)
    for _ in range(30):
        story = desk.story()
        yield Pair("flash and update", desk.flash(story), desk.update(story), is_same_story=True)


def _different_stories(desk: Desk, half: str) -> Iterator[Pair]:
    for report in KINDS[half]:
        for name, draw, count in (
            ("report of another day", desk.next_report, 16),
            ("report of the same day", desk.same_day_reports, 8),
            ("update of a report of another day", desk.marked_next_report, 8),
            ("update of another report", desk.marked_same_day_report, 4),
        ):
            for _ in range(count):
                yield Pair(name, *draw(report), is_same_story=False)
    for _ in range(40):
        yield Pair("follow-up", *desk.follow_up(), is_same_story=False)
