"""Feeds opened in places that cannot be written, read back, and reset."""

import hashlib
import os
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from jiji.feed.errors import FeedError
from jiji.feed.feed import Appended, Feed
from tests.feed.lines import NAME, article_id, assert_exactly, line
from tests.feed.states import feed_path, private_folders, publish


def folder_in_place_of_the_feed(output: Path) -> None:
    feed_path(output).mkdir()


def broken_symlink(output: Path) -> None:
    feed_path(output).symlink_to(output / "nowhere" / "feed")


def full_device(output: Path) -> None:
    feed_path(output).symlink_to("/dev/full")


def file_in_place_of_the_output_folder(output: Path) -> None:
    output.rmdir()
    output.touch()


def file_in_place_of_the_state_folder(output: Path) -> None:
    (output / "state").touch()


def read_only_disk(output: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", output], check=True)


def folder_in_place_of_the_run_lock(output: Path) -> None:
    (output / "state" / f"{NAME}.run").mkdir(parents=True)


def folder_in_place_of_the_catalog(output: Path) -> None:
    (output / "state" / f"{NAME}.sqlite").mkdir(parents=True)


PLACES = (
    folder_in_place_of_the_feed,
    broken_symlink,
    full_device,
    file_in_place_of_the_output_folder,
    file_in_place_of_the_state_folder,
    folder_in_place_of_the_run_lock,
    folder_in_place_of_the_catalog,
    pytest.param(read_only_disk, marks=pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")),
)


@pytest.mark.parametrize("prepare", PLACES)
def test_place_that_cannot_be_written_is_refused_by_name(tmp_path: Path, prepare: Callable[[Path], None]) -> None:
    output = tmp_path / "output"
    output.mkdir()
    prepare(output)
    try:
        with pytest.raises(FeedError) as error:
            Feed(output, NAME)
        assert str(output) in str(error.value)
    finally:
        if prepare is read_only_disk:
            subprocess.run(["umount", output], check=True)


def test_missing_write_permission_is_refused_by_name(tmp_path: Path) -> None:
    """As an ordinary user, because root may write everywhere."""
    output = tmp_path / "output"
    output.mkdir()
    for folder in (output, *private_folders(output)):
        folder.chmod(0o755)
    pid = os.fork()
    if pid == 0:
        if os.geteuid() == 0:
            os.setuid(65534)
        else:
            output.chmod(0o555)
        try:
            Feed(output, NAME)
        except FeedError as error:
            os._exit(7 if str(output) in str(error) else 8)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7


def test_symlink_to_a_file_elsewhere_is_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "feed").touch()
    feed_path(tmp_path).symlink_to(elsewhere / "feed")
    publish(tmp_path, 0, 1)
    publish(tmp_path, 0, 1, 2)
    assert (elsewhere / "feed").read_bytes() == line(0) + line(1) + line(2)


def test_line_of_a_deleted_file_is_missing(tmp_path: Path) -> None:
    with closing(Feed(tmp_path, NAME)) as feed:
        feed.append(line(0))
        published = feed.catalog.published(article_id(0))
        assert published is not None
        feed_path(tmp_path).unlink()
        assert feed.line(published) is None


def test_latest_articles_come_from_all_plain_files(tmp_path: Path) -> None:
    publish(tmp_path, 0, 1, 2)
    feed_path(tmp_path).rename(tmp_path / f"{NAME}.jsonl.1")
    with closing(Feed(tmp_path, NAME)) as feed:
        feed.append(line(3).replace(b'"new"', b'"withdrawn"'))
        feed.append(line(4))
        assert [article["id"] for article in feed.latest(3)] == [article_id(number) for number in (1, 2, 4)]
        assert feed.latest(0) == []


def test_appended_ranges_name_file_bytes_and_digest(tmp_path: Path) -> None:
    publish(tmp_path, 0)
    with closing(Feed(tmp_path, NAME)) as feed:
        feed.append(line(1))
        feed.append(line(2))
        feed_path(tmp_path).rename(tmp_path / f"{NAME}.jsonl.1")
        feed.append(line(3))
        begin, end = len(line(0)), len(line(0) + line(1) + line(2))
        digests = [hashlib.sha256(data).hexdigest() for data in (line(1) + line(2), line(3))]
        assert feed.appended() == [
            Appended(file=f"{NAME}.jsonl.1", begin=begin, end=end, lines=2, sha256=digests[0]),
            Appended(file=f"{NAME}.jsonl", begin=0, end=len(line(3)), lines=1, sha256=digests[1]),
        ]


def test_reset_moves_feed_rotated_files_and_state_away(tmp_path: Path) -> None:
    publish(tmp_path, 0, 1)
    feed_path(tmp_path).rename(tmp_path / f"{NAME}.jsonl.1")
    publish(tmp_path, 2)
    with closing(Feed(tmp_path, "politics")) as other:
        other.append(line(9))
    target = Feed.reset(tmp_path, NAME)
    assert target.parent == tmp_path and (target / f"{NAME}.jsonl").read_bytes() == line(2)
    publish(tmp_path, 0, 1, 2)
    assert_exactly(tmp_path, range(3))
    assert (tmp_path / "politics.jsonl").read_bytes() == line(9)
