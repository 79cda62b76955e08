"""Docs are tried out: commands run, samples are true, nothing that exists goes unnamed."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from scrapy.utils.project import get_project_settings

from devtools import generate_docs as make
from devtools.replica import Replica
from jiji.configuration import Configuration
from jiji.runs.result import Exit
from tests.conftest import PROJECT, Crawls

PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md"))]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


TOOLS = {"python": sys.executable, "scrapy": f"{sys.executable} -m scrapy"}


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def commands() -> list[str]:
    """Return README's shell commands, a here-document with the line that opens it."""
    return [
        command.strip()
        for block in blocks(README, "sh")
        for command in re.findall(r"^[^\n]*<<'PYTHON'\n.*?^PYTHON$|^[^\n]+$", block, re.DOTALL | re.MULTILINE)
    ]


def run(command: str) -> str:
    """Run a command as a user would, with the tests' own Python where the README names the project's."""
    here = re.sub(r"(?<![\w/])\.venv/bin/(python|scrapy)", lambda tool: TOOLS[tool[1]], command)
    done = subprocess.run(["sh", "-c", here], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def demo(_: Crawls, command: str) -> None:
    assert "output/demo/national.jsonl now holds 283." in run(f"{command} -o .venv/.run")


def only_named(_: Crawls, command: str) -> None:
    """What these do is done before any test can run: that they stand in the Makefile is what is left to see."""
    assert run(f"{command} -n")


def listed(_: Crawls, command: str) -> None:
    assert "national" in run(command)


def crawled(crawls: Crawls, command: str) -> None:
    run(f"{command} {' '.join(crawls.command('national')[5:])} -a max_articles=2")
    assert len(crawls.lines("national")) == 2


def told(_: Crawls, command: str) -> None:
    assert re.fullmatch(r"283 articles, \d+ of them leads only", run(command).strip())


def stands(crawls: Crawls, command: str) -> None:
    output = f"-s JIJI_OUTPUT_DIR={crawls.output}"
    assert crawls.run("photos").status == 0
    assert re.search(r"^photos +good", run(f"{command} {output}"), re.MULTILINE)


TRIED: dict[str, Callable[[Crawls, str], None]] = {
    "make demo": demo,
    "make test": only_named,
    "make setup": only_named,
    ".venv/bin/scrapy list": listed,
    ".venv/bin/scrapy crawl national": crawled,
    ".venv/bin/scrapy status": stands,
    ".venv/bin/python -": told,
}


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.splitlines()[0])
def test_readme_command(crawls: Crawls, command: str) -> None:
    tried = [how for start, how in TRIED.items() if command.startswith(start)]
    assert tried, f"no test tries {command!r}"
    tried[0](crawls, command)


def test_readme_shows_a_true_line(tmp_path: Path) -> None:
    shown = json.loads(blocks(README, "json")[0])
    with Replica(port=0) as replica:
        run(f"JIJI_OUTPUT_DIR={tmp_path} {sys.executable} -m devtools.demo")
        row = next(row for row in replica.ledger("national") if row["id"] == shown["id"])
    lines = map(json.loads, (tmp_path / "demo" / "national.jsonl").read_text(encoding="utf-8").splitlines())
    line = next(line for line in lines if line["id"] == shown["id"])
    of_the_run = {"url", "images", "first_seen_at", "fetched_at"}
    assert list(shown) == list(line)
    assert {key: shown[key] for key in shown if key not in of_the_run} == {
        key: line[key] for key in line if key not in of_the_run
    }
    assert [image["caption"] for image in shown["images"]] == [image["caption"] for image in row["images"]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), f"{page}: {link}"


def test_every_setting_is_told_with_its_default() -> None:
    told = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    ours = [f"JIJI_{name.upper()}" for name in Configuration.model_fields]
    for name in ours:
        assert f"| `{name}` |" in told
    named = set(re.findall(r"JIJI_[A-Z_]+", "".join(page.read_text(encoding="utf-8") for page in PAGES)))
    assert named == set(ours)


def test_what_docs_take_from_the_code_is_up_to_date() -> None:
    assert make.main(check=True) == 0


def test_every_exit_status_is_told() -> None:
    told = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\d+) \| ([a-z ]+) \|", told, re.MULTILINE))
    assert rows == {str(status.value): status.name.lower().replace("_", " ") for status in Exit}


def test_every_command_is_told() -> None:
    told = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    module = get_project_settings()["COMMANDS_MODULE"].replace(".", "/")
    for path in (PROJECT / module).glob("[a-z]*.py"):
        assert f"scrapy {path.stem}" in told or f"make {path.stem}" in told, path.stem


def test_the_recipe_for_a_section_works_as_written(tmp_path: Path, replica: Replica) -> None:
    row, spider = blocks((PROJECT / "docs" / "adding-a-section.md").read_text(encoding="utf-8"), "python")
    shutil.copytree(PROJECT / "jiji", tmp_path / "jiji")
    shutil.copy(PROJECT / "scrapy.cfg", tmp_path)
    table = tmp_path / "jiji" / "site" / "sections.py"
    last = re.findall(r"^ +Section\(\"photos\".*\n", table.read_text(encoding="utf-8"), re.MULTILINE)[0]
    table.write_text(table.read_text(encoding="utf-8").replace(last, f"{last}        {row}"), encoding="utf-8")
    (tmp_path / "jiji" / "spiders" / "weather.py").write_text(spider, encoding="utf-8")
    replica.rename_label("SPORTS", "Weather News \u00bb")
    command = Crawls(replica, tmp_path / "output").command("weather")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    held = Crawls(replica, tmp_path / "output").lines("weather")
    assert {line["id"] for line in held} == {row["id"] for row in replica.ledger("sports")}
    assert {line["section"] for line in held} == {"weather"}
