"""Lists, articles and clocks that misbehave for days: crawls in virtual time of a site in this process."""

import json
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from devtools.replica.sections import SECTIONS
from devtools.replica.site import Page
from jiji.runs.result import RunResult
from jiji.runs.warnings import warnings
from jiji.stats import RunStats
from tests.conftest import Line
from tests.schedule.season import VirtualCrawl, VirtualSite, set_clock


@dataclass
class VirtualSection:
    """Runs of one section against a site in this process, at any virtual time."""

    site: VirtualSite
    output: Path
    name: str = "sports"

    def run(self, hours: float, **settings: str) -> tuple[RunResult, RunStats]:
        """Let hours pass, and run."""
        self.site.now += timedelta(hours=hours)
        ended = VirtualCrawl(self.site, self.output, self.name, settings).run()
        assert ended
        return ended

    def lines(self) -> list[Line]:
        """Return the lines of the feed."""
        return [json.loads(line) for line in (self.output / f"{self.name}.jsonl").read_text().splitlines()]


@pytest.fixture
def sports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VirtualSection:
    site = VirtualSite(seed=1, days=4, per_day=7)
    set_clock(monkeypatch, lambda: site.now)
    return VirtualSection(site, tmp_path)


def test_outage_of_the_article_pages_is_no_deletion(sports: VirtualSection) -> None:
    assert sports.run(0)[0].status == 0
    sports.site.stories.publish(20)
    sports.site.behaviour.article_status = 404
    for _ in range(6):
        result, stats = sports.run(8, JIJI_RECHECK_HOURS="1, 6, 24")
        assert (result.status, stats.withdrawn, stats.abandoned) == (22, 0, 0)
    sports.site.behaviour.reset()
    result, _ = sports.run(1, JIJI_RECHECK_HOURS="1, 6, 24")
    assert result.status == 0
    assert sorted(line["id"] for line in sports.lines()) == sorted(
        story.key for story in sports.site.stories.of("sports")
    )


@pytest.mark.parametrize("code", [500, 404, 431])
def test_checks_that_all_fail_are_no_good_run(sports: VirtualSection, code: int) -> None:
    assert sports.run(0)[0].status == 0
    sports.site.behaviour.article_status = code
    result, stats = sports.run(2, JIJI_RECHECK_HOURS="1")
    assert result.status == 22
    assert "most article pages could not be read" in result.message
    assert (stats.new, stats.withdrawn) == (0, 0)


def test_deleted_article_is_withdrawn_after_a_day_and_published_again_when_listed(sports: VirtualSection) -> None:
    assert sports.run(0)[0].status == 0
    key = sports.site.stories.listed("sports")[0].key
    sports.site.stories.unlist(key)
    sports.site.behaviour.deleted = {key}
    withdrawn = [sports.run(hours, JIJI_RECHECK_HOURS="1, 6, 24")[1].withdrawn for hours in (2, 1, 1, 23, 1)]
    assert withdrawn == [0, 0, 0, 1, 0]
    first, second = (line for line in sports.lines() if line["id"] == key)
    assert (first["status"], second["status"], second["revision"]) == ("new", "withdrawn", 2)
    assert second["body"] == first["body"]
    sports.site.behaviour.reset()
    sports.site.stories.relist([key])
    assert sports.run(1, JIJI_RECHECK_HOURS="1, 6, 24")[1].updated == 1


def test_frozen_lists_are_reported_after_a_week(sports: VirtualSection) -> None:
    for hours in (0, 24, 6 * 24):
        assert not any("nothing newer" in each for each in warnings(sports.run(hours)[1]))
    assert any("the lists have shown nothing newer since" in each for each in warnings(sports.run(24)[1]))


@pytest.mark.parametrize("minutes", [31, -31, 24 * 60, -24 * 60])
def test_wrong_clock_loses_nothing_and_is_reported(sports: VirtualSection, minutes: int) -> None:
    assert sports.run(0)[0].status == 0
    sports.site.stories.publish(30)
    usual = sports.site.now
    sports.site.now += timedelta(minutes=minutes)
    sports.run(0)
    sports.site.now = usual
    sports.site.stories.publish(30)
    result, stats = sports.run(0.1)
    assert result.status == 0
    assert any("the clock is" in each for each in warnings(stats)) == (minutes > 0)
    assert {line["id"] for line in sports.lines()} == {story.key for story in sports.site.stories.of("sports")}


def section(name: str, output: Path, monkeypatch: pytest.MonkeyPatch) -> VirtualSection:
    """Return a section of a site with 28 articles of NATIONAL a day."""
    site = VirtualSite(seed=1, days=4, per_day=28)
    set_clock(monkeypatch, lambda: site.now)
    return VirtualSection(site, output, name)


def missing(section: VirtualSection) -> set[str]:
    """Return the articles of the site that the feed lacks."""
    return {story.key for story in section.site.stories.of(section.name)} - {line["id"] for line in section.lines()}


def test_dead_articles_crowd_out_no_new_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    national = section("national", tmp_path, monkeypatch)
    national.site.behaviour.article_status = 500
    for _ in range(3):
        national.run(1, JIJI_MAX_ARTICLES="50")
    dead = {story.key for story in national.site.stories.of("national")}
    national.site.behaviour.reset()
    national.site.behaviour.broken = dead
    national.site.stories.publish(5)
    assert national.run(1, JIJI_MAX_ARTICLES="50")[1].new == 5
    assert missing(national) == dead


def test_outage_that_lasts_makes_every_run_incomplete(sports: VirtualSection) -> None:
    sports.run(0)
    sports.site.stories.publish(28)
    sports.site.behaviour.article_status = 404
    assert {sports.run(12)[0].status for _ in range(16)} == {22}
    sports.site.behaviour.reset()
    assert sports.run(24)[0].status == 0
    assert missing(sports) == set()


@pytest.mark.parametrize("names_itself", [True, False])
def test_list_of_another_section_without_a_redirect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names_itself: bool
) -> None:
    politics = section("politics", tmp_path, monkeypatch)
    assert politics.run(0)[0].status == 0
    lines, usual = politics.lines(), politics.site.page

    def swapped(url: str) -> Page:
        page = usual(url.replace(SECTIONS["politics"].address(), SECTIONS["economy"].address()))
        return page if names_itself else replace(page, body=re.sub(rb"(?i)economy", b"News", page.body))

    politics.site.page = swapped  # type: ignore[method-assign]
    politics.site.stories.publish(6)
    assert politics.run(1)[0].status == 21
    assert politics.lines() == lines
    politics.site.page = usual  # type: ignore[method-assign]
    assert politics.run(1)[0].status == 0
    assert missing(politics) == set()


def test_bad_page_colours_few_runs_and_is_taken_up_when_it_is_well(sports: VirtualSection) -> None:
    sports.run(0)
    sports.site.stories.publish(7)
    bad = max(missing(sports))
    sports.site.behaviour.broken = {bad}
    statuses = [sports.run(6)[0].status for _ in range(60)]
    assert statuses.count(22) <= 5
    assert missing(sports) == {bad}
    sports.site.behaviour.reset()
    sports.run(7 * 24)
    assert missing(sports) == set()
