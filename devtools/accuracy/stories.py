"""Stories as a newsroom knows them, before any page is made; days are days in Japan unless said to be local."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from random import Random
from typing import Any

from hypothesis import strategies as st

from devtools.accuracy import words
from devtools.accuracy.words import fill, pick, sentence_case

JAPAN = timezone(timedelta(hours=9))
MONTHS = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
SECTIONS = {"article": "NATIONAL", "journal": "AFP-JIJI PRESS NEWS JOURNAL", "photos": "Photos"}
"""Kind of page → the crumb between HOME and Article."""
SURE_OF_YEAR = range(-40, 2)
"""By how many days a dateline may differ from its key's day and still be sure of its year (docs/fields.md)."""

Fields = dict[str, Any]
"""Field of a feed's line → its value."""


@dataclass(frozen=True)
class Dateline:
    """Where, on which local day (None: not printed) and for which agency a story was filed."""

    places: tuple[str, ...]
    day: date | None
    agency: str

    @property
    def text(self) -> str:
        """As printed, without the agency."""
        day = f", {MONTHS[self.day.month - 1]} {self.day.day}" if self.day else ""
        return "/".join(self.places) + day


@dataclass(frozen=True)
class Picture:
    """A picture; what is not printed is None."""

    file: str
    caption: str | None
    credit: str | None
    apart: bool
    """Whether the credit is printed in an element of its own, and not in brackets at the caption's end."""


@dataclass(frozen=True)
class Stamp:
    """A date as a page prints it, and the moment it means if it tells the time."""

    text: str
    moment: datetime | None


@dataclass(frozen=True)
class Story:
    """A story: what has to be read from its page."""

    key: str
    kind: str
    headline: str
    authors: tuple[str, ...]
    dateline: Dateline | None
    paragraphs: tuple[str, ...]
    bullets: frozenset[str]
    """Those of the paragraphs that are items of a list."""
    pictures: tuple[Picture, ...]
    truncated: bool
    stamp: Stamp | None

    @property
    def day(self) -> date:
        """The day of the key."""
        return date(int(self.key[:4]), int(self.key[4:6]), int(self.key[6:8]))

    def fields(self) -> Fields:
        """Return what a perfect reader tells of the story."""
        return {
            "id": self.key,
            "url": f"https://jen.jiji.com/jc/eng?g=eco&k={self.key}",
            "breadcrumbs": ["HOME", SECTIONS[self.kind], "Article"],
            "headline": self.headline,
            "authors": list(self.authors),
            "dateline": self._dateline(),
            "published_date": self.day.isoformat(),
            "published_at": self.stamp.moment.isoformat() if self.stamp and self.stamp.moment else None,
            "published_source": "page" if self.stamp else "key",
            "modified_at": None,
            "body": "\n\n".join(self.paragraphs),
            "truncated": self.truncated,
            "images": [
                {"url": f"https://jen.jiji.com/photos/{one.file}", "caption": one.caption, "credit": one.credit}
                for one in self.pictures
            ],
        }

    def _dateline(self) -> Fields | None:
        line = self.dateline
        if line is None:
            return None
        sure = line.day is not None and (line.day - self.day).days in SURE_OF_YEAR
        day = line.day.isoformat() if line.day and sure else None
        return {"text": line.text, "places": list(line.places), "date": day, "agency": line.agency}


TURNS = [date(2026, 1, 1), date(2025, 12, 31), date(2028, 2, 29), date(2028, 3, 1), date(2026, 3, 1), date(2025, 2, 28)]
DAYS = st.one_of(st.sampled_from(TURNS), st.dates(date(2005, 1, 2), date(2032, 12, 30)))
BEHIND = st.sampled_from((0, 0, 0, 0, -1, -1, -2, -33, 1, -100))
STAMPS = (
    *("%Y-%m-%d", "%Y-%m-%d %H:%M", "%d-%b-%Y", "%b-%d-%Y %H:%M", "%B %d, %Y", "%d-%m-%Y"),
    "%Y年%m月%d日%H時%M分",
)
"""`%d-%m-%Y` is read for certain because the key's day is near."""
NAMES = st.one_of(
    st.builds("{} {}".format, st.sampled_from(words.GIVEN), st.sampled_from(words.SURNAMES)),
    st.sampled_from(words.CORRESPONDENTS),
)
SEEDS = st.integers(0, 2**32)


@st.composite
def stories(draw: st.DrawFn, kind: str = "article") -> Story:
    """Draw a story for a kind of page: "article", "journal" or "photos"."""
    day = draw(DAYS)
    rng = Random(draw(SEEDS))
    told = draw(st.lists(st.sampled_from(("plain", "plain", "tricky", "tricky", "bullets")), min_size=1, max_size=6))
    paragraphs, bullets = _paragraphs(told, rng)
    return Story(
        key=f"{day:%Y%m%d}{draw(st.integers(100, 99_999)):05d}",
        kind=kind,
        headline=draw(st.sampled_from(words.HEADLINES).map(lambda form: _headline(form, rng))),
        authors=tuple(draw(st.lists(NAMES, max_size=3, unique=True))) if kind != "photos" else (),
        dateline=draw(_datelines(day, "AFP-Jiji" if kind == "journal" else "Jiji Press")),
        paragraphs=paragraphs,
        bullets=bullets,
        pictures=_pictures(rng, draw(st.sampled_from((0, 0, 1, 1, 2, 3) if kind != "photos" else (1, 2, 3)))),
        truncated=kind == "article" and draw(st.sampled_from((True, True, False))),
        stamp=draw(_stamps(day)) if kind != "article" else None,
    )


def _paragraphs(told: list[str], rng: Random) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return paragraphs of these kinds, no two alike, and which of them are items of a list, none of them the first."""
    paragraphs: dict[str, bool] = {}
    for kind in told:
        if kind == "bullets" and paragraphs:
            paragraphs |= {sentence_case(fill(rng, form)): True for form in rng.sample(words.BULLETS, 3)}
        else:
            forms = [rng.choice(words.TRICKY if kind == "tricky" else words.PLAIN)]
            forms += rng.choices(words.PLAIN, k=rng.choice((0, 0, 1, 1, 2)))
            paragraphs[" ".join(sentence_case(fill(rng, form)) for form in forms)] = False
    return tuple(paragraphs), frozenset(text for text, is_bullet in paragraphs.items() if is_bullet)


def _headline(form: str, rng: Random) -> str:
    kicker = f"{pick(rng, words.KICKERS)} " if rng.random() < 0.2 else ""
    source = pick(rng, words.SOURCES) if rng.random() < 0.2 else ""
    return fill(rng, kicker + form + source)


@st.composite
def _datelines(draw: st.DrawFn, day: date, agency: str) -> Dateline | None:
    kind = draw(st.sampled_from(("dated", "dated", "dated", "dated", "dated", "undated", "none")))
    if kind == "none":
        return None
    places = tuple(draw(st.lists(st.sampled_from(words.PLACES), min_size=1, max_size=3, unique=True)))
    return Dateline(places, day + timedelta(days=draw(BEHIND)) if kind == "dated" else None, agency)


@st.composite
def _stamps(draw: st.DrawFn, day: date) -> Stamp | None:
    form = draw(st.sampled_from((*STAMPS, "")))
    moment = datetime(day.year, day.month, day.day, draw(st.integers(0, 23)), draw(st.integers(0, 59)), tzinfo=JAPAN)
    return Stamp(moment.strftime(form), moment if "%H" in form else None) if form else None


def _pictures(rng: Random, count: int) -> tuple[Picture, ...]:
    captions = rng.sample(words.CAPTIONS, count)
    return tuple(_picture(rng, number, caption) for number, caption in enumerate(captions, start=1))


def _picture(rng: Random, number: int, form: str) -> Picture:
    caption = sentence_case(fill(rng, form)) if rng.random() < 0.9 else None
    apart = rng.random() < 0.25
    credit = fill(rng, pick(rng, words.LONE_CREDITS if apart else words.CREDITS)) if rng.random() < 0.6 else None
    if credit and apart:
        credit = credit.strip("()[]")
    return Picture(f"{rng.randrange(10**6):06d}-{number}.jpg", caption, credit if caption or apart else None, apart)
