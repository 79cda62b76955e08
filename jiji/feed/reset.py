"""Reset of a feed: its files are moved aside in one step, which the next run completes if it is cut off.

A reset record is saved before the first file is moved, and removed behind the last. All of it happens under the run
lock, so that a file of the section that is found beside a record is one that the reset has still to move.
"""

from __future__ import annotations

import errno
import json
import logging
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from jiji.feed.durable import sync, sync_folder
from jiji.feed.rotated import feed_files

log = logging.getLogger(__name__)

_STAYING = (".run", ".lock", ".reset")
"""Files in ``state/`` that are not moved: the locks, which are held, and the record."""


def reset(output: Path, name: str, *, keeps_feed: bool) -> Path:
    """Move the state, and the feed unless it is kept, into a new folder, and return the folder."""
    folder = f"{name}.reset-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
    record = _record(output, name)
    with record.open("w") as file:
        json.dump({"folder": folder, "keeps_feed": keeps_feed}, file)
        file.flush()
        sync(record, file.fileno())
    sync_folder(record.parent)
    _move(output, name, folder, keeps_feed=keeps_feed)
    return output / folder


def complete_reset(output: Path, name: str) -> None:
    """Complete a reset that was cut off. A torn record means that nothing was moved yet."""
    record = _record(output, name)
    try:
        begun = json.loads(record.read_bytes())
        folder, keeps_feed = Path(begun["folder"]).name, bool(begun["keeps_feed"])
    except FileNotFoundError:
        return
    except (KeyError, TypeError, ValueError):
        record.unlink()
        return
    log.warning("Completing a reset that was cut off: moving the files of %s to %s", name, output / folder)
    _move(output, name, folder, keeps_feed=keeps_feed)


def _move(output: Path, name: str, folder: str, *, keeps_feed: bool) -> None:
    target, state = output / folder, output / "state"
    target.mkdir(exist_ok=True)
    feed = [] if keeps_feed else [path for path, _ in feed_files(output / f"{name}.jsonl")]
    for path in [*feed, *state.glob(f"{name}.*")]:
        if path.suffix not in _STAYING or path.parent != state:
            with suppress(FileNotFoundError):  # renamed by a reader meanwhile
                _move_file(path, target / path.name)
    for changed in (target, output, state):
        sync_folder(changed)
    _record(output, name).unlink()
    sync_folder(state)


def _move_file(path: Path, target: Path) -> None:
    """Move a file, also to another disk; the copy is whole before the file is gone."""
    try:
        path.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.copy2(path, target)
        with target.open("rb") as copy:
            sync(target, copy.fileno())
        path.unlink()


def _record(output: Path, name: str) -> Path:
    return output / "state" / f"{name}.reset"
