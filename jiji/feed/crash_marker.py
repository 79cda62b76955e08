"""What a run is reading, noted so that the next one knows on what it died."""

import os
from pathlib import Path

LONGEST = 2048
"""Bytes of a name that are kept."""


class BlackBox:
    """The note at `path`. It outlives the process, not a power cut: nothing is synced, a note costs microseconds."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self.found = os.pread(self._fd, LONGEST, 0).decode("utf-8", "replace") or None
        """What a run that died was reading; None if the last one ended otherwise."""
        self.note(None)

    def note(self, page: str | None) -> None:
        """Note what is being read from now on; None: nothing."""
        os.ftruncate(self._fd, 0)
        if page:
            os.pwrite(self._fd, page.encode("utf-8", "replace")[:LONGEST], 0)

    def close(self) -> None:
        """Close the file; what it notes stays."""
        os.close(self._fd)
