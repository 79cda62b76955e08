"""Crawls inside this process: what a run counts."""

from collections.abc import Callable

from pytest_twisted import ensureDeferred

from tests.conftest import Crawls, Line


@ensureDeferred
async def test_a_run_counts_what_it_did(crawls: Crawls, agrees: Callable[[list[Line], list[Line]], None]) -> None:
    ledger = crawls.replica.ledger("national")
    counted = (await crawls.here("national")).stats.get_stats()
    agrees(crawls.lines("national"), ledger)
    assert counted["jiji/new"] == counted["jiji/lines_appended"] == len(ledger)
    assert counted["jiji/labels_found/navigation"] == 1
    assert counted["jiji/pending"] == 0
    assert counted["jiji/newest"] == max(row["id"] for row in ledger)
    assert counted["jiji/oldest"] == min(row["id"] for row in ledger)
    assert "jiji/overlaps" not in counted
    again = (await crawls.here("national")).stats.get_stats()
    assert "jiji/new" not in again
    assert again["jiji/index_pages"] == 2
    assert again["jiji/overlaps"]


@ensureDeferred
async def test_categories_come_from_the_lists(crawls: Crawls) -> None:
    await crawls.here("national")
    told = {line["id"]: line["category"] for line in crawls.lines("national")}
    assert told == {row["id"]: row["category"] for row in crawls.replica.ledger("national")}
    assert set(told.values()) >= {"politics", "economy", "sports", "other"}


@ensureDeferred
async def test_lines_hold_no_raw_separator(crawls: Crawls) -> None:
    key = crawls.replica.ledger("sports")[0]["id"]
    crawls.replica.revise(key, headline="Rowers\u2028Win\u0085 All\u2029", body="One\u2028two\x1b[31m.\n\nThree\u200b.")
    await crawls.here("sports")
    raw = (crawls.output / "sports.jsonl").read_text(encoding="utf-8")
    assert not set(raw) & set("\u2028\u2029\x85\x1b\u200b\r")
    line = next(line for line in crawls.lines("sports") if line["id"] == key)
    assert (line["headline"], line["body"]) == ("Rowers Win All", "One two[31m.\n\nThree.")
