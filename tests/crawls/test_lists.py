"""Lists that misbehave: nothing is lost, the result says so, and the next run reads further."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from devtools.replica.behaviour import SecondPage
from tests.conftest import Crawls, Line
from tests.faults import Misbehaving, status

Agrees = Callable[[list[Line], list[Line]], None]


def manifest(crawls: Crawls, section: str = "national") -> dict[str, Any]:
    """Return the manifest of the latest run."""
    return dict(json.loads((crawls.output / "runs" / section / "latest.json").read_text(encoding="utf-8")))


def ids(crawls: Crawls, section: str = "national") -> list[str]:
    return sorted(line["id"] for line in crawls.lines(section))


def ledger_ids(crawls: Crawls, section: str = "national") -> list[str]:
    return sorted(row["id"] for row in crawls.replica.ledger(section))


BROKEN = [each for each in SecondPage if each is not SecondPage.WELL]


@pytest.mark.parametrize("second_page", BROKEN, ids=lambda each: each.name)
def test_broken_second_page_in_a_burst_is_read_further_by_the_next_run(
    crawls: Crawls, agrees: Agrees, second_page: SecondPage
) -> None:
    assert crawls.run("national").status == 0
    crawls.replica.publish(60)
    crawls.replica.second_page = second_page
    for _ in range(2):
        run = crawls.run("national")
        assert run.status in ((22, 0) if second_page is SecondPage.SHORT else (22,)), run.log
    crawls.replica.reset()
    assert crawls.run("national").status == 0
    agrees(crawls.lines("national"), crawls.replica.ledger("national"))


def test_list_that_ends_without_overlap_is_a_gap(crawls: Crawls) -> None:
    assert crawls.run("national").status == 0
    crawls.replica.publish(60)
    crawls.replica.second_page = SecondPage.SHORT
    run = crawls.run("national")
    assert run.status == 22
    assert "gap: articles between" in run.log
    assert "list of NATIONAL: it ends without any article that it showed before" in run.log


def test_home_that_redirects_to_the_section_is_well(crawls: Crawls, agrees: Agrees) -> None:
    crawls.replica.home_is_national = True
    for _ in range(2):
        run = crawls.run("national")
        assert run.status == 0, run.log
    agrees(crawls.lines("national"), crawls.replica.ledger("national"))


@pytest.mark.parametrize("oldest", [True, False])
def test_pinned_articles_do_not_end_pagination(crawls: Crawls, agrees: Agrees, oldest: bool) -> None:
    listed = crawls.replica.listed("national")
    assert crawls.run("national").status == 0
    for _ in range(3):
        crawls.replica.pinned = tuple(listed[-8:] if oldest else listed[:8])
        crawls.replica.publish(4)
        assert crawls.run("national").status == 0
        assert ids(crawls) == ledger_ids(crawls)


def test_short_groups_in_a_burst_are_a_gap(crawls: Crawls) -> None:
    crawls.replica.short_groups = True
    assert crawls.run("national").status == 0
    crawls.replica.publish(80)
    run = crawls.run("national")
    assert run.status == 22
    assert "gap: articles between" in run.log


@pytest.mark.parametrize("behaviour", [{"hidden_newest": 12}, {"shrunk_to": 1}], ids=["stale", "shrunk"])
def test_list_older_or_shorter_than_before_is_not_believed(crawls: Crawls, behaviour: dict[str, int]) -> None:
    assert crawls.run("national").status == 0
    crawls.replica.publish(3)
    assert crawls.run("national").status == 0
    for name, value in behaviour.items():
        setattr(crawls.replica, name, value)
    run = crawls.run("national")
    assert run.status == 22, run.log
    crawls.replica.reset()
    crawls.replica.publish(30)
    assert crawls.run("national").status == 0
    assert ids(crawls) == ledger_ids(crawls)


@pytest.mark.parametrize("is_first", [True, False])
def test_index_page_of_another_section_publishes_nothing(crawls: Crawls, agrees: Agrees, is_first: bool) -> None:
    if not is_first:
        assert crawls.run("politics").status == 0
        crawls.replica.publish(6)
    before = len(crawls.lines("politics"))
    crawls.replica.swapped = {"politics": "economy"}
    run = crawls.run("politics")
    assert run.status == 21, run.log
    assert "expected the index page of POLITICS, found that of ECONOMY" in run.log
    assert len(crawls.lines("politics")) == before
    crawls.replica.reset()
    assert crawls.run("politics").status == 0
    agrees(crawls.lines("politics"), crawls.replica.ledger("politics"))


def test_numbered_pages_are_read_up_to_the_bound(crawls: Crawls) -> None:
    crawls.replica.numbered_pages = 300
    assert crawls.run("national").status == 0
    assert ids(crawls) == ledger_ids(crawls)
    crawls.replica.publish(90)
    asked = sum(crawls.replica.requests.values())
    run = crawls.run("national", JIJI_MAX_PAGES="3", JIJI_MAX_ARTICLES="1")
    assert run.status == 0
    assert sum(crawls.replica.requests.values()) - asked <= 1 + 3 + 1


def test_burst_beyond_the_bound_is_read_further_once_the_bound_allows_it(crawls: Crawls) -> None:
    assert crawls.run("national").status == 0
    crawls.replica.publish(120)
    for _ in range(2):
        run = crawls.run("national", JIJI_MAX_PAGES="2")
        assert run.status == 22
        assert "list of NATIONAL: reached JIJI_MAX_PAGES before any article that it showed before" in run.log
    assert crawls.run("national").status == 0
    assert ids(crawls) == ledger_ids(crawls)


def test_other_text_in_the_lists_costs_one_check_an_article(crawls: Crawls) -> None:
    assert crawls.run("sports").status == 0
    costs = []
    for hours in ("3 hours ago, rowing", "4 hours ago, rowing", "5 hours ago, rowing"):
        crawls.replica.list_note = f"Seen {hours} and more,"
        asked = crawls.replica.article_requests
        assert crawls.run("sports").status == 0
        costs.append(crawls.replica.article_requests - asked)
    assert costs[1:] == [0, 0]
    assert len(ids(crawls, "sports")) == len(set(ids(crawls, "sports")))


def test_moved_article_is_fetched_at_its_new_address(crawls: Crawls) -> None:
    key = crawls.replica.publish(1)[0]
    crawls.replica.broken = {key}
    assert crawls.run("national").status == 22
    crawls.replica.broken = set()
    crawls.replica.moved = {key}
    assert crawls.run("national").status == 0
    assert ids(crawls) == ledger_ids(crawls)


@pytest.mark.parametrize("refusal", [402, 451])
def test_refusals_in_other_words_are_blocked(crawls: Crawls, refusal: int) -> None:
    crawls.replica.article_status = refusal
    run = crawls.run("national")
    assert run.status == 18
    assert str(refusal) in run.log
    crawls.replica.article_status, crawls.replica.outage = None, refusal
    run = crawls.run("national")
    assert run.status == 18
    assert f"the site answered {refusal}" in run.log


def test_page_that_asks_to_wait_for_ever_holds_up_no_other(tmp_path: Path) -> None:
    with Misbehaving(days=3) as site:
        crawls = Crawls(site, tmp_path / "output")
        key = min(site.listed("national"))
        site.spoil(key, status(503, Retry_After="0"))
        run = crawls.run("national")
        assert run.status == 22, run.log
        assert ids(crawls) == [each for each in ledger_ids(crawls) if each != key]


def test_disallowed_article_pages_are_blocked(crawls: Crawls) -> None:
    crawls.replica.disallows_articles = True
    run = crawls.run("national")
    assert run.status == 18
    assert "robots.txt disallows" in manifest(crawls)["verdict"]["message"]
    crawls.replica.reset()
    assert crawls.run("national").status == 0


def test_asked_audit_reads_all_lists_and_counts_what_was_missed(crawls: Crawls) -> None:
    assert crawls.run("national").status == 0
    assert manifest(crawls)["audit"] is None, "a first run measures nothing"
    run = crawls.run("national", "-a", "audit=1")
    assert run.status == 0
    listed = len(crawls.replica.listed("national"))
    assert f"nothing new; audit: 0 missed of {listed} listed" in run.log
    assert manifest(crawls)["audit"] == manifest(crawls)["audit"] | {"missed": 0, "listed": listed}
    assert crawls.run("national").status == 0
    assert manifest(crawls)["audit"]["listed"] == listed, "later manifests keep the result"


def test_audit_heals_what_ordinary_runs_missed(crawls: Crawls, agrees: Agrees) -> None:
    """New articles at the end of the list, as a broken back-end may insert them."""
    hidden = crawls.replica.hide_oldest(3)
    assert crawls.run("national").status == 0
    crawls.replica.show(hidden)
    assert crawls.run("national").status == 0
    assert not {*hidden} & {*ids(crawls)}
    run = crawls.run("national", "-a", "audit=1")
    assert run.status == 0
    assert f"audit: 3 missed of {len(crawls.replica.listed('national'))} listed" in run.log
    assert any("the runs before it had missed them" in each for each in manifest(crawls)["warnings"])
    agrees(crawls.lines("national"), crawls.replica.ledger("national"))


# --- Cost


def cost(crawls: Crawls, section: str) -> int:
    """Return the number of requests of a run."""
    before = sum(crawls.replica.requests.values())
    assert crawls.run(section).status == 0
    return sum(crawls.replica.requests.values()) - before


@pytest.mark.parametrize("section", ["national", "politics", "journal"])
def test_run_without_anything_new_costs_three_requests(crawls: Crawls, section: str) -> None:
    crawls.run(section)
    assert [cost(crawls, section) for _ in range(2)] == [3, 3]
    assert cost(crawls, section) <= 3


def test_new_article_costs_at_most_five_requests(crawls: Crawls) -> None:
    crawls.run("national")
    for _ in range(5):
        crawls.replica.publish(1)
        assert cost(crawls, "national") <= 5


def test_address_that_home_confirmed_saves_home_until_it_fails(crawls: Crawls) -> None:
    for _ in range(4):
        crawls.run("national")
    assert cost(crawls, "national") == 2
    crawls.replica.publish(1)
    crawls.replica.second_page = SecondPage.BROKEN
    assert cost(crawls, "national") <= 4
    crawls.replica.hidden_newest = 10_000
    assert crawls.run("national").status == 22
    crawls.replica.reset()
    assert crawls.run("national").status == 0
    assert ids(crawls) == ledger_ids(crawls)


def test_first_article_is_fetched_before_all_lists_are_read(crawls: Crawls, agrees: Agrees) -> None:
    assert crawls.run("national").status == 0
    asked = [*crawls.replica.requests]
    first = next(at for at, address in enumerate(asked) if "k=" in address)
    assert first <= 3
    assert any("p=2" in address for address in asked[first:])
    agrees(crawls.lines("national"), crawls.replica.ledger("national"))
