"""Power cuts: at every change a writer makes to the disk, and at every byte of its last line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from jiji.feed.append_log import Intent
from tests.feed.disk import LOSSES, OPTIONS, Disk, Images
from tests.feed.lines import NAME, assert_exactly, keys, line
from tests.feed.states import STATES, feed_path, publish, rotated, tear
from tests.feed.strace import write


def cut_everywhere(folder: Path, prepare: Callable[[Path], None], env: dict[str, str] | None = None) -> int:
    """Cuts the power after each change a writer makes, in each way the disk can lose what was not synced."""
    output = folder / "output"
    output.mkdir()
    prepare(output)
    disk = Disk.load(output)
    outcome = write(output, 2, 5, "-o", str(folder / "trace"), *OPTIONS, env=env)
    assert outcome.numbers == {2, 3, 4}, outcome
    images, cuts = Images(output, folder / "store"), 0
    for change in disk.play(folder / "trace"):
        for loss in LOSSES:
            images.put(disk, loss)
            cuts += 1
            where = f"cut after {change}, {loss.__name__}"
            publish(output)
            shown = [number for number, _ in keys(output)]
            assert disk.said <= set(shown), f"{where}: {disk.said - set(shown)} had been published and is lost"
            publish(output, 0, 1, 2, 3, 4)
            assert_exactly(output, range(5))
    assert cuts
    return cuts


@pytest.mark.parametrize("prepare", [rotated])
def test_power_cut_at_each_change(quick_path: Path, prepare: Callable[[Path], None]) -> None:
    cut_everywhere(quick_path, prepare)


@pytest.mark.crash
@pytest.mark.parametrize("prepare", STATES)
def test_power_cut_at_each_change_in_every_state(quick_path: Path, prepare: Callable[[Path], None]) -> None:
    cuts = cut_everywhere(quick_path, prepare)
    print(f"\npower cuts, {prepare.__name__}: {cuts}")


FILLINGS = {"cut": b"", "zeros": b"\0", "rubbish": b"\xa7{\n"}


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.crash)])
@pytest.mark.parametrize("index", ["kept", "lost"])
@pytest.mark.parametrize("filling", FILLINGS)
def test_last_line_cut_at_every_byte(quick_path: Path, filling: str, index: str, step: int) -> None:
    """The last line is there up to a byte; the rest is missing, zeros or rubbish. The intent mends it in its place."""
    publish(quick_path, 0, 1)
    for byte in range(0, len(line(2)) + 1, step):
        number = 2 + byte
        before = feed_path(quick_path).read_bytes()
        whole = line(number)
        rest = (FILLINGS[filling] * len(whole))[: len(whole) - byte]
        tear(quick_path, whole, whole[:byte] + rest)
        if index == "lost":
            (quick_path / "state" / f"{NAME}.sqlite").unlink()
        publish(quick_path)
        assert feed_path(quick_path).read_bytes() == before + whole
    assert not (quick_path / "state" / f"{NAME}.damaged").exists()


@pytest.mark.parametrize("filling", FILLINGS)
def test_intent_cut_at_every_byte(quick_path: Path, filling: str) -> None:
    """An intent that is not whole was not synced: nothing was appended after it, and it says nothing."""
    publish(quick_path, 0, 1)
    feed, intent = feed_path(quick_path), quick_path / "state" / f"{NAME}.intent"
    before = feed.read_bytes()
    packed = Intent(feed.stat().st_ino, len(before), line(2)).pack()
    for byte in range(len(packed)):
        intent.write_bytes(packed[:byte] + (FILLINGS[filling] * len(packed))[: len(packed) - byte])
        publish(quick_path)
        assert feed.read_bytes() == before
        assert intent.read_bytes() == b""
    publish(quick_path, 0, 1, 2)
    assert_exactly(quick_path, range(3))
