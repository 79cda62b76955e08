"""Files beside the feed: which belong to it, which cannot be read, and what never is published again."""

import bz2
import gzip
import importlib.util
import logging
import os
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from jiji.feed.errors import CatalogForeign, FeedError, LinesLost, RotatedFileUnreadable
from jiji.feed.feed import Feed
from jiji.feed.rotated import feed_files
from tests.feed.lines import NAME, article_id, line
from tests.feed.states import feed_path, private_folders, publish, state_path

COMMANDS = {".zst": "zstd -q --rm", ".lz4": "lz4 -q -m --rm", ".xz": "xz", ".bz2": "bzip2"}


def pack(path: Path, suffix: str) -> Path:
    """Compress a file as its users do, with the time of the file kept, and remove it."""
    stat, packed = path.stat(), path.with_name(path.name + suffix)
    match suffix:
        case ".zip":
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(path, path.name)
            path.unlink()
        case ".br":
            brotli = pytest.importorskip("brotli")
            packed.write_bytes(brotli.compress(path.read_bytes()))
            path.unlink()
        case _:
            try:
                subprocess.run([*COMMANDS[suffix].split(), path], check=True)
            except FileNotFoundError:
                pytest.skip(f"{COMMANDS[suffix].split()[0]} is not installed")
    os.utime(packed, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    return packed


PACKAGES = {".zst": ("zstandard", ["compression.zstd", "backports.zstd", "zstandard"]), ".lz4": ("lz4", ["lz4.frame"])}


def is_installed(module: str) -> bool:
    try:
        return bool(importlib.util.find_spec(module))
    except ModuleNotFoundError:
        return False


def rotate(output: Path, suffix: str) -> Path:
    return pack(feed_path(output).rename(output / f"{NAME}.jsonl.1"), suffix)


SIDE_FILES = {
    ".offset": b'{"inode": 1, "offset": 4711}\n',
    ".pos": b"4711\n",
    ".md5": b"d41d8cd98f00b204e9800998ecf8427e  national.jsonl\n",
    ".swp": b"b0VIM 9.0\0\0\0" + line(0),
    ".tmp": line(0) + line(7),
    ".1.tmp": line(0) + line(7),
    ".part": line(7),
    ".parquet": b"PAR1\x15\x04\x15\0" * 90,
    ".sqlite": b"SQLite format 3\0" + b"\0" * 90,
    ".1": b"notes of an operator\n" * 40,
    ".tar.gz": gzip.compress(b"national.jsonl\0\0\0" + b"\0" * 600),
}


@pytest.mark.parametrize("suffix", SIDE_FILES)
@pytest.mark.parametrize("feed", ["kept", "taken away", "emptied"])
@pytest.mark.parametrize("catalog", ["kept", "lost"])
def test_side_file_does_not_belong_to_the_feed(tmp_path: Path, suffix: str, feed: str, catalog: str) -> None:
    publish(tmp_path, 0, 1)
    side = feed_path(tmp_path).with_name(f"{NAME}.jsonl{suffix}")
    side.write_bytes(SIDE_FILES[suffix])
    if feed == "taken away":
        feed_path(tmp_path).unlink()
    elif feed == "emptied":
        os.truncate(feed_path(tmp_path), 0)
    elif catalog == "lost":
        state_path(tmp_path, ".sqlite").unlink()
    publish(tmp_path, 0, 1, 2)
    assert feed_path(tmp_path).read_bytes() == (line(0) + line(1)) * (feed == "kept") + line(2)
    assert side.read_bytes() == SIDE_FILES[suffix]
    assert side not in [path for path, _ in feed_files(feed_path(tmp_path))]
    assert not state_path(tmp_path, ".damaged").exists()
    Feed.reset(tmp_path, NAME)
    assert side.exists(), "a file of another program is not moved"


@pytest.mark.parametrize("suffix", [".1", "-20260127", ".2026-01-27T0300", ".old", ".bak", "~", ".processed"])
def test_renamed_feed_belongs_to_it(tmp_path: Path, suffix: str) -> None:
    publish(tmp_path, 0, 1)
    feed_path(tmp_path).rename(tmp_path / f"{NAME}.jsonl{suffix}")
    state_path(tmp_path, ".sqlite").unlink()
    publish(tmp_path, 0, 1, 2)
    assert feed_path(tmp_path).read_bytes() == line(2)


@pytest.mark.parametrize("suffix", [".zst", ".lz4", ".zip", ".br", ".xz", ".bz2"])
def test_only_a_compressed_file_is_left(tmp_path: Path, suffix: str, caplog: pytest.LogCaptureFixture) -> None:
    publish(tmp_path, 0, 1)
    packed = rotate(tmp_path, suffix)
    with caplog.at_level(logging.WARNING, "jiji.feed"):
        publish(tmp_path, 0, 1, 2)
        publish(tmp_path, 0, 1, 2)
    assert feed_path(tmp_path).read_bytes() == line(2)
    assert caplog.text.count(str(packed)) <= 1, "named once"
    assert not state_path(tmp_path, ".damaged").exists()


@pytest.mark.parametrize("suffix", [".zst", ".lz4", ".zip", ".br", ".xz", ".bz2"])
def test_catalog_is_rebuilt_from_a_compressed_file_or_names_the_package(tmp_path: Path, suffix: str) -> None:
    publish(tmp_path, 0, 1)
    rotate(tmp_path, suffix)
    state_path(tmp_path, ".sqlite").unlink()
    package, modules = PACKAGES.get(suffix, ("", [""]))
    if package and not any(map(is_installed, modules)):
        for _ in range(2):
            with pytest.raises(RotatedFileUnreadable, match=f"install the package {package}"):
                publish(tmp_path, 0, 1, 2)
        assert not feed_path(tmp_path).exists()
        return
    publish(tmp_path, 0, 1, 2)
    assert feed_path(tmp_path).read_bytes() == line(2)


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def garble(path: Path) -> None:
    path.write_bytes(b"\x07" * 300)


def empty_name(path: Path) -> None:
    """Leave the name of a format over the text of another program."""
    path.write_bytes(b"hello\n" * 9)


@pytest.mark.parametrize("suffix", [".bz2", ".xz", ".zip", ".br"])
@pytest.mark.parametrize("spoil", [damage, cut, garble, empty_name])
def test_unreadable_file_stops_only_a_catalog_without_its_lines(
    tmp_path: Path, suffix: str, spoil: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    publish(tmp_path, *range(40))
    spoil(packed := rotate(tmp_path, suffix))
    with caplog.at_level(logging.WARNING, "jiji.feed"):
        for _ in range(3):
            publish(tmp_path, *range(41))
    assert caplog.text.count(f"Cannot read {packed}") == 1 and "None" not in caplog.text
    with closing(Feed(tmp_path, NAME)) as feed:
        assert feed.unreadable_files == [packed.name]
        published = feed.catalog.published(article_id(40))
        assert published is not None and feed.line(published) == line(40)
    assert feed_path(tmp_path).read_bytes() == line(40)
    state_path(tmp_path, ".sqlite").unlink()
    for _ in range(2):
        with pytest.raises(RotatedFileUnreadable, match=packed.name) as refused:
            publish(tmp_path, *range(41))
        assert "None" not in str(refused.value)
    packed.unlink()
    publish(tmp_path, *range(40, 42))
    assert feed_path(tmp_path).read_bytes() == line(40) + line(41)


def test_rotated_file_without_read_permission_is_named_and_counted(tmp_path: Path) -> None:
    """In a process of an ordinary user, because root may read everything."""
    publish(tmp_path, 0, 1)
    rotated = feed_path(tmp_path).rename(tmp_path / f"{NAME}.jsonl.1")
    child = os.fork()
    if not child:
        status = 1
        try:
            if os.geteuid() == 0:
                for path in [tmp_path, *tmp_path.rglob("*")]:
                    os.chown(path, 65534, -1)
                os.chown(rotated, 0, -1)
            rotated.chmod(0)
            for folder in private_folders(tmp_path):
                folder.chmod(0o755)
            if os.geteuid() == 0:
                os.setuid(65534)
            with closing(Feed(tmp_path, NAME)) as feed:
                assert not feed.append(line(0)) and feed.append(line(2))
                assert feed.latest(5) == [] or feed.latest(5)[0]["id"] == article_id(2)
            with closing(Feed(tmp_path, NAME)) as feed:
                assert feed.unreadable_files == [] or feed.unreadable_files == [rotated.name]
            state_path(tmp_path, ".sqlite").unlink()
            try:
                Feed(tmp_path, NAME)
            except RotatedFileUnreadable as error:
                status = 0 if "Permission denied" in str(error) else 2
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.parametrize("how", ["in place", "as editors do"])
def test_first_line_edited_and_older_files_deleted(tmp_path: Path, how: str) -> None:
    publish(tmp_path, 0, 1)
    feed_path(tmp_path).rename(tmp_path / f"{NAME}.jsonl.1")
    publish(tmp_path, 2, 3, 4)
    (tmp_path / f"{NAME}.jsonl.1").unlink()
    lines = feed_path(tmp_path).read_bytes().splitlines(keepends=True)
    edited = b"".join([lines[0].replace(b'"new"', b'"corrected by hand"'), *lines[1:]])
    if how == "in place":
        feed_path(tmp_path).write_bytes(edited)
    else:
        (tmp_path / "new").write_bytes(edited)
        (tmp_path / "new").replace(feed_path(tmp_path))
    publish(tmp_path, *range(6))
    publish(tmp_path, *range(6))
    assert feed_path(tmp_path).read_bytes() == edited + line(5)


def test_older_copy_with_an_edited_first_line_is_refused(tmp_path: Path) -> None:
    publish(tmp_path, 0, 1, 2)
    copy = feed_path(tmp_path).read_bytes().replace(b'"new"', b'"corrected by hand"', 1)
    publish(tmp_path, 3)
    feed_path(tmp_path).unlink()
    feed_path(tmp_path).write_bytes(copy)
    with pytest.raises(LinesLost, match=f"scrapy reset {NAME} --keep-feed"):
        Feed(tmp_path, NAME)


def test_feed_of_another_program_in_its_place_publishes_nothing_again(tmp_path: Path) -> None:
    publish(tmp_path, 0, 1)
    feed_path(tmp_path).unlink()
    feed_path(tmp_path).write_bytes(b'{"level": "info"}\n' * 3)
    publish(tmp_path, 0, 1, 2)
    assert feed_path(tmp_path).read_bytes() == b'{"level": "info"}\n' * 3 + line(2)


def test_pending_articles_survive_a_foreign_feed(tmp_path: Path) -> None:
    with closing(Feed(tmp_path, NAME)) as feed:
        feed.append(line(0))
        feed.catalog.add_pending(article_id(9), url="u", category=None, headline=None, at="", run=1)
    ours = feed_path(tmp_path).read_bytes()
    feed_path(tmp_path).write_bytes(line(5) + line(6))
    with pytest.raises(CatalogForeign):
        Feed(tmp_path, NAME)
    feed_path(tmp_path).write_bytes(ours)
    with closing(Feed(tmp_path, NAME)) as feed:
        assert [pending.id for pending in feed.catalog.pending()] == [article_id(9)]
        assert not feed.append(line(0))


def test_rebuild_that_was_cut_off_still_knows_what_it_cannot_read(tmp_path: Path) -> None:
    publish(tmp_path, 0, 1)
    rotated = feed_path(tmp_path).rename(tmp_path / f"{NAME}.jsonl.2")
    publish(tmp_path, 2)
    feed_path(tmp_path).rename(tmp_path / f"{NAME}.jsonl.1")
    packed = rotated.with_name(f"{NAME}.jsonl.3.bz2")
    packed.write_bytes(bz2.compress(line(5) * 9)[:-4])
    state_path(tmp_path, ".sqlite").unlink()
    for _ in range(3):
        with pytest.raises(FeedError, match=packed.name):
            publish(tmp_path, 5)
    assert not feed_path(tmp_path).exists()
