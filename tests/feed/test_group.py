"""A feed whose folder is shared by two users of a group."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.feed.states import feed_path, publish

GROUP = 60100
USERS = (60101, 60102)


@pytest.fixture
def shared() -> Iterator[Path]:
    """Yield a folder that belongs to a group."""
    if os.geteuid() != 0:
        pytest.skip("acting as two users needs root")
    folder = Path(tempfile.mkdtemp(prefix="jiji-shared-"))
    os.chown(folder, 0, GROUP)
    folder.chmod(0o2775)
    yield folder / "output"
    shutil.rmtree(folder)


def publish_as(user: int, output: Path, *numbers: int) -> int:
    """Publish articles in a process of another user; return its exit status."""
    child = os.fork()
    if not child:
        status = 1
        try:
            os.umask(0o002)
            os.setgroups([])
            os.setgid(GROUP)
            os.setuid(user)
            publish(output, *numbers)
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_two_users_publish_to_one_feed_in_turn(shared: Path, tmp_path: Path) -> None:
    publish(tmp_path, 0)  # imports everything while this process may read it
    for turn, user in enumerate(USERS * 2):
        assert publish_as(user, shared, turn, turn + 1) == 0
    assert feed_path(shared).read_bytes().count(b"\n") == 5
