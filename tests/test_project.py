"""Properties of the project as a whole: sections and spiders, politeness, version and package."""

import re
import shutil
import subprocess
import sys
from email import message_from_bytes
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from zipfile import ZipFile

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from devtools.replica.sections import SECTIONS as PUBLISHED
from jiji import extract, pages, spiders
from jiji.network import user_agent as identity
from jiji.site.sections import SECTIONS
from tests.conftest import PROJECT, Crawls


def test_every_section_has_a_spider() -> None:
    assert SpiderLoader.from_settings(get_project_settings()).list() == sorted(SECTIONS)
    assert set(PUBLISHED) <= set(SECTIONS)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_spider_reports_an_unreachable_site(crawls: Crawls, section: str) -> None:
    crawls.replica.stop()
    run = crawls.run(section, RETRY_ENABLED="False")
    assert run.status == 20, run.log
    assert "Index page not read" in run.log


def test_a_spider_is_a_few_lines() -> None:
    for module in iter_modules(spiders.__path__):
        if module.name in SECTIONS:
            source = Path(spiders.__path__[0], f"{module.name}.py").read_text(encoding="utf-8")
            assert len([line for line in source.splitlines() if line.strip()]) <= 6


def test_selectors_live_in_pages_and_extraction_only() -> None:
    for path in Path(PROJECT, "jiji").rglob("*.py"):
        if not any(path.is_relative_to(Path(package.__path__[0])) for package in (pages, extract)):
            assert not re.search(r"\.(css|xpath|cssselect)\(", path.read_text(encoding="utf-8")), path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    """Return the wheel of a copy of the project; the build leaves nothing that git does not ignore."""
    copy = tmp_path_factory.mktemp("build") / "jiji"
    shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns(".*", "output", "build", "*.egg-info", "__pycache__"))
    shutil.copy(PROJECT / ".gitignore", copy)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps", "--no-index"]
    for command in (["git", "init", "--quiet"], ["git", "add", "--all"], [*build, "--wheel-dir", "dist", "."]):
        subprocess.run(command, cwd=copy, check=True)
    changes = subprocess.run(["git", "diff", "--name-only"], cwd=copy, check=True, capture_output=True).stdout
    untracked = ["git", "ls-files", "--others", "--exclude-standard"]
    assert not changes + subprocess.run(untracked, cwd=copy, check=True, capture_output=True).stdout
    return ZipFile(next((copy / "dist").iterdir()))


def test_wheel_holds_the_package_alone(wheel: ZipFile) -> None:
    files = {name for name in wheel.namelist() if ".dist-info/" not in name}
    package = (PROJECT / "jiji").rglob("*")
    assert files == {str(path.relative_to(PROJECT)) for path in package if path.is_file() and path.suffix != ".pyc"}


def test_wheel_names_version_licence_dependencies_and_settings(wheel: ZipFile) -> None:
    (folder,) = {name.partition("/")[0] for name in wheel.namelist() if ".dist-info/" in name}
    metadata = message_from_bytes(wheel.read(f"{folder}/METADATA"))
    required = [line for line in (PROJECT / "requirements.in").read_text().splitlines() if not line.startswith("#")]
    assert metadata["Version"] == identity.VERSION
    assert metadata["License-Expression"] == "MIT"
    assert [re.sub(r"\W", "", name) for name in metadata.get_all("Requires-Dist", [])] == [
        re.sub(r"\W", "", name) for name in required
    ]
    assert b"settings = jiji.settings" in wheel.read(f"{folder}/entry_points.txt")
    assert f"{folder}/licenses/LICENSE" in wheel.namelist()


def test_changelog_names_the_version() -> None:
    assert f"## {identity.VERSION}" in (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_requirements_are_pinned_with_hashes() -> None:
    for path in PROJECT.glob("requirements*.txt"):
        pins = re.split(r"\n(?=[a-z])", path.read_text(encoding="utf-8"))[1:]
        assert pins
        assert all(re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:", pin, re.DOTALL) for pin in pins)
        assert "://" not in path.read_text(encoding="utf-8")


def test_settings_are_polite_and_closed() -> None:
    settings: Settings = get_project_settings()
    assert settings.getbool("ROBOTSTXT_OBEY")
    assert settings.getint("CONCURRENT_REQUESTS") == 1
    assert settings.getfloat("DOWNLOAD_DELAY") >= 1
    assert settings.getbool("AUTOTHROTTLE_ENABLED")
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    assert settings.getint("DOWNLOAD_MAXSIZE") == 5 * 1024 * 1024
    assert settings.getfloat("DOWNLOAD_TIMEOUT") == 30
    for door in ("COOKIES_ENABLED", "TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED"):
        assert not settings.getbool(door)


def test_the_user_agent_names_the_contact(crawls: Crawls) -> None:
    run = crawls.run("photos", "-a", "max_articles=1", "-L", "DEBUG", JIJI_CONTACT="crawler@example.org")
    assert "crawler@example.org" in run.log
    assert import_module("jiji.network.user_agent").user_agent("x@example.org").startswith("jiji/")


def test_disallowed_pages_are_not_requested(crawls: Crawls) -> None:
    crawls.run("photos", "-a", "max_articles=1")
    assert crawls.replica.requests["/robots.txt"] == 1
    assert not [asked for asked in crawls.replica.requests if asked.startswith("/jc/private")]
