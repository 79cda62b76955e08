"""Exit status, manifest and ``scrapy status`` agree, also where the manifest cannot be written."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Crawls, Line
from tests.crawls.test_endings import manifests, status, wait_for
from tests.crawls.tracing import traced
from tests.faults import Misbehaving

Agrees = Callable[[list[Line], list[Line]], None]


@pytest.fixture
def site() -> Iterator[Misbehaving]:
    with Misbehaving(days=5) as served:
        yield served


@pytest.fixture
def crawls(site: Misbehaving, tmp_path: Path) -> Crawls:
    return Crawls(site, tmp_path / "output")


def shown(crawls: Crawls) -> dict[str, Any]:
    """Return what ``scrapy status`` shows of SPORTS."""
    found: dict[str, Any] = json.loads(status(crawls, "--json", "sports").stdout)[0]
    return found


@pytest.mark.parametrize(
    ("when", "written", "state"),
    [("1", 1, "internal error"), ("1+", None, "forced stop")],
    ids=["once", "always"],
)
def test_failed_sync_of_the_closing_manifest_is_not_status_0(
    crawls: Crawls, agrees: Agrees, when: str, written: int | None, state: str
) -> None:
    run = crawls.start("sports", DOWNLOAD_DELAY="0.2")
    folder = crawls.output / "runs" / "sports"
    wait_for(lambda: list(folder.glob(".*.draft")))
    draft = next(folder.glob(".*.draft"))
    inject = f"inject=fsync:error=EIO:when={when}"
    with traced(run, "-o", "/dev/null", "-P", str(draft), "-e", "trace=fsync", "-e", inject):
        _, log = run.communicate(timeout=60)
    assert run.returncode == 1, log
    assert "manifest could not be written" in log
    assert manifests(crawls)[-1]["verdict"]["status"] == written
    assert shown(crawls)["verdict"] == state
    assert status(crawls, "sports").returncode == 1
    assert crawls.run("sports").status == 0
    agrees(crawls.lines("sports"), crawls.replica.ledger("sports"))
    assert status(crawls, "sports").returncode == 0


def test_runs_are_numbered(crawls: Crawls) -> None:
    for _ in range(2):
        assert crawls.run("sports").status == 0
    assert [each["run_number"] for each in manifests(crawls)] == [1, 2]
