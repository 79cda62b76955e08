"""A consumer that follows the feed by name, as `tail -F` and log shippers do."""

import os
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from tests.feed.lines import key


class Follower(threading.Thread):
    """Reads whole lines as they come, and opens the next file when the name leads to another one."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self.path = path
        self.seen: list[tuple[int, int]] = []
        self.faults: list[str] = []
        self._file: BinaryIO | None = None
        self._rest = b""
        self._size = 0
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.is_set():
            if not self.read():
                time.sleep(0.001)
        while self.read():
            pass

    def read(self) -> bool:
        """Read the new bytes, and return whether there were any."""
        if self._file is None:
            try:
                self._file = self.path.open("rb", buffering=0)
            except FileNotFoundError:
                return False
        replaced = self._is_replaced()  # before reading, so that the end of the old file is read
        size = os.fstat(self._file.fileno()).st_size
        if size < self._size:
            self.faults.append(f"shrank from {self._size} to {size}")
        self._size = size
        data = self._file.read(1 << 20)
        *whole, self._rest = (self._rest + data).split(b"\n")
        for line in whole:
            try:
                self.seen.append(key(line))
            except ValueError:
                self.faults.append(f"invalid record: {line[:60]!r}")
        if not data and replaced:
            if self._rest:
                self.faults.append(f"torn line at the end of a file: {self._rest[:60]!r}")
            self._file.close()
            self._file, self._rest, self._size = None, b"", 0
            return True
        return bool(data)

    def _is_replaced(self) -> bool:
        try:
            return self._file is not None and self.path.stat().st_ino != os.fstat(self._file.fileno()).st_ino
        except FileNotFoundError:
            return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stopping.set()
        self.join()
