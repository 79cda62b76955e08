"""Fixtures of the tests with hostile pages."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Crawls
from tests.crawls.hostile import Hostile, Tripwire


@pytest.fixture
def trap() -> Iterator[Tripwire]:
    """Yield a listening tripwire."""
    tripwire = Tripwire()
    tripwire.start()
    yield tripwire
    for ear in tripwire.ears:
        ear.shutdown(socket.SHUT_RDWR)
        ear.close()


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Crawls]:
    """Yield crawls of a hostile replica."""
    with Hostile() as replica:
        yield Crawls(replica, tmp_path / "output")
