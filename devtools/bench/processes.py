"""Processes of a benchmark: their CPU time, and the pages that they fetch from a replica."""

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from aiohttp import web

from devtools.bench.parsing import padded
from devtools.replica import Replica

PROJECT = Path(__file__).parents[2]
BARE = Path(__file__).with_name("bare.py")
NO_DELAYS = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "LOG_LEVEL=ERROR")


class PaddedReplica(Replica):
    """Replica whose article pages have the size of the site's."""

    async def _respond(self, request: web.Request) -> web.Response:
        response = await super()._respond(request)
        if "k" in request.query and response.status == web.HTTPOk.status_code and isinstance(response.body, bytes):
            response.body = padded(response.body)
        return response


class Processes:
    """Runs processes in a temporary folder, outside the project unless said otherwise.

    Bytecode is kept, as on a machine where a project is installed, also if the environment forbids it.
    """

    def __init__(self, stack: ExitStack) -> None:
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jiji-bench-")))
        self._environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPYCACHEPREFIX": str(self.folder / "bytecode"),
            "PYTHONPATH": str(PROJECT),
        }

    def cpu(self, *words: str | Path, python: str = sys.executable, cwd: Path | None = None) -> float:
        """Return the CPU seconds of a Python process; raises CalledProcessError."""
        before = getrusage(RUSAGE_CHILDREN)
        subprocess.run([python, *words], check=True, cwd=cwd or self.folder, env=self._environment)  # noqa: S603
        after = getrusage(RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def crawl(self, site: str, output: Path, *options: str, section: str = "national") -> float:
        """Return the CPU seconds of a crawl."""
        settings = ("-s", f"JIJI_BASE_URL={site}", "-s", f"JIJI_OUTPUT_DIR={output}")
        return self.cpu("-m", "scrapy", "crawl", section, *settings, *NO_DELAYS, *options, cwd=PROJECT)

    def spider(self, file: Path, *options: str) -> float:
        """Return the CPU seconds of a plain spider in a file."""
        return self.cpu("-m", "scrapy", "runspider", file, *NO_DELAYS, *options)
