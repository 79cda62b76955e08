"""The states a feed can be found in, made for the tests."""

from contextlib import closing
from pathlib import Path

from jiji.feed.append_log import Intent
from jiji.feed.feed import Feed
from tests.feed.lines import NAME, line


def feed_path(output: Path) -> Path:
    return output / f"{NAME}.jsonl"


def publish(output: Path, *numbers: int, size: int = 0) -> None:
    """A whole run: what it publishes is on the disk."""
    with closing(Feed(output, NAME)) as feed:
        for number in numbers:
            feed.append(line(number, size=size))


def nothing(output: Path) -> None:
    """The first run ever."""


def three(output: Path) -> None:
    publish(output, 0, 1, 2)


def rotated(output: Path) -> None:
    publish(output, 0, 1, 2)
    feed_path(output).rename(output / f"{NAME}.jsonl.1")


def torn(output: Path) -> None:
    """A writer died in the middle of the third line."""
    publish(output, 0, 1)
    tear(output, line(2), line(2)[:50])


def tear(output: Path, payload: bytes, written: bytes) -> None:
    """Leaves the feed and the intent as a writer does that dies in an append when these bytes are written."""
    path = feed_path(output)
    intent = Intent(path.stat().st_ino, path.stat().st_size, payload)
    (output / "state" / f"{NAME}.intent").write_bytes(intent.pack())
    with path.open("ab") as feed:
        feed.write(written)


def unlearned(output: Path) -> None:
    """A writer died after the third line was whole, before the index learned it."""
    publish(output, 0, 1)
    tear(output, line(2), line(2))


def torn_and_rotated(output: Path) -> None:
    torn(output)
    feed_path(output).rename(output / f"{NAME}.jsonl.1")


def index_lost(output: Path) -> None:
    three(output)
    (output / "state" / f"{NAME}.sqlite").unlink()


def index_damaged(output: Path) -> None:
    three(output)
    path = output / "state" / f"{NAME}.sqlite"
    path.write_bytes(b"\xff" * path.stat().st_size)


STATES = (nothing, three, rotated, torn, unlearned, torn_and_rotated, index_lost, index_damaged)
