"""The promises of the project as a whole."""

import re
import tomllib
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from jiji import pages, spiders
from jiji.network import user_agent as identity
from jiji.site.sections import SECTIONS
from tests.conftest import PROJECT, Crawls


def test_every_section_has_a_spider() -> None:
    assert SpiderLoader.from_settings(get_project_settings()).list() == sorted(SECTIONS)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_spider_starts_and_says_when_there_is_no_site(crawls: Crawls, section: str) -> None:
    crawls.replica.stop()
    run = crawls.run(section, RETRY_ENABLED="False")
    assert run.status == 20, run.log
    assert "Index page not read" in run.log


def test_a_spider_is_a_few_lines() -> None:
    for module in iter_modules(spiders.__path__):
        if module.name in SECTIONS:
            source = Path(spiders.__path__[0], f"{module.name}.py").read_text(encoding="utf-8")
            assert len([line for line in source.splitlines() if line.strip()]) <= 6


def test_selectors_live_in_pages_only() -> None:
    for path in Path(PROJECT, "jiji").rglob("*.py"):
        if not path.is_relative_to(Path(pages.__path__[0])) and "replica" not in path.parts:
            assert not re.search(r"\.(css|xpath|cssselect)\(", path.read_text(encoding="utf-8")), path


def test_the_project_has_one_version() -> None:
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert declared == identity.VERSION
    assert f"## {declared}" in (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_crawler_is_a_guest() -> None:
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
    run = crawls.run("photos", "-a", "max_articles=1", JIJI_CONTACT="crawler@example.org")
    assert "crawler@example.org" in run.log
    assert import_module("jiji.network.user_agent").user_agent("x@example.org").startswith("jiji/")


def test_what_robots_txt_disallows_is_not_asked_for(crawls: Crawls) -> None:
    crawls.run("photos", "-a", "max_articles=1")
    assert crawls.replica.requests["/robots.txt"] == 1
    assert not [asked for asked in crawls.replica.requests if asked.startswith("/jc/private")]
