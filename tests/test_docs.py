"""Documentation tests: commands and snippets are executed, links and names exist, the reference is up to date."""

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from scrapy.http import HtmlResponse, Request

from devtools import generate_docs
from devtools.replica import Replica
from jiji import pages
from jiji.configuration import Configuration
from jiji.runs.result import Exit
from jiji.site.sections import SECTIONS
from jiji.stats import RejectReason
from tests.conftest import PROJECT, Crawls

README = PROJECT / "README.md"
DOCS = PROJECT / "docs"
PAGES = [README, PROJECT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]

EXPLAINED = {
    "bash": "steps of an administrator, run by tests/scrapyd/test_page.py in a substitute root",
    "conf": "files of the same page, checked by the same test",
    "mermaid": "a drawing, rendered by the web site that shows the page",
}
"""Languages of blocks that are not checked, with the reason."""
ELSEWHERE = {DOCS / "how-to" / "read.md", DOCS / "how-to" / "new-layout.md"}
"""Pages whose blocks tests/reader/test_page.py and tests/probe/test_new_layout.py run, with what they need."""
NOT_RUN = {
    "make check": "runs these tests",
    "make test": "runs these tests",
    "make setup": "was done before any test",
    "make crawl": "tests/test_commands.py runs it",
    "make replica": "serves until Ctrl-C; tests/devtools start it",
    "make accuracy": "takes minutes and installs the extractors; tests/devtools call its parts",
    "make bench": "takes minutes and installs the extractors",
    ".venv/bin/python -m pytest": "is part of make test or make crash",
    ".venv/bin/python -m tests.feed.million": "takes minutes",
}
"""Beginnings of commands that are not run, with the reason; targets of make must exist."""
ENDS_WITH = {
    "tail -n +1 -F": {124},  # follows until it is stopped
    "timeout --signal=KILL": {0, 137},  # a fast machine finishes in time
    ".venv/bin/scrapy reset national --keep-feed --yes": {0},
    ".venv/bin/scrapy reset national --yes": {0},
    ".venv/bin/scrapy reset": {1},  # there is no terminal to answer on
}
"""Beginnings of commands with other exit statuses than 0."""
FEED_FIRST = {
    DOCS / "how-to" / name
    for name in ("follow-a-feed.md", "rotate-and-reset.md", "diagnose-a-run.md", "schedule.md", "backup-and-restore.md")
} | {DOCS / "reference" / "manifest.md"}
"""Pages that assume a crawl of NATIONAL."""

Agrees = Callable[[list[dict[str, object]], list[dict[str, object]]], None]


class Block(NamedTuple):
    """Fenced block of a page."""

    page: Path
    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [Block(page, *each) for each in found]


def of_language(*languages: str) -> list[Block]:
    return [block for page in PAGES for block in blocks(page) if block.language in languages]


def named(page: Path) -> str:
    return str(page.relative_to(PROJECT))


def commands(block: Block) -> list[str]:
    """Return the commands of a shell block, a here-document with the line that opens it."""
    return re.findall(r"^[^\n]*<<'PYTHON'\n.*?^PYTHON$|^[^\n]+$", block.text, re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Sandbox:
    """Copy of the project whose default site is a replica, with no delay between requests."""

    folder: Path
    replica: Replica

    def run(self, command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command as a user would in the project's folder."""
        if command.startswith("make "):  # the environment is set up
            command += " -o .venv/.run -o .venv/.dev -o .venv-scrapyd/.run -o .venv-readers/.run"
        if command.startswith("tail "):
            command = f"timeout 2 {command}"
        command = command.replace("http://127.0.0.1:8970/", self.replica.url).replace("/path/to/jiji", str(self.folder))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")}
        return subprocess.run(
            ["sh", "-c", command], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, check=False,
        )  # fmt: skip


def make_sandbox(folder: Path, replica: Replica) -> Sandbox:
    for name in (
        "jiji",
        "devtools",
        "tests",
        "docs",
        "Makefile",
        "requirements-accuracy.txt",
        "requirements-scrapyd.txt",
        "requirements-readers.txt",
    ):
        (folder / name).symlink_to(PROJECT / name)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = sandbox\n")
    (folder / "sandbox.py").write_text(
        "from jiji.settings import *\n"
        f"JIJI_BASE_URL = {replica.url!r}\nDOWNLOAD_DELAY = 0\nAUTOTHROTTLE_ENABLED = False\nJIJI_RECHECK_HOURS = ''\n"
    )
    return Sandbox(folder, replica)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with Replica(days=3, port=0) as replica:
        yield make_sandbox(tmp_path, replica)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, str]]:
    """Yield a sandbox after `make demo`, and the words of the demonstration."""
    with Replica(days=1, port=0) as replica:
        sandbox = make_sandbox(tmp_path_factory.mktemp("demonstration"), replica)
        yield sandbox, sandbox.run("make demo").stdout


# --- Blocks


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ELSEWHERE], ids=named)
def test_commands_and_snippets_run(sandbox: Sandbox, page: Path) -> None:
    steps = [block for block in blocks(page) if block.language in ("sh", "python") and block.text not in RECIPES]
    if page in FEED_FIRST:
        assert sandbox.run(".venv/bin/scrapy crawl national").returncode == 0
    for block in steps:
        for command in (
            commands(block) if block.language == "sh" else [f"{sys.executable} -c {shlex.quote(block.text)}"]
        ):
            if skipped := next((start for start in NOT_RUN if command.startswith(start)), None):
                command = f"{skipped} -n" if skipped.startswith("make ") else "true"
            done = sandbox.run(command)
            expected = next((ends for start, ends in ENDS_WITH.items() if command.startswith(start)), {0})
            assert done.returncode in expected, f"{command}\n{done.stdout}{done.stderr}"


def test_every_block_is_checked() -> None:
    known = {"sh", "python", "json", "toml", "ini", "", *EXPLAINED}
    assert {block.language for page in PAGES for block in blocks(page)} <= known


@pytest.mark.parametrize("block", of_language("json"), ids=lambda block: named(block.page))
def test_json_is_a_line_of_the_feed(block: Block) -> None:
    assert json.loads(block.text).items() <= {**generate_docs.sample(), "body": json.loads(block.text)["body"]}.items()


@pytest.mark.parametrize("block", of_language("toml", "ini"), ids=lambda block: named(block.page))
def test_configuration_of_other_programs_is_well_formed(block: Block) -> None:
    if block.language == "toml":
        assert tomllib.loads(block.text)
    elif "[INPUT]" in block.text:  # Fluent Bit's format: keys and values without "="
        assert all(re.fullmatch(r"\[INPUT\]|    \w+ +\S+", line) for line in block.text.splitlines())
    else:
        parser = configparser.ConfigParser(interpolation=None)
        parser.read_string(block.text)
        assert parser.sections()


def test_scheduled_commands_run(sandbox: Sandbox) -> None:
    for block in of_language("", "ini"):
        if crontab := re.match(r"\*/30 \* \* \* \*  (.*)\n$", block.text):
            assert sandbox.run(crontab[1]).returncode == 0
        if service := re.search(r"^ExecStart=(.*)$", block.text, re.MULTILINE):
            assert sandbox.run(service[1].replace("%i", "photos")).returncode == 0


def test_plain_blocks_show_what_the_programs_print(demonstration: tuple[Sandbox, str]) -> None:
    sandbox, printed = demonstration
    table = sandbox.run(".venv/bin/scrapy status -s JIJI_OUTPUT_DIR=output/demo").stdout
    for block in of_language(""):
        if block.text.startswith("SECTION"):
            assert block.text.splitlines()[0].split() == table.splitlines()[0].split()
        elif "articles fetched" in block.text:
            assert block.text in printed
        else:
            assert block.text.startswith("*/30 * * * *"), f"unchecked block: {block.text}"


def test_sample_is_a_line_of_a_crawl(demonstration: tuple[Sandbox, str]) -> None:
    sample = generate_docs.sample()
    with (demonstration[0].folder / "output" / "demo" / "national.jsonl").open(encoding="utf-8") as feed:
        line = next(line for line in map(json.loads, feed) if line["id"] == sample["id"])
    of_the_run = {"url", "images", "first_seen_at", "fetched_at"}
    assert list(sample) == list(line)
    assert {key: sample[key] for key in sample if key not in of_the_run} == {
        key: line[key] for key in line if key not in of_the_run
    }


# --- Names


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)]*)\)", page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        assert target.exists(), f"{page}: {link}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}, link


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_named_modules_exist(page: Path) -> None:
    for path in re.findall(r"`((?:jiji|devtools|tests)/(?:[\w/]+\.py|[\w/]*/))`", page.read_text(encoding="utf-8")):
        assert (PROJECT / path).exists() or path == "jiji/spiders/weather.py", path


def test_every_page_is_linked_from_the_index() -> None:
    for page in PAGES[2:]:
        index = DOCS / "decisions" / "README.md" if page.parent.name == "decisions" else DOCS / "README.md"
        if page.name != "README.md":
            assert f"({page.relative_to(index.parent)})" in index.read_text(encoding="utf-8"), page


def test_named_settings_are_declared() -> None:
    pages = [page for page in PAGES if page.parent.name != "decisions"]
    named_settings = set(re.findall(r"JIJI_[A-Z_]+", "".join(page.read_text(encoding="utf-8") for page in pages)))
    assert named_settings == {f"JIJI_{name.upper()}" for name in Configuration.model_fields}


def test_reference_is_up_to_date() -> None:
    assert generate_docs.main(check=True) == 0


def test_every_exit_status_is_explained() -> None:
    page = (DOCS / "reference" / "exit-statuses.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^## (\d+ [a-z ]+)$", page, re.MULTILINE)) - {"2 usage"}
    assert explained == {f"{status:d} {status.name.lower().replace('_', ' ')}" for status in Exit}


def test_every_reject_reason_is_explained() -> None:
    table = (DOCS / "reference" / "stats.md").read_text(encoding="utf-8").partition("## Reject reasons")[2]
    assert set(RejectReason) <= set(re.findall(r"^\| ([\w ]+) \| ", table, re.MULTILINE))


@pytest.mark.parametrize("record", sorted(set((DOCS / "decisions").glob("*.md")) - {DOCS / "decisions" / "README.md"}))
def test_decision_records_have_one_form(record: Path) -> None:
    text = record.read_text(encoding="utf-8")
    dated = re.search(r"\A# (.+)\n\nDate: (\d{4}-\d\d-\d\d)\. Status: (accepted|superseded by \[)", text)
    assert dated
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert f"| {dated[2]} | [{dated[1]}]({record.name}) |" in (record.parent / "README.md").read_text(encoding="utf-8")


# --- Recipes


SECTION_ROW, SECTION_SPIDER = (
    block.text for block in blocks(DOCS / "how-to" / "add-a-section.md") if block.language == "python"
)
(PAGE_CLASS,) = (block.text for block in blocks(DOCS / "how-to" / "add-a-page-kind.md") if block.language == "python")
RECIPES = {SECTION_ROW, SECTION_SPIDER, PAGE_CLASS}


@pytest.fixture
def with_weather(tmp_path: Path) -> Path:
    """Copy of the project, changed by the recipe for a section: a row, and a spider."""
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns(".*", "output", "build", "__pycache__"))
    shutil.copy(PROJECT / ".gitignore", project)
    table = project / "jiji" / "site" / "sections.py"
    rows = table.read_text(encoding="utf-8")
    last = re.findall(r"^ +Section\(\"photos\".*\n", rows, re.MULTILINE)[0]
    table.write_text(rows.replace(last, f"{last}        {SECTION_ROW}"), encoding="utf-8")
    (project / "jiji" / "spiders" / "weather.py").write_text(SECTION_SPIDER, encoding="utf-8")
    return project


def test_recipe_for_a_section_publishes_its_articles(with_weather: Path, replica: Replica, tmp_path: Path) -> None:
    replica.rename_label("SPORTS", "Weather News \u00bb")
    crawls = Crawls(replica, tmp_path / "output")
    done = subprocess.run(crawls.command("weather"), cwd=with_weather, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = crawls.lines("weather")
    assert {line["id"] for line in lines} == {row["id"] for row in replica.ledger("sports")}
    assert {line["section"] for line in lines} == {"weather"}


def test_recipe_for_a_section_needs_no_change_of_a_test(with_weather: Path) -> None:
    others = " or ".join(set(SECTIONS) - {"national"})
    command = [
        sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-k", f"not ({others})",
        "tests/test_project.py", "tests/crawls/test_sections.py",
        "tests/test_commands.py::test_list_names_every_section",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=with_weather, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_recipe_for_a_layout_reads_its_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    namespace: dict[str, Any] = {"__name__": "jiji.pages.article_2027"}
    exec(PAGE_CLASS, namespace)  # noqa: S102
    layout = namespace["ArticlePage2027"]
    monkeypatch.setattr(pages, "LAYOUTS", (layout, *pages.LAYOUTS))
    url = "https://jen.jiji.com/jc/eng?g=eco&k=2026012700123"
    markup = (
        '<title>Rain Falls on Osaka</title><body><h1 class="headline">Rain Falls on Osaka</h1><div class="story">'
        "<p>Osaka, Jan. 27 (Jiji Press)--Rain fell on Osaka on Tuesday.<p>It was cold.</div></body>"
    )
    page = pages.article_page(HtmlResponse(url, body=markup.encode(), request=Request(url)))
    assert type(page) is layout
    assert (page.headline, page.body) == ("Rain Falls on Osaka", "Rain fell on Osaka on Tuesday.\n\nIt was cold.")
