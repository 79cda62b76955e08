"""Articles of a feed or a folder of feeds, as a stream."""

import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from jiji.feed.compression import UnreadableFile
from jiji.feed.rotated import feed_files, open_file
from jiji.items import Article, article_from

logger = logging.getLogger(__name__)

FEED_SUFFIX = ".jsonl"
Revisions = Literal["latest", "all"]
Place = tuple[int, int]
"""Number of a file, and of a line in it."""


def read(
    source: str | os.PathLike[str],
    *,
    revisions: Revisions = "latest",
    since: date | str | None = None,
    until: date | str | None = None,
) -> Iterator[Article]:
    """Yield the articles of a feed, or of all feeds in a folder, in the order of publication there.

    Rotated and compressed files of a feed are read too, before the feed itself. `revisions` is "latest" for one
    article of each ID, also if several feeds hold it, or "all" for every line. `since` and `until` are days in Japan,
    inclusive, as dates or ``YYYY-MM-DD``; they are compared with `published_date`. A removed article has the status
    "withdrawn".

    The files are streamed. "latest" reads them twice and keeps an entry for each article ID. A torn last line is left
    out, because its run or the next one completes it. Lines that are no article are left out with a warning in the
    log.

    Raises FileNotFoundError for a missing file or a folder without feeds, and ValueError for an invalid day.
    """
    first, last = _day(since), _day(until)
    selected = Selection.of(feeds(Path(source)), revisions)
    return (each for each in selected if (first or "") <= each.published_date <= (last or each.published_date))


def feeds(source: Path) -> list[Path]:
    """Return the feed at a path, or the feeds of a folder by name; one that was rotated away as a whole counts too.

    A feed has the name of a section, without a dot. So `articles.ninjs.jsonl` is left out.
    """
    if not source.is_dir():
        return [source]
    names = {path.name.partition(FEED_SUFFIX)[0] for path in source.glob(f"*{FEED_SUFFIX}*")}
    return sorted(source / f"{name}{FEED_SUFFIX}" for name in names if name and "." not in name)


@dataclass(slots=True)
class Selection:
    """Articles of some feeds: the latest revision of each, or all."""

    files: list[Path]
    count: int = 0
    """Articles at the first pass. A run may append more meanwhile."""
    _places: set[Place] | None = None
    """Places of the selected lines; None for all."""

    @classmethod
    def of(cls, sources: Iterable[Path], revisions: Revisions) -> "Selection":
        """Return the selection after the first pass over the files; raises FileNotFoundError for a missing feed."""
        files = []
        for source in sources:
            found = [file for file, _ in feed_files(source)]
            if not found:
                raise FileNotFoundError(
                    f"no feed: {source} (expected a file such as national.jsonl, or a folder of feeds)"
                )
            files += found
        if not files:
            raise FileNotFoundError("no feed in the folder (expected files such as national.jsonl)")
        selection = cls(files)
        selection._count(revisions)
        return selection

    def __iter__(self) -> Iterator[Article]:
        return (article for place, article in _articles(self.files) if self._places is None or place in self._places)

    def _count(self, revisions: Revisions) -> None:
        newest: dict[str, tuple[tuple[str, int], Place]] = {}
        for place, article in _articles(self.files, warn=True):
            self.count += 1
            age = article.fetched_at, article.revision
            if article.id not in newest or age >= newest[article.id][0]:
                newest[article.id] = age, place
        if revisions == "latest":
            self._places = {place for _, place in newest.values()}
            self.count = len(newest)


def _articles(files: list[Path], *, warn: bool = False) -> Iterator[tuple[Place, Article]]:
    """Yield each article of the files with its place; warn of other lines, once a file."""
    for at, file in enumerate(files):
        invalid: list[str] = []
        try:
            with open_file(file) as lines:
                for number, line in enumerate(lines, 1):
                    try:
                        if line.endswith(b"\n"):
                            yield (at, number), article_from(json.loads(line))
                    except (ValueError, RecursionError) as error:
                        invalid.append(f"line {number}: {error}")
        except UnreadableFile as error:
            if warn:
                logger.warning("Cannot read %s: %s", file, error)
        if invalid and warn:
            logger.warning("%s: %s lines are no article and left out; the first is %s", file, len(invalid), invalid[0])


def _day(given: date | str | None) -> str | None:
    return None if given is None else date.fromisoformat(str(given)).isoformat()
