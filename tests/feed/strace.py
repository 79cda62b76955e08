"""Runs a writer under strace, which kills it at a system call, makes one fail, or writes down all of them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest


class Outcome(NamedTuple):
    """How a writer ended: its status, negative for a signal, and what it said."""

    status: int
    said: list[str]

    @property
    def numbers(self) -> set[int]:
        """The articles it said were published."""
        return {int(word) for word in self.said if word.isdecimal()}


def write(
    output: Path, first: int, end: int, *options: str, env: dict[str, str] | None = None, size: int = 0
) -> Outcome:
    """Runs a writer to its end; strace with these options joins it before it touches the feed."""
    if shutil.which("strace") is None:
        pytest.fail("these tests need strace; on Debian: apt-get install strace")
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.feed.writer", str(output), str(first), str(end), str(size)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **(env or {}), "GATED": "1"},
    )
    assert writer.stdin is not None and writer.stdout is not None
    assert writer.stdout.readline() == b"ready\n"
    tracer = subprocess.Popen(["strace", "-p", str(writer.pid), *options], stderr=subprocess.PIPE)
    assert tracer.stderr is not None
    attached = tracer.stderr.readline()
    assert b"attached" in attached, (
        f"strace cannot join a process here: {attached!r}; it needs SYS_PTRACE in a container"
    )
    writer.stdin.close()
    said = writer.stdout.read().decode().splitlines()
    status = writer.wait()
    tracer.communicate()
    return Outcome(status, said)


def calls(output: Path, first: int, end: int) -> list[str]:
    """The names of the system calls a writer makes from where it touches the feed, in their order."""
    trace = output.with_suffix(".trace")
    write(output, first, end, "-o", str(trace))
    words = [
        line.split("(")[0] for line in trace.read_text().splitlines() if "(" in line and not line.startswith("+++")
    ]
    return words[1:]
