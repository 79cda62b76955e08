"""Power cuts at every change a writer makes to the disk, and at every byte of its last line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from jiji.feed.write_ahead import WriteAheadRecord
from tests.feed.disk import LOSSES, OPTIONS, Disk, Images
from tests.feed.lines import assert_exactly, keys, line
from tests.feed.states import STATES, feed_path, interrupt_append, publish, rotated_feed, state_path
from tests.feed.strace import write


def cut_power_everywhere(folder: Path, prepare: Callable[[Path], None], env: dict[str, str] | None = None) -> int:
    """Cut the power after each change a writer makes, with each kind of loss, and return the number of cuts."""
    output = folder / "output"
    output.mkdir()
    prepare(output)
    disk = Disk.load(output)
    outcome = write(output, 2, 5, "-o", str(folder / "trace"), *OPTIONS, env=env)
    assert outcome.acknowledged == {2, 3, 4}, outcome
    images, cuts = Images(output, folder / "store"), 0
    for change in disk.replay(folder / "trace"):
        for loss in LOSSES:
            images.restore(disk, loss)
            cuts += 1
            publish(output)
            shown = {number for number, _ in keys(output)}
            missing = disk.acknowledged - shown
            assert not missing, f"acknowledged and lost: {missing}, cut after {change}, {loss.__name__}"
            publish(output, 0, 1, 2, 3, 4)
            assert_exactly(output, range(5))
    assert cuts
    return cuts


@pytest.mark.parametrize("prepare", [rotated_feed])
def test_power_cut_at_each_change(memory_path: Path, prepare: Callable[[Path], None]) -> None:
    cut_power_everywhere(memory_path, prepare)


@pytest.mark.crash
@pytest.mark.parametrize("prepare", STATES)
def test_power_cut_at_each_change_in_every_state(memory_path: Path, prepare: Callable[[Path], None]) -> None:
    cuts = cut_power_everywhere(memory_path, prepare)
    print(f"\npower cuts, {prepare.__name__}: {cuts}")


FILLINGS = {"cut": b"", "zeros": b"\0", "garbage": b"\xa7{\n"}


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.crash)])
@pytest.mark.parametrize("catalog", ["kept", "lost"])
@pytest.mark.parametrize("filling", FILLINGS)
def test_last_line_cut_at_every_byte_is_completed(memory_path: Path, filling: str, catalog: str, step: int) -> None:
    """The last line is written up to a byte. The rest is missing, zeros or garbage."""
    publish(memory_path, 0, 1)
    for byte in range(0, len(line(2)) + 1, step):
        number = 2 + byte
        before = feed_path(memory_path).read_bytes()
        whole = line(number)
        rest = (FILLINGS[filling] * len(whole))[: len(whole) - byte]
        interrupt_append(memory_path, whole, whole[:byte] + rest)
        if catalog == "lost":
            state_path(memory_path, ".sqlite").unlink()
        publish(memory_path)
        assert feed_path(memory_path).read_bytes() == before + whole
    assert not state_path(memory_path, ".damaged").exists()


@pytest.mark.parametrize("filling", FILLINGS)
def test_write_ahead_record_cut_at_every_byte_is_ignored(memory_path: Path, filling: str) -> None:
    """A torn record was not synced, so nothing was appended after it."""
    publish(memory_path, 0, 1)
    feed, record = feed_path(memory_path), state_path(memory_path, ".write-ahead")
    before = feed.read_bytes()
    encoded = WriteAheadRecord(feed.stat().st_ino, len(before), line(2)).encode()
    for byte in range(len(encoded)):
        record.write_bytes(encoded[:byte] + (FILLINGS[filling] * len(encoded))[: len(encoded) - byte])
        publish(memory_path)
        assert feed.read_bytes() == before
        assert record.read_bytes() == b""
    publish(memory_path, 0, 1, 2)
    assert_exactly(memory_path, range(3))
