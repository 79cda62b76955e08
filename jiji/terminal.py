"""Terminal of ``scrapy crawl``: a live display and a summary where a person looks on, log lines elsewhere."""

import logging
import sys

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from jiji.runs.result import Exit, RunResult
from jiji.runs.summary import summary_lines
from jiji.stats import RunStats

CHATTY = ("scrapy.addons", "scrapy.crawler", "scrapy.middleware")
"""Loggers that list settings and components at every start."""
_STYLES = {"warning": "yellow", "advice": "bold"}


def set_log_level(settings: BaseSettings) -> None:
    """Let a terminal show warnings only, beside the display, unless the user named a level or a file."""
    is_named = (settings.getpriority("LOG_LEVEL") or 0) >= SETTINGS_PRIORITIES["cmdline"]
    if _is_terminal() and not is_named and not settings.get("LOG_FILE"):
        settings.set("LOG_LEVEL", "WARNING", "cmdline")


def quieten_scrapy(settings: BaseSettings) -> None:
    """Log Scrapy's settings, components and stats with LOG_LEVEL=DEBUG only."""
    if str(settings.get("LOG_LEVEL")).upper() == "DEBUG":
        settings.set("STATS_DUMP", True, "cmdline")
        return
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def shows_display(settings: BaseSettings) -> bool:
    """Return whether a run has a live display and a summary: on a terminal that gets no more than warnings."""
    level = logging.getLevelName(str(settings.get("LOG_LEVEL") or "DEBUG").upper())
    is_quiet = bool(settings.get("LOG_FILE")) or (isinstance(level, int) and level >= logging.WARNING)
    return is_quiet and _is_terminal()


def print_summary(section: str, result: RunResult, stats: RunStats, seconds: float) -> None:
    """Print what a run did."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_row(Text(section.upper(), style="bold"), "")
    is_good = result.status in (Exit.DONE, Exit.INTERRUPTED)
    for name, value in summary_lines(result, stats, seconds):
        style = ("green" if is_good else "bold red") if name == "result" else _STYLES.get(name, "")
        table.add_row(name, Text(value, style=style))
    Console(stderr=True).print(table)


def _is_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()
