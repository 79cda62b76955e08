"""Description of the machine and of the versions that a benchmark ran with."""

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("scrapy", "twisted", "selectolax", "parsel", "lxml", "pydantic")


def description() -> list[str]:
    """Return lines about processor, cores, load, system, Python and packages."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return [
        f"{_processor()}, {cores} cores, load {load} (of 1, 5 and 15 minutes)",
        f"{platform.system()} {platform.release()}, {platform.python_implementation()} {platform.python_version()}",
        ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
    ]


def _processor() -> str:
    """Return the name of the processor."""
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text()) if cpuinfo.exists() else None
    return found[1] if found else platform.processor() or platform.machine()
