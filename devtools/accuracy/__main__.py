"""Accuracy report: precision and recall of every field, beside other extractors on the same pages, and of links."""

import sys
from collections import Counter
from collections.abc import Sequence

from devtools.accuracy.damage import damaged
from devtools.accuracy.links import print_links
from devtools.accuracy.pages import Page, pages
from devtools.accuracy.peers import PEER_FIELDS, PEERS, read_by_peers
from devtools.accuracy.samples import Sample, generated, read, sample, saved
from devtools.accuracy.scores import f1, percent, print_row, tallies
from devtools.accuracy.stories import FIELDS
from devtools.newsroom.expected import Fields

STORY_CLASSES = ("ArticlePage", "JournalPage", "PhotoPage")
GENERATED = 1500
DAMAGED = 3000


def main(python: str | None = None, whole: str = str(GENERATED), broken: str = str(DAMAGED)) -> None:
    """Print the tables. `python` is the interpreter with the peers installed, None leaves the peers out.

    `whole` and `broken` are the numbers of generated pages to draw. Equal pages are measured once.
    """
    generated_samples = [sample(page) for page in generated(pages(), int(whole))]
    for title, samples in (("saved cases", list(saved(*STORY_CLASSES))), ("generated pages", generated_samples)):
        print(f"{len(samples)} {title}: precision / recall in percent\n")
        print_fields(samples, read_by_peers(python, samples) if python else {})
    print_damage(generated(damaged(), int(broken)))
    others = list(saved("NotAnArticle"))
    refused = sum(read(response) is None for response, _ in others)
    print(f"\nsaved pages without a story: {refused} of {len(others)} refused")
    print_links()


def print_fields(samples: Sequence[Sample], peers: dict[str, list[Fields]]) -> None:
    """Print a row for each field, and the numbers of pages that are right in every field, or refused."""
    expected = [fields for _, fields in samples]
    readings = {"jiji": [read(response) or {} for response, _ in samples], **peers}
    counted = {name: tallies(FIELDS, zip(rows, expected, strict=True)) for name, rows in readings.items()}
    print_row("field", *readings)
    print_row(*["---"] * (len(readings) + 1))
    for field in FIELDS:
        print_row(
            field,
            *("" if name in PEERS and field not in PEER_FIELDS else str(counted[name][field]) for name in readings),
        )
    print_row("body, F1 over words", *(mean_f1(rows, expected) for rows in readings.values()))
    right = sum(
        all(row.get(field) == fields[field] for field in FIELDS)
        for row, fields in zip(readings["jiji"], expected, strict=True)
    )
    refused = readings["jiji"].count({})
    print(f"\npages right in every field: {right} of {len(samples)}, refused: {refused}\n")


def mean_f1(rows: Sequence[Fields], expected: Sequence[Fields]) -> str:
    """Return the mean F1 over the words of the bodies, in percent."""
    shares = [f1(row.get("body") or "", fields["body"]) for row, fields in zip(rows, expected, strict=True)]
    return percent(sum(shares), len(shares))


def print_damage(damaged_pages: Sequence[Page]) -> None:
    """Print for each kind of damage the number of pages that are right, refused, or right in some fields only."""
    counts: dict[str, Counter[str]] = {}
    for page in damaged_pages:
        found = read(sample(page)[0])
        outcome = "refused" if found is None else "right"
        if found and any(found[field] != page.expected[field] for field in FIELDS):
            outcome = "half right"
        counts.setdefault(page.damage, Counter())[outcome] += 1
    print(f"{len(damaged_pages)} damaged pages\n")
    print_row("damage", "right", "refused", "half right")
    print_row(*["---"] * 4)
    for damage, outcomes in sorted(counts.items()):
        print_row(damage, *(str(outcomes[outcome]) for outcome in ("right", "refused", "half right")))


if __name__ == "__main__":
    main(*sys.argv[1:])
