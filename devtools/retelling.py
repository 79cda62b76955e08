"""Distribution of the share of headlines that texts tell, over the invented newsroom: ``python -m devtools.retelling``.

The table stands in docs/explanation/extraction.md. A test compares them.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from random import Random

from devtools.newsroom.story import Story
from devtools.newsroom.wire import journal, national, photos
from jiji.text.retelling import told_share

DAYS, SEEDS = 60, range(3)
SHARES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
NOTICES = (
    '"{headline}" can be read in full in our app.\n\nThe app is free for readers of the printed paper.',
    "This story ({headline}) is open to subscribers. Subscribers have a password. Ask for yours at any branch office.",
    "{headline}\n\nThe page is being prepared. Please come back in a few minutes, or read other stories meanwhile.",
    "An error occurred while {headline} was loading. Reload the page. If the error stays, tell our help desk.",
    "Thank you for reading. To protect this site, access from your network was limited for a while today.",
)
"""Notices in the place of an article, some with a slot for its headline."""


def stories() -> list[Story]:
    """Return the stories of some days of three newsrooms."""
    wires = [wire for seed in SEEDS for wire in (national(seed, 8), journal(seed), photos(seed))]
    return [story for wire in wires for day in islice(wire, DAYS) for story in day]


def distributions() -> Iterator[tuple[str, list[float]]]:
    """Yield each kind of text with the sorted shares of headlines that it tells."""
    every, rng = stories(), Random(1)
    groups: dict[tuple[str, str | None], list[Story]] = {}
    for story in every:
        groups.setdefault((story.section, story.category), []).append(story)
    yield "its own text", _shares((story.headline, story.body) for story in every)
    yield "the lead alone", _shares((story.headline, story.paragraphs[0]) for story in every)
    others = ((story.headline, rng.choice(groups[story.section, story.category]).body) for story in every)
    yield "a text of the same desk", _shares(others)
    yield "any other text", _shares((story.headline, rng.choice(every).body) for story in every)
    notices = ((story.headline, notice.format(headline=story.headline)) for story in every for notice in NOTICES)
    yield "a notice with the headline in it", _shares(notices)


def table() -> str:
    """Return the distributions as a Markdown table."""
    rows = [
        ["share of the headline told by", *(f"{share:.0%}" for share in SHARES)],
        ["---"] * (len(SHARES) + 1),
        *([name, *(f"{_quantile(shares, share):.2f}" for share in SHARES)] for name, shares in distributions()),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _shares(pairs: Iterable[tuple[str, str]]) -> list[float]:
    return sorted(told_share(headline, text) for headline, text in pairs)


def _quantile(values: list[float], share: float) -> float:
    return values[min(int(len(values) * share), len(values) - 1)]


if __name__ == "__main__":
    print(table())
