"""Hypothesis strategies for stories, and the fields to be read from a story's page."""

from datetime import date, datetime, time, timedelta
from random import Random

from hypothesis import strategies as st

from devtools.newsroom.datelines import ALL_PLACES
from devtools.newsroom.expected import Fields, expected_fields
from devtools.newsroom.grammar import TextGenerator, grammar, sentence_case
from devtools.newsroom.story import JAPAN, Dateline, Picture, Story

FIELDS = """id url breadcrumbs headline authors dateline published_date published_at published_source modified_at body
    truncated images""".split()
"""The fields that a page alone decides."""
BREADCRUMBS = {"national": "NATIONAL", "journal": "AFP-JIJI PRESS NEWS JOURNAL", "photos": "Photos"}
"""Section of a story → the breadcrumb between HOME and Article."""
PICTURE_URL = "https://jen.jiji.com/photos/{}.jpg"
PICTURE_NAMES = (
    *("{:06d}-{}",) * 4,
    "sparrow-{:06d}-{}",
    "silicon{:06d}-{}",
    "bannerman{:06d}-{}",
    "2026012{:06d}p{}",
)
"""File names of pictures: some hold the name of an icon, or another article ID."""
COPYRIGHT_MARKS = ("(C)", "© ")
"""Marks before a credit that has an element of its own."""
AGENCIES = (("Jiji Press",) * 5 + ("JIJI PRESS",), ("AFP-Jiji",) * 5 + ("AFP",))
"""Agencies of datelines, of the wire and of the journal."""
SPECIAL = {"bullets": ("bullet", 3), "rows": ("row", 3), "subheadings": ("subheading", 1)}
"""Special kind of paragraph → its list in the grammar, and the number of paragraphs in a row."""
PARAGRAPH_KINDS = ("plain", "plain", "plain", "tricky", "tricky", "tricky", "bullets", "rows", "subheadings")
DAYS_WITH_CERTAIN_YEAR = range(-40, 2)
"""Differences in days between dateline and article ID at which the dateline's year is certain."""

LISTS = grammar("tricky")
PLAIN = LISTS["aside"]
TRICKY_LISTS = ("dash-first", "dash-later", "agency", "by", "date", "site", "short", "typography")
"""Lists of sentences that resemble datelines, bylines, labels or phrases of the site, or use rare characters."""
TRICKY = [form for name in TRICKY_LISTS for form in LISTS[name]]
PLACES = (*("Tokyo",) * 10, *ALL_PLACES)

TURNS = [date(2026, 1, 1), date(2025, 12, 31), date(2028, 2, 29), date(2028, 3, 1), date(2026, 3, 1), date(2025, 2, 28)]
DAYS = st.one_of(st.sampled_from(TURNS), st.dates(date(2005, 1, 2), date(2032, 12, 30)))
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
DATELINE_OFFSETS = st.sampled_from((0, 0, 0, 0, -1, -1, -2, -33, 1, -100))
"""Days from the article ID's day to the dateline's."""
DATE_FORMATS = (
    *("%Y-%m-%d", "%Y-%m-%d %H:%M", "%d-%b-%Y", "%b-%d-%Y %H:%M", "%B %d, %Y", "%d-%m-%Y"),
    *("%Y-%m-%d %H:%M JST", "%Y-%m-%d %H:%M GMT+9", "%Y-%m-%d %H:%M +0900"),
    *("%Y年%m月%d日%H時%M分", ""),
)
"""`%d-%m-%Y` is unambiguous because the article ID's day is near."""
NAMES = st.one_of(
    st.builds("{} {}".format, st.sampled_from(LISTS["given"]), st.sampled_from(LISTS["surname"])),
    st.sampled_from(LISTS["particled"]),
)
SEEDS = st.integers(0, 2**32)


@st.composite
def stories(draw: st.DrawFn, section: str = "national") -> Story:
    """Draw a story of a section: "national", "journal" or "photos"."""
    day = draw(DAYS)
    rng = Random(draw(SEEDS))
    kinds = draw(st.lists(st.sampled_from(PARAGRAPH_KINDS), min_size=1, max_size=6))
    paragraphs, special = _paragraphs(kinds, rng)
    return Story(
        key=f"{day:%Y%m%d}{draw(st.integers(100, 99_999)):05d}",
        section=section,
        category=None,
        published=datetime.combine(day, draw(TIMES) if section != "national" else time(), JAPAN),
        headline=draw(st.sampled_from(LISTS["headline"]).map(lambda form: _headline(form, rng))),
        authors=tuple(draw(st.lists(NAMES, max_size=3, unique=True))) if section != "photos" else (),
        dateline=draw(_datelines(day, draw(st.sampled_from(AGENCIES[section == "journal"])))),
        paragraphs=paragraphs,
        bullets=special["bullets"],
        rows=special["rows"],
        subheadings=special["subheadings"],
        pictures=_pictures(rng, draw(st.sampled_from((0, 0, 1, 1, 2, 3) if section != "photos" else (1, 2, 3)))),
        truncated=section == "national" and draw(st.sampled_from((True, True, False))),
        date_format=draw(st.sampled_from(DATE_FORMATS)) if section != "national" else "",
    )


def expected(story: Story) -> Fields:
    """Return the fields to be read from the story's page."""
    url = f"https://jen.jiji.com/jc/eng?g=eco&k={story.key}"
    crumbs = breadcrumbs(story)
    fields = expected_fields(story, section="national", url=url, breadcrumbs=crumbs, picture_url=PICTURE_URL)
    line = story.dateline
    if line and line.day and (line.day - story.published.date()).days not in DAYS_WITH_CERTAIN_YEAR:
        fields["dateline"]["date"] = None
    return {name: fields[name] for name in FIELDS}


def breadcrumbs(story: Story) -> list[str]:
    """Return the breadcrumbs of the story's page."""
    return ["HOME", BREADCRUMBS[story.section], "Article"]


def expand(rng: Random, form: str) -> str:
    """Return a form with its slots filled, independent of all other texts."""
    return TextGenerator(LISTS, rng).expand(form)


def pick(rng: Random, name: str) -> str:
    """Return a choice of a list with its slots filled."""
    return TextGenerator(LISTS, rng).pick(name)


def _paragraphs(kinds: list[str], rng: Random) -> tuple[tuple[str, ...], dict[str, frozenset[str]]]:
    """Return different paragraphs of these kinds, and those of each special kind. First and last are never special."""
    paragraphs: dict[str, str] = {}
    for kind in ["plain", *kinds, "plain"] if set(kinds) & set(SPECIAL) else kinds:
        if kind in SPECIAL:
            name, count = SPECIAL[kind]
            paragraphs |= {sentence_case(expand(rng, form)): kind for form in rng.sample(LISTS[name], count)}
        else:
            forms = [rng.choice(TRICKY if kind == "tricky" else PLAIN)]
            forms += rng.choices(PLAIN, k=rng.choice((0, 0, 1, 1, 2)))
            paragraphs[" ".join(sentence_case(expand(rng, form)) for form in forms)] = kind
    while list(paragraphs.values())[-1] in SPECIAL:  # the last plain one equals one above
        paragraphs.popitem()
    special = {kind: frozenset(text for text, found in paragraphs.items() if found == kind) for kind in SPECIAL}
    return tuple(paragraphs), special


def _headline(form: str, rng: Random) -> str:
    mark = f"(Update {rng.randrange(1, 5)}) " if rng.random() < 0.1 else ""
    kicker = mark + (f"{pick(rng, 'kicker')}: " if rng.random() < 0.2 else "")
    source = f": {pick(rng, 'source')}" if rng.random() < 0.2 else ""
    return kicker + expand(rng, form) + source


@st.composite
def _datelines(draw: st.DrawFn, day: date, agency: str) -> Dateline | None:
    kind = draw(st.sampled_from(("dated", "dated", "dated", "dated", "dated", "days", "undated", "none")))
    if kind == "none":
        return None
    places = tuple(draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=3, unique=True)))
    if kind == "undated":
        return Dateline(places, None, agency if "JIJI" in agency.upper() else "AFP-Jiji")
    last = day + timedelta(days=draw(DATELINE_OFFSETS))
    return Dateline(places, last, agency, last - timedelta(days=2) if kind == "days" else None)


def _pictures(rng: Random, count: int) -> tuple[Picture, ...]:
    forms = rng.sample(LISTS["caption"] + LISTS["bracketed"], count)
    return tuple(_picture(rng, number, form) for number, form in enumerate(forms, start=1))


def _picture(rng: Random, number: int, form: str) -> Picture:
    caption = sentence_case(expand(rng, form)) if rng.random() < 0.9 else None
    apart = rng.random() < 0.25
    credit = pick(rng, "credit") if rng.random() < 0.6 and (caption or apart) else None
    if credit and apart and rng.random() < 0.3:
        credit = rng.choice(COPYRIGHT_MARKS) + credit
    return Picture(rng.choice(PICTURE_NAMES).format(rng.randrange(10**6), number), caption, credit, apart)
