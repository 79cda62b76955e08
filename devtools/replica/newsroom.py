"""Invents the stories. The same seed gives the same stories, for ever."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from devtools.replica import forms
from devtools.replica.forms import turn
from devtools.replica.stories import JAPAN, Dateline, Picture, Story
from devtools.replica.words import Cast, Grammar, grammar

FIRST_DAY = date(2025, 12, 5)
OPENING_MINUTE, CLOSING_MINUTE = 6 * 60, 24 * 60
KEY_NUMBERS = {"national": range(100, 2000), "journal": range(2000, 3000), "photos": range(3000, 4000)}
"""The last five digits of a key; apart, so that no two stories of a day share one."""

Told = Counter[tuple[str, str]]
"""Group and kind of opening → how many stories had one."""


def days() -> Iterator[date]:
    """The days in Japan, from the first one on."""
    return (FIRST_DAY + timedelta(days=number) for number in count())


def national(seed: int, per_day: int) -> Iterator[list[Story]]:
    """NATIONAL's stories, a day at a time, each day's in order of publication, without end."""
    numbers = count(seed)
    told: Told = Counter()
    for day in days():
        rng = Random(f"{seed}/{day}")
        size = max(1, per_day + rng.choice((-1, 0, 0, 1)))
        minutes = sorted(rng.sample(range(OPENING_MINUTE, CLOSING_MINUTE), size))
        keys = _keys("national", day, size, rng)
        yield [
            _article(key, _at(day, minute), next(numbers), told, rng) for key, minute in zip(keys, minutes, strict=True)
        ]


def journal(seed: int) -> Iterator[list[Story]]:
    """The journal's stories, one a day, without end."""
    for number, day in enumerate(days()):
        rng = Random(f"{seed}/journal/{day}")
        [key] = _keys("journal", day, 1, rng)
        lists = grammar("journal")
        cast = Cast(lists, rng, weekday=f"{day:%A}")
        headline, lead = _opening(lists["lead"], seed + number, cast)
        yield [
            Story(
                key=key,
                section="journal",
                category=None,
                published=_at(day, rng.randrange(OPENING_MINUTE, CLOSING_MINUTE)),
                headline=headline,
                paragraphs=(lead, *_follow_up(lists["detail"], cast, rng, 3)),
                dateline=_dateline("none" if number % 3 == 2 else "journal", day, rng, "AFP-Jiji"),
                pictures=_pictures(key, turn(forms.PICTURES, number), cast),
                date_form=turn(forms.JOURNAL_DATES, number),
            )
        ]


def photos(seed: int) -> Iterator[list[Story]]:
    """The photo pages, one every other day, without end."""
    for number, day in enumerate(days()):
        rng = Random(f"{seed}/photos/{day}")
        [key] = _keys("photos", day, 1, rng)
        lists = grammar("photos")
        cast = Cast(lists, rng, weekday=f"{day:%A}")
        page = seed + number // 2
        headline, lead = _opening(lists["lead"], page, cast)
        story = Story(
            key=key,
            section="photos",
            category=None,
            published=_at(day, rng.randrange(OPENING_MINUTE, CLOSING_MINUTE)),
            headline=headline,
            paragraphs=(lead, *_follow_up(lists["detail"], cast, rng, 1 + page % 2)),
            pictures=_pictures(key, turn(forms.PHOTO_PAGES, page), cast),
            date_form=turn(forms.PHOTO_DATES, page),
        )
        yield [] if number % 2 else [story]


def _article(key: str, at: datetime, number: int, told: Told, rng: Random) -> Story:
    form = turn(forms.NEW_YEAR if (at.month, at.day) == (1, 1) else forms.DATELINES, number)
    category = turn(forms.CATEGORIES, number)
    lists = grammar(category or "other")
    pool = "abroad" if form in forms.FOREIGN else "lead"
    dateline = _dateline(form, at.date(), rng)
    local_day = (dateline and dateline.day) or at.date()
    cast = Cast(lists, rng, weekday=f"{local_day:%A}")
    headline, lead = _opening(lists[pool], told[category or "", pool], cast)
    told[category or "", pool] += 1
    truncated = turn(forms.TRUNCATED, number)
    size = rng.choice((3, 4) if truncated else (1, 2))
    follow_up = _follow_up(lists["detail"] + lists["aside"], cast, rng, size)
    return Story(
        key=key,
        section="national",
        category=category,
        published=at,
        headline=_headline(headline, turn(forms.HEADLINES, number), cast),
        paragraphs=_with_quirk([lead, *follow_up], turn(forms.QUIRKS, number), cast, rng),
        authors=_authors(*turn(forms.BYLINES, number), lists, rng),
        dateline=dateline,
        pictures=_pictures(key, turn(forms.PICTURES, number), cast),
        truncated=truncated,
    )


def _keys(section: str, day: date, size: int, rng: Random) -> list[str]:
    return [f"{day:%Y%m%d}{number:05}" for number in rng.sample(KEY_NUMBERS[section], size)]


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60), JAPAN)


def _dateline(form: str, day: date, rng: Random, agency: str = "Jiji Press") -> Dateline | None:
    if form == "none":
        return None
    local_day = {"undated": None, "behind": day - timedelta(days=1)}.get(form, day)
    return Dateline(rng.choice(forms.PLACES[form]), local_day, agency)


def _opening(openings: list[str], number: int, cast: Cast) -> tuple[str, str]:
    """Headline and first sentence, which share their numbers."""
    headline, lead = cast.say(openings[number % len(openings)]).split(" | ")
    return headline, lead


def _headline(plain: str, addition: str, cast: Cast) -> str:
    if addition == "kicker":
        return f"{cast.draw('kicker')}: {plain}"
    return f"{plain}: {cast.draw('source')}" if addition == "source" else plain


def _follow_up(templates: list[str], cast: Cast, rng: Random, size: int) -> list[str]:
    """So many paragraphs of one or two sentences each."""
    sentences = [cast.say(template) for template in rng.sample(templates, 2 * size)]
    return [" ".join(sentences[2 * n : 2 * n + rng.choice((1, 2, 2))]) for n in range(size)]


def _with_quirk(paragraphs: list[str], quirk: str, cast: Cast, rng: Random) -> tuple[str, ...]:
    if quirk == "dash-first":
        paragraphs[0] += f" {cast.draw(quirk)}"
    elif quirk == "by-first":
        paragraphs.insert(0, cast.draw("by"))
    elif quirk:
        paragraphs.insert(rng.randint(1, len(paragraphs)), cast.draw(quirk))
    return tuple(paragraphs)


def _authors(size: int, particled: int, lists: Grammar, rng: Random) -> tuple[str, ...]:
    names = rng.sample(lists["particled"], particled) + rng.sample(lists["correspondent"], size - particled)
    return tuple(names)


def _pictures(key: str, kinds: tuple[str, ...], cast: Cast) -> tuple[Picture, ...]:
    """One picture of each kind of caption."""
    return tuple(
        Picture(
            name=f"{key}-{number}",
            caption=cast.draw("bracketed" if kind == "bracketed" else "caption"),
            credit=None if kind == "plain" else cast.draw("credit"),
        )
        for number, kind in enumerate(kinds, start=1)
    )
