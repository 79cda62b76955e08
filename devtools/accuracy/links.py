"""Accuracy of the links between articles that tell the same story, over labelled pairs."""

from collections.abc import Sequence

from devtools.accuracy.retold import HELD_OUT, TUNING, Article, Pair, pairs
from devtools.accuracy.scores import percent, print_row
from jiji.feed.signatures import COMMON_KEYS, Signature
from jiji.text.features import Features, signature
from jiji.text.near_duplicates import Comparison, compare

SEEDS = {TUNING: 16, HELD_OUT: 61}


def print_links() -> None:
    """Print precision and recall of both halves, and the links of each kind of pair."""
    for half, title in ((TUNING, "pairs"), (HELD_OUT, "held-out pairs")):
        labelled = pairs(half, SEEDS[half])
        precision, recall = precision_and_recall(labelled)
        print(f"\n{len(labelled)} {title}: links with precision {precision}, recall {recall} percent\n")
        print_row("pair", "same story", "pairs", "near-duplicates", "updates")
        print_row(*["---"] * 5)
        for kind in dict.fromkeys(pair.kind for pair in labelled):
            found = [(pair, link(pair)) for pair in labelled if pair.kind == kind]
            near = sum(each.is_near_duplicate for _, each in found)
            updates = sum(each.is_update for _, each in found)
            print_row(kind, "yes" if found[0][0].is_same_story else "no", str(len(found)), str(near), str(updates))


def precision_and_recall(labelled: Sequence[Pair]) -> tuple[str, str]:
    """Return precision and recall of the links in percent, never rounded up."""
    linked = [pair for pair in labelled if is_linked(link(pair))]
    right = sum(pair.is_same_story for pair in linked)
    return percent(right, len(linked)), percent(right, sum(pair.is_same_story for pair in labelled))


def is_linked(found: Comparison) -> bool:
    """Return whether an article gets a link of either kind."""
    return found.is_near_duplicate or found.is_update


def link(pair: Pair) -> Comparison:
    """Return the relation of the later article of a pair to the earlier one."""
    earlier, later = (sign(article) for article in (pair.earlier, pair.later))
    if earlier is None or later is None or len(set(earlier.keys) & set(later.keys)) < COMMON_KEYS:
        return Comparison()
    return compare(Features.decode(later.data), Features.decode(earlier.data))


def sign(article: Article) -> Signature | None:
    """Return the signature of an article."""
    day = article.day.isoformat()
    return signature(article.headline, article.body, published_date=day, places=article.places, dateline_date=day)
