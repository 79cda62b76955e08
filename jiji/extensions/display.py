"""Live display of a run's progress on a terminal."""

import logging
import sys
from collections.abc import Callable
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner


class Display:
    """Live display on standard error. Log lines of the terminal stand above it.

    `text` returns the progress of the section at the moment.
    """

    def __init__(self, section: str, text: Callable[[], str]) -> None:
        self._section = section
        self._text = text
        self._terminal: TextIO = sys.stderr
        self._live = Live(self, console=Console(stderr=True), refresh_per_second=4, transient=True)

    def __rich__(self) -> Spinner:
        """Return the display of this moment."""
        return Spinner("dots", f"[bold]{self._section.upper()}[/]  {self._text()}")

    def start(self) -> None:
        """Begin to draw."""
        self._live.start()
        _redirect_handlers(self._terminal, sys.stderr)  # which is rich's by now

    def stop(self) -> None:
        """Remove the display."""
        proxy = sys.stderr
        self._live.stop()
        _redirect_handlers(proxy, self._terminal)


def _redirect_handlers(stream: TextIO, other: TextIO) -> None:
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream is stream:
            handler.setStream(other)
