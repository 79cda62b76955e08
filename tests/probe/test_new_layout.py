"""Steps of docs/how-to/new-layout.md, carried out in a copy of the project on a site with a new layout."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import HASTE, PROJECT
from tests.faults import changed
from tests.probe.conftest import Site
from tests.test_docs import blocks, commands

PAGE = PROJECT / "docs" / "how-to" / "new-layout.md"
CLASSES = PROJECT / "docs" / "how-to" / "add-a-page-kind.md"
STEPS = [command for block in blocks(PAGE) if block.language == "sh" for command in commands(block)]
(PAGE_CLASS,) = (block.text for block in blocks(CLASSES) if block.language == "python")
(NAME,) = re.findall(r"^class (\w+)\(BaseArticlePage\):", PAGE_CLASS, re.MULTILINE)
URL = "https://jen.jiji.com/jc/eng?g=eco&k=2026012700123"

NEW = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Ferry to Carry Mail Again</title></head><body>
<h1 class="headline">Ferry to Carry Mail Again</h1><div class="story">
<p>Hachijo, Tokyo, {day} (Jiji Press)--The ferry will carry mail again from March.</p>
<p>Nobody had written for a year, the postmaster said.</p></div></body></html>
"""


@pytest.fixture
def project(tmp_path: Path, site: Site) -> Path:
    """Copy of the project that crawls the site."""
    copy = tmp_path / "project"
    shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns(".*", "output", "build", "__pycache__"))
    (copy / ".venv").symlink_to(sys.prefix)
    (copy / "scrapy.cfg").write_text("[settings]\ndefault = sandbox\n")
    settings = {**HASTE, "JIJI_BASE_URL": site.served.url}
    lines = "".join(f"{name} = {value!r}\n" for name, value in settings.items())
    (copy / "sandbox.py").write_text(f"from jiji.settings import *\n{lines}")
    return copy


def run(project: Path, command: str, url: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")}
    return subprocess.run(
        ["sh", "-c", command.replace(URL, url)], cwd=project, env=environment, capture_output=True, text=True,
        check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_page_leads_from_an_unknown_layout_to_a_green_case(site: Site, project: Path) -> None:
    row = next(row for row in site.served.ledger("national") if row["dateline"] and row["dateline"]["date"])
    day = row["dateline"]["text"].rpartition(", ")[2]
    for each in site.served.ledger("national"):
        site.served.spoil(each["id"], changed(lambda _: NEW.format(day=day).encode(), Content_Type="text/html"))
    look, save, renew, test, look_again = STEPS

    done = run(project, look, row["url"])
    assert done.returncode == 21, done.stdout + done.stderr
    assert "unknown layout" in done.stdout
    assert PAGE.relative_to(PROJECT).as_posix() in done.stdout

    done = run(project, save, row["url"])
    assert done.returncode == 0, done.stdout + done.stderr
    cases = project / "tests" / "pages" / "cases"
    case = cases / "ArticlePage" / "story-box"
    assert str(case) in done.stdout
    page = (case / "page.html").read_text(encoding="utf-8")
    assert 'class="story"' in page
    assert f"Hachijo, Tokyo, {day} (Jiji Press)--" in page
    assert not re.search("ferry|mail|postmaster|written", page, re.IGNORECASE)

    (project / "jiji" / "pages" / "article_2027.py").write_text(PAGE_CLASS, encoding="utf-8")
    layouts = project / "jiji" / "pages" / "__init__.py"
    source = layouts.read_text(encoding="utf-8")
    source = source.replace("\nfrom jiji.pages.", f"\nfrom jiji.pages.article_2027 import {NAME}\nfrom jiji.pages.", 1)
    layouts.write_text(re.sub(r"(?m)^(LAYOUTS\b.*= \()", rf"\g<1>{NAME}, ", source), encoding="utf-8")

    done = run(project, renew, row["url"])
    assert done.returncode == 1, done.stdout + done.stderr
    assert f'+    "layout": "{NAME}"' in done.stdout
    assert re.search(r"^1 of \d+ cases changed$", done.stdout, re.MULTILINE)
    assert (cases / NAME / "story-box" / "page.html").read_text(encoding="utf-8") == page
    assert not case.exists()
    assert run(project, renew, row["url"]).returncode == 0

    done = run(project, f"{test} -p no:cacheprovider -k story-box", row["url"])
    assert done.returncode == 0, done.stdout + done.stderr
    done = run(project, look_again, row["url"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"layout {NAME}" in done.stdout
    assert re.search(r"headline +certain", done.stdout)
