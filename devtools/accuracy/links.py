"""Accuracy of links between articles that tell the same story, over labelled pairs."""

from devtools.accuracy.retold import HELD_OUT, TUNING, Article, Pair
from jiji.feed.signatures import Signature
from jiji.text.features import Features, signature
from jiji.text.near_duplicates import Comparison, compare

SEEDS = {TUNING: 16, HELD_OUT: 61}


def link(pair: Pair) -> Comparison:
    """Return what the later article of a pair is to the earlier one."""
    earlier, later = (_signature(article) for article in (pair.earlier, pair.later))
    if earlier is None or later is None or len(set(earlier.keys) & set(later.keys)) < 2:
        return Comparison(is_near_duplicate=False, is_update=False)
    return compare(Features.decode(later.data), Features.decode(earlier.data))


def _signature(article: Article) -> Signature | None:
    return signature(
        article.headline, "\n\n".join(article.paragraphs), published_date=article.day.isoformat(),
        places=article.places, dateline_date=article.day.isoformat(),
    )  # fmt: skip
