"""The feed of every section equals the replica's ledger; a second run requests index pages only."""

from collections.abc import Callable

import pytest

from devtools.replica import Replica
from devtools.replica.sections import SECTIONS
from tests.conftest import Crawls, Line

Agrees = Callable[[list[Line], list[Line]], None]


@pytest.fixture(scope="module")
def once(whole_replica: Replica, tmp_path_factory: pytest.TempPathFactory) -> Crawls:
    """Return the output folder of this module, filled section by section."""
    return Crawls(whole_replica, tmp_path_factory.mktemp("output"))


@pytest.mark.parametrize("section", SECTIONS)
def test_feed_equals_ledger(once: Crawls, agrees: Agrees, section: str) -> None:
    run = once.run(section)
    assert run.status == 0, run.log
    agrees(once.lines(section), once.replica.ledger(section))


@pytest.mark.parametrize("section", SECTIONS)
def test_second_run_asks_only_for_index_pages(once: Crawls, section: str) -> None:
    before = (once.output / f"{section}.jsonl").read_bytes()
    asked = once.replica.article_requests
    run = once.run(section)
    assert run.status == 0, run.log
    assert once.replica.article_requests == asked
    assert (once.output / f"{section}.jsonl").read_bytes() == before
