"""Requests of a run: arguments, pagination, section labels, articles that left the lists."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Crawls, Line
from tests.faults import Misbehaving

Agrees = Callable[[list[Line], list[Line]], None]


def days(lines: list[Line]) -> set[str]:
    return {line["published_date"] for line in lines}


def test_since_and_until_bound_the_days(crawls: Crawls, agrees: Agrees) -> None:
    ledger = crawls.replica.ledger("national")
    since, until = sorted(days(ledger))[2], sorted(days(ledger))[4]
    assert crawls.run("national", "-a", f"since={since}", "-a", f"until={until}").status == 0
    agrees(crawls.lines("national"), [row for row in ledger if since <= row["published_date"] <= until])


@pytest.mark.parametrize("most", [3, 25])
def test_max_articles_leaves_the_rest_for_the_next_run(crawls: Crawls, most: int) -> None:
    """An index page of NATIONAL holds 25 articles: a run that requested just these has not seen the next page."""
    assert crawls.run("national", "-a", f"max_articles={most}").status == 0
    assert len(crawls.lines("national")) == most
    assert crawls.run("national").status == 0
    ids = [line["id"] for line in crawls.lines("national")]
    assert sorted(ids) == sorted(row["id"] for row in crawls.replica.ledger("national"))


def test_since_reads_back_behind_fully_crawled_listings(crawls: Crawls, agrees: Agrees) -> None:
    ledger = crawls.replica.ledger("politics")
    newest = max(days(ledger))
    assert crawls.run("politics", "-a", f"since={newest}").status == 0
    assert crawls.run("politics", "-a", f"since={min(days(ledger))}").status == 0
    agrees(crawls.lines("politics"), ledger)


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("since=yesterday", "since=YYYY-MM-DD"),
        ("since=20260105", "since=YYYY-MM-DD"),
        ("until=2026-02-30", "until=YYYY-MM-DD"),
        ("max_articles=0", "an integer N of at least 1"),
        ("max_articles=-3", "an integer N of at least 1"),
        ("sinse=2026-01-05", "unknown spider argument 'sinse'"),
    ],
)
def test_invalid_arguments_are_refused_before_any_request(crawls: Crawls, argument: str, said: str) -> None:
    run = crawls.run("national", "-a", argument)
    assert run.status == 4
    assert said in run.log
    assert "Traceback" not in run.log
    assert not crawls.replica.requests


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("JIJI_BASE_URL", "http://jen.jiji.example/", "expected https://HOST[:PORT]/"),
        ("JIJI_RECHECK_HOURS", "soon", "JIJI_RECHECK_HOURS"),
        ("JIJI_MAX_PAGES", "0", "JIJI_MAX_PAGES"),
    ],
)
def test_invalid_settings_are_refused_before_any_request(crawls: Crawls, setting: str, value: str, said: str) -> None:
    run = crawls.run("national", **{setting: value})
    assert run.status == 4
    assert said in run.log
    assert not crawls.replica.requests


def test_new_articles_cost_only_their_own_requests_and_index_pages(crawls: Crawls, agrees: Agrees) -> None:
    crawls.run("national")
    crawls.replica.publish(3)
    asked = crawls.replica.article_requests
    assert crawls.run("national").status == 0
    assert crawls.replica.article_requests == asked + 3
    agrees(crawls.lines("national"), crawls.replica.ledger("national"))


def test_lists_that_shift_while_they_are_read_lose_nothing(crawls: Crawls) -> None:
    before = {row["id"] for row in crawls.replica.ledger("national")}
    crawls.replica.shift_every = 1
    assert crawls.run("national").status == 0
    assert before <= {line["id"] for line in crawls.lines("national")}
    crawls.replica.shift_every = 0
    assert crawls.run("national").status == 0
    ids = [line["id"] for line in crawls.lines("national")]
    assert len(ids) == len(set(ids))
    assert set(ids) == {row["id"] for row in crawls.replica.ledger("national")}


def test_endless_pagination_is_bounded_and_reported(crawls: Crawls, agrees: Agrees) -> None:
    crawls.replica.endless = True
    run = crawls.run("sports", JIJI_MAX_PAGES="5")
    assert run.status == 0
    assert "pagination ended after 5 index pages" in run.log
    agrees(crawls.lines("sports"), crawls.replica.ledger("sports"))


@pytest.mark.parametrize(
    "shown", ["National", "NATIONAL &raquo;", "National\u00a0\u00bb", " national (more)", "NATIONAL \u2192"]
)
def test_labels_in_other_spellings(crawls: Crawls, agrees: Agrees, shown: str) -> None:
    crawls.replica.rename_label("NATIONAL", shown)
    run = crawls.run("national", "-a", "max_articles=1")
    assert run.status == 0, run.log
    assert "found by navigation" in run.log


@pytest.mark.parametrize("section", ["national", "sports", "journal"])
def test_a_missing_section_label_is_reported(crawls: Crawls, section: str) -> None:
    for label in ("NATIONAL", "HEADLINES", "SPORTS", "AFP-JIJI PRESS NEWS JOURNAL"):
        crawls.replica.rename_label(label, "Renamed")
    run = crawls.run(section)
    assert "Section label missing" in run.log
    assert "'jiji/labels_missing': 1" in run.log


def test_a_pending_article_that_left_the_lists_is_fetched_by_a_later_run(crawls: Crawls, agrees: Agrees) -> None:
    key = crawls.replica.publish(1)[0]
    crawls.replica.broken.add(key)
    run = crawls.run("national")
    assert run.status == 22
    crawls.replica.unlist(key)
    crawls.replica.broken.clear()
    assert crawls.run("national").status == 0
    agrees(crawls.lines("national"), crawls.replica.ledger("national"))


def test_a_pending_article_that_is_gone_makes_five_runs_incomplete_and_no_more(crawls: Crawls, agrees: Agrees) -> None:
    key = crawls.replica.publish(1)[0]
    gone = crawls.replica.ledger("national")
    crawls.replica.broken.add(key)
    assert crawls.run("national").status == 22
    crawls.replica.broken.clear()
    crawls.replica.withdraw(key)
    assert [crawls.run("national").status for _ in range(5)] == [22, 22, 22, 0, 0]
    agrees(crawls.lines("national"), [row for row in gone if row["id"] != key])


def test_an_unverified_article_is_held_until_the_end_of_the_run(tmp_path: Path) -> None:
    with Misbehaving(days=4) as site:
        crawls = Crawls(site, tmp_path / "output")
        key = next(row["id"] for row in site.ledger("sports") if row["dateline"] and row["dateline"]["date"])
        site.revise(key, headline="An Old Lighthouse Is Lit Again")  # told by the date alone
        run = crawls.run("sports")
        assert run.status == 0, run.log
        assert crawls.lines("sports")[-1]["id"] == key
        assert crawls.lines("sports")[-1]["headline"] == "An Old Lighthouse Is Lit Again"


def test_a_gap_is_recorded(crawls: Crawls) -> None:
    crawls.run("national")
    known = {line["id"] for line in crawls.lines("national")}
    crawls.replica.publish(60)
    for key in known:
        crawls.replica.unlist(key)
    run = crawls.run("national")
    newest, oldest = max(known), min(line["id"] for line in crawls.lines("national") if line["id"] not in known)
    assert f"gap: articles between {newest} and {oldest} may have been missed" in run.log
    assert "gap" not in crawls.run("national").log


def test_an_unreadable_home_page_costs_no_article(crawls: Crawls, agrees: Agrees) -> None:
    """The fallback finds NATIONAL's list; the fault is reported all the same."""
    crawls.replica.home_is_a_picture = True
    run = crawls.run("national")
    assert run.status == 22
    assert "Index page not read" in run.log
    agrees(crawls.lines("national"), crawls.replica.ledger("national"))


@pytest.mark.parametrize("section", ["national", "sports"])
def test_an_index_page_without_a_list_ends_with_layout_status(crawls: Crawls, section: str) -> None:
    crawls.replica.lists_are_empty = True
    run = crawls.run(section)
    assert run.status == 21
    assert "Index page without a list" in run.log
    crawls.replica.lists_are_empty = False
    assert crawls.run(section).status == 0
    assert {line["id"] for line in crawls.lines(section)} == {row["id"] for row in crawls.replica.ledger(section)}
