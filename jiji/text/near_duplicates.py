"""Near-duplicates and updates of articles: signatures, and the comparison of two of them.

Shared text is measured over shingles, hashes of three words in a row of the body. The keys of a signature are the
smallest of them (MinHash), so that similar articles share a key. Hashes are CRC-32 and fixed integer arithmetic, equal
on every machine.

Shared text alone does not tell a re-post from the next market report, which differs in figures and days only. So each
figure, day and name is kept with its context, the words around it. Two values in one context are a conflict, and a
conflict in the lead, or many in the body, makes two stories.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import lru_cache
from itertools import accumulate, pairwise
from struct import pack, unpack
from typing import Any, Protocol
from zlib import crc32

from jiji.feed.signatures import Candidate, Signature
from jiji.text.wire_copy import split_mark

VERSION = "1"
"""Version of the signatures. Another one makes every catalog sign its feed again."""
MOST_SHINGLES = 256
"""Shingles kept of a text, the smallest. Texts with fewer are compared exactly."""
BODY_KEYS, LEAD_KEYS = 16, 4
SHARED_TEXT = 0.45
"""Share of the shorter text's shingles that nearly the same texts have in common."""
SHARED_LEAD = 0.5
"""Share of one lead's shingles that the other text must have."""
SHARED_HEADLINE, SHARED_WORDS = 0.5, 0.5
"""Shares of the words of headline and lead, function words apart, that two sendings of a story have in common."""
MOST_CONFLICTS = 0.2
"""Share of common contexts that may have two values, as in a re-post with another figure."""
MOST_NEW_FIGURES = 0.6
"""Share of the figures in common contexts that an update may change."""
CORRECTED_TEXT = 0.7
"""Shared text of a correction, which may change the day."""
SAME_HEADLINE, WHOLE_LEAD = 0.8, 0.8
"""Shares of the words of a headline, and of a lead's shingles, at which they count as the same."""
_FEWEST_WORDS = 5
_STEM = 5
"""Letters by which two forms of a word are one."""
_MASK = 0xFFFFFFFF
_NUMBER, _DAY, _NAME = 0, 1, 2
MARKS = (None, "wrap-up", "update", "correction")
_WRAP_UP, CORRECTION = 1, 3

_TOKEN = re.compile(r"\d[\d,.:]*\d|[^\W_]+|[.!?\"“:;\n]")
_END = frozenset('.!?"“:;\n')
_WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_MONTHS = frozenset("jan feb mar apr may jun jul aug sep oct nov dec".split())
_NUMBER_WORDS = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen twenty dozen first second third "
    "fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth final".split()
)
_FUNCTION_WORDS = frozenset(
    "a about after all an and are as at be been before but by for from had has have he her his if in into is it its "
    "japan japanese more most new no not of off on one or over people police s said says she some than that the their "
    "there they this to under up was were which while who will with would".split()
)


@dataclass(frozen=True, slots=True)
class Features:
    """What is compared of an article: sorted hashes, 32 bits each."""

    mark: tuple[int, ...]
    """Position of the headline's mark in `MARKS`, and the number of its update, 0 without."""
    dated: tuple[int, ...]
    """Ordinal of the dateline's day; empty without one."""
    places: tuple[int, ...]
    headline: tuple[int, ...]
    """Words, without the mark."""
    lead_words: tuple[int, ...]
    lead_days: tuple[int, ...]
    """Weekdays of headline and lead."""
    lead_shingles: tuple[int, ...]
    shingles: tuple[int, ...]
    lead_facts: tuple[int, ...]
    """Context and value of each figure, day and name by turns. The lowest two bits of a context are the kind."""
    facts: tuple[int, ...]

    def encode(self) -> bytes:
        """Return the features as bytes, little-endian."""
        groups: list[tuple[int, ...]] = [getattr(self, each.name) for each in fields(self)]
        sizes = [len(group) for group in groups]
        return pack(f"<{len(sizes)}H{sum(sizes)}I", *sizes, *(value for group in groups for value in group))

    @classmethod
    def decode(cls, data: bytes) -> "Features":
        """Return the features in bytes."""
        count = len(fields(cls))
        sizes = unpack(f"<{count}H", data[: 2 * count])
        values = unpack(f"<{sum(sizes)}I", data[2 * count :])
        return cls(*(values[begin:end] for begin, end in pairwise(accumulate(sizes, initial=0))))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an article is to an earlier one."""

    is_near_duplicate: bool
    is_update: bool


@dataclass(frozen=True, slots=True)
class Links:
    """Links of an article to earlier ones, by article ID, and the number of its update."""

    near_duplicate_of: str | None = None
    update_of: str | None = None
    update: int | None = None


class Candidates(Protocol):
    """The search for earlier articles that share keys with a signature."""

    def __call__(self, signature: Signature, *, id: str) -> list[Candidate]:
        """Return the candidates."""


def find_links(article: Mapping[str, Any], candidates: Candidates) -> Links:
    """Return the links of an article, which is given as the record of its line.

    It repeats the earliest article with nearly the same text, and continues the latest version of its story.
    """
    update = split_mark(_text(article.get("headline")))[0].number
    signed = ArticleSigner()(article)
    if signed is None:
        return Links(update=update)
    features = Features.decode(signed.data)
    repeated: list[tuple[bool, int, str]] = []
    continued: list[tuple[int, int, str]] = []
    for each in candidates(signed, id=article["id"]):
        earlier = Features.decode(each.data)
        found = compare(features, earlier)
        if found.is_near_duplicate:
            repeated.append((each.duplicate_of is not None, each.fetched, each.id))
        if found.is_update:
            continued.append((earlier.mark[1], each.fetched, each.id))
    return Links(
        near_duplicate_of=min(repeated)[-1] if repeated else None,
        update_of=max(continued)[-1] if continued else None,
        update=update,
    )


class ArticleSigner:
    """Makes the signature of a line of the feed."""

    version = VERSION

    def __call__(self, article: Mapping[str, Any]) -> Signature | None:
        """Return the signature of a line's record, None for a text too short to compare."""
        dateline = article.get("dateline")
        dateline = dateline if isinstance(dateline, dict) else {}
        places = dateline.get("places")
        return signature(
            _text(article.get("headline")),
            _text(article.get("body")),
            published_date=_text(article.get("published_date")),
            places=tuple(map(_text, places)) if isinstance(places, list) else (),
            dateline_date=_text(dateline.get("date")),
        )


@lru_cache(maxsize=1)  # an article is signed when it is linked, and again when its line is indexed
def signature(
    headline: str, body: str, *, published_date: str, places: tuple[str, ...] = (), dateline_date: str = ""
) -> Signature | None:
    """Return the signature of an article, None for a text too short to compare.

    >>> one, two = (signature("Snow Falls", f"Snow fell {how} on Osaka.", published_date="2026-01-27") for how in "ab")
    >>> one == two, len(set(one.keys) & set(two.keys)), signature("Snow", "It fell.", published_date="2026-01-27")
    (False, 1, None)
    """
    day = _ordinal(published_date)
    words = _TOKEN.findall(body)
    lead = _TOKEN.findall(body.partition("\n\n")[0])
    if not day or sum(word not in _END for word in words) < _FEWEST_WORDS:
        return None
    mark, plain_headline = split_mark(headline)
    headline_words = _TOKEN.findall(plain_headline)
    shingles, lead_shingles = _shingles(words), _shingles(lead)
    dated = _ordinal(dateline_date)
    features = Features(
        mark=(MARKS.index(mark.kind), mark.number or 0),
        dated=(dated,) if dated else (),
        places=_hashes(place.casefold() for place in places),
        headline=_stems(headline_words),
        lead_words=_stems(lead),
        lead_days=_hashes(word for each in [*headline_words, *lead] if (word := each.casefold()) in _WEEKDAYS),
        lead_shingles=tuple(lead_shingles[:MOST_SHINGLES]),
        shingles=tuple(shingles[:MOST_SHINGLES]),
        lead_facts=_facts(lead),
        facts=_facts(words),
    )
    title = crc32(" ".join(["headline", *map(str.casefold, headline_words)]).encode())
    keys = dict.fromkeys([title, *lead_shingles[:LEAD_KEYS], *shingles[:BODY_KEYS]])
    return Signature(tuple(keys), day, features.encode())


def compare(article: Features, earlier: Features) -> Comparison:
    """Return what an article is to an earlier one."""
    whole = _compare_facts(article.facts, earlier.facts)
    lead = _compare_facts(article.lead_facts, earlier.lead_facts)
    text = shared(article.shingles, earlier.shingles)
    continues = bool(article.mark[0] or earlier.mark[0]) and _continues(article, earlier, whole, lead, text)
    is_update = continues and article.mark[0] > _WRAP_UP and _follows(article.mark[1], earlier.mark[1])
    repeats = (text >= SHARED_TEXT and _has_lead(article, earlier)) or _has_opening(article, earlier)
    return Comparison(repeats and (continues or _agrees(article, earlier, whole, lead)), is_update)


def _follows(number: int, earlier: int) -> bool:
    """Return whether an update's number is above an earlier one's. Corrections have none."""
    return not number or number > earlier


def _has_lead(one: Features, two: Features) -> bool:
    """Return whether two articles have their leads in common, or the lead of one stands anywhere in the other."""
    return (
        shared(one.lead_shingles, two.shingles, whole=one.lead_shingles) >= SHARED_LEAD
        or shared(two.lead_shingles, one.shingles, whole=two.lead_shingles) >= SHARED_LEAD
        or shared_words(one.lead_words, two.lead_words) >= SHARED_WORDS
    )


def _has_opening(one: Features, two: Features) -> bool:
    """Return whether two articles of one day have their headlines in common, and one of them the other's whole lead."""
    if _days_apart(one, two) or shared_words(one.headline, two.headline) < SAME_HEADLINE:
        return False
    leads = ((one, two), (two, one))
    return any(
        len(each.lead_shingles) >= _FEWEST_WORDS
        and shared(each.lead_shingles, other.shingles, whole=each.lead_shingles) >= WHOLE_LEAD
        for each, other in leads
    )


def _agrees(one: Features, two: Features, whole: "_Facts", lead: "_Facts") -> bool:
    """Return whether figures, days and names tell one story. One may be corrected, on the same day."""
    if _other_day(one, two) or lead.count(_DAY):
        return False
    if whole.count(_NUMBER, _NAME) > 1 or whole.conflicting > MOST_CONFLICTS * whole.common:
        return False
    if lead.count(_NAME) and one.headline != two.headline:
        return False
    return not (whole.count(_NUMBER) and _days_apart(one, two))


def _continues(one: Features, two: Features, whole: "_Facts", lead: "_Facts", text: float) -> bool:
    """Return whether headline, dateline and lead of a marked article say that it continues another, or is continued."""
    if one.places and two.places and not set(one.places) & set(two.places):
        return False
    headline, words = shared_words(one.headline, two.headline), shared_words(one.lead_words, two.lead_words)
    if headline < SHARED_HEADLINE or words < SHARED_WORDS:
        return False
    if CORRECTION in (one.mark[0], two.mark[0]) and text >= CORRECTED_TEXT and whole.count(_NUMBER, _DAY, _NAME) <= 1:
        return True
    days_apart = _days_apart(one, two)
    if days_apart > 1 or _other_day(one, two) or lead.count(_DAY) or (days_apart and lead.conflicting):
        return False
    for part in (whole, lead):
        if part.count(_NUMBER) > 1 and part.other_numbers > MOST_NEW_FIGURES * part.numbers:
            return False
    return not lead.count(_NAME) or (lead.count(_NAME) == 1 and headline >= SAME_HEADLINE)


def _days_apart(one: Features, two: Features) -> int:
    """Return the days between two datelines, 0 if one is undated."""
    return abs(one.dated[0] - two.dated[0]) if one.dated and two.dated else 0


def _other_day(one: Features, two: Features) -> bool:
    """Return whether the leads name weekdays, and none in common."""
    return bool(one.lead_days and two.lead_days) and not set(one.lead_days) & set(two.lead_days)


@dataclass(slots=True)
class _Facts:
    """The figures, days and names that two texts have in common contexts."""

    common: int = 0
    """Common contexts."""
    conflicting: int = 0
    """Common contexts with two values."""
    numbers: int = 0
    """Common contexts of figures."""
    other_numbers: int = 0
    """Those with two values."""
    changes: set[tuple[int, int, int]] = field(default_factory=set)
    """Kind and both values of each conflict."""

    def count(self, *kinds: int) -> int:
        """Return the number of changed values of some kinds."""
        return sum(change[0] in kinds for change in self.changes)


def _compare_facts(one: tuple[int, ...], two: tuple[int, ...]) -> _Facts:
    known = dict(zip(two[::2], two[1::2], strict=True))
    facts = _Facts()
    for context, value in zip(one[::2], one[1::2], strict=True):
        if (other := known.get(context)) is not None:
            kind = context & 3
            facts.common += 1
            facts.numbers += kind == _NUMBER
            if value != other:
                facts.conflicting += 1
                facts.other_numbers += kind == _NUMBER
                facts.changes.add((kind, value, other))
    return facts


def shared(one: tuple[int, ...], two: tuple[int, ...], whole: tuple[int, ...] = ()) -> float:
    """Return the share of the shorter text's shingles, or of `whole`, in both. Cut-off sets are compared up to the cut.

    >>> shared((1, 2, 3, 4), (2, 3)), shared((), (1,))
    (1.0, 0.0)
    """
    cut = min((each[-1] for each in (one, two) if len(each) == MOST_SHINGLES), default=_MASK)
    kept = [[value for value in each if value <= cut] for each in (one, two)]
    least = len([value for value in whole if value <= cut]) if whole else min(map(len, kept))
    return len(set(kept[0]).intersection(kept[1])) / least if least else 0.0


def shared_words(one: tuple[int, ...], two: tuple[int, ...]) -> float:
    """Return the share of the fewer words that both have."""
    least = min(len(one), len(two))
    return len(set(one).intersection(two)) / least if least else 0.0


def _shingles(tokens: list[str]) -> list[int]:
    """Return the sorted hashes of every three words in a row."""
    words = [crc32(token.casefold().encode()) for token in tokens if token not in _END]
    words += words[:1] * (3 - len(words)) if len(words) < 3 else []  # noqa: PLR2004
    found = {
        ((one * 0x9E3779B1 ^ two * 0x85EBCA77 ^ three * 0xC2B2AE3D) * 0x27D4EB2F >> 15) & _MASK
        for one, two, three in zip(words, words[1:], words[2:], strict=False)
    }
    return sorted(found)


def _facts(tokens: list[str]) -> tuple[int, ...]:
    """Return context and value of each figure, day and name, by turns. The two words on each side are a context."""
    marked = list(_with_kinds(tokens))
    plain = ["^", "^", *("#" if kind is not None else word for word, kind in marked), "$", "$"]
    found: dict[int, int] = {}
    for at, (word, kind) in enumerate(marked):
        if kind is not None:
            value = crc32(word.encode())
            for context in (f"{plain[at]} {plain[at + 1]} #", f"# {plain[at + 3]} {plain[at + 4]}"):
                found.setdefault(crc32(context.encode()) & ~3 | kind, value)
    return tuple(value for pair in found.items() for value in pair)


def _with_kinds(tokens: list[str]) -> Iterator[tuple[str, int | None]]:
    """Yield each word in lower case with its kind: number, day, name, or None."""
    begins, before = True, ""
    for at, token in enumerate(tokens):
        if token in _END:
            begins = True
            continue
        word = token.casefold()
        kind = None
        if word[0].isdigit() or word in _NUMBER_WORDS:
            kind, word = (_DAY, before + word) if before in _MONTHS else (_NUMBER, word.replace(",", ""))
        elif word in _WEEKDAYS:
            kind = _DAY
        elif token[0].isupper() and len(word) > 1 and (not begins or at == 0) and word not in _FUNCTION_WORDS:
            kind, word = _NAME, word[:_STEM]
        yield word, kind
        begins, before = False, word[:3] if word[:3] in _MONTHS and token[0].isupper() else ""


def _stems(tokens: list[str]) -> tuple[int, ...]:
    """Return the sorted hashes of the words, function words apart, in any form."""
    words = (token.casefold() for token in tokens if token not in _END)
    return _hashes(word[:_STEM] for word in words if word not in _FUNCTION_WORDS)


def _hashes(words: Iterator[str]) -> tuple[int, ...]:
    return tuple(sorted({crc32(word.encode()) for word in words}))


def _ordinal(day: str) -> int:
    """Return the ordinal of a day, 0 for any other text."""
    try:
        return date.fromisoformat(day).toordinal()
    except ValueError:
        return 0


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
