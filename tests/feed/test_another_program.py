"""Another program that appends to the feed, without any lock, while a run does."""

import hashlib
import subprocess
import sys
from contextlib import closing
from io import FileIO
from pathlib import Path

import pytest

from jiji.feed import append_log
from jiji.feed.article_line import is_article_line
from jiji.feed.durable import write_all
from jiji.feed.feed import Appended, Feed
from tests.feed.lines import NAME, key, line
from tests.feed.states import feed_path, interrupt_append, publish, state_path

ARTICLES = 40
PROGRAM = """
import itertools, sys, time
pause, parts = float(sys.argv[2]), int(sys.argv[3])
with open(sys.argv[1], "ab", buffering=0) as feed:
    print("ready", flush=True)
    for number in itertools.count():
        line = b'{"level": "info", "number": %d}\\n' % number
        for part in range(parts):
            feed.write(line[part * 12 : None if part == parts - 1 else part * 12 + 12])
            time.sleep(pause)
"""


def assert_ranges_are_true(ranges: list[Appended], output: Path, lines: int) -> None:
    """Assert that the ranges hold the run's own lines and nothing else."""
    assert sum(each.lines for each in ranges) == lines
    for each in ranges:
        assert each.file is not None
        data = (output / each.file).read_bytes()[each.begin : each.end]
        assert hashlib.sha256(data).hexdigest() == each.sha256
        assert data.count(b"\n") == each.lines and all(map(is_article_line, data.splitlines(keepends=True)))


@pytest.mark.parametrize(("pause", "parts"), [(0.0005, 1), (0.01, 1), (0.0005, 3)])
def test_lines_of_another_program_are_kept(tmp_path: Path, pause: float, parts: int) -> None:
    publish(tmp_path, 0)
    other = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(feed_path(tmp_path)), str(pause), str(parts)], stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    other.stdout.readline()
    with closing(Feed(tmp_path, NAME)) as feed:
        for number in range(1, ARTICLES):
            assert feed.append(line(number))
        other.kill()
        other.wait()
        other.stdout.close()
        assert_ranges_are_true(feed.appended(), tmp_path, ARTICLES - 1)
    publish(tmp_path, *range(ARTICLES + 1))
    lines = feed_path(tmp_path).read_bytes().splitlines(keepends=True)
    assert sorted(key(each)[0] for each in lines if is_article_line(each)) == list(range(ARTICLES + 1))
    if parts == 1:
        others = [each for each in lines if not is_article_line(each)]
        assert others == [b'{"level": "info", "number": %d}\n' % number for number in range(len(others))]


def append_before_the_write(monkeypatch: pytest.MonkeyPatch, path: Path, *pieces: bytes) -> None:
    """Let another program append each of these pieces right before a write of the append log to the feed."""
    left = list(pieces)

    def interfere(file: FileIO, data: bytes) -> None:
        if file.name == str(path) and left:
            with path.open("ab") as other:
                other.write(left.pop(0))
        write_all(file, data)

    monkeypatch.setattr(append_log, "write_all", interfere)


@pytest.mark.parametrize("between", [b"{}\n", b"oops\n", line(7), line(1), b"{}\n" * 900])
def test_whole_lines_right_before_the_write_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, between: bytes
) -> None:
    publish(tmp_path, 0)
    append_before_the_write(monkeypatch, feed_path(tmp_path), between)
    with closing(Feed(tmp_path, NAME)) as feed:
        assert feed.append(line(5)) and feed.append(line(6))
        assert_ranges_are_true(feed.appended(), tmp_path, 2)
    assert feed_path(tmp_path).read_bytes() == line(0) + between + line(5) + line(6)
    publish(tmp_path, 0, 5, 6)
    assert feed_path(tmp_path).read_bytes() == line(0) + between + line(5) + line(6)


def test_line_glued_to_half_a_line_is_appended_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, 0)
    append_before_the_write(monkeypatch, feed_path(tmp_path), b"half", b"{}\nhalf again")
    with closing(Feed(tmp_path, NAME)) as feed:
        assert feed.append(line(5))
        assert_ranges_are_true(feed.appended(), tmp_path, 1)
    glued = b"half" + line(5) + b"{}\nhalf again" + line(5)
    assert feed_path(tmp_path).read_bytes() == line(0) + glued + line(5)
    publish(tmp_path, 0, 5)
    assert feed_path(tmp_path).read_bytes() == line(0) + glued + line(5)


@pytest.mark.parametrize("others", [b"{}\n", b'{"level": "info"}\n' * 40, b"oops\tand more\r\n"])
@pytest.mark.parametrize("torn", [0, 1, 50, 10_000])
@pytest.mark.parametrize("catalog", ["kept", "lost"])
def test_recovery_keeps_lines_of_another_program(tmp_path: Path, others: bytes, torn: int, catalog: str) -> None:
    """The writer died in its write, and another program had appended before it."""
    publish(tmp_path, 0)
    interrupt_append(tmp_path, line(1, size=900), others + line(1, size=900)[:torn])
    if catalog == "lost":
        state_path(tmp_path, ".sqlite").unlink()
    publish(tmp_path)
    assert feed_path(tmp_path).read_bytes() == line(0) + others + line(1, size=900)


def test_recovery_keeps_lines_behind_its_own(tmp_path: Path) -> None:
    publish(tmp_path, 0)
    interrupt_append(tmp_path, line(1), b"{}\n" + line(1) + b"{}\n")
    publish(tmp_path, 0, 1)
    assert feed_path(tmp_path).read_bytes() == line(0) + b"{}\n" + line(1) + b"{}\n"
