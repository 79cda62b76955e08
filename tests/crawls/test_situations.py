"""Exit status, manifest and feed of a run in every situation of the table."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Crawls, Line
from tests.crawls.situations import MARK, SITUATIONS, Situation
from tests.faults import Misbehaving


@pytest.fixture
def site() -> Iterator[Misbehaving]:
    with Misbehaving(days=4) as served:
        yield served


def manifest(crawls: Crawls, section: str = "sports") -> dict[str, Any]:
    """Return the manifest of the latest run."""
    record = json.loads((crawls.output / "runs" / section / "latest.json").read_text(encoding="utf-8"))
    assert (
        json.loads((crawls.output / "runs" / section / f"{record['run']}.json").read_text(encoding="utf-8")) == record
    )
    return dict(record)


def part(record: dict[str, Any], path: str) -> Any:
    """Return a part of a manifest by its path."""
    for name in path.split(".") if not path.startswith("counts.") else path.split(".", 1):
        record = record.get(name, "nothing")
    return record


def check(crawls: Crawls, record: dict[str, Any], situation: Situation, before: int) -> None:
    """Check a manifest against the table, the exit status and the bytes of the feed."""
    assert record["verdict"]["status"] == situation.status, record["verdict"]
    assert record["verdict"]["message"]
    assert record["verdict"]["advice"]
    for path, expected in situation.expected.items():
        found = part(record, path)
        if isinstance(expected, str) and found != expected:
            assert expected in (found if isinstance(found, str) else json.dumps(found)), (path, found)
        elif path == "requests.by_outcome.200":
            assert found >= expected, (path, found)
        else:
            assert found == expected, (path, found)
    feed = crawls.output / "sports.jsonl"
    held = feed.read_bytes() if feed.exists() else b""
    grown = [(each["begin"], each["end"], each["sha256"]) for each in record["appended"]]
    digest = hashlib.sha256(held[before:]).hexdigest()
    assert grown == ([(before, len(held), digest)] if len(held) > before else [])
    assert (
        sum(each["lines"] for each in record["appended"]) == record["articles"]["new"] + record["articles"]["updated"]
    )


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
def test_run_in_situation(
    site: Misbehaving, tmp_path: Path, situation: Situation, agrees: Callable[[list[Line], list[Line]], None]
) -> None:
    crawls = Crawls(site, tmp_path / "output")
    feed = crawls.output / "sports.jsonl"
    if situation.after_good:
        assert crawls.run("sports").status == 0
    before = feed.stat().st_size if feed.exists() else 0
    situation.arrange(site)
    run = crawls.run("sports", *situation.options, **situation.settings)
    assert run.status == situation.status, run.log
    check(crawls, manifest(crawls), situation, before)
    assert MARK not in (feed.read_text(encoding="utf-8") if feed.exists() else "")
    site.heal()
    run = crawls.run("sports")
    assert run.status == situation.healed, run.log
    newest = {line["id"]: line for line in crawls.lines("sports")}
    agrees(list(newest.values()), site.ledger("sports"))
    assert len(crawls.lines("sports")) == len({(line["id"], line["revision"]) for line in crawls.lines("sports")})
    assert MARK not in feed.read_text(encoding="utf-8")


def test_the_table_covers_every_exit_status_of_a_crawl() -> None:
    assert len(SITUATIONS) >= 40
    assert {situation.status for situation in SITUATIONS} >= {0, 1, 4, 18, 20, 21, 22}
