"""Savecase: a page becomes a test case of the project, in a copy of which these tests run."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.faults import status
from tests.probe.conftest import Ran, Site


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy of the project with three cases."""
    copy = tmp_path / "project"
    ignored = shutil.ignore_patterns(".*", "output", "build", "__pycache__", "cases")
    shutil.copytree(PROJECT / "jiji", copy / "jiji", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PROJECT / "tests" / "pages", copy / "tests" / "pages", ignore=ignored)
    shutil.copy(PROJECT / "scrapy.cfg", copy)
    for case in ("ArticlePage/template-of-2013", "IndexPage/home-with-everything", "NotAnArticle/login-page"):
        shutil.copytree(PROJECT / "tests" / "pages" / "cases" / case, copy / "tests" / "pages" / "cases" / case)
    return copy


def cases(project: Path) -> dict[str, bytes]:
    root = project / "tests" / "pages" / "cases"
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def save(site: Site, project: Path, *words: str) -> Ran:
    return site.run("savecase", *words, project=project)


@pytest.mark.parametrize("section", ["national", "journal", "photos"])
def test_article_and_its_fields(site: Site, project: Path, section: str) -> None:
    row = site.served.ledger(section)[0]
    done = save(site, project, row["url"])
    assert done.status == 0, done.out + done.err
    folder = Path(done.out.splitlines()[0])
    assert folder.name.endswith(row["id"])
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert {name: expected["item"][name] for name in ("id", "headline", "body", "authors")} == {
        name: row[name] for name in ("id", "headline", "body", "authors")
    }
    assert not site.output.exists()
    assert save(site, project, "--reparse").out == "0 of 4 cases changed\n"


@pytest.mark.parametrize("path", ["", "jc/eng?g=eco", "jc/photos"])
def test_scrambled_index_page(site: Site, project: Path, path: str) -> None:
    done = save(site, project, site.served.url + path, "--scramble", "--name", "a-list")
    assert done.status == 0, done.out + done.err
    saved = cases(project)
    text = saved["IndexPage/a-list/page.html"] + saved["IndexPage/a-list/expected.json"]
    assert not [row for row in site.served.ledger("national") if row["headline"].encode() in text]
    assert save(site, project, "--reparse", "a-list").out == "0 of 1 cases changed\n"


def test_block_page(site: Site, project: Path) -> None:
    body = b"<html><head><title>Just a moment...</title></head><body><h1>Just a moment...</h1></body></html>"
    site.served.spoil("/jc/x", status(403, body))
    assert save(site, project, f"{site.served.url}jc/x", "--scramble", "--name", "x").status == 0
    expected = json.loads(cases(project)["NotAnArticle/x/expected.json"])
    assert (expected["status"], expected["block_page"]) == (403, "blocked")
    assert cases(project)["NotAnArticle/x/page.html"] == body


def test_existing_case_is_not_overwritten_without_force(site: Site, project: Path) -> None:
    url = site.served.ledger("national")[0]["url"]
    assert save(site, project, url, "--name", "one").status == 0
    before = cases(project)
    assert save(site, project, url, "--name", "one").status == 2
    assert cases(project) == before
    assert save(site, project, url, "--name", "one", "--scramble", "--force").status == 0
    assert cases(project).keys() == before.keys()
    assert cases(project) != before


def test_kept_page_becomes_a_case_without_a_request(site: Site, project: Path, tmp_path: Path) -> None:
    url = site.served.ledger("national")[0]["url"]
    assert site.run("probe", url, "--keep", str(tmp_path / "kept")).status == 0
    asked = len(site.served.asked)
    done = save(site, project, str(tmp_path / "kept" / "page.html"), "--name", "kept")
    assert done.status == 0, done.err
    assert len(site.served.asked) == asked
    kept = (tmp_path / "kept" / "page.html").read_bytes()
    assert cases(project)["ArticlePage/kept/page.html"] == kept
    bare = tmp_path / "bare.html"
    bare.write_bytes(kept)
    assert save(site, project, str(bare), "--name", "bare").status == 2
    assert save(site, project, str(bare), "--name", "bare", "--url", url).status == 0


@pytest.mark.parametrize("words", [["--name", "../x"], ["--name", "A b"], []])
def test_usage_errors_write_nothing(site: Site, project: Path, words: list[str]) -> None:
    before = cases(project)
    urls = [site.served.url] if words else []
    assert save(site, project, *urls, *words).status == 2
    assert save(site, project, "https://example.org/").status == 2
    assert save(site, project, "--reparse", "no-such-case").status == 2
    assert cases(project) == before


def test_page_that_cannot_be_scrambled_or_fetched_is_not_written(site: Site, project: Path) -> None:
    before = cases(project)
    site.served.spoil("/jc/x", status(200, b"<html><body>\xff\xfe\x80 odd</body></html>"))
    done = save(site, project, f"{site.served.url}jc/x", "--scramble")
    assert (done.status, "charset" in done.err) == (1, True)
    url = site.served.url
    site.served.stop()
    assert site.run("savecase", url, project=project, RETRY_TIMES="0").status == 20
    assert cases(project) == before


def test_reparse_shows_and_renews_a_changed_result(site: Site, project: Path) -> None:
    case = project / "tests" / "pages" / "cases" / "ArticlePage" / "template-of-2013"
    right = (case / "expected.json").read_bytes()
    expected = json.loads(right)
    expected["item"]["headline"] = "Wrong \x1b[1m Headline"
    (case / "expected.json").write_text(json.dumps(expected), encoding="utf-8")
    done = save(site, project, "--reparse")
    assert done.status == 1
    assert '-    "headline": "Wrong' in done.out
    assert "\x1b" not in done.out
    assert done.out.endswith("1 of 3 cases changed\n")
    assert json.loads((case / "expected.json").read_bytes()) == json.loads(right)
    assert save(site, project, "--reparse", "ArticlePage/template-of-2013", str(case)).status == 0
