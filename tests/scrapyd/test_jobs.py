"""Jobs of a real scrapyd: every article once, also when job or server is killed."""

import os
import signal
from collections.abc import Callable

import pytest

from tests.conftest import Crawls, Line
from tests.crawls.situations import keys
from tests.crawls.test_endings import manifests
from tests.faults import Misbehaving, hang
from tests.scrapyd.server import Scrapyd, wait_until

Agrees = Callable[[list[Line], list[Line]], None]


def scheduled(scrapyd: Scrapyd, crawls: Crawls, section: str, **settings: str) -> str:
    """Schedule a run of a section into the test's output folder."""
    return scrapyd.schedule(section, **crawls.settings(**settings))


def hanging(scrapyd: Scrapyd, crawls: Crawls, site: Misbehaving) -> str:
    """Schedule a run of SPORTS, and return when it waits for the answer to its second article."""
    site.spoil(keys(site)[1], hang())
    job = scheduled(scrapyd, crawls, "sports")
    wait_until(lambda: any(keys(site)[1] in asked for asked in site.asked))
    return job


def end(site: Misbehaving, pid: int) -> None:
    """End a hanging run gracefully: with a signal, and with an end of the response that it waits for."""
    os.kill(pid, signal.SIGTERM)
    site.stop()
    site.heal()


def test_scheduled_run_fills_the_feed(scrapyd: Scrapyd, crawls: Crawls, site: Misbehaving, agrees: Agrees) -> None:
    settings = {name: value for name, value in crawls.settings().items() if name != "JIJI_OUTPUT_DIR"}
    job = scrapyd.schedule("national", **settings)
    scrapyd.wait(job)
    by_environment = Crawls(site, scrapyd.output)
    agrees(by_environment.lines("national"), site.ledger("national"))
    manifest = manifests(by_environment, "national")[-1]
    assert manifest["verdict"]["status"] == 0
    assert manifest["process"]["job"] == job
    assert manifest["versions"]["egg"] == scrapyd.get("listversions", project="jiji")["versions"][-1]
    left = {path.name for path in scrapyd.folder.iterdir()}
    assert left <= {"scrapyd.conf", "server.log", "eggs", "dbs", "logs", ".cache"}


def test_two_sections_at_once_and_one_section_twice(
    scrapyd: Scrapyd, crawls: Crawls, site: Misbehaving, agrees: Agrees
) -> None:
    site.spoil(keys(site)[1], hang())
    jobs = [scheduled(scrapyd, crawls, section) for section in ("sports", "politics", "photos")]
    wait_until(lambda: manifests(crawls))
    second = scheduled(scrapyd, crawls, "sports")
    wait_until(lambda: any(keys(site)[1] in asked for asked in site.asked))
    scrapyd.wait(second)
    end(site, manifests(crawls)[0]["process"]["pid"])
    scrapyd.wait(*jobs)
    by_job = {manifest["process"]["job"]: manifest["verdict"]["status"] for manifest in manifests(crawls)}
    assert by_job == {jobs[0]: 11, second: 75}
    scrapyd.wait(scheduled(scrapyd, crawls, "sports"))
    for section in ("sports", "politics", "photos"):
        agrees(crawls.lines(section), site.ledger(section))


def test_cancelled_job_ends_gracefully_and_the_next_continues(
    scrapyd: Scrapyd, crawls: Crawls, site: Misbehaving, agrees: Agrees
) -> None:
    job = hanging(scrapyd, crawls, site)
    assert scrapyd.post("cancel", project="jiji", job=job)["prevstate"] == "running"
    site.stop()
    site.heal()
    scrapyd.wait(job)
    assert manifests(crawls)[-1]["verdict"]["status"] == 11
    scrapyd.wait(scheduled(scrapyd, crawls, "sports"))
    assert manifests(crawls)[-1]["verdict"]["status"] == 0
    agrees(crawls.lines("sports"), site.ledger("sports"))


def test_killed_job_is_continued(scrapyd: Scrapyd, crawls: Crawls, site: Misbehaving, agrees: Agrees) -> None:
    job = hanging(scrapyd, crawls, site)
    os.kill(manifests(crawls)[-1]["process"]["pid"], signal.SIGKILL)
    scrapyd.wait(job)
    site.heal()
    scrapyd.wait(scheduled(scrapyd, crawls, "sports"))
    killed, last = manifests(crawls)
    assert (killed["verdict"]["status"], last["verdict"]["status"]) == (13, 0)
    agrees(crawls.lines("sports"), site.ledger("sports"))


def test_restarted_server_loses_no_article(scrapyd: Scrapyd, crawls: Crawls, site: Misbehaving, agrees: Agrees) -> None:
    hanging(scrapyd, crawls, site)
    scrapyd.stop()
    scrapyd.start()
    second = scheduled(scrapyd, crawls, "sports")  # gives way: the first one goes on without its server
    scrapyd.wait(second)
    orphan, gave_way = manifests(crawls)
    assert (orphan["verdict"]["word"], gave_way["verdict"]["status"]) == ("running", 75)
    end(site, orphan["process"]["pid"])
    wait_until(lambda: manifests(crawls)[0]["verdict"]["status"] is not None)
    wait_until(lambda: scrapyd.get("listspiders", project="jiji")["spiders"])
    scrapyd.wait(scheduled(scrapyd, crawls, "sports"))
    agrees(crawls.lines("sports"), site.ledger("sports"))


@pytest.mark.parametrize("folder", ["output", "./elsewhere"])
def test_relative_output_folder_is_refused(scrapyd: Scrapyd, crawls: Crawls, site: Misbehaving, folder: str) -> None:
    job = scheduled(scrapyd, crawls, "national", JIJI_OUTPUT_DIR=folder)
    scrapyd.wait(job)
    log = scrapyd.log("national", job)
    assert f"configuration (4): JIJI_OUTPUT_DIR='{folder}' is relative" in log
    assert "absolute path" in log
    assert site.asked == []
    assert not (scrapyd.folder / folder).exists()


def test_items_dir_leaves_the_section_feed_on(
    scrapyd: Scrapyd, crawls: Crawls, site: Misbehaving, agrees: Agrees
) -> None:
    extra = crawls.output.parent / "items.jl"
    feeds = f'{{"file://{extra}": {{"format": "jsonlines"}}}}'  # the form in which scrapyd passes items_dir
    scrapyd.wait(scheduled(scrapyd, crawls, "photos", FEEDS=feeds))
    agrees(crawls.lines("photos"), site.ledger("photos"))
    assert len(extra.read_text(encoding="utf-8").splitlines()) == len(site.ledger("photos"))


def test_refused_argument_is_recorded_with_its_job(scrapyd: Scrapyd, crawls: Crawls) -> None:
    more = [("setting", f"{name}={value}") for name, value in crawls.settings().items()]
    job = scrapyd.post("schedule", *more, project="jiji", spider="sports", since="soon")["jobid"]
    scrapyd.wait(job)
    manifest = manifests(crawls)[-1]
    assert (manifest["verdict"]["status"], manifest["process"]["job"]) == (4, job)
