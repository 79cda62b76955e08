"""Recipe of docs/how-to/add-a-page-kind.md, carried out in a copy of the project: a case, a page class, its place."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

RECIPE = (PROJECT / "docs" / "how-to" / "add-a-page-kind.md").read_text(encoding="utf-8")
(PAGE_CLASS,) = re.findall(r"^```python\n(.*?)^```", RECIPE, re.DOTALL | re.MULTILINE)
(NAME,) = re.findall(r"^class (\w+)\(BaseArticlePage\):", PAGE_CLASS, re.MULTILINE)

PAGE = """<!DOCTYPE html><html><head><title>Ferry to Carry Mail</title></head><body>
<h2 class="kicker">Islands</h2><h1 class="headline">Ferry to Carry Mail Again</h1>
<div class="story"><p>Hachijo, Tokyo, Jan. 27 (Jiji Press)--The ferry will carry mail again from March.</p>
<p>Nobody had written for a year.</p></div></body></html>
"""
EXPECTED = {
    "url": "https://jen.jiji.com/jc/eng?g=eco&k=2026012700123",
    "item": {
        "id": "2026012700123",
        "url": "https://jen.jiji.com/jc/eng?g=eco&k=2026012700123",
        "breadcrumbs": [],
        "headline": "Ferry to Carry Mail Again",
        "authors": [],
        "dateline": {
            "text": "Hachijo, Tokyo, Jan. 27",
            "places": ["Hachijo, Tokyo"],
            "date": "2026-01-27",
            "agency": "Jiji Press",
        },
        "published_date": "2026-01-27",
        "published_at": None,
        "published_source": "key",
        "modified_at": None,
        "body": "The ferry will carry mail again from March.\n\nNobody had written for a year.",
        "truncated": False,
        "images": [],
        "layout": NAME,
    },
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy of the project."""
    copy = tmp_path / "project"
    shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns(".*", "output", "build", "__pycache__"))
    return copy


def run_cases(project: Path) -> subprocess.CompletedProcess[str]:
    """Run the tests of the saved pages."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/pages/test_cases.py"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def test_recipe_for_a_page_kind_works_as_written(project: Path) -> None:
    case = project / "tests" / "pages" / "cases" / NAME / "kicker-above-the-headline"
    case.mkdir(parents=True)
    (case / "page.html").write_text(PAGE, encoding="utf-8")
    (case / "expected.json").write_text(json.dumps(EXPECTED), encoding="utf-8")
    without_class = run_cases(project)
    assert without_class.returncode == 1
    assert f"no page class {NAME}: write it in a file of jiji/pages/" in without_class.stdout
    assert "1 failed" in without_class.stdout

    (project / "jiji" / "pages" / "article_2027.py").write_text(PAGE_CLASS, encoding="utf-8")
    layouts = project / "jiji" / "pages" / "__init__.py"
    source = layouts.read_text(encoding="utf-8")
    source = source.replace("\nfrom jiji.pages.", f"\nfrom jiji.pages.article_2027 import {NAME}\nfrom jiji.pages.", 1)
    layouts.write_text(re.sub(r"(?m)^(LAYOUTS\b.*= \()", rf"\g<1>{NAME}, ", source), encoding="utf-8")
    with_class = run_cases(project)
    assert with_class.returncode == 0, with_class.stdout


def test_case_without_expected_result_fails(project: Path) -> None:
    case = project / "tests" / "pages" / "cases" / "ArticlePage" / "without-expected-result"
    case.mkdir()
    (case / "page.html").write_text(PAGE, encoding="utf-8")
    done = run_cases(project)
    assert done.returncode == 1
    assert re.search(r"No such file or directory: .*without-expected-result/expected\.json", done.stdout)
