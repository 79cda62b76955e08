"""Standard streams of a process that was started without them, as some schedulers do (``2>&-``)."""

import os
import sys


def open_closed_streams() -> None:
    """Open the null device in the place of closed streams, so that no file of a run gets their numbers."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number, which is this one
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, closefd=False))
