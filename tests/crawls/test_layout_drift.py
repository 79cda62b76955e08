"""Layout drift: pages that the known selectors do not match."""

from collections.abc import Callable

import pytest
from pytest_twisted import ensureDeferred

from tests.conftest import Crawls, Line


def drifted(stats: dict[str, object]) -> dict[str, object]:
    return {name.rpartition("/")[2]: value for name, value in stats.items() if name.startswith("jiji/drift/")}


@pytest.mark.parametrize("section", ["national", "journal", "photos"])
@ensureDeferred
async def test_known_layouts_are_read_by_selectors(crawls: Crawls, section: str) -> None:
    stats = (await crawls.here(section)).stats.get_stats()
    published = stats["jiji/new"]
    for field in ("headline", "body"):
        assert sum(stats.get(f"jiji/rules/{field}/{rule}", 0) for rule in ("certain", "selector")) == published
    assert not drifted(stats)
    assert not (crawls.output / "drift").exists()


@ensureDeferred
async def test_layout_drift_of_a_redesign_is_reported_and_pages_are_kept(
    crawls: Crawls, caplog: pytest.LogCaptureFixture
) -> None:
    crawls.replica.redesigned = True
    stats = (await crawls.here("national")).stats.get_stats()
    assert drifted(stats) == {"headline": 1.0, "body": 1.0}
    by_id = {line["id"]: line for line in crawls.lines("national")}
    assert len(by_id) >= 5
    for row in crawls.replica.ledger("national"):
        if row["id"] in by_id:
            assert [by_id[row["id"]][name] for name in ("headline", "body")] == [row["headline"], row["body"]]
    kept = list((crawls.output / "drift" / "national").iterdir())
    assert len(kept) == 5
    assert all(b"c-story" in page.read_bytes() for page in kept)
    said = [record.getMessage() for record in caplog.records if record.getMessage().startswith("Layout drift: ")]
    assert any("headline" in line and str(crawls.output / "drift") in line for line in said)


@ensureDeferred
async def test_layout_drift_is_counted_over_several_runs(crawls: Crawls) -> None:
    crawls.replica.redesigned = True
    for number in range(5):
        stats = (await crawls.here_with("national", {"max_articles": "1"})).stats.get_stats()
        assert bool(drifted(stats)) == (number == 4)


@ensureDeferred
async def test_layout_drift_within_the_allowed_share_is_not_reported(crawls: Crawls) -> None:
    crawls.replica.redesigned = True
    assert not drifted((await crawls.here("national", JIJI_DRIFT_SHARE="1")).stats.get_stats())


def test_an_invalid_drift_share_is_refused(crawls: Crawls, agrees: Callable[[list[Line], list[Line]], None]) -> None:
    run = crawls.run("photos", JIJI_DRIFT_SHARE="many")
    assert run.status == 4
    assert "JIJI_DRIFT_SHARE='many'" in run.log
    assert not crawls.replica.requests
