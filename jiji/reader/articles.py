"""Articles of a feed or a folder of feeds, as a stream."""

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from jiji.feed.rotated import feed_files, open_file
from jiji.items import Article, article_from

logger = logging.getLogger(__name__)

FEED_SUFFIX = ".jsonl"
Revisions = Literal["latest", "all"]


@dataclass(frozen=True, slots=True)
class _Line:
    """Line of a feed's file, decoded."""

    file: Path
    number: int
    article: Article

    @property
    def place(self) -> tuple[Path, int]:
        return self.file, self.number

    @property
    def age(self) -> tuple[str, int]:
        """Order of the revisions of one article, over feeds too."""
        return self.article.fetched_at, self.article.revision


def read(
    source: str | os.PathLike[str],
    *,
    revisions: Revisions = "latest",
    since: date | str | None = None,
    until: date | str | None = None,
) -> Iterator[Article]:
    """Yield the articles of a feed, or of all feeds in a folder, in the order of publication there.

    Rotated and compressed files of a feed are read too, before the feed itself. `revisions` is "latest" for one article
    of each ID, also if several feeds hold it, or "all" for every line. `since` and `until` are days in Japan, inclusive,
    as dates or ``YYYY-MM-DD``; they are compared with `published_date`. A removed article has the status "withdrawn".

    The files are streamed. "latest" reads them twice and keeps an entry for each article ID. A torn last line is left
    out, because its run or the next one completes it. Lines that are no article are left out with a warning in the log.

    Raises FileNotFoundError for a missing file or a folder without feeds, and ValueError for an invalid day.
    """
    first, last = _day(since), _day(until)
    files = _files(Path(source))
    latest = _latest(files) if revisions == "latest" else None
    return _selected(files, latest, first, last)


def feeds(folder: Path) -> list[Path]:
    """Return the feeds of a folder by name; a feed that was rotated away counts too."""
    names = {path.name.partition(FEED_SUFFIX)[0] for path in folder.glob(f"*{FEED_SUFFIX}*")}
    return sorted(folder / f"{name}{FEED_SUFFIX}" for name in names if name)


def _files(source: Path) -> list[Path]:
    """Return the files of a feed or folder, in the order of their lines."""
    sources = feeds(source) if source.is_dir() else [source]
    files = [file for feed in sources for file, _ in feed_files(feed)]
    if not files:
        raise FileNotFoundError(f"no feed: {source} (expected a file such as national.jsonl, or a folder with feeds)")
    return files


def _latest(files: list[Path]) -> set[tuple[Path, int]]:
    """Return the places of the latest line of each article."""
    newest: dict[str, tuple[tuple[str, int], tuple[Path, int]]] = {}
    for line in _lines(files):
        known = newest.get(line.article.id)
        if known is None or line.age >= known[0]:
            newest[line.article.id] = line.age, line.place
    return {place for _, place in newest.values()}


def _selected(
    files: list[Path], places: set[tuple[Path, int]] | None, first: str | None, last: str | None
) -> Iterator[Article]:
    for line in _lines(files, warn=True):
        day = line.article.published_date
        if (places is None or line.place in places) and (first or day) <= day <= (last or day):
            yield line.article


def _lines(files: list[Path], *, warn: bool = False) -> Iterator[_Line]:
    """Yield the lines that are articles; warn of the others, once a file."""
    for file in files:
        invalid: list[str] = []
        with open_file(file) as lines:
            for number, line in enumerate(lines, 1):
                try:
                    if line.endswith(b"\n"):
                        yield _Line(file, number, article_from(json.loads(line)))
                except (ValueError, RecursionError) as error:
                    invalid.append(f"line {number}: {error}")
        if invalid and warn:
            logger.warning("%s: %s lines are no article and left out; the first is %s", file, len(invalid), invalid[0])


def _day(given: date | str | None) -> str | None:
    return None if given is None else date.fromisoformat(str(given)).isoformat()
