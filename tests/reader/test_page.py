"""Every snippet of docs/how-to/read.md runs on real output, with its own package or server."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools.replica import Replica
from tests.conftest import PROJECT
from tests.reader.postgres import server
from tests.test_docs import DOCS, Block, blocks, commands, make_sandbox

PAGE = DOCS / "how-to" / "read.md"
PYTHON = PROJECT / ".venv-readers" / "bin" / "python"
"""Interpreter with the readers' packages (`make readers`)."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a project's folder whose output holds a crawl of two sections."""
    with Replica(days=3, port=0) as replica:
        sandbox = make_sandbox(tmp_path_factory.mktemp("project"), replica)
        for section in ("national", "journal"):
            assert sandbox.run(f".venv/bin/scrapy crawl {section}").returncode == 0
        yield sandbox.folder


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """Yield the URL of a PostgreSQL database; its socket needs a short path that its account can reach."""
    place = tempfile.mkdtemp(prefix="jiji-")
    Path(place).chmod(0o755)
    with server(Path(place, "pg")) as url:
        yield url
    shutil.rmtree(place)


def run(block: Block, folder: Path, database: str) -> list[str]:
    """Run a block as a user would in the project's folder; return what its commands print."""
    lines = commands(block) if block.language == "sh" else [block.text]
    printed = []
    for line in lines:
        if line.startswith(".venv/bin/pip install"):
            continue  # they are in the environment
        words = [str(PYTHON), "-c", line] if block.language == "python" else ["sh", "-c", line]
        done = subprocess.run(
            words, cwd=folder, capture_output=True, text=True, check=False,
            env={**os.environ, "DATABASE_URL": database, "HF_HOME": str(folder / "hf"), "PYTHONPATH": str(folder)},
        )  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        assert "Warning" not in done.stderr, done.stderr
        printed.append(done.stdout)
    return printed


def test_all_snippets_run_in_their_order_and_agree(folder: Path, database: str) -> None:
    printed = [(block, run(block, folder, database)) for block in blocks(PAGE)]
    national, journal = (
        len((folder / "output" / f"{name}.jsonl").read_text().splitlines()) for name in ("national", "journal")
    )
    assert national
    assert journal
    text = {
        key: next(out[0] for block, out in printed if key in block.text and block.language == "python")
        for key in ("import read", "load_dataset", "psycopg", "partitioning", 'format="json"')
    }
    assert text["import read"].startswith(f"{national + journal} articles, ")
    assert text["load_dataset"].startswith(f"{national + journal} ")
    assert text["psycopg"] == f"{national} articles\n"
    assert text["partitioning"] == f"{national + journal} articles\n"
    assert text['format="json"'] == f"{national}\n"


def test_bulk_lines_are_pairs_of_action_and_article(folder: Path, database: str) -> None:
    (block,) = (block for block in blocks(PAGE) if "_index" in block.text)
    (folder / "exports").mkdir(exist_ok=True)
    run(block, folder, database)
    lines = [json.loads(line) for line in (folder / "exports" / "bulk.ndjson").read_text().splitlines()]
    feed = [json.loads(line) for line in (folder / "output" / "national.jsonl").read_text().splitlines()]
    assert lines[1::2] == feed
    assert [action["index"]["_id"] for action in lines[::2]] == [line["id"] for line in feed]
