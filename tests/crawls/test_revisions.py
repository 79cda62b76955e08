"""Checks of published articles: changes become revisions, and nothing else does."""

import pytest

from tests.conftest import Crawls, Line
from tests.crawls.recheck import recheck_age


def lines_of(crawls: Crawls, key: str) -> list[Line]:
    return [line for line in crawls.lines("sports") if line["id"] == key]


@pytest.fixture
def key(crawls: Crawls) -> str:
    """Return the ID of an article that was just published."""
    assert crawls.run("sports").status == 0
    return str(max(line["id"] for line in crawls.lines("sports")))


@pytest.fixture
def soon(crawls: Crawls, key: str) -> str:
    """Return an age in hours at which every article is due for a check now."""
    return recheck_age(crawls)


def test_a_changed_article_gets_one_more_revision(crawls: Crawls, key: str, soon: str) -> None:
    crawls.replica.revise(key, headline="Rowers Win After All", body="The rowers won on Friday.\n\nThey sang.")
    assert crawls.run("sports", JIJI_RECHECK_HOURS=soon).status == 0
    first, second = lines_of(crawls, key)
    assert (first["revision"], first["status"]) == (1, "new")
    assert (second["revision"], second["status"]) == (2, "updated")
    assert second["headline"] == "Rowers Win After All"
    assert second["first_seen_at"] == first["first_seen_at"]
    assert second["content_hash"] != first["content_hash"]
    assert crawls.run("sports", JIJI_RECHECK_HOURS=soon).status == 0
    assert len(lines_of(crawls, key)) == 2


def test_changed_markup_makes_no_revision(crawls: Crawls, key: str, soon: str) -> None:
    crawls.replica.restyle(key)
    before = crawls.lines("sports")
    asked = crawls.replica.article_requests
    assert crawls.run("sports", JIJI_RECHECK_HOURS=soon).status == 0
    assert crawls.replica.article_requests == asked + len(before)
    assert crawls.lines("sports") == before


def test_an_unchanged_article_is_requested_conditionally_and_once(crawls: Crawls, key: str, soon: str) -> None:
    run = crawls.run("sports", JIJI_RECHECK_HOURS=soon)
    assert "'downloader/response_status_count/304'" in run.log
    asked = crawls.replica.article_requests
    crawls.run("sports", JIJI_RECHECK_HOURS=soon)
    assert crawls.replica.article_requests == asked


def test_another_headline_in_a_list_triggers_a_check(crawls: Crawls, key: str) -> None:
    crawls.replica.revise(key, headline="Rowers Win After All")
    asked = crawls.replica.article_requests
    assert crawls.run("sports").status == 0
    assert crawls.replica.article_requests == asked + 1
    assert [line["headline"] for line in lines_of(crawls, key)][1:] == ["Rowers Win After All"]
