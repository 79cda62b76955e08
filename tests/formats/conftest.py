"""Fixture: the types of schema.org as TypeScript, with a compiler that checks them."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import PROJECT

TYPES = PROJECT / ".npm-tests"


@pytest.fixture(scope="session")
def schema_org() -> Path:
    """Return the folder of npm packages, installed once into the project's folder."""
    folder = TYPES / "node_modules"
    if not (folder / ".bin" / "tsc").exists():
        TYPES.mkdir(exist_ok=True)
        (TYPES / "package.json").write_bytes((Path(__file__).parent / "package.json").read_bytes())
        subprocess.run(["npm", "install", "--silent", "--no-package-lock", "--no-audit"], cwd=TYPES, check=True)
    return folder
