"""Links between articles that tell the same story: near-duplicates, updates and corrections.

Shared text alone does not tell a re-post from the next market report, weather forecast or match result, which differs
in figures, days and names only. So these are compared where both texts have them in the same context. One other value
is a correction. More of them, or another day in the lead, make another story.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from jiji.feed.signatures import Candidate, Signature
from jiji.text.features import (
    CORRECTION,
    DAY,
    MOST_SHINGLES,
    NAME,
    NUMBER,
    TIME,
    UNMARKED,
    WRAP_UP,
    ArticleSigner,
    Features,
)
from jiji.text.wire_copy import split_mark

SHARED_TEXT = 0.45
"""Share of the shorter text's shingles that nearly the same texts have in common."""
LONG_TEXT, SIMILAR_HEADLINE = 30, 0.3
"""Common shingles that identify a story, and the share of the headline that fewer of them need."""
SHARED_LEAD = 0.5
"""Share of a lead's shingles that the other text must have."""
SHARED_HEADLINE, SHARED_WORDS = 0.5, 0.5
"""Shares of the words of headline and lead, function words apart, that two versions of a story have in common."""
SAME_HEADLINE, WHOLE_LEAD = 0.8, 0.8
"""Shares of the words of a headline, and of a lead's shingles, at which they count as the same."""
SHORTEST_LEAD = 5
"""Shingles of a lead that identifies a story."""
MOST_CHANGES = 0.2
"""Share of common contexts that one corrected value may touch. In a shorter text it makes another story."""
MOST_NEW_FIGURES = 0.7
"""Share of the figures in common contexts that an update may change."""
CORRECTED_TEXT, CORRECTED = 0.7, 3
"""Shared text of a correction, and the values that it may change, a day too. A full name has several."""


@dataclass(frozen=True, slots=True)
class Links:
    """Links of an article to earlier ones, by article ID, and the number of its update."""

    near_duplicate_of: str | None = None
    update_of: str | None = None
    update: int | None = None


class Candidates(Protocol):
    """Search for earlier articles that share keys with a signature."""

    def __call__(self, signature: Signature, *, id: str) -> list[Candidate]:
        """Return the candidates."""


def find_links(article: Mapping[str, Any], candidates: Candidates) -> Links:
    """Return the links of an article, given as the record of its line.

    `near_duplicate_of` is the earliest article with nearly the same text, `update_of` the latest version of the story.
    """
    update = split_mark(article["headline"])[0].number
    signed = ArticleSigner()(article)
    if signed is None:
        return Links(update=update)
    features = Features.decode(signed.data)
    repeated: list[tuple[bool, int, str]] = []
    continued: list[tuple[int, int, str]] = []
    for candidate in candidates(signed, id=article["id"]):
        earlier = Features.decode(candidate.data)
        found = compare(features, earlier)
        if found.is_near_duplicate:
            repeated.append((candidate.duplicate_of is not None, candidate.fetched, candidate.id))
        if found.is_update:
            continued.append((earlier.mark[1], candidate.fetched, candidate.id))
    return Links(
        near_duplicate_of=min(repeated)[-1] if repeated else None,
        update_of=max(continued)[-1] if continued else None,
        update=update,
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """Relation of an article to an earlier one."""

    is_near_duplicate: bool = False
    is_update: bool = False


def compare(article: Features, earlier: Features) -> Comparison:
    """Return the relation of an article to an earlier one."""
    text = shared(article.shingles, earlier.shingles)
    repeats = _has_text(article, earlier, text) or _has_opening(article, earlier)
    is_version = _is_version(article, earlier)
    if not (repeats or is_version):
        return Comparison()
    whole = compare_facts(article.facts, earlier.facts)
    lead = compare_facts(article.lead_facts, earlier.lead_facts)
    continues = is_version and _continues(article, earlier, whole, lead, text)
    return Comparison(
        is_near_duplicate=repeats and (continues or _agrees(article, earlier, whole, lead, text)),
        is_update=continues and article.mark[0] > WRAP_UP and _follows(article.mark[1], earlier.mark[1]),
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """Figures, days and names that two texts have in common contexts."""

    contexts: int
    changed_contexts: int
    """Those with other values."""
    figures: int
    """Contexts of figures."""
    changed_figures: int
    changes: set[tuple[int, int]]
    """Kind and value of each fact that the other text has changed. It may stand in several contexts."""

    def count(self, *kinds: int) -> int:
        """Return the number of changes of these kinds."""
        return sum(kind in kinds for kind, _ in self.changes)


def compare_facts(one: tuple[int, ...], two: tuple[int, ...]) -> Facts:
    """Return the facts in the contexts of both texts.

    A change is a context in which each text has a value that the other lacks, and at most half of the values in common.
    """
    before, after = _by_context(one), _by_context(two)
    contexts = before.keys() & after.keys()
    changed = [context for context in contexts if _is_changed(before[context], after[context])]
    return Facts(
        contexts=len(contexts),
        changed_contexts=len(changed),
        figures=sum(context & 3 == NUMBER for context in contexts),
        changed_figures=sum(context & 3 == NUMBER for context in changed),
        changes={(context & 3, value) for context in changed for value in _replaced(before[context], after[context])},
    )


def _by_context(pairs: tuple[int, ...]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for context, value in zip(pairs[::2], pairs[1::2], strict=True):
        found.setdefault(context, set()).add(value)
    return found


def _replaced(one: set[int], two: set[int]) -> list[int]:
    """Return the values of the first set for which the second one has others."""
    return sorted(one - two)[: len(two - one)]


def _is_changed(one: set[int], two: set[int]) -> bool:
    if one == two:
        return False
    common, least = len(one & two), min(len(one), len(two))
    return common < least and 2 * common <= least


def _agrees(one: Features, two: Features, whole: Facts, lead: Facts, text: float) -> bool:
    """Return whether figures, days and names tell one story. One may be corrected, on the same day in the same text."""
    if _names_other_day(one, two) or lead.count(DAY) or whole.count(TIME):
        return False
    if not whole.changes:
        return True
    if len(whole.changes) > 1 or whole.changed_contexts > MOST_CHANGES * whole.contexts or _days_apart(one, two):
        return False
    if _filed_elsewhere(one, two) or _figures(one.lead_facts) != _figures(two.lead_facts):
        return False
    if lead.changes and text < CORRECTED_TEXT:
        return False
    return not lead.changes or one.headline == two.headline


def _figures(facts: tuple[int, ...]) -> int:
    """Return the number of contexts of figures."""
    return sum(context & 3 == NUMBER for context in facts[::2])


def _is_version(one: Features, two: Features) -> bool:
    """Return whether one of two articles is marked, and headline, places and lead are those of one story."""
    if one.mark[0] == two.mark[0] == UNMARKED:
        return False
    if _filed_elsewhere(one, two):
        return False
    return (
        shared(one.headline, two.headline) >= SHARED_HEADLINE and shared(one.lead_words, two.lead_words) >= SHARED_WORDS
    )


def _continues(one: Features, two: Features, whole: Facts, lead: Facts, text: float) -> bool:
    """Return whether days, figures and names let one of two versions continue the other."""
    if CORRECTION in (one.mark[0], two.mark[0]) and text >= CORRECTED_TEXT and len(whole.changes) <= CORRECTED:
        return True
    if _names_other_day(one, two) or lead.count(DAY) or whole.count(TIME):
        return False
    days_apart = _days_apart(one, two)
    if days_apart > 1 or (days_apart and lead.changes):
        return False
    if any(part.count(NUMBER) > 1 and part.changed_figures > MOST_NEW_FIGURES * part.figures for part in (whole, lead)):
        return False
    return lead.count(NAME) == 0 or (lead.count(NAME) == 1 and shared(one.headline, two.headline) >= SAME_HEADLINE)


def _follows(number: int, earlier: int) -> bool:
    """Return whether an update's number is above an earlier one's. 0 is no number."""
    return number > earlier or not number


def _has_text(one: Features, two: Features, text: float) -> bool:
    """Return whether two articles have much of their text and a lead in common. A short text needs a headline too."""
    if text < SHARED_TEXT or not _has_lead(one, two):
        return False
    is_long = text * min(len(one.shingles), len(two.shingles)) >= LONG_TEXT
    return is_long or (shared(one.headline, two.headline) >= SIMILAR_HEADLINE and not _filed_elsewhere(one, two))


def _has_lead(one: Features, two: Features) -> bool:
    """Return whether two leads are alike, or one of them stands anywhere in the other text."""
    return shared(one.lead_words, two.lead_words) >= SHARED_WORDS or any(
        contained(a.lead_shingles, b.shingles) >= SHARED_LEAD for a, b in ((one, two), (two, one))
    )


def _has_opening(one: Features, two: Features) -> bool:
    """Return whether two articles of one day have one headline, and one of them has the other's whole lead."""
    if _days_apart(one, two) or shared(one.headline, two.headline) < SAME_HEADLINE:
        return False
    return any(
        len(a.lead_shingles) >= SHORTEST_LEAD and contained(a.lead_shingles, b.shingles) >= WHOLE_LEAD
        for a, b in ((one, two), (two, one))
    )


def _days_apart(one: Features, two: Features) -> int:
    """Return the days between two datelines, 0 if one of them is undated."""
    return abs(one.dated[0] - two.dated[0]) if one.dated and two.dated else 0


def _filed_elsewhere(one: Features, two: Features) -> bool:
    """Return whether two datelines have no place in common."""
    return bool(one.places and two.places) and set(one.places).isdisjoint(two.places)


def _names_other_day(one: Features, two: Features) -> bool:
    """Return whether headline and lead of both articles name weekdays, and none in common."""
    return bool(one.weekdays and two.weekdays) and set(one.weekdays).isdisjoint(two.weekdays)


def shared(one: tuple[int, ...], two: tuple[int, ...]) -> float:
    """Return the share of the smaller group that both groups have. Cut-off groups are compared up to the cut.

    >>> shared((1, 2, 3, 4), (2, 3, 9)), shared((), (1,))
    (0.6666666666666666, 0.0)
    """
    one, two = _up_to_cut(one, two), _up_to_cut(two, one)
    least = min(len(one), len(two))
    return len(set(one).intersection(two)) / least if least else 0.0


def contained(part: tuple[int, ...], whole: tuple[int, ...]) -> float:
    """Return the share of a group that another one contains, up to the cut of the other one.

    >>> contained((1, 2), (2, 3, 4))
    0.5
    """
    part = _up_to_cut(part, whole)
    return len(set(part).intersection(whole)) / len(part) if part else 0.0


def _up_to_cut(group: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """Return the part of a group that can stand in another one, which may hold its smallest hashes only."""
    if len(other) < MOST_SHINGLES or group[-1:] <= other[-1:]:
        return group
    return tuple(value for value in group if value <= other[-1])
