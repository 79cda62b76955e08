"""Fixtures of the tests with a real scrapyd."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Crawls
from tests.faults import Misbehaving
from tests.scrapyd.server import ENVIRONMENT, Scrapyd


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark these tests, and skip them where `make scrapyd` has not run."""
    folder = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(folder):
            item.add_marker("scrapyd")
            if not ENVIRONMENT.is_dir():
                item.add_marker(pytest.mark.skip(reason=f"{ENVIRONMENT} is missing; make scrapyd sets it up"))


@pytest.fixture(scope="module")
def scrapyd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scrapyd]:
    """Yield a server with one deployed version."""
    folder = tmp_path_factory.mktemp("scrapyd")
    server = Scrapyd(folder / "server", folder / "output")
    server.start()
    try:
        deployed = server.deploy()
        assert deployed.returncode == 0, deployed.stdout + deployed.stderr
        yield server
    finally:
        server.stop()


@pytest.fixture
def site() -> Iterator[Misbehaving]:
    """Yield a replica that can hang."""
    with Misbehaving(days=2) as served:
        yield served


@pytest.fixture
def crawls(site: Misbehaving, tmp_path: Path) -> Crawls:
    """Return the settings and output folder of one test's jobs."""
    return Crawls(site, tmp_path / "output")
