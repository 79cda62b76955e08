"""Ordinary Scrapy habits: extra feeds, component settings, bounds and caches leave the section's feed whole."""

import csv
import json
import marshal
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import PROJECT, Crawls, Line
from tests.crawls.habits import manifest, scrapy

Agrees = Callable[[list[Line], list[Line]], None]

EXPORT = "jsonlines"
OWN_SPIDERS = "jiji.spiders,tests.crawls.own_spiders"


@pytest.fixture
def filled(crawls: Crawls) -> Crawls:
    """Return crawls whose photos feed holds all articles."""
    assert crawls.run("photos").status == 0
    return crawls


OWNED = {
    "the feed": "OUTPUT/photos.jsonl",
    "the feed in another spelling": "OUTPUT/runs/../photos.jsonl",
    "the feed in another case": "OUTPUT/Photos.JSONL",
    "the feed by the spider's name": "OUTPUT/%(name)s.jsonl",
    "the feed as a URI": "file://OUTPUT/photos.jsonl",
    "the feed through a symlink": "TMP/symlink.jsonl",
    "the feed through a symlink of its folder": "TMP/folder/photos.jsonl",
    "the feed through a hard link": "TMP/hardlink.jsonl",
    "a manifest through a hard link": "TMP/manifest.json",
    "a rotated file": "OUTPUT/photos.jsonl.1",
    "the feed of a section that never ran": "OUTPUT/economy.jsonl",
    "a file in state": "OUTPUT/state/mine.jsonl",
    "the catalog": "OUTPUT/state/photos.sqlite",
    "a file in runs": "OUTPUT/runs/photos/mine.jsonl",
    "a file in rejected": "OUTPUT/rejected/photos.jsonl",
}


@pytest.mark.parametrize(
    ("option", "path"),
    [*(("-O", path) for path in OWNED.values()), ("-o", OWNED["the feed"]), ("-o", OWNED["the feed as a URI"])],
)
def test_an_extra_feed_onto_a_file_of_the_project_is_refused_before_any_request(
    filled: Crawls, tmp_path: Path, option: str, path: str
) -> None:
    (tmp_path / "symlink.jsonl").symlink_to(filled.output / "photos.jsonl")
    (tmp_path / "folder").symlink_to(filled.output)
    os.link(filled.output / "photos.jsonl", tmp_path / "hardlink.jsonl")
    os.link(filled.output / "runs" / "photos" / "latest.json", tmp_path / "manifest.json")
    held, asked = (filled.output / "photos.jsonl").read_bytes(), len(filled.replica.requests)
    target = path.replace("OUTPUT", str(filled.output)).replace("TMP", str(tmp_path))
    run = filled.run("photos", option, f"{target}:{EXPORT}")
    assert run.status == 4, run.log
    assert "belongs to the project" in run.log
    assert "Traceback" not in run.log
    assert (filled.output / "photos.jsonl").read_bytes() == held
    assert len(filled.replica.requests) == asked
    assert manifest(filled, "photos")["verdict"]["status"] == 4
    assert filled.run("photos").status == 0


@pytest.mark.parametrize("spider", ["sports", "dicts"])
def test_feeds_of_another_output_folder_and_other_spiders_are_refused_too(
    filled: Crawls, tmp_path: Path, spider: str
) -> None:
    held = (filled.output / "photos.jsonl").read_bytes()
    other = Crawls(filled.replica, tmp_path / "elsewhere")
    feeds = json.dumps({str(filled.output / "photos.jsonl"): {"format": "csv", "overwrite": True}})
    run = other.run(spider, FEEDS=feeds, SPIDER_MODULES=OWN_SPIDERS)
    assert run.status == 4, run.log
    assert (filled.output / "photos.jsonl").read_bytes() == held


EXTRA: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "FEEDS": ((), {"FEEDS": '{"TMP/x.jsonl": {"format": "jsonlines"}}'}),
    "FEEDS without any": ((), {"FEEDS": "{}"}),
    "fewer fields in all feeds": (("-o", "TMP/x.csv"), {"FEED_EXPORT_FIELDS": "id,headline"}),
    "another encoding": (("-O", "TMP/x.json"), {"FEED_EXPORT_ENCODING": "latin-1", "FEED_EXPORT_INDENT": "4"}),
    "marshal": (("-O", "TMP/x.marshal"), {}),
    "a feed per item": (("-o", "TMP/%(batch_id)d.json"), {"FEED_EXPORT_BATCH_ITEM_COUNT": "1"}),
    "FEED_EXPORTERS": ((), {"FEED_EXPORTERS": '{"jsonlines": null}'}),
}


@pytest.mark.parametrize("extra", EXTRA)
def test_the_sections_feed_is_independent_of_extra_feeds(
    crawls: Crawls, agrees: Agrees, tmp_path: Path, extra: str
) -> None:
    options, settings = EXTRA[extra]
    run = crawls.run(
        "photos",
        *(word.replace("TMP", str(tmp_path)) for word in options),
        **{name: value.replace("TMP", str(tmp_path)) for name, value in settings.items()},
    )
    assert run.status == 0, run.log
    agrees(crawls.lines("photos"), crawls.replica.ledger("photos"))
    requests = crawls.replica.article_requests
    assert crawls.run("photos").status == 0
    assert crawls.replica.article_requests == requests


def test_a_failing_extra_feed_leaves_the_sections_feed_whole(crawls: Crawls, agrees: Agrees, tmp_path: Path) -> None:
    (tmp_path / "x.pickle").symlink_to("/dev/full")
    run = crawls.run("photos", "-o", str(tmp_path / "x.pickle"))
    assert run.status == 1, run.log
    assert "a feed of FEEDS or -o could not be stored" in run.log
    agrees(crawls.lines("photos"), crawls.replica.ledger("photos"))


COMPONENTS = {
    "ITEM_PIPELINES": "tests.crawls.habits.Marks",
    "EXTENSIONS": "scrapy.extensions.corestats.CoreStats",
    "SPIDER_MIDDLEWARES": "tests.crawls.habits.Passes",
    "DOWNLOADER_MIDDLEWARES": "tests.crawls.habits.Passes",
    "DOWNLOAD_HANDLERS": None,
}


@pytest.mark.parametrize("name", COMPONENTS)
@pytest.mark.parametrize("is_empty", [True, False], ids=["empty", "one more"])
def test_component_settings_add_to_the_projects_own(
    crawls: Crawls, agrees: Agrees, tmp_path: Path, name: str, is_empty: bool
) -> None:
    component = COMPONENTS[name]
    value = "{}" if is_empty or component is None else json.dumps({component: 900})
    key = crawls.replica.ledger("photos")[0]["id"]
    told = crawls.replica.ledger("photos")[0]["body"]
    crawls.replica.revise(key, body=told + "\n\nOne\u00a0\u00a0two\x1b three.")
    run = crawls.run("photos", "-o", str(tmp_path / "extra.jsonl"), **{name: value})
    assert run.status == 0, run.log
    by_id = {line["id"]: line for line in crawls.lines("photos")}
    assert by_id[key]["body"] == told + "\n\nOne two three."
    assert len(by_id[key]["content_hash"]) == 64
    agrees(crawls.lines("photos"), [row for row in crawls.replica.ledger("photos") if row["id"] != key] + [by_id[key]])
    if name == "ITEM_PIPELINES" and not is_empty:
        assert "Marked" in run.log


@pytest.mark.parametrize(
    ("name", "component"),
    [
        ("ITEM_PIPELINES", "jiji.pipelines.Validate"),
        ("EXTENSIONS", "jiji.extensions.manifest.ManifestWriter"),
        ("SPIDER_MIDDLEWARES", "jiji.extensions.crash_guard.CrashGuard"),
    ],
)
def test_a_project_component_set_to_none_is_refused(crawls: Crawls, name: str, component: str) -> None:
    run = crawls.run("photos", **{name: json.dumps({component: None})})
    assert run.status == 4, run.log
    assert f"{name} switches off {component}" in run.log
    assert not crawls.replica.requests


def test_addons_without_the_projects_are_refused(crawls: Crawls) -> None:
    run = crawls.run("photos", ADDONS="{}")
    assert run.status == 4, run.log
    assert "ADDONS lacks" in run.log


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLOSESPIDER_TIMEOUT", "1"),
        ("CLOSESPIDER_ITEMCOUNT", "1"),
        ("CLOSESPIDER_PAGECOUNT", "1"),
        ("MEMUSAGE_LIMIT_MB", "1"),
    ],
)
def test_scrapys_own_bounds_are_named_in_the_result(crawls: Crawls, agrees: Agrees, name: str, value: str) -> None:
    delay = {"DOWNLOAD_DELAY": "0.4"} if name == "CLOSESPIDER_TIMEOUT" else {}
    run = crawls.run("sports", **{name: value}, **delay)
    assert run.status == 22, run.log
    verdict = manifest(crawls, "sports")["verdict"]
    assert name in verdict["message"]
    assert "the next run continues" in verdict["advice"]
    assert name in run.log
    assert crawls.run("sports").status == 0
    agrees(crawls.lines("sports"), crawls.replica.ledger("sports"))


@pytest.mark.parametrize("name", ["JOBDIR", "DEPTH_LIMIT"])
def test_settings_that_a_section_cannot_be_crawled_with_are_refused(crawls: Crawls, tmp_path: Path, name: str) -> None:
    run = crawls.run("photos", **{name: {"JOBDIR": str(tmp_path / "job"), "DEPTH_LIMIT": "1"}[name]})
    assert run.status == 4, run.log
    assert f"{name} is set" in run.log
    assert "Traceback" not in run.log
    assert not crawls.replica.requests
    assert crawls.run("photos", **{name: {"JOBDIR": "", "DEPTH_LIMIT": "0"}[name]}).status == 0


def test_max_articles_leaves_the_listed_rest_pending(crawls: Crawls, agrees: Agrees) -> None:
    run = crawls.run("national", "-a", "max_articles=20")
    assert run.status == 0, run.log
    first = manifest(crawls, "national")
    assert first["articles"]["new"] == 20
    assert first["articles"]["pending"] == 5
    assert "bounded by max_articles=20, 5 still to fetch" in first["verdict"]["message"]
    assert "bounded" in first["warnings"][0]
    shown = json.loads(scrapy(crawls, "status", "national", "--json").stdout)[0]
    assert shown["bounded_by"] == "max_articles=20"
    assert shown["pending"] == 5
    assert crawls.run("national").status == 0
    agrees(crawls.lines("national"), crawls.replica.ledger("national"))
    assert json.loads(scrapy(crawls, "status", "national", "--json").stdout)[0]["bounded_by"] is None


def test_articles_of_a_bounded_run_have_the_categories_of_further_index_pages(crawls: Crawls, agrees: Agrees) -> None:
    assert crawls.run("national", "-a", "max_articles=24").status == 0
    assert len(crawls.lines("national")) == 24
    assert crawls.run("national").status == 0
    agrees(crawls.lines("national"), crawls.replica.ledger("national"))


def test_a_http_cache_left_on_is_named_in_result_and_status(crawls: Crawls, tmp_path: Path) -> None:
    run = crawls.run("photos", HTTPCACHE_ENABLED="1", HTTPCACHE_DIR=str(tmp_path / "cache"))
    assert run.status == 0, run.log
    assert "HTTPCACHE_ENABLED is on" in run.log
    assert any("HTTPCACHE_ENABLED" in warning for warning in manifest(crawls, "photos")["warnings"])
    assert "HTTPCACHE_ENABLED" in scrapy(crawls, "status").stdout


def test_a_rejected_page_is_not_still_to_fetch(crawls: Crawls) -> None:
    crawls.replica.revise(crawls.replica.ledger("sports")[0]["id"], body="")
    assert crawls.run("sports").status == 22
    verdict = manifest(crawls, "sports")["verdict"]
    assert "1 rejected page to try again" in verdict["message"]
    assert "still to fetch" not in verdict["message"]
    assert "rejected/" in verdict["advice"]


def test_csv_and_xml_have_flat_columns(crawls: Crawls, tmp_path: Path) -> None:
    options = [part for name in ("x.csv", "x.xml", "x.marshal") for part in ("-o", str(tmp_path / name))]
    assert crawls.run("national", *options).status == 0
    lines = crawls.lines("national")
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [line["id"] for line in lines]
    elements = ElementTree.parse(tmp_path / "x.xml").getroot()  # noqa: S314 # written by the test
    with (tmp_path / "x.marshal").open("rb") as file:
        assert [marshal.load(file)["dateline"] for _ in lines] == [line["dateline"] for line in lines]  # noqa: S302
    for line, row, element in zip(lines, rows, elements, strict=True):
        dateline, images = line["dateline"] or {}, line["images"]
        assert row["dateline_text"] == dateline.get("text", "")
        assert row["dateline_places"] == "; ".join(dateline.get("places", []))
        assert row["image_1_url"] == (images[0]["url"] if images else "")
        assert row["image_1_caption"] == ((images[0]["caption"] if images else "") or "")
        assert json.loads(row["images"]) == images
        assert row["authors"] == "; ".join(line["authors"])
        assert row["truncated"] == str(line["truncated"]).lower()
        assert not [cell for cell in row.values() if "Dateline(" in cell or "Image(" in cell]
        assert element.findtext("dateline_text", "") == row["dateline_text"]
        assert element.findtext("body") == line["body"]
    assert any(row["image_1_url"] for row in rows)
    assert any(row["dateline_text"] for row in rows)


def test_fields_of_a_csv_feed_can_be_chosen(crawls: Crawls, tmp_path: Path) -> None:
    settings = {"FEED_EXPORT_FIELDS": "id,dateline_text,image_1_url"}
    assert crawls.run("photos", "-o", str(tmp_path / "x.csv"), **settings).status == 0
    header = (tmp_path / "x.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == "id,dateline_text,image_1_url"


def test_a_spider_of_the_users_own_yields_dicts(crawls: Crawls, tmp_path: Path) -> None:
    extra = tmp_path / "x.csv"
    run = crawls.run("dicts", "-o", str(extra), SPIDER_MODULES=OWN_SPIDERS)
    assert run.status == 0, run.log
    assert "Traceback" not in run.log
    assert "WARNING" not in run.log
    assert extra.read_text(encoding="utf-8").splitlines()[0] == "url,length"
    assert not crawls.output.exists()


def test_a_subclass_of_a_spider_keeps_its_section_and_feed(crawls: Crawls, agrees: Agrees) -> None:
    run = crawls.run("mine", SPIDER_MODULES=OWN_SPIDERS)
    assert run.status == 0, run.log
    agrees(crawls.lines("photos"), crawls.replica.ledger("photos"))
    assert manifest(crawls, "photos")["verdict"]["status"] == 0
    assert not (crawls.output / "mine.jsonl").exists()
    requests = crawls.replica.article_requests
    assert crawls.run("photos").status == 0
    assert crawls.replica.article_requests == requests


def test_a_spider_of_an_unknown_section_is_refused_and_breaks_no_other(crawls: Crawls) -> None:
    names = scrapy(crawls, "list", SPIDER_MODULES=OWN_SPIDERS).stdout.split()
    assert {"dicts", "mine", "unknown", "photos"} <= set(names)
    run = crawls.run("unknown", SPIDER_MODULES=OWN_SPIDERS)
    assert run.status == 4, run.log
    assert "has no section 'unknown'" in run.log


def test_a_crawl_from_python_takes_values_of_python(crawls: Crawls) -> None:
    days = sorted({row["published_date"] for row in crawls.replica.ledger("national")})
    since = f"date.fromisoformat({days[1]!r})"
    script = f"""
from datetime import date
from scrapy.crawler import CrawlerProcess
from scrapy.utils.project import get_project_settings
settings = get_project_settings()
settings.setdict({crawls.settings()!r}, priority="cmdline")
process = CrawlerProcess(settings)
process.crawl("national", max_articles=5, since={since})
process.start()
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    lines = crawls.lines("national")
    assert len(lines) == 5
    assert min(line["published_date"] for line in lines) >= days[1]
    arguments = manifest(crawls, "national")["arguments"]
    assert arguments == {"since": days[1], "max_articles": "5"}


def test_status_shows_the_newest_article_and_its_age(filled: Crawls) -> None:
    newest = max(row["id"] for row in filled.replica.ledger("photos"))
    shown = json.loads(scrapy(filled, "status", "photos", "--json").stdout)[0]
    assert shown["newest"] == newest
    assert shown["newest_age_hours"] > 24
    assert (shown["state"], shown["warnings"], shown["drift"], shown["pending"]) == ("good", [], [], 0)
    assert newest in scrapy(filled, "status").stdout
    frozen = scrapy(filled, "status", "photos", JIJI_FROZEN_HOURS="24")
    assert frozen.returncode == 1
    assert "stale" in frozen.stdout


def test_status_writes_a_textfile_and_keeps_its_exit_status(filled: Crawls, tmp_path: Path) -> None:
    path = tmp_path / "jiji.prom"
    done = scrapy(filled, "status", "--prometheus", str(path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert 'jiji_section_healthy{section="photos"} 1' in path.read_text(encoding="utf-8")
    assert scrapy(filled, "status", "sports", "--prometheus", str(path)).returncode == 1
    feed = filled.output / "photos.jsonl"
    held = feed.read_bytes()
    assert scrapy(filled, "status", "--prometheus", str(feed)).returncode == 2
    assert feed.read_bytes() == held
    assert scrapy(filled, "status", "--prometheus", str(tmp_path / "missing" / "x.prom")).returncode == 4
