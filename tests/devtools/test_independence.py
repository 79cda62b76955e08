"""The replica must not lean on the crawler it is there to test."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from devtools import replica

PACKAGE = Path(replica.__file__).parent
ALLOWED = {"aiohttp", "jinja2", "markupsafe"}


def imports() -> Iterator[str]:
    """Every module that the package's code imports."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (name.name for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module or ""


def test_replica_imports_nothing_else_of_the_project() -> None:
    assert {name for name in imports() if name.startswith(("jiji", "devtools"))} <= {
        f"devtools.replica.{path.stem}" for path in PACKAGE.glob("*.py")
    } | {"devtools.replica"}


def test_replica_needs_few_packages() -> None:
    roots = {name.partition(".")[0] for name in imports()} - {"jiji", "devtools"}
    assert roots - set(sys.stdlib_module_names) == ALLOWED
