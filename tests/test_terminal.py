"""Output of ``scrapy crawl``: a display and a summary on a terminal, log lines elsewhere."""

import os
import pty
import re
import subprocess

from tests.conftest import PROJECT, Crawls

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


def on_a_terminal(command: list[str]) -> tuple[int, str]:
    """Run a command on a terminal of its own; return its exit status and what it printed."""
    controller, terminal = pty.openpty()
    environment = {**os.environ, "COLUMNS": "200", "TERM": "xterm-256color"}
    with subprocess.Popen(
        command, cwd=PROJECT, stdin=terminal, stdout=terminal, stderr=terminal, env=environment
    ) as process:
        os.close(terminal)
        printed = b""
        while True:
            try:
                part = os.read(controller, 65536)
            except OSError:  # Linux reports the end so
                break
            if not part:
                break
            printed += part
    os.close(controller)
    return process.returncode, printed.decode("utf-8")


def test_terminal_shows_a_display_and_a_summary(crawls: Crawls) -> None:
    status, printed = on_a_terminal(crawls.command("national"))
    text = CONTROL.sub("\n", printed)
    new = len(crawls.lines("national"))
    assert status == 0
    assert "NATIONAL" in text
    assert re.search(r"\d+ index pages?, \d+ new", text)
    assert re.search(rf"result +.*done \(0\): {new} new", text.replace("\n", " "))
    assert re.search(rf"articles +{new} new", text)
    assert "INFO" not in text
    assert printed.rstrip().endswith("min")  # the summary is the last that stands there


def test_warnings_stand_above_the_display(crawls: Crawls) -> None:
    status, printed = on_a_terminal(crawls.command("national", JIJI_MAX_ARTICLES="3"))
    text = CONTROL.sub("\n", printed)
    assert status == 0
    assert re.search(r"WARNING: .*JIJI_MAX_ARTICLES=3", text)
    assert re.search(r"warning +.*JIJI_MAX_ARTICLES=3", text.replace("\n", " "))


def test_named_log_level_replaces_the_display(crawls: Crawls) -> None:
    _, printed = on_a_terminal(crawls.command("national", "-L", "INFO"))
    assert "\x1b[" not in printed
    assert "INFO" in printed


def test_log_has_neither_settings_nor_stats_dumps(crawls: Crawls) -> None:
    log = crawls.run("national", STATS_DUMP="False").log
    assert "\x1b" not in log
    for dump in ("Overridden settings", "Enabled extensions", "Dumping Scrapy stats", "Versions:"):
        assert dump not in log
    detailed = crawls.run("national", "-L", "DEBUG", STATS_DUMP="False").log
    assert "Overridden settings" in detailed
    assert "Dumping Scrapy stats" in detailed
