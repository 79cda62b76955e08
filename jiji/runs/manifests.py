"""Manifests of runs: a JSON file a run below ``runs/<section>/``, for schedulers and for ``scrapy status``.

A run writes its manifest without a verdict when it begins and replaces it when it ends. A manifest without a verdict
whose process is gone is that of a killed run. docs/reference/manifest.md explains the keys.
"""

import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AliasChoices, Field, TypeAdapter, ValidationError

from jiji.feed.durable import sync, sync_folder
from jiji.feed.errors import SyncFailed, named_os_errors
from jiji.feed.feed import Appended
from jiji.runs.result import Exit, RunResult
from jiji.runs.retention import Caps, prune
from jiji.stats import AuditResult

LATEST = "latest.json"
_RESERVED_BYTES = 64 * 1024
"""Bytes reserved when a run begins, so that its end can be written to a disk that the run has filled."""


@dataclass(kw_only=True)
class Verdict:
    """Result of a run; without a status while the run is at work."""

    status: int | None
    """Exit status; null while the run is at work."""
    word: str
    """Exit status as a word: ``no space``."""
    message: Annotated[str, Field(validation_alias=AliasChoices("message", "said"))]  # "said" before version 0.2
    """Cause of the result, in one sentence."""
    advice: str
    """Next step for a person."""

    @classmethod
    def of(cls, result: RunResult) -> Self:
        """Return the verdict of a result."""
        return cls(status=int(result.status), word=result.status.word, message=result.message, advice=result.advice)

    @classmethod
    def running(cls) -> Self:
        """Return the verdict of a run that is at work."""
        return cls(status=None, word="running", message="the run is at work", advice="Wait")


@dataclass(kw_only=True)
class Process:
    """Process of a run; ``born`` tells it from a later one with the same number."""

    host: str
    """Name of the machine."""
    pid: int
    """Process ID."""
    born: str | None
    """Start of the process, in clock ticks since the machine started."""
    job: str | None = None
    """Job of the scheduler (scrapyd), where one started the run."""

    @classmethod
    def current(cls, job: str | None) -> Self:
        """Return this process."""
        pid = os.getpid()
        return cls(host=socket.gethostname(), pid=pid, born=_born(pid), job=job)

    @property
    def is_alive(self) -> bool:
        """Whether the process exists; one of another host counts as alive."""
        if self.host != socket.gethostname():
            return True
        with suppress(PermissionError):
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                return False
        return self.born == _born(self.pid)


@dataclass(kw_only=True)
class Requests:
    """Requests of a run by HTTP status or exception class."""

    made: int = 0
    """Requests sent."""
    by_outcome: dict[str, int] = field(default_factory=dict)
    """Requests by HTTP status, or by exception class where no response came."""


@dataclass(kw_only=True)
class Articles:
    """Articles of a run by outcome."""

    new: int = 0
    updated: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    not_modified: int = 0
    rejected: int = 0
    failed: int = 0
    gone: int = 0
    pending: int | None = None
    rejected_by_reason: dict[str, int] = field(default_factory=dict)


@dataclass(kw_only=True)
class Screenshot:
    """Screenshot of an article, as a reader saw it; ``file`` is its path below the output folder."""

    id: str
    revision: int
    file: str
    sha256: str


@dataclass(kw_only=True)
class Manifest:
    """Record of one run; times are ISO 8601 in UTC."""

    schema_version: str = "1"
    """Version of this format."""
    run: str
    """Name of the run and of this file: the UTC time of its start."""
    run_number: int | None = None
    section: str
    """Section of the site, and name of its feed."""
    verdict: Verdict
    warnings: list[str] = field(default_factory=list)
    """Facts beside the result that a person should know."""
    started_at: str
    """Start of the run."""
    ended_at: str | None
    """End of the run; null while it is at work, and for a killed run."""
    seconds: float
    """Duration of the run."""
    site: str
    """Root of the crawled site."""
    arguments: dict[str, str] = field(default_factory=dict)
    """Spider arguments of the run."""
    process: Process
    requests: Requests = field(default_factory=Requests)
    articles: Articles = field(default_factory=Articles)
    appended: list[Appended] = field(default_factory=list)
    """Byte ranges that the run appended, one for each file of the feed."""
    screenshots: list[Screenshot] = field(default_factory=list)
    newest: str | None = None
    oldest: str | None = None
    gap: tuple[str, str] | None = None
    newest_since: str | None = None
    """Time since which the newest article ID in the lists has been the same."""
    audit: AuditResult | None = None
    """Result of the last audit, by this run or an earlier one."""
    bounded_by: str | None = None
    """Bound on articles that ended the run: ``max_articles=20``."""
    drift: dict[str, float] = field(default_factory=dict)
    """Fields with layout drift, and the share of pages."""
    rules: dict[str, int] = field(default_factory=dict)
    """Fields by extraction rule: ``headline/selector``."""
    counts: dict[str, Any] = field(default_factory=dict)
    """Scrapy's stats of the run, for people."""
    versions: dict[str, str] = field(default_factory=dict)
    """Versions of the project, of Python and of the libraries."""

    @property
    def is_unfinished(self) -> bool:
        """Whether the run has not written its end."""
        return self.verdict.status is None

    @property
    def held_lock(self) -> bool:
        """Whether the run came as far as to hold the section's lock and to crawl."""
        return self.run_number is not None


MANIFEST = TypeAdapter(Manifest)
"""Checks manifests and makes their JSON Schema."""


class ManifestStore:
    """The manifests of one section. Writing raises FeedError with the path."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, manifest: Manifest) -> None:
        """Write the manifest of a run that begins, and reserve room for the one that replaces it."""
        self._write(manifest)
        with named_os_errors(self._folder), self._draft(manifest.run).open("wb") as draft:
            os.posix_fallocate(draft.fileno(), 0, _RESERVED_BYTES)

    def end(self, manifest: Manifest, *, is_latest: bool = True) -> None:
        """Replace a manifest in one step; a run that gave way to another is not the latest."""
        self._write(manifest, is_latest=is_latest)

    def newest_first(self) -> Iterator[Manifest]:
        """Yield all valid manifests."""
        for path in sorted(self._folder.glob("[0-9]*.json"), reverse=True):
            if manifest := _read(path):
                yield manifest

    def latest(self) -> Manifest | None:
        """Return the manifest of the run that ended last, also one with a wrong clock."""
        return _read(self._folder / LATEST)

    def unfinished(self) -> list[Manifest]:
        """Return the manifests of runs that began and never ended, oldest first.

        The holder of the section's lock knows all of them to be killed runs. Those before the last run that held the
        lock and ended were completed by it; any number of runs may have given way since.
        """
        since = takewhile(lambda each: each.is_unfinished or not each.held_lock, self.newest_first())
        return [each for each in since if each.is_unfinished][::-1]

    def prune(self, caps: Caps, now: datetime) -> None:
        """Remove the oldest manifests above the caps, but never that of the last good run; raises FeedError."""
        prune(self._folder.glob("[0-9]*.json"), caps, now, self._last_good)
        prune(self._folder.glob(".*.draft"), replace(caps, days=1), now)

    def _last_good(self) -> Path | None:
        good = (each.run for each in self.newest_first() if each.verdict.status == Exit.DONE)
        return self._folder / f"{run}.json" if (run := next(good, None)) else None

    def _write(self, manifest: Manifest, *, is_latest: bool = True) -> None:
        path, draft = self._folder / f"{manifest.run}.json", self._draft(manifest.run)
        with named_os_errors(path):
            self._folder.mkdir(parents=True, exist_ok=True)
            _write_draft(draft, json.dumps(asdict(manifest), indent=2).encode("ascii") + b"\n")
            draft.replace(path)
            if is_latest:
                self._link_latest(path, draft)
            sync_folder(self._folder)

    def _link_latest(self, path: Path, draft: Path) -> None:
        """Give the file its second name: a hard link needs no room, and the two cannot differ."""
        draft.unlink(missing_ok=True)
        try:
            os.link(path, draft)
        except OSError:  # a file system without hard links
            shutil.copyfile(path, draft)
        draft.replace(self._folder / LATEST)
        draft.unlink(missing_ok=True)  # still there where both names meant one file already

    def _draft(self, run: str) -> Path:
        return self._folder / f".{run}.draft"


def _write_draft(draft: Path, content: bytes) -> None:
    """Write and sync a file, into the room reserved for it; one that the disk did not confirm is removed."""
    with draft.open("r+b" if draft.exists() else "wb") as file:
        try:
            file.write(content)
            file.truncate()
            file.flush()
            sync(draft, file.fileno())
        except SyncFailed:
            draft.unlink()
            raise


def run_name(moment: datetime) -> str:
    """Return the name of a run that began at a moment: its UTC time; names sort by time.

    >>> run_name(datetime(2026, 1, 27, 9, 30, 5, 120, tzinfo=UTC))
    '20260127T093005.000120Z'
    """
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")


def _born(pid: int) -> str | None:
    """Return the start of a process in clock ticks since boot; None for an unknown or dead one."""
    with suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        state, *more = stat.rpartition(")")[2].split()
        return None if state == "Z" else more[18]
    return None


def _read(path: Path) -> Manifest | None:
    """Return a manifest; None for a missing or invalid one, as after a power cut."""
    try:
        return MANIFEST.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
