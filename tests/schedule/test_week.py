"""A week of half-hourly runs of all sections, in virtual time: every article once, politely, without a word.

`make week` runs it. WEEK_HOURS shortens the week.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random

import pytest
from aiohttp import web

from jiji.site.sections import SECTIONS
from tests.access_log import LoggingReplica, overlaps
from tests.conftest import PROJECT, Crawls, Line

HOURS = max(1, int(os.environ.get("WEEK_HOURS", "168")) - 30)
"""Hours of publication. The rest is for the last checks: lists with nothing newer for a week would be called frozen."""


class VirtualReplica(LoggingReplica):
    """Replica whose clock shows the virtual time, as that of the crawls does."""

    shift = timedelta()

    async def _respond(self, request: web.Request) -> web.Response:
        response = await super()._respond(request)
        response.headers["Date"] = format_datetime(datetime.now(UTC) + self.shift, usegmt=True)
        return response


def scheduler(crawls: Crawls) -> "subprocess.Popen[str]":
    """Start the scheduler for crawls of a replica."""
    settings = crawls.settings(JIJI_RECHECK_HOURS="1, 6, 24", LOG_LEVEL="WARNING")
    command = [sys.executable, "-m", "tests.schedule.scheduler", *(f"{name}={settings[name]}" for name in settings)]
    return subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def run_all(scheduler: "subprocess.Popen[str]", replica: VirtualReplica, hour: float) -> None:
    """Run all sections at once at an hour of virtual time; each ends with 0, and prints nothing."""
    replica.shift = timedelta(hours=hour)
    assert scheduler.stdin
    assert scheduler.stdout
    print(hour * 3600, file=scheduler.stdin, flush=True)
    results = json.loads(scheduler.stdout.readline())
    assert results == {section: [0, ""] for section in SECTIONS}, f"hour {hour}"


def check_feed(lines: list[Line], ledger: list[Line], revised: set[str]) -> None:
    """Check that a feed holds each article once, and a second revision of the revised ones only."""
    seen = [(line["id"], line["revision"]) for line in lines]
    assert len(seen) == len(set(seen))
    assert {key for key, revision in seen if revision == 1} == {row["id"] for row in ledger}
    assert {key for key, revision in seen if revision > 1} == revised & {row["id"] for row in ledger}
    newest = {line["id"]: line for line in lines}
    for row in ledger:
        assert {name: newest[row["id"]][name] for name in row} == row


@pytest.mark.week
def test_week_of_half_hourly_runs(tmp_path: Path) -> None:
    chance, revised = Random(1), set()
    with VirtualReplica(seconds=0, days=2) as replica:
        crawls = Crawls(replica, tmp_path / "output")
        with scheduler(crawls) as at_work:
            for tick in range(2 * HOURS):
                published = replica.publish(chance.choice((0, 0, 1)))
                run_all(at_work, replica, tick / 2)
                if published and chance.random() < 0.1:
                    article = next(row for row in replica.ledger("national") if row["id"] == published[0])
                    replica.revise(published[0], headline=f"{article['headline']}, Officials Say")
                    revised.add(published[0])
            for age in (1, 6, 24):
                run_all(at_work, replica, HOURS + age)
        assert len(replica.log) > 2 * HOURS * len(SECTIONS)
        assert overlaps(replica.log) == 0
        for section in SECTIONS:
            check_feed(crawls.lines(section), replica.ledger(section), revised)
