"""Environment of scrapyd, and the output folder by environment variable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jiji.configuration import Configuration, RelativeOutputDir
from jiji.runs.scrapyd import egg_version, is_under_scrapyd
from tests.conftest import PROJECT


@pytest.mark.parametrize("name", ["SCRAPY_PROJECT", "SCRAPYD_EGG_VERSION"])
def test_relative_output_folder_is_refused_under_scrapyd(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert not is_under_scrapyd()
    assert Configuration.from_settings({"JIJI_OUTPUT_DIR": "output"}).output_dir == "output"
    monkeypatch.setenv(name, "jiji")
    for given in ({}, {"JIJI_OUTPUT_DIR": "output"}, {"JIJI_OUTPUT_DIR": "./output"}):
        with pytest.raises(RelativeOutputDir, match=r"JIJI_OUTPUT_DIR='.*output' is relative.*absolute path"):
            Configuration.from_settings(given)
    for absolute in ("/var/lib/jiji", "~/jiji"):
        assert Configuration.from_settings({"JIJI_OUTPUT_DIR": absolute}).output_dir == absolute


def test_egg_version_is_that_of_the_job_or_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    module = Path("/eggs/jiji/20260127.egg/jiji/runs/scrapyd.py")
    assert egg_version() is None
    assert egg_version(module) == "20260127"
    monkeypatch.setenv("SCRAPYD_EGG_VERSION", "r7.1")
    assert egg_version(module) == "r7.1"


@pytest.mark.parametrize(
    ("environment", "options", "folder"),
    [
        ({}, (), "None"),
        ({"JIJI_OUTPUT_DIR": "/var/lib/jiji"}, (), "/var/lib/jiji"),
        ({"JIJI_OUTPUT_DIR": "/var/lib/jiji"}, ("-s", "JIJI_OUTPUT_DIR=/srv/feeds"), "/srv/feeds"),
    ],
)
def test_output_folder_by_environment_variable(
    environment: dict[str, str], options: tuple[str, ...], folder: str
) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "JIJI_OUTPUT_DIR"}
    command = [sys.executable, "-m", "scrapy", "settings", "--get", "JIJI_OUTPUT_DIR", *options]
    done = subprocess.run(command, cwd=PROJECT, env=kept | environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == folder
