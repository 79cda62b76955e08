"""Peers of the parser: extractors of articles, run on the same samples in an environment of their own."""

import json
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from scrapy.http import HtmlResponse
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

from devtools.accuracy.samples import Sample, show_progress
from devtools.newsroom.expected import Fields
from devtools.newsroom.story import byline
from jiji.text.charset import decode
from jiji.text.normalize import line
from jiji.text.wire_copy import split_dateline

PEERS = ("fundus", "trafilatura", "newspaper4k")
PEER_FIELDS = ("headline", "authors", "published_date", "body", "images")


def read_by_peers(python: str, samples: Sequence[Sample]) -> dict[str, list[Fields]]:
    """Return the fields that each peer reads on each sample. `python` is the interpreter with the peers installed."""
    found: dict[str, list[Fields]] = {name: [] for name in PEERS}
    with subprocess.Popen(  # noqa: S603
        [python, "-W", "ignore", "-m", "devtools.accuracy.peer_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdin and process.stdout  # noqa: S101 - both are pipes
        for number, (response, expected) in enumerate(samples, start=1):
            process.stdin.write(json.dumps({"url": response.url, "html": _decoded(response)}) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            for name, rows in found.items():
                rows.append(forgiven(answer[name], expected))
            show_progress("asking peers", number)
    return found


def _decoded(response: HtmlResponse) -> str:
    """Return a page's text, so that peers need not detect charsets."""
    content_type = (response.headers["Content-Type"] or b"").decode()
    return decode(response.body, http_content_type_encoding(content_type) or html_body_declared_encoding(response.body))


def forgiven(found: Fields, expected: Fields) -> Fields:
    """Return a peer's fields, with the expected value where the difference is one that a general tool cannot know.

    White space and characters are normalised by this project's rule. Headline, byline and dateline may precede the
    body. Only the addresses of pictures count.
    """
    fields = {**found, "headline": line(found.get("headline") or ""), "body": line(found.get("body") or "")}
    body, day = line(expected["body"]), date.fromisoformat(expected["published_date"])
    rest = fields["body"]
    for opening in (expected["headline"], expected["headline"], byline(expected["authors"])):
        rest = rest.removeprefix(opening).strip()
    if body in (fields["body"], rest, split_dateline(rest, day)[1]):
        fields["body"] = expected["body"]
    if sorted(found.get("images") or []) == sorted(image["url"] for image in expected["images"]):
        fields["images"] = expected["images"]
    return fields
