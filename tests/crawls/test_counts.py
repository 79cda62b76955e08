"""Counts of a run, from crawls inside this process."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from pytest_twisted import ensureDeferred

from jiji.feed.catalog import Catalog
from jiji.spiders.failures import FailureKind
from tests.conftest import Crawls, Line
from tests.faults import Misbehaving, changed


@ensureDeferred
async def test_stats_of_a_run_agree_with_its_feed(
    crawls: Crawls, agrees: Callable[[list[Line], list[Line]], None]
) -> None:
    ledger = crawls.replica.ledger("national")
    counted = (await crawls.here("national")).stats.get_stats()
    agrees(crawls.lines("national"), ledger)
    assert counted["jiji/new"] == counted["jiji/lines_appended"] == len(ledger)
    assert counted["jiji/labels_found/navigation"] == 1
    assert counted["jiji/pending"] == 0
    assert counted["jiji/newest"] == max(row["id"] for row in ledger)
    assert counted["jiji/oldest"] == min(row["id"] for row in ledger)
    again = (await crawls.here("national")).stats.get_stats()
    assert "jiji/new" not in again
    assert again["jiji/index_pages"] == 2


@ensureDeferred
async def test_categories_come_from_the_lists(crawls: Crawls) -> None:
    await crawls.here("national")
    by_id = {line["id"]: line["category"] for line in crawls.lines("national")}
    assert by_id == {row["id"]: row["category"] for row in crawls.replica.ledger("national")}
    assert set(by_id.values()) >= {"politics", "economy", "sports", "other"}


@ensureDeferred
async def test_lines_hold_no_raw_separator(crawls: Crawls) -> None:
    key = crawls.replica.ledger("sports")[0]["id"]
    crawls.replica.revise(key, headline="Rowers\u2028Win\u0085 All\u2029", body="One\u2028two\x1b[31m.\n\nThree\u200b.")
    await crawls.here("sports")
    raw = (crawls.output / "sports.jsonl").read_text(encoding="utf-8")
    assert not set(raw) & set("\u2028\u2029\x85\x1b\u200b\r")
    line = next(line for line in crawls.lines("sports") if line["id"] == key)
    assert (line["headline"], line["body"]) == ("Rowers Win All", "One two[31m.\n\nThree.")


@ensureDeferred
async def test_an_article_held_back_counts_once(tmp_path: Path) -> None:
    with Misbehaving(days=4) as site:
        crawls = Crawls(site, tmp_path / "output")
        key = next(row["id"] for row in site.ledger("sports") if row["dateline"] and row["dateline"]["date"])
        site.revise(key, headline="An Old Lighthouse Is Lit Again")  # told by the date alone
        counted = (await crawls.here("sports")).stats.get_stats()
        published = len(site.ledger("sports"))
        assert counted["jiji/unverified"] == 1
        assert counted["jiji/new"] == counted["item_scraped_count"] == published
        assert "item_dropped_count" not in counted
        assert sum(number for name, number in counted.items() if name.startswith("jiji/rules/body/")) == published


@ensureDeferred
async def test_a_page_rejected_in_every_run_is_abandoned(tmp_path: Path) -> None:
    """The failures of the runs between are written to the catalog: a dozen crawls take a while."""
    with Misbehaving(days=4) as site:
        crawls = Crawls(site, tmp_path / "output")
        key = min(site.listed("sports"))
        site.spoil(key, changed(lambda body: b"<html><body><p>Nothing to read here.</p></body></html>"))
        assert (await crawls.here("sports")).stats.get_value("jiji/pending") == 1
        with closing(Catalog(crawls.output / "state" / "sports.sqlite")) as catalog:
            for _ in range(FailureKind.REJECTED.attempts - 2):
                catalog.record_failure(key, reason="rejected", at="2020-01-01T00:00:00Z")
        counted = (await crawls.here("sports")).stats.get_stats()
        assert (counted["jiji/pending"], counted["jiji/abandoned"]) == (0, 1)
        again = (await crawls.here("sports")).stats.get_stats()
        assert (again["jiji/pending"], "jiji/rejected" in again) == (0, False)
