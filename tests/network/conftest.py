"""Fixtures of the network tests: a site behind a front door that misbehaves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Crawls
from tests.faults import Misbehaving


@pytest.fixture
def site() -> Iterator[Misbehaving]:
    with Misbehaving(days=2) as served:
        yield served


@pytest.fixture
def crawls(site: Misbehaving, tmp_path: Path) -> Crawls:
    return Crawls(site, tmp_path / "output")
