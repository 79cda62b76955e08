"""Place of Chromium on this machine; imports no browser."""

import os
import shutil
from pathlib import Path

from jiji.configuration import ConfigurationError

NAMES = ("chromium", "chromium-browser", "google-chrome")
DEBIAN = Path("/usr/bin/chromium")
"""Place of Debian's package, for a PATH without it, as schedulers set one."""


def find_chromium(setting: str) -> Path | None:
    """Return the executable of Chromium: that of JIJI_CHROMIUM, one on PATH, or Debian's; None without any.

    Raises ConfigurationError where the setting names no executable.
    """
    if setting:
        path = Path(setting).expanduser()
        if not is_executable(path):
            raise ConfigurationError(f"JIJI_CHROMIUM={setting!r} is not an executable file")
        return path
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return Path(found)
    return DEBIAN if is_executable(DEBIAN) else None


def is_executable(path: Path) -> bool:
    """Return whether a path is that of an executable file."""
    return path.is_file() and os.access(path, os.X_OK)
