"""Pages that need a browser: through real Chromium they equal the ledger, and reach nothing but the site."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from devtools.replica import Replica
from devtools.replica.scripted import Mischief
from jiji.network.find_chromium import find_chromium
from jiji.network.page_requests import MOST_REQUESTS
from tests.conftest import PROJECT, Crawls, Line
from tests.crawls.hostile import Tripwire

pytestmark = pytest.mark.browser

Agrees = Callable[[list[Line], list[Line]], None]


@pytest.fixture
def scripted(tmp_path: Path) -> Iterator[Crawls]:
    """Yield crawls of a replica whose home, photos and journal are shells."""
    assert find_chromium("") is not None, "the tests need Chromium: make browser"
    with Replica(days=3) as replica:
        replica.scripted = {"home", "photos", "national"}
        yield Crawls(replica, tmp_path / "output")


@pytest.fixture
def udp_trap(trap: Tripwire) -> Iterator[list[bytes]]:
    """Yield the datagrams that reach the port of the tripwire."""
    received: list[bytes] = []
    ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ear.bind(("127.0.0.1", trap.port))

    def listen() -> None:
        with suppress(OSError):
            while data := ear.recv(2048):
                received.append(data)

    threading.Thread(target=listen, daemon=True).start()
    yield received
    ear.close()


def manifest(crawls: Crawls, section: str) -> dict[str, object]:
    """Return the latest manifest of a section."""
    found: dict[str, object] = json.loads((crawls.output / "runs" / section / "latest.json").read_text())
    return found


def counts(crawls: Crawls, section: str) -> dict[str, int]:
    """Return the counts in the latest manifest."""
    found = manifest(crawls, section)["counts"]
    assert isinstance(found, dict)
    return found


def descendants(pid: int) -> list[int]:
    """Return the processes below a process."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        found = [int(child) for child in children.read_text().split()]
    except OSError:
        return []
    return [*found, *(below for child in found for below in descendants(child))]


def is_alive(pid: int) -> bool:
    """Return whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def eventually(condition: Callable[[], object], seconds: float = 60.0) -> bool:
    """Return whether a condition comes true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("mode", ["fallback", "always"])
def test_scripted_section_equals_the_ledger(scripted: Crawls, agrees: Agrees, mode: str) -> None:
    run = scripted.run("photos", JIJI_RENDER=mode)
    assert run.status == 0, run.log
    agrees(scripted.lines("photos"), scripted.replica.ledger("photos"))
    assert counts(scripted, "photos")["jiji/rendered"] == 2 + len(scripted.replica.ledger("photos"))
    assert not [path for path in scripted.replica.requests if path.startswith("/img/")]


def test_scripted_section_without_rendering_is_not_recognised(scripted: Crawls) -> None:
    run = scripted.run("photos")
    assert run.status == 21, run.log
    assert scripted.lines("photos") == []


def test_fallback_renders_no_page_with_content(crawls: Crawls, agrees: Agrees) -> None:
    run = crawls.run("photos", JIJI_RENDER="fallback")
    assert run.status == 0, run.log
    agrees(crawls.lines("photos"), crawls.replica.ledger("photos"))
    assert counts(crawls, "photos")["jiji/new"] == len(crawls.replica.ledger("photos"))
    assert not [key for key in counts(crawls, "photos") if key.startswith("jiji/render")]


def test_changed_article_behind_an_unchanged_shell_is_updated(scripted: Crawls, agrees: Agrees) -> None:
    hours = {"JIJI_RENDER": "fallback", "JIJI_RECHECK_HOURS": "0.0000001"}
    assert scripted.run("photos", **hours).status == 0
    key = scripted.replica.ledger("photos")[0]["id"]
    scripted.replica.revise(key, headline="Paper Boats, Seen from Wakamizu")
    run = scripted.run("photos", **hours)
    assert run.status == 0, run.log
    assert [line["headline"] for line in scripted.lines("photos") if line["revision"] == 2] == [
        "Paper Boats, Seen from Wakamizu"
    ]


def test_bound_on_rendered_pages(scripted: Crawls) -> None:
    run = scripted.run("photos", JIJI_RENDER="fallback", JIJI_MAX_RENDERED="3")
    assert run.status == 22, run.log
    assert "JIJI_MAX_RENDERED" in run.log
    assert counts(scripted, "photos")["jiji/rendered"] == 3
    assert len(scripted.lines("photos")) == 1


def test_hostile_scripts_reach_nothing_and_spoil_no_other_page(
    scripted: Crawls, trap: Tripwire, udp_trap: list[bytes]
) -> None:
    site = scripted.replica
    site.elsewhere = f"127.0.0.1:{trap.port}"
    ledger = {row["id"]: row for row in site.ledger("national")}
    site.mischief = dict(zip(ledger, Mischief, strict=False))
    assert len(site.mischief) == len(Mischief) < len(ledger)
    never = {key for key, mischief in site.mischief.items() if mischief in (Mischief.NEVER_ENDS, Mischief.HANGS)}
    run = scripted.run("national", JIJI_RENDER="fallback", DOWNLOAD_TIMEOUT="25")
    assert (trap.hits, udp_trap) == (0, [])
    assert run.status == 22, run.log
    lines = {line["id"]: line for line in scripted.lines("national")}
    assert lines.keys() == ledger.keys() - never
    assert all(lines[key]["body"] == ledger[key]["body"] for key in lines)
    asked = [path for path in site.requests if path.startswith("/css/site.css?")]
    assert 0 < len(asked) <= MOST_REQUESTS
    assert all(path.startswith("/css/site.css?n=") for path in asked)
    assert not any(path.startswith("/jc/private/") for path in site.requests)
    assert run.log.count("the page was not complete within 25 s") == len(never)


def test_tripwires_notice_a_browser_without_rules(
    scripted: Crawls, trap: Tripwire, udp_trap: list[bytes], tmp_path: Path
) -> None:
    site = scripted.replica
    site.elsewhere = f"127.0.0.1:{trap.port}"
    row = site.ledger("national")[0]
    site.mischief = {row["id"]: Mischief.CALLS_ELSEWHERE}
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/data"]
    command = [str(find_chromium("")), *options, "--virtual-time-budget=5000", "--dump-dom", row["url"]]
    subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert trap.hits > 5
    assert udp_trap


def test_screenshots_of_articles_are_in_the_manifest(crawls: Crawls) -> None:
    run = crawls.run("photos", JIJI_SCREENSHOTS="True")
    assert run.status == 0, run.log
    kept = manifest(crawls, "photos")["screenshots"]
    assert isinstance(kept, list)
    assert {(each["id"], each["revision"]) for each in kept} == {
        (line["id"], line["revision"]) for line in crawls.lines("photos")
    }
    for each in kept:
        png = (crawls.output / each["file"]).read_bytes()
        assert each["file"] == f"screenshots/photos/{each['id']}-{each['revision']}.png"
        assert hashlib.sha256(png).hexdigest() == each["sha256"]
        assert png.startswith(b"\x89PNG")
        assert int.from_bytes(png[16:20]) == 1280
    assert any(path.startswith("/img/") for path in crawls.replica.requests)


def without_browser(
    crawls: Crawls, monkeypatch: pytest.MonkeyPatch, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run a crawl where Chromium is neither on PATH nor in Debian's place."""
    code = (
        "from pathlib import Path; import jiji.network.find_chromium as module; module.DEBIAN = Path('/nowhere');"
        "from scrapy.cmdline import execute; execute()"
    )
    command = [sys.executable, "-c", code, *crawls.command("photos", **settings)[3:]]
    return subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, check=False, env={**os.environ, "PATH": "/nowhere"}
    )


@pytest.mark.parametrize("settings", [{"JIJI_RENDER": "always"}, {"JIJI_SCREENSHOTS": "True"}])
def test_missing_chromium_ends_a_run_that_needs_it(
    crawls: Crawls, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]
) -> None:
    run = without_browser(crawls, monkeypatch, **settings)
    assert run.returncode == 4, run.stderr
    assert "no Chromium was found" in run.stderr
    assert not crawls.replica.requests


def test_missing_chromium_is_a_warning_where_it_may_not_be_needed(
    crawls: Crawls, monkeypatch: pytest.MonkeyPatch, agrees: Agrees
) -> None:
    run = without_browser(crawls, monkeypatch, JIJI_RENDER="fallback")
    assert run.returncode == 0, run.stderr
    assert run.stderr.count("no Chromium was found") == 1
    agrees(crawls.lines("photos"), crawls.replica.ledger("photos"))


def test_chromium_that_is_no_program_is_refused(crawls: Crawls) -> None:
    run = crawls.run("photos", JIJI_RENDER="fallback", JIJI_CHROMIUM="/etc/passwd")
    assert run.status == 4
    assert "JIJI_CHROMIUM='/etc/passwd' is not an executable file" in run.log
    assert not crawls.replica.requests


@pytest.mark.parametrize("mode", ["off", "fallback"])
def test_crawl_of_pages_with_content_imports_no_browser(crawls: Crawls, mode: str) -> None:
    code = (
        "import atexit, sys; from scrapy.cmdline import execute;"
        "atexit.register(lambda: print('LOADED', sorted(name for name in sys.modules if 'playwright' in name)));"
        "execute()"
    )
    command = [sys.executable, "-c", code, *crawls.command("photos", JIJI_RENDER=mode)[3:]]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "LOADED []" in run.stdout


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL, signal.SIGABRT])
def test_browser_ends_with_the_crawler(scripted: Crawls, ending: signal.Signals) -> None:
    rows = scripted.replica.ledger("photos")
    scripted.replica.mischief = {row["id"]: Mischief.NEVER_ENDS for row in rows}
    crawler = scripted.start("photos", JIJI_RENDER="fallback")
    waits = threading.Thread(target=crawler.communicate, daemon=True)
    waits.start()
    api = "/api/page?of=%2Fjc%2Fphoto"
    assert eventually(lambda: any(path.startswith(api) for path in scripted.replica.requests))
    browsers = descendants(crawler.pid)
    assert len(browsers) > 2  # the driver, the browser and its children
    crawler.send_signal(ending)
    assert eventually(lambda: crawler.poll() is not None)
    assert eventually(lambda: not any(map(is_alive, browsers))), browsers
    if ending is signal.SIGTERM:
        assert crawler.returncode == 11
