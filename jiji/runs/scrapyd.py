"""Traces of scrapyd, the server that runs spiders from eggs, in a run that it started."""

import os
from pathlib import Path

_EGG_VERSION = "SCRAPYD_EGG_VERSION"
"""Set by scrapyd only for a run that was scheduled with ``_version``."""
_PROJECT = "SCRAPY_PROJECT"
"""Set by scrapyd for every run."""


def is_under_scrapyd() -> bool:
    """Return whether the process has the environment of scrapyd."""
    return _EGG_VERSION in os.environ or _PROJECT in os.environ


def egg_version(module: Path = Path(__file__)) -> str | None:
    """Return the version of the egg that a module runs from; None outside scrapyd.

    >>> egg_version(Path("/var/lib/scrapyd/eggs/jiji/20260127.egg/jiji/runs/scrapyd.py"))
    '20260127'
    """
    egg = next((folder.stem for folder in module.parents if folder.suffix == ".egg"), None)
    return os.environ.get(_EGG_VERSION) or egg
