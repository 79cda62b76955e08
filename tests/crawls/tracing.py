"""Crawls under strace, which delays their system calls or makes them fail."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def traced(run: "subprocess.Popen[Any]", *options: str) -> Iterator[None]:
    """Trace a running process, its threads left out, with these options of strace."""
    if shutil.which("strace") is None:
        pytest.fail("these tests need strace; on Debian: apt-get install strace")
    tracer = subprocess.Popen(["strace", "-p", str(run.pid), *options], stderr=subprocess.PIPE)
    assert tracer.stderr is not None
    attached = tracer.stderr.readline()
    assert b"attached" in attached, f"strace cannot attach: {attached!r}; it needs SYS_PTRACE in a container"
    try:
        yield
    finally:
        tracer.communicate(timeout=60)
