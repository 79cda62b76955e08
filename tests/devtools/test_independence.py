"""Independence of newsroom and replica from the crawler that they test."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools import newsroom, replica

PACKAGES = {
    "newsroom": (Path(newsroom.__file__).parent, {"devtools.newsroom"}, set[str]()),
    "replica": (
        Path(replica.__file__).parent,
        {"devtools.newsroom", "devtools.replica"},
        {"aiohttp", "jinja2", "markupsafe"},
    ),
}
"""Package → its folder, the parts of the project and the libraries that it may import."""


def imports(package: str) -> Iterator[str]:
    """Yield every module that a package imports."""
    for path in PACKAGES[package][0].rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (name.name for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module or ""


@pytest.mark.parametrize("package", PACKAGES)
def test_package_imports_nothing_of_the_crawler(package: str) -> None:
    own = {name for name in imports(package) if name.partition(".")[0] in ("jiji", "devtools", "tests")}
    assert {".".join(name.split(".")[:2]) for name in own} <= PACKAGES[package][1]


@pytest.mark.parametrize("package", PACKAGES)
def test_package_needs_few_libraries(package: str) -> None:
    roots = {name.partition(".")[0] for name in imports(package)} - {"jiji", "devtools"}
    assert roots - set(sys.stdlib_module_names) == PACKAGES[package][2]
