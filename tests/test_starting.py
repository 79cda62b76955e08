"""Imports of a start: a command, the reader and a crawl import what they use, no more."""

import subprocess
import sys

import pytest
from scrapy.settings import Settings, default_settings
from scrapy.utils.project import get_project_settings

from jiji.extensions.project_components import SWITCHES, ProjectComponents
from tests.conftest import PROJECT

IMPORT_COMMANDS = """
from scrapy.utils.misc import walk_modules
assert len(walk_modules("jiji.commands")) > 7
"""


def imported_by(code: str) -> set[str]:
    """Return the names of the modules that a new process has imported after some code."""
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(run.stdout.split())


def test_command_imports_what_it_needs_when_it_runs() -> None:
    found = imported_by(IMPORT_COMMANDS)
    assert "jiji.commands.crawl" in found
    assert not found & {"aiohttp", "sqlite3", "rich", "selectolax", "jinja2", "jiji.section_run", "jiji.pages"}


def test_reader_imports_neither_scrapy_nor_pydantic() -> None:
    found = imported_by("import jiji.reader")
    assert "jiji.reader.articles" in found
    assert not found & {"scrapy", "twisted", "pydantic", "pydantic_core", "sqlite3"}


@pytest.mark.parametrize("switch", SWITCHES)
def test_component_whose_switch_is_off_is_not_imported(switch: str) -> None:
    kind, path = SWITCHES[switch]
    assert path in getattr(default_settings, f"{kind}_BASE"), "Scrapy's default has another name"
    for is_on in (False, True):
        settings: Settings = get_project_settings()
        settings.set(switch, is_on, priority="cmdline")
        ProjectComponents().update_settings(settings)
        names = {*settings.getdict(f"{kind}_BASE"), *settings.getdict(kind)}
        assert (path in names) == is_on


def test_component_that_the_user_names_stays() -> None:
    kind, path = SWITCHES["TELNETCONSOLE_ENABLED"]
    settings: Settings = get_project_settings()
    settings.set(kind, {path: 5}, priority="cmdline")
    ProjectComponents().update_settings(settings)
    assert settings.getdict(kind)[path] == 5
