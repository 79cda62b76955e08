"""Command ``make deploy``: builds the egg, deploys it to scrapyd, and takes a broken version back.

The egg holds the package `jiji` as pyproject.toml declares it. It is built in a temporary folder.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

from jiji.site.sections import SECTIONS

PROJECT = Path(__file__).parent.parent
TIMEOUT_SECONDS = 120


class DeployError(Exception):
    """The version is not deployed, or the server is not as expected."""


@dataclass(frozen=True)
class Server:
    """A scrapyd server and the name of this project on it."""

    url: str
    project: str
    username: str
    password: str

    @classmethod
    def named(cls) -> "Server":
        """Return the server of the environment, or else of scrapy.cfg."""
        config = ConfigParser()
        config.read(PROJECT / "scrapy.cfg")
        deploy = config["deploy"]
        values = [
            os.environ.get(f"SCRAPYD_{name.upper()}") or deploy.get(name) or ""
            for name in ("url", "project", "username", "password")
        ]
        return cls(*values)

    def call(self, method: str, name: str, **options: Any) -> dict[str, Any]:
        """Return the JSON of a web service; raises DeployError, also for an error with status 200."""
        url = urljoin(self.url.rstrip("/") + "/", f"{name}.json")
        auth = (self.username, self.password) if self.username else None  # None: ~/.netrc
        try:
            response = requests.request(method, url, auth=auth, timeout=TIMEOUT_SECONDS, **options)
        except requests.RequestException as error:
            raise DeployError(f"no answer from {url}: {error}; is scrapyd running there?") from error
        if response.status_code == requests.codes.unauthorized:
            raise DeployError(f"{url}: user name or password refused; set SCRAPYD_USERNAME and SCRAPYD_PASSWORD")
        try:
            answer: dict[str, Any] = response.json()
        except ValueError as error:
            raise DeployError(f"{url} answered {response.status_code}, and no JSON; is that scrapyd?") from error
        if answer.get("status") != "ok":
            raise DeployError(f"{url}: {answer.get('message', answer)}")
        return answer

    def versions(self) -> list[str]:
        """Return the deployed versions, oldest first; jobs run the last one."""
        found: list[str] = self.call("GET", "listversions", params={"project": self.project})["versions"]
        return found

    def remove(self, version: str) -> None:
        """Remove a version."""
        self.call("POST", "delversion", data={"project": self.project, "version": version})


def main() -> int:
    """Deploy, or go back to the version before. Return 1 where that failed."""
    parser = argparse.ArgumentParser(prog="python -m devtools.deploy", description=__doc__)
    parser.add_argument("--rollback", action="store_true", help="remove the newest version instead")
    parser.add_argument("--egg", type=Path, help="deploy this file instead of building one")
    arguments = parser.parse_args()
    server = Server.named()
    try:
        if arguments.rollback:
            rollback(server)
        else:
            with _egg(arguments.egg) as egg:
                deploy(server, egg, version=datetime.now(UTC).strftime("%Y%m%d%H%M%S"))
    except DeployError as error:
        print(f"Not deployed: {error}", file=sys.stderr)
        return 1
    return 0


def deploy(server: Server, egg: Path, version: str) -> None:
    """Upload an egg and check that the server runs it; raises DeployError after the version was taken back."""
    print(f"Deploying version {version} of {server.project} to {server.url} ...", flush=True)
    with egg.open("rb") as file:
        data = {"project": server.project, "version": version}
        try:
            server.call("POST", "addversion", data=data, files={"egg": (egg.name, file)})
            spiders = _spiders(server)
        except DeployError as error:
            raise DeployError(f"{error}\n{_taken_back(server, version)}") from error
    print(f"Deployed. Spiders: {', '.join(spiders)}")


def rollback(server: Server) -> None:
    """Remove the newest version; raises DeployError where that is the only one or jobs are at work."""
    *older, newest = server.versions() or [""]
    if not older:
        raise DeployError(f"there is no version before {newest or 'the first'}; deploy another one")
    if at_work := server.call("GET", "listjobs", params={"project": server.project})["running"]:
        raise DeployError(f"{len(at_work)} jobs are at work, and may run {newest}; cancel them or wait")
    server.remove(newest)
    print(f"Removed version {newest}; jobs run {older[-1]}. Spiders: {', '.join(_spiders(server))}")


def build_egg(folder: Path) -> Path:
    """Return the egg of this checkout, built below a folder; raises DeployError."""
    shutil.copytree(PROJECT / "jiji", folder / "jiji", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", folder)
    (folder / "setup.py").write_text("from setuptools import setup\n\nsetup()\n", encoding="utf-8")
    command = [sys.executable, "setup.py", "--quiet", "bdist_egg"]
    built = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if built.returncode:
        raise DeployError(f"the egg cannot be built:\n{built.stderr}")
    return next((folder / "dist").glob("*.egg"))


@contextmanager
def _egg(given: Path | None) -> Iterator[Path]:
    """Yield the egg to deploy."""
    with tempfile.TemporaryDirectory(prefix="jiji-egg-") as folder:
        yield given or build_egg(Path(folder))


def _spiders(server: Server) -> list[str]:
    """Return the spiders that the server lists; raises DeployError where a section has none."""
    spiders: list[str] = server.call("GET", "listspiders", params={"project": server.project})["spiders"]
    if missing := sorted(SECTIONS.keys() - set(spiders)):
        raise DeployError(f"the server lists no spider for {', '.join(missing)}")
    return spiders


def _taken_back(server: Server, version: str) -> str:
    """Remove a version that does not run: scrapyd keeps it, and would run it from now on. Return the outcome."""
    try:
        server.remove(version)
    except DeployError as error:
        if "EggNotFoundError" in str(error) or "not found" in str(error):
            return "The server did not keep the version"
        return f"Version {version} could not be taken back: {error}"
    return f"Version {version} was taken back"


if __name__ == "__main__":
    sys.exit(main())
