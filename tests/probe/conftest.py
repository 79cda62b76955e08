"""Fixtures of the tests of ``scrapy probe`` and ``scrapy savecase``: the commands as a user types them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import HASTE, PROJECT
from tests.faults import Misbehaving


@dataclass(frozen=True)
class Ran:
    """A finished command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found

    def kinds(self) -> set[str]:
        """Return the kinds of all problems, of a command with --json."""
        of_pages = [problem for page in self.json["pages"] for problem in page["problems"]]
        return {problem["kind"] for problem in [*self.json["problems"], *of_pages]}


@dataclass(frozen=True)
class Site:
    """A site that may misbehave, and commands that look at it."""

    served: Misbehaving
    output: Path

    def run(self, command: str, *words: str, project: Path = PROJECT, **settings: str) -> Ran:
        known = {**HASTE, "JIJI_BASE_URL": self.served.url, "JIJI_OUTPUT_DIR": str(self.output), **settings}
        options = [part for name, value in known.items() for part in ("-s", f"{name}={value}")]
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", command, *words, *options],
            cwd=project, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Yield the site of three days."""
    with Misbehaving(days=3) as served:
        yield Site(served, tmp_path / "output")
