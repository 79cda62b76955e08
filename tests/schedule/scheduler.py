"""Scheduler with a virtual clock: starts ``scrapy crawl`` for all sections at once, at any time.

Usage: ``python -m tests.schedule.scheduler NAME=VALUE ...`` with the settings of the crawls.
It reads the seconds from now to the virtual time from standard input, a line for each round. It writes a JSON object
with exit status and output of each section, a line for each round. Crawls are forks of one process with all modules
imported, because thousands of interpreters would take an hour to start.
"""

import gc
import importlib
import json
import os
import pkgutil
import sys
import tempfile
import traceback
from datetime import datetime, timedelta, tzinfo
from typing import IO, ClassVar

from scrapy.cmdline import execute

import jiji
from jiji.site.sections import SECTIONS


class VirtualDatetime(datetime):
    """Stands for `datetime` in the project's modules; `now` is in the future."""

    shift: ClassVar[timedelta]

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """Return the virtual time."""
        return datetime.now(tz) + cls.shift


def main(settings: list[str]) -> None:
    """Run rounds until the end of standard input."""
    modules = [importlib.import_module(found.name) for found in pkgutil.walk_packages(jiji.__path__, "jiji.")]
    for module in modules:
        if getattr(module, "datetime", None) is datetime:
            vars(module)["datetime"] = VirtualDatetime
    gc.freeze()  # forks share the memory
    for line in sys.stdin:
        VirtualDatetime.shift = timedelta(seconds=float(line))
        print(json.dumps(_round(settings)), flush=True)


def _round(settings: list[str]) -> dict[str, tuple[int, str]]:
    """Crawl all sections at once; return exit status and output of each."""
    started = {}
    for section in SECTIONS:
        output = tempfile.TemporaryFile()  # noqa: SIM115
        started[section] = _start(section, settings, output), output
    results = {}
    for section, (pid, output) in started.items():
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        output.seek(0)
        results[section] = status, output.read().decode()
        output.close()
    return results


def _start(section: str, settings: list[str], output: IO[bytes]) -> int:
    """Fork a crawl; return its process."""
    if pid := os.fork():
        return pid
    os.dup2(output.fileno(), 1)
    os.dup2(output.fileno(), 2)
    status = 70
    try:
        execute(["scrapy", "crawl", section, *(part for each in settings for part in ("-s", each))])
    except SystemExit as end:
        status = int(end.code or 0)
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    main(sys.argv[1:])
