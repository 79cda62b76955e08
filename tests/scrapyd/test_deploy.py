"""``make deploy``: a complete egg, and a broken version taken back."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from jiji.site.sections import SECTIONS
from tests.conftest import PROJECT, Crawls
from tests.crawls.test_endings import manifests
from tests.scrapyd.server import ENVIRONMENT, Scrapyd


def versions(scrapyd: Scrapyd) -> list[str]:
    """Return the deployed versions, oldest first."""
    found: list[str] = scrapyd.get("listversions", project="jiji").get("versions", [])
    return found


def checkout() -> set[str]:
    """Return what lies in the project's folder."""
    return {path.name for path in PROJECT.iterdir()}


@pytest.fixture(scope="module")
def egg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an egg of the checkout."""
    code = "import sys, pathlib; from devtools.deploy import build_egg; print(build_egg(pathlib.Path(sys.argv[1])))"
    command = [str(ENVIRONMENT / "bin" / "python"), "-c", code, str(tmp_path_factory.mktemp("egg"))]
    return Path(subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.strip())


def broken(egg: Path, folder: Path) -> Path:
    """Return a copy of an egg whose spiders cannot be imported."""
    path = folder / "broken.egg"
    with zipfile.ZipFile(egg) as source, zipfile.ZipFile(path, "w") as copy:
        for name in source.namelist():
            copy.writestr(name, b"raise ImportError('broken')" if name == "jiji/items.py" else source.read(name))
    return path


def test_egg_holds_every_file_of_the_package_and_nothing_else(egg: Path) -> None:
    names = {name for name in zipfile.ZipFile(egg).namelist() if not name.endswith(".pyc")}
    tracked = subprocess.run(["git", "ls-files", "jiji"], cwd=PROJECT, capture_output=True, text=True, check=True)
    ours = {name for name in tracked.stdout.split() if (PROJECT / name).exists()}
    assert ours <= names
    assert all(name.startswith(("jiji/", "EGG-INFO/")) for name in names)
    assert "EGG-INFO/zip-safe" in names


def test_deploy_lists_the_spiders_and_leaves_nothing_behind(scrapyd: Scrapyd) -> None:
    before = checkout()
    done = scrapyd.deploy()
    assert done.returncode == 0, done.stderr
    assert all(section in done.stdout for section in SECTIONS)
    assert checkout() == before
    assert not {"setup.py", "build", "dist", "jiji.egg-info", "project.egg-info"} & checkout()


def test_broken_version_is_taken_back(scrapyd: Scrapyd, crawls: Crawls, egg: Path, tmp_path: Path) -> None:
    good = versions(scrapyd)
    done = scrapyd.deploy("--egg", str(broken(egg, tmp_path)))
    assert done.returncode == 1
    assert "ImportError: broken" in done.stderr
    assert "was taken back" in done.stderr
    assert versions(scrapyd) == good
    scrapyd.wait(scrapyd.schedule("photos", **crawls.settings()))
    manifest = manifests(crawls, "photos")[-1]
    assert (manifest["verdict"]["status"], manifest["versions"]["egg"]) == (0, good[-1])


def test_file_that_is_no_egg_is_refused(scrapyd: Scrapyd, tmp_path: Path) -> None:
    good = versions(scrapyd)
    (tmp_path / "no.egg").write_bytes(b"no egg")
    done = scrapyd.deploy("--egg", str(tmp_path / "no.egg"))
    assert done.returncode == 1
    assert "not a ZIP file" in done.stderr
    assert versions(scrapyd) == good


def test_rollback_removes_the_newest_version(scrapyd: Scrapyd, crawls: Crawls) -> None:
    *_, before = versions(scrapyd)
    assert scrapyd.deploy().returncode == 0
    assert versions(scrapyd)[-1] != before
    done = scrapyd.deploy("--rollback")
    assert done.returncode == 0, done.stderr
    assert f"jobs run {before}" in done.stdout
    assert versions(scrapyd)[-1] == before


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SCRAPYD_PASSWORD": "wrong"}, "password refused"),
        ({"SCRAPYD_URL": "http://127.0.0.1:1/"}, "is scrapyd running"),
    ],
)
def test_server_that_does_not_answer_is_named(scrapyd: Scrapyd, environment: dict[str, str], said: str) -> None:
    done = scrapyd.deploy(**environment)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
