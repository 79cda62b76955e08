"""Writers killed at every system call they make, in every state of a feed."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.feed.lines import assert_exactly, files, key
from tests.feed.states import STATES, publish, torn_line_rotated
from tests.feed.strace import system_calls, write

CHANGING = {"mkdir", "openat", "write", "pwrite64", "ftruncate", "fsync", "fdatasync", "unlink", "rename", "flock"}
"""Calls that change a disk or a lock. Between two others nothing changes."""


def fresh(output: Path, prepare: Callable[[Path], None]) -> None:
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir()
    prepare(output)


def kill_at_each_call(output: Path, prepare: Callable[[Path], None], names: set[str] | None) -> int:
    """Kill a writer at each call of these names, before the kernel does it, and return the number of kills."""
    fresh(output, prepare)
    seen = system_calls(output, 2, 5)
    kills = 0
    for name in sorted(set(seen) & names if names else set(seen) - {"exit_group"}):
        count = 0
        while True:
            count += 1
            fresh(output, prepare)
            outcome = write(output, 2, 5, "-e", f"trace={name}", "-e", f"inject={name}:signal=KILL:when={count}")
            if outcome.status == 0:
                break
            assert outcome.status == -9, outcome
            kills += 1
            shown: set[int] = set()
            for path in files(output):
                whole = path.read_bytes().rpartition(b"\n")[0].splitlines()
                shown.update(key(raw)[0] for raw in whole)
            assert outcome.acknowledged <= shown <= set(range(5)), f"killed at {name} {count}"
            publish(output, 0, 1, 2, 3, 4)
            assert_exactly(output, range(5))
            assert count < 1000
    assert kills
    return kills


def test_writer_killed_at_each_change_loses_nothing(memory_path: Path) -> None:
    kill_at_each_call(memory_path / "output", torn_line_rotated, CHANGING - {"pwrite64", "flock", "openat"})


@pytest.mark.crash
@pytest.mark.parametrize("prepare", STATES)
def test_writer_killed_at_each_call_loses_nothing(memory_path: Path, prepare: Callable[[Path], None]) -> None:
    names = CHANGING if os.environ.get("CRASH_CALLS") == "changing" else None
    kills = kill_at_each_call(memory_path / "output", prepare, names)
    print(f"\nkilled at every system call, {prepare.__name__}: {kills} kills")
