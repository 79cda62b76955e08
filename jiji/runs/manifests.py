"""What runs leave behind: a manifest each, below ``runs/<section>/``, for schedulers and for ``scrapy status``.

A run that begins leaves its manifest without a verdict, and one that ends puts the whole one in its place. So a run
that was killed is known by a manifest that stayed as it began. Knows files and processes, neither Scrapy nor the site.
"""

import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from jiji.feed.errors import named_os_errors

Record = dict[str, Any]
"""A run's manifest as JSON has it; docs/operations.md explains the keys."""

LATEST = "latest.json"
_ROOM = 64 * 1024
"""Bytes put by when a run begins, so that its end can be written on a disk that the run has filled."""
_LOOK_BACK = 50
"""How many manifests are looked at for runs that were killed: later runs would have put the older ones right."""


class Runs:
    """The manifests of one section. Writing raises FeedError, with the path, where that cannot be done."""

    def __init__(self, output: Path, section: str) -> None:
        self.section = section
        self._folder = output / "runs" / section

    def begin(self, manifest: Record) -> None:
        """Leave a manifest without a verdict, and put room by for the one that will take its place."""
        self._write(manifest)
        with named_os_errors(self._folder), self._draft(manifest["run"]).open("wb") as draft:
            os.posix_fallocate(draft.fileno(), 0, _ROOM)

    def end(self, manifest: Record, *, is_latest: bool = True) -> None:
        """Put the whole manifest in its place, in one step; a run that never was at work is not the latest."""
        self._write(manifest, is_latest=is_latest)

    def newest_first(self) -> Iterator[Record]:
        """Yield all manifests that can be read."""
        for path in sorted(self._folder.glob("[0-9]*.json"), reverse=True):
            if manifest := _read(path):
                yield manifest

    def unfinished(self) -> list[Record]:
        """Return the manifests of runs that began and never ended, oldest first.

        To whoever holds the section's lock and has not begun, all of them are of runs that were killed.
        """
        return [
            manifest for manifest in reversed([*islice(self.newest_first(), _LOOK_BACK)]) if is_unfinished(manifest)
        ]

    def _write(self, manifest: Record, *, is_latest: bool = True) -> None:
        path, draft = self._folder / f"{manifest['run']}.json", self._draft(manifest["run"])
        with named_os_errors(path):
            self._folder.mkdir(parents=True, exist_ok=True)
            with draft.open("r+b" if draft.exists() else "wb") as file:
                file.write(json.dumps(manifest, indent=2).encode("ascii") + b"\n")
                file.truncate()
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
            if is_latest:
                self._name_latest(path, draft)

    def _name_latest(self, path: Path, draft: Path) -> None:
        """Give the file its second name: that needs no room, and the two cannot disagree."""
        draft.unlink(missing_ok=True)
        try:
            os.link(path, draft)
        except OSError:  # a file system without hard links
            shutil.copyfile(path, draft)
        draft.replace(self._folder / LATEST)
        draft.unlink(missing_ok=True)  # still there where both were names of one file already

    def _draft(self, run: str) -> Path:
        return self._folder / f".{run}.draft"


def name(moment: datetime) -> str:
    """Return the name of a run that began at a moment: its UTC time, in the order of which names sort.

    >>> name(datetime(2026, 1, 27, 9, 30, 5, 120, tzinfo=UTC))
    '20260127T093005.000120Z'
    """
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")


def myself() -> Record:
    """Return what tells this process from every other, also from a later one with its number."""
    pid = os.getpid()
    return {"host": socket.gethostname(), "pid": pid, "born": _born(pid)}


def is_unfinished(manifest: Record) -> bool:
    """Say whether a manifest is one that a run left when it began."""
    return manifest["verdict"]["status"] is None


def is_alive(manifest: Record) -> bool:
    """Say whether the process of a run is still there; of another host's nothing is known, it counts as alive."""
    process = manifest["process"]
    if process["host"] != socket.gethostname():
        return True
    with suppress(PermissionError):
        try:
            os.kill(process["pid"], 0)
        except ProcessLookupError:
            return False
    return bool(process["born"] == _born(process["pid"]))


def _born(pid: int) -> str | None:
    """Return when a process was started, in ticks since boot; None where the system does not tell, or it is dead."""
    with suppress(OSError):
        state, *more = (
            Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        )
        return None if state == "Z" else more[18]
    return None


def _read(path: Path) -> Record | None:
    """Return a manifest; None for what is missing or is none, as after a power cut."""
    try:
        manifest = json.loads(path.read_bytes())
        return manifest if isinstance(manifest["verdict"], dict) and "status" in manifest["verdict"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
