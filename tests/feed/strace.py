"""Writers under strace, which kills them at a system call, makes one fail, or records all of them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest


class Outcome(NamedTuple):
    """The end of a writer."""

    status: int
    """Exit status, negative for a signal."""
    output: list[str]

    @property
    def acknowledged(self) -> set[int]:
        """Return the articles that the writer said were published."""
        return {int(word) for word in self.output if word.isdecimal()}


def write(
    output: Path, first: int, end: int, *options: str, env: dict[str, str] | None = None, size: int = 0
) -> Outcome:
    """Run a writer to its end, traced with these options of strace from where it touches the feed."""
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
    assert b"attached" in attached, f"strace cannot attach: {attached!r}; it needs SYS_PTRACE in a container"
    writer.stdin.close()
    lines = writer.stdout.read().decode().splitlines()
    status = writer.wait()
    tracer.communicate()
    return Outcome(status, lines)


def system_calls(output: Path, first: int, end: int) -> list[str]:
    """Return the names of a writer's system calls from where it touches the feed, in their order."""
    trace = output.with_suffix(".trace")
    write(output, first, end, "-o", str(trace))
    words = [
        line.split("(")[0] for line in trace.read_text().splitlines() if "(" in line and not line.startswith("+++")
    ]
    return words[1:]
