"""Verification: the wording of a page proves it to be the article that its listing announced, or does not.

Pure functions. A new article needs a headline that its listing announced and that its text retells. A revision needs
the text of the revision before it, or a listing that announces its new headline.
"""

import re
from dataclasses import dataclass
from enum import Enum

from jiji.text.features import Features, signature
from jiji.text.near_duplicates import shared
from jiji.text.retelling import told_share, untold_figures, words_to_tell
from jiji.text.wire_copy import split_mark

SURELY_TOLD, TOLD = 0.5, 0.4
"""Share of a headline that its article tells as a rule, and the least share."""
TOLD_WHOLLY = 0.75
"""Least share of the announced headline that an article with another headline tells."""
ANNOUNCED = 0.6
"""Least share of the longer of two headlines that the shorter one has, where it has nothing else."""
KEPT_TEXT = 0.3
"""Share of the shorter text that two revisions of an article have in common."""
SAME_TEXT = 0.8
"""Share of the shorter text that two copies of it have in common, cut differently."""
FEWEST_SHINGLES = 10
"""Three words in a row that make a text worth comparing."""
SHORTEST_TEXT = 80
"""Characters of the shortest article of one paragraph."""
USUAL_PART = 12
"""An article of one paragraph has at least this part of the section's usual length. 60 characters of 720 are few."""
REMAINING = 0.15
"""Least part of its length that a revision of one paragraph keeps."""
MOST_DAYS = 7
"""Days between an article ID and the date on its page. A page of a cache or a notice has any date."""
OWN_DAYS = 2
"""Days between an article ID and the date on its page that are usual."""

_FEWEST_WORDS = 2
"""Words that tell something in a headline that was cut short."""
_TEMPLATE = re.compile(r"\{\{|\}\}|\$\{|\{%|<%|%[A-Z_]{3,}%")
_SENTENCE_END = re.compile(r"[.!?:…)\]\"'”’*]$")
_WORD = re.compile(r"[^\W_]+")
_WHITE_SPACE = re.compile(r"\s+")


class Verdict(Enum):
    """Verdict on a page."""

    VERIFIED = "the article that was announced"
    PLAUSIBLE = "the article, unless its text or headline is another article's"
    UNVERIFIED = "not certainly the article"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Verdict on a page, and the cause of a doubt."""

    verdict: Verdict
    cause: str = ""


VERIFIED = Judgement(Verdict.VERIFIED)


@dataclass(frozen=True, slots=True)
class Wording:
    """Headline and body of a page or of a line of the feed, normalised."""

    headline: str
    body: str


def judge_new(page: Wording, announced: str | None, *, days_off: int | None, usual: int = 0) -> Judgement:
    """Return the judgement on the page of an article that was never published.

    `days_off` is the number of days between the article ID and the date on the page, None without a date. `usual` is
    the usual length of the section's articles, 0 if unknown.

    >>> lead = "Rain fell on Osaka for the ninth day in a row on Monday, the local weather agency said in its report."
    >>> page = Wording("Rain Falls on Osaka for Ninth Day", lead)
    >>> judge_new(page, "Rain Falls on Osaka for ...", days_off=0).verdict.name
    'VERIFIED'
    >>> judge_new(page, "Snow Falls on Ome", days_off=0).cause
    'its headline is not the one in the lists'
    """
    if defect := find_defect(page, usual):
        return Judgement(Verdict.UNVERIFIED, defect)
    told = told_share(page.headline, page.body)
    if announced and not announces(announced, page.headline):
        return _judge_other_headline(page, announced, told)
    if announced and told >= SURELY_TOLD:
        far = days_off is not None and days_off > MOST_DAYS
        return Judgement(Verdict.PLAUSIBLE, "its date is far from that of its article ID") if far else VERIFIED
    if told >= TOLD or (announced and days_off is not None and days_off <= OWN_DAYS):
        return Judgement(Verdict.PLAUSIBLE)
    return Judgement(Verdict.UNVERIFIED, "its text does not tell its headline")


def judge_revision(
    page: Wording, announced: str | None, earlier: Wording | None, *, days_off: int | None = None
) -> Judgement:
    """Return the judgement on the page of a published article; `earlier` is its last revision, None if that is lost.

    `days_off` is the number of days between the article ID and the date on the page, None without a date. A text that
    has nothing of the earlier one has to be near its article ID.

    >>> lead = "Rain fell on Osaka for the ninth day in a row on Monday, the local weather agency said in its report."
    >>> earlier = Wording("Rain Falls on Osaka for Ninth Day", lead)
    >>> longer = Wording("(Update 1) Rain Floods Osaka", lead + " Streets were flooded.")
    >>> judge_revision(longer, None, earlier).verdict.name
    'VERIFIED'
    >>> judge_revision(Wording("Rain Falls on Osaka for Ninth Day", "Loading..."), None, earlier).cause
    'a text of 10 characters'
    >>> snow = "Snow fell on Ome on Monday. It was the first snow of this winter for the whole of the town there."
    >>> other = Wording("Snow Falls on Ome", snow)
    >>> [judge_revision(other, "Snow Falls on Ome", earlier, days_off=days).verdict.name for days in (0, 30)]
    ['VERIFIED', 'UNVERIFIED']
    """
    if earlier and earlier == page:
        return VERIFIED
    defect = find_defect(page) or (find_loss(page, earlier) if earlier else None)
    if defect:
        return Judgement(Verdict.UNVERIFIED, defect)
    known = [headline for headline in (announced, earlier and earlier.headline) if headline]
    is_announced = any(announces(headline, page.headline) for headline in known)
    told = told_share(page.headline, page.body)
    keeps_text = earlier is not None and shared_text(page, earlier) >= KEPT_TEXT
    is_near = days_off is None or days_off <= MOST_DAYS
    if (is_announced or told >= TOLD) if keeps_text else (is_announced and told >= SURELY_TOLD and is_near):
        return VERIFIED
    return Judgement(Verdict.UNVERIFIED, "neither its headline nor its text is that of the revision before it")


def find_defect(page: Wording, usual: int = 0) -> str | None:
    """Return a defect that no article has, None without one.

    >>> find_defect(Wording("{{headline}}", "Rain fell.")), find_defect(Wording("Jiji Press", "Rain fell."))
    ('a template variable', 'a headline without any fact')
    """
    if _TEMPLATE.search(page.headline) or _TEMPLATE.search(page.body):
        return "a template variable"
    if not words_to_tell(split_mark(page.headline)[1]):
        return "a headline without any fact"
    if "\n\n" not in page.body and len(page.body) < max(SHORTEST_TEXT, usual // USUAL_PART):
        return f"a text of {len(page.body)} characters"
    return None


def find_loss(page: Wording, earlier: Wording) -> str | None:
    r"""Return what a page lacks of an earlier revision as only a damaged page does, None for a page without a loss.

    >>> earlier = Wording("Rain Falls on Osaka for Ninth Day", "Rain fell on Osaka.\n\nStreets were flooded.")
    >>> find_loss(Wording("Rain", earlier.body), earlier)
    'a headline cut short'
    >>> find_loss(Wording(earlier.headline, "Rain fell on Osaka.\n\nStreets we"), earlier)
    'a text cut short'
    >>> find_loss(Wording(earlier.headline, "Rain fell on Osaka."), earlier) is None
    True
    """
    if page.headline != earlier.headline and announces(page.headline, earlier.headline, fewest_words=1):
        told, before = words_to_tell(page.headline), words_to_tell(earlier.headline)
        if len(told) < ANNOUNCED * len(before):
            return "a headline cut short"
    if page.body != earlier.body and earlier.body.startswith(page.body) and not _SENTENCE_END.search(page.body):
        return "a text cut short"
    if "\n\n" not in page.body and len(page.body) < REMAINING * len(earlier.body):
        return f"a text of {len(page.body)} characters, {len(earlier.body)} before"
    return None


def announces(announced: str, headline: str, *, fewest_words: int = _FEWEST_WORDS) -> bool:
    """Return whether a list's headline announces a page's headline: the same, cut short, or with words added.

    >>> [announces(text, "Rain Falls on Osaka for Ninth Day") for text in ("RAIN FALLS ON OSAKA FOR NIN...", "Rain Falls")]
    [True, True]
    >>> announces("Museum Opens in Ome", "Museum Opens in Mito"), announces("...", "Rain Falls on Osaka")
    (False, False)
    """  # noqa: E501
    shown, printed = _folded(announced), _folded(headline)
    if shown == printed:
        return True
    cut = shown.rstrip(" .…")
    if printed.startswith(cut) and len(words_to_tell(cut)) >= fewest_words:
        return True
    words, own = set(_WORD.findall(shown)), set(_WORD.findall(printed))
    return (words <= own or own <= words) and min(len(words), len(own)) >= ANNOUNCED * max(len(words), len(own), 1)


def shared_text(one: Wording, two: Wording) -> float:
    """Return the share of the shorter of two texts that both have, in three words in a row."""
    first, second = features_of(one), features_of(two)
    return shared(first.shingles, second.shingles) if first and second else 0.0


def features_of(wording: Wording) -> Features | None:
    """Return the features of a text, None for one too short to compare."""
    signed = signature(wording.headline, wording.body, published_date="2000-01-01")
    return Features.decode(signed.data) if signed else None


def has_same_headline(one: Features, two: Features) -> bool:
    """Return whether two articles have one headline."""
    return bool(one.headline) and one.headline == two.headline


def has_same_text(one: Features, two: Features) -> bool:
    """Return whether two articles have one text, which may be cut differently."""
    shortest = min(len(one.shingles), len(two.shingles))
    return shortest >= FEWEST_SHINGLES and shared(one.shingles, two.shingles) >= SAME_TEXT


def tells_own_headline(one: Features, other: Features) -> bool:
    """Return whether a text tells the words that set its headline apart from another's, and the other text does not.

    Two stories of a kind may share their sentences: the same event in two towns.
    """
    own_words = {*one.headline} - {*other.headline}
    return bool(own_words) and own_words <= {*one.lead_words} - {*other.lead_words}


def _judge_other_headline(page: Wording, announced: str, told: float) -> Judgement:
    """Return the judgement on a page with another headline than its listing's, which may have changed meanwhile."""
    is_announced = told_share(announced, page.body) >= TOLD_WHOLLY
    if told >= SURELY_TOLD and is_announced and not untold_figures(announced, f"{page.headline} {page.body}"):
        return Judgement(Verdict.PLAUSIBLE)
    return Judgement(Verdict.UNVERIFIED, "its headline is not the one in the lists")


def _folded(headline: str) -> str:
    return _WHITE_SPACE.sub(" ", split_mark(headline)[1]).strip().casefold()
