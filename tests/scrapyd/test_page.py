"""docs/how-to/scrapyd.md, executed in a folder that stands for the machine: its root."""

import os
import re
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jiji.site.sections import SECTIONS
from tests.conftest import HASTE, PROJECT, Crawls, Line
from tests.crawls.test_endings import manifests
from tests.faults import Misbehaving
from tests.scrapyd.server import ENVIRONMENT, wait_until

Agrees = Callable[[list[Line], list[Line]], None]

PAGE = (PROJECT / "docs" / "how-to" / "scrapyd.md").read_text(encoding="utf-8")
NOT_RUN = {
    "apt-get": "changes the machine",
    "useradd": "changes the machine",
    "git": "needs the project's address",
    "systemctl": "the tests start the ExecStart of the unit, with its environment and folder",
    "docker": "needs a daemon; hadolint checks the Dockerfile",
    "make -C /srv/jiji setup": "was done before any test",
}
"""Beginnings of commands that are not run, with the reason."""
OWNERS = re.compile(r" -o scrapyd -g scrapyd|^chown .*$", re.MULTILINE)
"""The tests have one user."""


@dataclass(frozen=True)
class Machine:
    """Folder in the place of /, and the address in the place of scrapyd's."""

    root: Path
    port: int
    site: Misbehaving

    def here(self, text: str) -> str:
        """Return a text of the page with the places of this machine."""
        text = re.sub(r"(?<![\w.}-])/(srv|etc|var/lib|root)(?=[/\s]|$)", rf"{self.root}/\1", text)
        return text.replace("6800", str(self.port)).replace("make -C", "make -o .venv/.run -o .venv-scrapyd/.run -C")

    @property
    def environment(self) -> dict[str, str]:
        """Environment of an administrator."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCRAPY", "JIJI", "PYTEST"))}
        return kept | {"HOME": str(self.root / "root"), "SCRAPYD_URL": f"http://127.0.0.1:{self.port}/"}

    def run(self, command: str) -> str:
        """Run a command of the page; return its output."""
        command = OWNERS.sub("", self.here(command))
        if "schedule.json" in command:  # the page crawls the live site
            settings = HASTE | {"JIJI_BASE_URL": self.site.url}
            more = " ".join(f"-d setting={name}={value}" for name, value in settings.items())
            command = command.replace("-d spider", f"{more} -d spider")
        done = subprocess.run(
            ["bash", "-c", f"set -eu\n{command}"], env=self.environment, cwd=self.root, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    @property
    def output(self) -> Path:
        """The output folder."""
        return self.root / "var" / "lib" / "jiji"

    def unit(self, name: str) -> ConfigParser:
        """Return a unit of the page."""
        unit = ConfigParser(strict=False, interpolation=None)
        unit.optionxform = str  # type: ignore[assignment, method-assign]
        unit.read_string(self.here(files()[f"/etc/systemd/system/{name}"]))
        return unit


def files() -> dict[str, str]:
    """Return the files of the page by path."""
    found = re.findall(r"^`(/etc/\S+)`:\n\n```conf\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return dict(found)


def commands() -> list[str]:
    """Return the shell blocks of the page that are run."""
    blocks = re.findall(r"^```bash\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return [block for block in blocks if not block.startswith(tuple(NOT_RUN))]


def command_with(words: str) -> str:
    """Return the one block that holds some words."""
    (found,) = [block for block in commands() if words in block]
    return found


@pytest.fixture(scope="module")
def site() -> Iterator[Misbehaving]:
    with Misbehaving(days=2) as served:
        yield served


@pytest.fixture(scope="module")
def machine(site: Misbehaving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Yield the machine of the page with its server running."""
    root = tmp_path_factory.mktemp("machine")
    with socket.create_server(("127.0.0.1", 0)) as free:
        machine = Machine(root, free.getsockname()[1], site)
    for folder in ("srv", "etc/systemd/system", "root"):
        (root / folder).mkdir(parents=True)
    (root / "srv" / "jiji").symlink_to(PROJECT)
    machine.run(command_with("install -d"))
    for path, text in files().items():
        (root / path.lstrip("/")).write_text(machine.here(text), encoding="utf-8")
    machine.run(command_with("openssl rand"))
    server = start(machine)
    yield machine
    server.terminate()
    server.wait(30)


def start(machine: Machine) -> "subprocess.Popen[bytes]":
    """Start the server as its unit does; scrapyd reads ./scrapyd.conf in the place of /etc/scrapyd."""
    service = machine.unit("scrapyd.service")["Service"]
    folder = Path(service["WorkingDirectory"])
    shutil.copy(machine.root / "etc" / "scrapyd" / "scrapyd.conf", folder)
    assignments = re.findall(
        r"^Environment=(\w+)=(.*)$", machine.here(files()["/etc/systemd/system/scrapyd.service"]), re.M
    )
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            service["ExecStart"].split(),
            cwd=folder,
            env=machine.environment | dict(assignments),
            stdout=log,
            stderr=log,
        )
    wait_until(lambda: is_listening(machine.port))
    return server


def is_listening(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def finished(machine: Machine, section: str) -> dict[str, Any] | None:
    """Return the last manifest of a section once its run has ended."""
    found = manifests(Crawls(machine.site, machine.output), section)
    return found[-1] if found and found[-1]["verdict"]["status"] is not None else None


def test_page_leads_from_nothing_to_the_first_run(machine: Machine, site: Misbehaving, agrees: Agrees) -> None:
    printed: list[str] = []
    for command in commands()[2:]:  # `machine` ran those before the server's start
        printed.append(machine.run(command))
        if "schedule.json" in command:
            manifest = wait_until(lambda: finished(machine, "national"))
    deployed, scheduled, shown, upgraded, rolled_back = printed
    assert "Spiders: economy" in deployed
    assert '"status": "ok"' in scheduled
    assert manifest["verdict"]["status"] == 0
    assert manifest["process"]["job"] in scheduled
    assert manifest["versions"]["egg"] in deployed
    agrees(Crawls(site, machine.output).lines("national"), site.ledger("national"))
    assert re.search(r"national +good", shown)
    assert "Spiders: economy" in upgraded
    assert f"jobs run {manifest['versions']['egg']}" in rolled_back


def test_timer_service_schedules_a_section(machine: Machine, site: Misbehaving, agrees: Agrees) -> None:
    shell = machine.unit("jiji@.service")["Service"]["ExecStart"].replace("%i", "photos")
    assert "jobid" in machine.run(shell.removeprefix("/bin/sh -c '").removesuffix("'"))
    assert wait_until(lambda: finished(machine, "photos"))["verdict"]["status"] == 0
    agrees(Crawls(site, machine.output).lines("photos"), site.ledger("photos"))


def test_server_asks_for_the_password_and_listens_on_loopback(machine: Machine) -> None:
    configuration = ConfigParser(interpolation=None)
    configuration.read(machine.root / "etc" / "scrapyd" / "scrapyd.conf")
    server = configuration["scrapyd"]
    assert server["bind_address"] == "127.0.0.1"
    assert re.fullmatch("[0-9a-f]{32}", server["password"])
    assert not {"items_dir", "jobs_dir"} & set(server)
    assert (machine.root / "etc" / "scrapyd" / "scrapyd.conf").stat().st_mode & 0o007 == 0
    assert (machine.root / "root" / ".netrc").stat().st_mode & 0o077 == 0
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"http://127.0.0.1:{machine.port}/daemonstatus.json", timeout=10)


def test_crontab_line_is_silent_for_a_scheduled_job(machine: Machine) -> None:
    (line,) = re.findall(r"^\*/30 \* \* \* \* root (.*)$", PAGE, re.MULTILINE)
    assert machine.run(f"{line.replace('national', 'journal')} || test $? -eq 1") == ""
    assert "not found" in machine.run(line.replace("spider=national", "spider=weather"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("name", ["scrapyd.service", "jiji@.service", "jiji@.timer"])
def test_units_are_valid(tmp_path: Path, name: str) -> None:
    for path, text in files().items():
        if path.startswith("/etc/systemd"):
            runnable = re.sub(r"(?m)^ExecStart=/srv/\S+", "ExecStart=/bin/true", text)
            (tmp_path / Path(path).name).write_text(runnable, encoding="utf-8")
    unit = tmp_path / name.replace("@", "@national")
    if "@" in name:
        (tmp_path / name).rename(unit)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--generators=no", unit], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if str(tmp_path) in line]
    assert complaints == []


def test_every_section_has_a_timer() -> None:
    assert set(re.findall(r"jiji@(\w+)\.timer", PAGE)) == set(SECTIONS)


def test_dockerfile_passes_hadolint() -> None:
    done = subprocess.run(
        [ENVIRONMENT / "bin" / "hadolint", PROJECT / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
