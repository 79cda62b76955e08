"""Deadline of a run: pages that drip cannot stretch it, and the next run continues."""

from collections.abc import Callable
from pathlib import Path

from jiji.network.download_handler import GRACE
from tests.conftest import Crawls, Line
from tests.crawls.situations import keys
from tests.crawls.test_endings import manifests
from tests.faults import Misbehaving, drip, well

Agrees = Callable[[list[Line], list[Line]], None]
DEADLINE = 4
REST = 20
"""Seconds in which a busy machine ends a run."""


def test_pages_that_drip_do_not_stretch_a_run(tmp_path: Path, agrees: Agrees) -> None:
    with Misbehaving(days=9) as site:
        crawls = Crawls(site, tmp_path / "output")
        ids = keys(site)
        for key in ids[1:]:
            site.spoil(key, drip(0.5, 4000))  # seconds for each, below the time-out
        assert len(ids) * 3 > DEADLINE + GRACE + REST
        run = crawls.run("sports", JIJI_RUN_DEADLINE_HOURS=str(DEADLINE / 3600), DOWNLOAD_TIMEOUT="20")
        assert run.status == 22, run.log
        manifest = manifests(crawls)[-1]
        assert manifest["seconds"] < DEADLINE + GRACE + REST
        assert "JIJI_RUN_DEADLINE_HOURS" in manifest["verdict"]["message"]
        assert manifest["articles"]["new"] >= 1
        assert manifest["articles"]["pending"] > 0
        for key in ids:
            site.spoil(key, well)
        assert crawls.run("sports").status == 0
        agrees(crawls.lines("sports"), site.ledger("sports"))
