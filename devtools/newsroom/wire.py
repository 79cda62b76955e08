"""News wire: an endless stream of invented stories for each section. The same seed gives the same stories."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from devtools.newsroom import round_robin
from devtools.newsroom.datelines import FOREIGN, PLACES
from devtools.newsroom.grammar import Grammar, TextGenerator, grammar
from devtools.newsroom.round_robin import row
from devtools.newsroom.story import JAPAN, Dateline, Picture, Story

FIRST_DAY = date(2025, 12, 5)
OPENING_MINUTE, CLOSING_MINUTE = 6 * 60, 24 * 60
KEY_NUMBERS = {"national": range(100, 2000), "journal": range(2000, 3000), "photos": range(3000, 4000)}
"""Section → range of the last five digits of its article IDs. No two ranges overlap."""

UsedOpenings = Counter[tuple[str, str]]
"""Category and kind of opening → number of stories that have used one."""


def days() -> Iterator[date]:
    """Return the days in Japan from the first one on."""
    return (FIRST_DAY + timedelta(days=number) for number in count())


def national(seed: int, per_day: int) -> Iterator[list[Story]]:
    """Yield the NATIONAL stories of each day in order of publication, without end."""
    numbers = count(seed)
    used: UsedOpenings = Counter()
    for day in days():
        rng = Random(f"{seed}/{day}")
        size = max(1, per_day + rng.choice((-1, 0, 0, 1)))
        minutes = sorted(rng.sample(range(OPENING_MINUTE, CLOSING_MINUTE), size))
        keys = _keys("national", day, size, rng)
        yield [
            _article(key, _at(day, minute), next(numbers), used, rng) for key, minute in zip(keys, minutes, strict=True)
        ]


def journal(seed: int) -> Iterator[list[Story]]:
    """Yield the journal's stories, one a day, without end."""
    for number, day in enumerate(days()):
        rng = Random(f"{seed}/journal/{day}")
        [key] = _keys("journal", day, 1, rng)
        lists = grammar("journal")
        text = TextGenerator(lists, rng, weekday=f"{day:%A}")
        headline, lead = _opening(lists["lead"], seed + number, text)
        yield [
            Story(
                key=key,
                section="journal",
                category=None,
                published=_at(day, rng.randrange(OPENING_MINUTE, CLOSING_MINUTE)),
                headline=headline,
                paragraphs=(lead, *_follow_up(lists["detail"], text, rng, 3)),
                dateline=_dateline("none" if number % 3 == 2 else "journal", day, rng, "AFP-Jiji"),
                pictures=_pictures(key, row(round_robin.PICTURES, number), text),
                date_format=row(round_robin.JOURNAL_DATES, number),
            )
        ]


def photos(seed: int) -> Iterator[list[Story]]:
    """Yield the photo stories, one every other day, without end."""
    for number, day in enumerate(days()):
        rng = Random(f"{seed}/photos/{day}")
        [key] = _keys("photos", day, 1, rng)
        lists = grammar("photos")
        text = TextGenerator(lists, rng, weekday=f"{day:%A}")
        page = seed + number // 2
        headline, lead = _opening(lists["lead"], page, text)
        story = Story(
            key=key,
            section="photos",
            category=None,
            published=_at(day, rng.randrange(OPENING_MINUTE, CLOSING_MINUTE)),
            headline=headline,
            paragraphs=(lead, *_follow_up(lists["detail"], text, rng, 1 + page % 2)),
            pictures=_pictures(key, row(round_robin.PHOTO_PAGES, page), text),
            date_format=row(round_robin.PHOTO_DATES, page),
        )
        yield [] if number % 2 else [story]


def _article(key: str, at: datetime, number: int, used: UsedOpenings, rng: Random) -> Story:
    datelines = round_robin.NEW_YEAR_DATELINES if (at.month, at.day) == (1, 1) else round_robin.DATELINES
    kind = row(datelines, number)
    category = row(round_robin.CATEGORIES, number)
    lists = grammar(category or "other")
    openings = "abroad" if kind in FOREIGN else "lead"
    dateline = _dateline(kind, at.date(), rng)
    local_day = (dateline and dateline.day) or at.date()
    text = TextGenerator(lists, rng, weekday=f"{local_day:%A}")
    headline, lead = _opening(lists[openings], used[category or "", openings], text)
    used[category or "", openings] += 1
    truncated = row(round_robin.TRUNCATED, number)
    size = rng.choice((3, 4) if truncated else (1, 2))
    follow_up = _follow_up(lists["detail"] + lists["aside"], text, rng, size)
    return Story(
        key=key,
        section="national",
        category=category,
        published=at,
        headline=_headline(headline, row(round_robin.HEADLINES, number), text),
        paragraphs=_with_tricky([lead, *follow_up], row(round_robin.TRICKY_SENTENCES, number), text, rng),
        authors=_authors(*row(round_robin.BYLINES, number), lists, rng),
        dateline=dateline,
        pictures=_pictures(key, row(round_robin.PICTURES, number), text),
        truncated=truncated,
    )


def _keys(section: str, day: date, size: int, rng: Random) -> list[str]:
    return [f"{day:%Y%m%d}{number:05}" for number in rng.sample(KEY_NUMBERS[section], size)]


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60), JAPAN)


def _dateline(kind: str, day: date, rng: Random, agency: str = "Jiji Press") -> Dateline | None:
    if kind == "none":
        return None
    local_day = {"undated": None, "behind": day - timedelta(days=1)}.get(kind, day)
    return Dateline(rng.choice(PLACES[kind]), local_day, agency)


def _opening(openings: list[str], number: int, text: TextGenerator) -> tuple[str, str]:
    """Return headline and first sentence, which share their numbers."""
    headline, lead = text.expand(openings[number % len(openings)]).split(" | ")
    return headline, lead


def _headline(plain: str, addition: str, text: TextGenerator) -> str:
    if addition == "kicker":
        return f"{text.pick('kicker')}: {plain}"
    return f"{plain}: {text.pick('source')}" if addition == "source" else plain


def _follow_up(templates: list[str], text: TextGenerator, rng: Random, size: int) -> list[str]:
    """Return `size` paragraphs of one or two sentences each."""
    sentences = [text.expand(template) for template in rng.sample(templates, 2 * size)]
    return [" ".join(sentences[2 * n : 2 * n + rng.choice((1, 2, 2))]) for n in range(size)]


def _with_tricky(paragraphs: list[str], kind: str, text: TextGenerator, rng: Random) -> tuple[str, ...]:
    """Return the paragraphs with a tricky sentence of this kind. An empty kind adds nothing."""
    if kind == "dash-first":
        paragraphs[0] += f" {text.pick(kind)}"
    elif kind == "by-first":
        paragraphs.insert(0, text.pick("by"))
    elif kind:
        paragraphs.insert(rng.randint(1, len(paragraphs)), text.pick(kind))
    return tuple(paragraphs)


def _authors(size: int, particled: int, lists: Grammar, rng: Random) -> tuple[str, ...]:
    names = rng.sample(lists["particled"], particled) + rng.sample(lists["correspondent"], size - particled)
    return tuple(names)


def _pictures(key: str, kinds: tuple[str, ...], text: TextGenerator) -> tuple[Picture, ...]:
    """Return a picture for each kind of caption."""
    return tuple(
        Picture(
            name=f"{key}-{number}",
            caption=text.pick("bracketed" if kind == "bracketed" else "caption"),
            credit=None if kind == "plain" else text.pick("credit"),
        )
        for number, kind in enumerate(kinds, start=1)
    )
