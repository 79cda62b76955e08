"""A real scrapyd server for tests, in a folder of its own."""

import base64
import json
import os
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.conftest import PROJECT

ENVIRONMENT = PROJECT / ".venv-scrapyd"
USER, PASSWORD = "jiji", "a-password-of-tests"
CONFIGURATION = """
[scrapyd]
bind_address = 127.0.0.1
http_port = {port}
username = {user}
password = {password}
max_proc = 4
poll_interval = 0.2
"""


def wait_until(happens: Callable[[], Any], seconds: float = 60) -> Any:
    """Return the first true result of a function; fails after some seconds."""
    end = time.monotonic() + seconds
    while not (result := happens()):
        assert time.monotonic() < end, "nothing happened in time"
        time.sleep(0.1)
    return result


@dataclass
class Scrapyd:
    """The server; ``output`` is JIJI_OUTPUT_DIR in its environment."""

    folder: Path
    output: Path
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    def __post_init__(self) -> None:
        if not self.port:
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.port = free.getsockname()[1]
        self.folder.mkdir(parents=True, exist_ok=True)
        configuration = CONFIGURATION.format(port=self.port, user=USER, password=PASSWORD)
        (self.folder / "scrapyd.conf").write_text(configuration, encoding="utf-8")

    @property
    def url(self) -> str:
        """Root of the server."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def environment(self) -> dict[str, str]:
        """Environment of the server and of `make deploy`."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCRAPY", "PYTEST"))}
        return kept | {"JIJI_OUTPUT_DIR": str(self.output), "HOME": str(self.folder)}

    def start(self) -> None:
        """Start, and return when requests are answered."""
        with (self.folder / "server.log").open("ab") as log:
            command = [str(ENVIRONMENT / "bin" / "scrapyd"), "--pidfile="]
            self.process = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=log, stderr=log)
        wait_until(self._answers)

    def stop(self) -> None:
        """Stop the server alone; its jobs go on."""
        if self.process:
            self.process.terminate()
            self.process.wait(30)
            self.process = None

    def deploy(self, *options: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run what `make deploy` runs."""
        named = {"SCRAPYD_URL": self.url, "SCRAPYD_USERNAME": USER, "SCRAPYD_PASSWORD": PASSWORD, **environment}
        return subprocess.run(
            [ENVIRONMENT / "bin" / "python", "-m", "devtools.deploy", *options],
            cwd=PROJECT, env=self.environment | named, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def get(self, name: str, **parameters: str) -> dict[str, Any]:
        """Return the JSON of a GET request."""
        return self._call(f"{name}.json?{urlencode(parameters)}", None)

    def post(self, name: str, *more: tuple[str, str], **parameters: str) -> dict[str, Any]:
        """Return the JSON of a POST request."""
        return self._call(f"{name}.json", urlencode([*parameters.items(), *more]).encode())

    def schedule(self, section: str, **settings: str) -> str:
        """Schedule a run with settings; return its job."""
        more = [("setting", f"{name}={value}") for name, value in settings.items()]
        answer = self.post("schedule", *more, project="jiji", spider=section)
        assert answer["status"] == "ok", answer
        return str(answer["jobid"])

    def state(self, job: str) -> str | None:
        """Return "pending", "running" or "finished"; None for a job of an earlier server."""
        state: str | None = self.get("status", job=job)["currstate"]
        return state

    def wait(self, *jobs: str) -> None:
        """Wait until jobs are finished."""
        wait_until(lambda: all(self.state(job) == "finished" for job in jobs), seconds=120)

    def log(self, section: str, job: str) -> str:
        """Return the log of a job."""
        return (self.folder / "logs" / "jiji" / section / f"{job}.log").read_text(encoding="utf-8")

    def _answers(self) -> bool:
        try:
            return bool(self.get("daemonstatus"))
        except URLError:
            return False

    def _call(self, path: str, data: bytes | None) -> dict[str, Any]:
        login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        request = Request(self.url + path, data, {"Authorization": f"Basic {login}"})  # noqa: S310
        with urlopen(request, timeout=60) as response:  # noqa: S310
            answer: dict[str, Any] = json.load(response)
            return answer
