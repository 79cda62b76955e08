"""Features of an article that a comparison with another needs, and the keys that find articles worth comparing.

Shared text is measured over shingles, hashes of three words in a row of the body. The keys are the smallest of them
(MinHash), so that similar articles share a key. Hashes are CRC-32 and fixed integer arithmetic, equal on every machine.

Each figure, day and name is kept with its contexts, the two words on each side. Other values in the same contexts tell
the next report of a kind from the same report sent again.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate, chain, pairwise
from struct import pack, unpack_from
from typing import Any
from zlib import crc32

from jiji.feed.signatures import Signature
from jiji.text.wire_copy import split_mark

MOST_SHINGLES = 256
"""Shingles kept of a text, the smallest. Texts with fewer are compared exactly."""
BODY_KEYS, LEAD_KEYS = 16, 4
NUMBER, DAY, NAME, TIME = range(4)
"""Kinds of facts."""
MARKS = (None, "wrap-up", "update", "correction")
UNMARKED, WRAP_UP, UPDATE, CORRECTION = range(4)

_FEWEST_WORDS = 5
_LONGEST_HEADLINE, _LONGEST_LEAD, _LONGEST_BODY = 300, 1_500, 20_000
"""Characters that are compared."""
_MOST_CONTEXTS = 250
_EMPTY_CONTEXT = len("  #")
"""Characters of a context at the beginning or end of a text, which says nothing."""
_STEM = 5
"""Letters by which two forms of a word are one."""
_MASK = 0xFFFFFFFF

_TOKEN = re.compile(r"\d[\d,.:]*\d|[^\W_]+|[.!?\"“:;\n]")
_STOPS = frozenset('.!?"“:;\n')
"""Tokens before a sentence. Its first word has a capital in any case."""
_WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_MONTHS = frozenset("jan feb mar apr may jun jul aug sep oct nov dec".split())
_NUMBER_WORDS = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen twenty dozen first second "
    "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth final".split()
)
_FUNCTION_WORDS = frozenset(
    "a about after all an and are as at be been before but by for from had has have he her his if in into is it its "
    "japan japanese more most new no not of off on one or over people police s said says she some than that the their "
    "there they this to under up was were which while who will with would".split()
)


@dataclass(frozen=True, slots=True)
class Features:
    """Features of an article. Groups of hashes are sorted, 32 bits each."""

    mark: tuple[int, ...]
    """Position of the headline's mark in `MARKS`, and the number of its update, 0 without."""
    dated: tuple[int, ...]
    """Ordinal of the dateline's day. Empty without one."""
    places: tuple[int, ...]
    headline: tuple[int, ...]
    """Words without the mark and function words."""
    lead_words: tuple[int, ...]
    weekdays: tuple[int, ...]
    """Weekdays of headline and lead."""
    lead_shingles: tuple[int, ...]
    shingles: tuple[int, ...]
    lead_facts: tuple[int, ...]
    """Context and value by turns. The lowest two bits of a context are the kind."""
    facts: tuple[int, ...]

    def encode(self) -> bytes:
        """Return the features as bytes, little-endian."""
        groups: list[tuple[int, ...]] = [getattr(self, name) for name in self.__slots__]
        sizes = list(map(len, groups))
        return pack(f"<{len(sizes)}H{sum(sizes)}I", *sizes, *chain.from_iterable(groups))

    @classmethod
    def decode(cls, data: bytes) -> "Features":
        """Return the features in bytes."""
        count = len(cls.__slots__)
        sizes = unpack_from(f"<{count}H", data)
        values = unpack_from(f"<{sum(sizes)}I", data, 2 * count)
        return cls(*(values[begin:end] for begin, end in pairwise(accumulate(sizes, initial=0))))


class ArticleSigner:
    """Makes the signatures of a feed's lines."""

    version = "1"

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

    >>> rain, hail = (signature(f"{what} Falls", f"{what} fell on the port of Osaka.", published_date="2026-01-27")
    ...               for what in ("Rain", "Hail"))
    >>> len(set(rain.keys) & set(hail.keys)), signature("Snow", "It fell.", published_date="2026-01-27")
    (4, None)
    """
    body = body[:_LONGEST_BODY]
    tokens, lead_tokens = _TOKEN.findall(body), _TOKEN.findall(body.partition("\n\n")[0][:_LONGEST_LEAD])
    words = list(_with_kinds(tokens))
    lead = words[: sum(token not in _STOPS for token in lead_tokens)]
    day = _ordinal(published_date)
    if not day or len(words) < _FEWEST_WORDS:
        return None
    mark, headline = split_mark(headline[:_LONGEST_HEADLINE])
    headline_tokens = _TOKEN.findall(headline)
    shingles, lead_shingles = _shingles(words), _shingles(lead)
    dated = _ordinal(dateline_date)
    features = Features(
        mark=(MARKS.index(mark.kind), mark.number or 0),
        dated=(dated,) if dated else (),
        places=_hashes(place.casefold() for place in places[:_FEWEST_WORDS]),
        headline=_stems(headline_tokens),
        lead_words=_stems(lead_tokens),
        weekdays=_hashes(word for token in (*headline_tokens, *lead_tokens) if (word := token.casefold()) in _WEEKDAYS),
        lead_shingles=tuple(lead_shingles[:MOST_SHINGLES]),
        shingles=tuple(shingles[:MOST_SHINGLES]),
        lead_facts=_facts(lead),
        facts=_facts(words),
    )
    keys = dict.fromkeys([*_headline_keys(headline_tokens), *lead_shingles[:LEAD_KEYS], *shingles[:BODY_KEYS]])
    return Signature(tuple(keys), day, features.encode())


def _headline_keys(tokens: list[str]) -> tuple[int, int]:
    """Return two keys of a headline. One common headline is enough for a comparison."""
    text = " ".join(map(str.casefold, tokens))
    return _hash(f"headline {text}"), _hash(f"{text} headline")


def _shingles(words: "list[_Word]") -> list[int]:
    """Return the sorted hashes of every three words in a row."""
    hashes = [crc32(word.encode()) for word, _ in words]
    return sorted({
        ((one * 0x9E3779B1 ^ two * 0x85EBCA77 ^ three * 0xC2B2AE3D) * 0x27D4EB2F >> 15) & _MASK
        for one, two, three in zip(hashes, hashes[1:], hashes[2:], strict=False)
    })  # fmt: skip


def _facts(words: "list[_Word]") -> tuple[int, ...]:
    """Return context and value of each figure, day and name, by turns."""
    plain = ["", "", *("#" if kind is not None else word for word, kind in words), "", ""]
    found: dict[tuple[int, int], None] = {}
    for at, (word, kind) in enumerate(words):
        if kind is not None and len(found) < _MOST_CONTEXTS:
            value = _hash(word)
            for context in (f"{plain[at]} {plain[at + 1]} #", f"# {plain[at + 3]} {plain[at + 4]}"):
                if len(context) > _EMPTY_CONTEXT:
                    found[_hash(context) & ~3 | kind, value] = None
    return tuple(value for pair in found for value in pair)


_Word = tuple[str, int | None]
"""A word in lower case, and its kind if it is a fact."""


def _with_kinds(tokens: list[str]) -> Iterator[_Word]:
    """Yield each word in lower case with its kind: number, day, name, time of day, or None.

    >>> list(_with_kinds(["On", "Jan", "27", "Osaka", "had", "1,200"]))
    [('on', None), ('jan', 2), ('jan27', 1), ('osaka', 2), ('had', None), ('1200', 0)]
    """
    begins, month = True, ""
    for at, token in enumerate(tokens):
        if token in _STOPS:
            begins = True
            continue
        word = token.casefold()
        kind = None
        if ":" in word:
            kind = TIME
        elif word[0].isdigit() or word in _NUMBER_WORDS:
            kind, word = (DAY, month + word) if month else (NUMBER, word.replace(",", ""))
        elif word in _WEEKDAYS:
            kind = DAY
        elif token[0].isupper() and len(word) > 1 and (at == 0 or not begins) and word not in _FUNCTION_WORDS:
            kind, word = NAME, word[:_STEM]
        yield word, kind
        begins, month = False, word[:3] if kind == NAME and word[:3] in _MONTHS else ""


def _stems(tokens: list[str]) -> tuple[int, ...]:
    """Return the hashes of the words in any form, without function words."""
    words = (token.casefold() for token in tokens if token not in _STOPS)
    return _hashes(word[:_STEM] for word in words if word not in _FUNCTION_WORDS)


def _hashes(words: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted(set(map(_hash, words))))


def _hash(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass"))


def _ordinal(day: str) -> int:
    """Return the ordinal of a day, 0 for any other text."""
    try:
        return date.fromisoformat(day).toordinal()
    except ValueError:
        return 0


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
