"""Prints precision and recall of every field over saved and generated pages, beside general extractors on the same."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from scrapy.http import HtmlResponse
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

from devtools.accuracy.damage import damaged
from devtools.accuracy.pages import Page, pages
from devtools.accuracy.scores import f1, percent, tallies
from devtools.accuracy.setting import byline
from devtools.accuracy.stories import Fields
from jiji.pages import article_page
from jiji.site.listing import Listing
from jiji.text.charset import decode
from jiji.text.normalize import line
from jiji.text.wire_copy import split_dateline

CASES = Path(__file__).parent.parent / "tests" / "pages" / "cases"
STORIES = ("ArticlePage", "JournalPage", "PhotoPage")
GENERATED = 1500
DAMAGED = 3000
OTHERS = ("trafilatura", "newspaper4k")
KNOWN_TO_OTHERS = ("headline", "authors", "published_date", "body", "images")
FIELDS = """id url breadcrumbs headline authors dateline published_date published_at published_source modified_at body
    truncated images""".split()

Sample = tuple[HtmlResponse, Fields]
"""A page as served and what is to be read from it."""


def main(others: str | None = None) -> None:
    """Print the tables; `others` is the Python of the environment in which the general extractors are installed."""
    generated = list(map(sample, drawn(pages(), GENERATED)))
    for title, samples in (("saved cases", list(saved(*STORIES))), ("generated pages", generated)):
        print(f"{len(samples)} {title}: precision / recall in percent\n")
        print_fields(samples, read_by_others(others, samples) if others else {})
    print_damage(drawn(damaged(), DAMAGED))
    strangers = list(saved("NotAnArticle"))
    refused = sum(read(response) is None for response, _ in strangers)
    print(f"\nsaved pages that tell no story: {refused} of {len(strangers)} refused")


def saved(*kinds: str) -> Iterator[Sample]:
    """Yield the saved cases of some page classes."""
    for case in (case for kind in kinds for case in sorted(CASES.glob(f"{kind}/*/expected.json"))):
        expected = json.loads(case.read_text(encoding="utf-8"))
        headers = {"Content-Type": expected.get("content_type", "text/html")}
        body = (case.parent / "page.html").read_bytes()
        yield HtmlResponse(expected["url"], body=body, headers=headers), expected.get("item", {})


def drawn(strategy: SearchStrategy[Page], count: int) -> list[Page]:
    """Return the same pages each time, none twice."""
    found: dict[tuple[str, bytes], Page] = {}

    @settings(max_examples=count, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(strategy)
    def collect(page: Page) -> None:
        found[page.content_type, page.body] = page
        progress("drawing pages", len(found))

    collect()
    return list(found.values())


def sample(page: Page) -> Sample:
    """Return a drawn page as served."""
    return HtmlResponse(
        page.expected["url"], body=page.body, headers={"Content-Type": page.content_type}
    ), page.expected


def read(response: HtmlResponse) -> Fields | None:
    """Return what the project reads; None where it refuses the page."""
    try:
        page = article_page(response)
    except ValueError:
        return None
    return asdict(
        page.to_item(Listing(page.article_id or "", page.url), section="national", fetched_at="2026-01-27T00:30:00Z")
    )


def read_by_others(python: str, samples: Sequence[Sample]) -> dict[str, list[Fields]]:
    """Return what each general extractor reads; it is spared the encodings: it gets text."""
    script = Path(__file__).parent / "others.py"
    asked = [json.dumps({"url": response.url, "html": text_of(response)}) for response, _ in samples]
    command = [python, "-W", "ignore", str(script)]
    found: dict[str, list[Fields]] = {name: [] for name in OTHERS}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdin and process.stdout  # noqa: S101 - both are pipes
        for number, (ask, (_, truth)) in enumerate(zip(asked, samples, strict=True), start=1):
            process.stdin.write(ask + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            for name, rows in found.items():
                rows.append(in_our_terms(answer[name], truth))
            progress("asking others", number)
    return found


def text_of(response: HtmlResponse) -> str:
    """Return a page's text."""
    kind = (response.headers["Content-Type"] or b"").decode()
    return decode(response.body, http_content_type_encoding(kind) or html_body_declared_encoding(response.body))


def in_our_terms(found: Fields, truth: Fields) -> Fields:
    """Return what a general extractor found with what it cannot know forgiven.

    Spaces and characters go through our rule; headline, byline and dateline may stand before the text, or not; of
    pictures the addresses count.
    """
    told = {**found, "headline": line(found.get("headline") or ""), "body": line(found.get("body") or "")}
    body, day = line(truth["body"]), date.fromisoformat(truth["published_date"])
    opened = told["body"]
    for opening in (truth["headline"], truth["headline"], byline(tuple(truth["authors"]))):
        opened = opened.removeprefix(opening).strip()
    if body in (told["body"], opened, split_dateline(opened, day)[1]):
        told["body"] = truth["body"]
    if sorted(found.get("images") or []) == sorted(image["url"] for image in truth["images"]):
        told["images"] = truth["images"]
    return told


def print_fields(samples: Sequence[Sample], others: dict[str, list[Fields]]) -> None:
    """Print a line a field, and how many pages are right altogether."""
    truths = [truth for _, truth in samples]
    readers = {"jiji": [read(response) or {} for response, _ in samples], **others}
    counted = {name: tallies(FIELDS, zip(rows, truths, strict=True)) for name, rows in readers.items()}
    print_row("field", *readers)
    print_row(*["---"] * (len(readers) + 1))
    for field in FIELDS:
        print_row(field, *(str(counted[name][field]) if told(name, field) else "" for name in readers))
    print_row("body, F1 over words", *(words_right(rows, truths) for rows in readers.values()))
    right = sum(all(row.get(f) == truth[f] for f in FIELDS) for row, truth in zip(readers["jiji"], truths, strict=True))
    print(f"\npages right in every field: {right} of {len(samples)}\n")


def words_right(rows: Sequence[Fields], truths: Sequence[Fields]) -> str:
    """Return the mean F1 over the words of the bodies, in percent."""
    shares = [f1(row.get("body") or "", truth["body"]) for row, truth in zip(rows, truths, strict=True)]
    return percent(sum(shares), len(shares))


def told(reader: str, field: str) -> bool:
    """Say whether a reader knows a field."""
    return reader not in OTHERS or field in KNOWN_TO_OTHERS


def print_damage(samples: Sequence[Page]) -> None:
    """Print a line a kind of damage: how many pages are read right, refused, or read half right."""
    counts: dict[str, Counter[str]] = {}
    for page in samples:
        found = read(sample(page)[0])
        outcome = "refused" if found is None else "right"
        if found and any(found[field] != page.expected[field] for field in FIELDS):
            outcome = "half right"
        counts.setdefault(page.damage, Counter())[outcome] += 1
    print(f"{len(samples)} damaged pages\n")
    print_row("damage", "right", "refused", "half right")
    print_row(*["---"] * 4)
    for damage, outcomes in sorted(counts.items()):
        print_row(damage, *(str(outcomes[outcome]) for outcome in ("right", "refused", "half right")))


def print_row(*cells: str) -> None:
    """Print a row of a table."""
    print("| " + " | ".join(cells) + " |")


def progress(what: str, number: int) -> None:
    """Show how far it is, on a terminal."""
    if sys.stderr.isatty():
        print(f"\r{what}: {number}", end="\r", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
