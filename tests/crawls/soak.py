"""Soak: many crawls in a row of one section, each with any of the faults of a table, drawn at random.

Each fault strikes each run with the same probability, so that some runs meet several and some none. After every run
its exit status, manifest and ``scrapy status`` must agree, and the feed must hold whole lines only, none of them twice.
"""

import gzip
import json
import os
import random
import shlex
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jiji.output import OutputDir
from jiji.runs.result import KILLED, Exit
from jiji.runs.status import Limits, section_status
from tests.conftest import PROJECT, Crawls, Line
from tests.crawls import situations
from tests.crawls.situations import MARK, Situation, with_pipeline
from tests.crawls.tracing import traced
from tests.faults import Misbehaving

SECTION = "sports"
CHANCE = 0.05
SETTINGS = {
    "DOWNLOAD_TIMEOUT": "20", "RETRY_TIMES": "1", "JIJI_WATCHDOG_SECONDS": "2", "JIJI_MAX_PAGES": "8",
    "JIJI_MAX_WAIT_SECONDS": "2", "JIJI_KEEP_FILES": "40", "JIJI_KEEP_MEGABYTES": "2", "DOWNLOAD_DELAY": "0.02",
}  # fmt: skip
LONGEST_SECONDS = 600


@dataclass(frozen=True)
class Fault:
    """A fault: what it does before a run, to the command that starts it, and while it is at work."""

    name: str
    before: Callable[["Soak"], object] = lambda soak: None
    settings: dict[str, str] = field(default_factory=dict)
    limits: str = ""
    """Commands of the shell in front of the crawl."""
    streams: str = ""
    """Redirections of the shell behind it."""
    during: Callable[["Soak", "subprocess.Popen[str]"], object] = lambda soak, run: None


class Soak:
    """One soak; its random choices follow from the seed."""

    def __init__(self, site: Misbehaving, output: Path, seed: int, *, can_fill: bool) -> None:
        self.site = site
        self.crawls = Crawls(site, output)
        self.chance = random.Random(seed)
        self.can_fill = can_fill
        self.struck: Counter[str] = Counter()
        self.history: list[str] = []
        """Faults of each run."""
        self.ends: Counter[int] = Counter()
        self.memory: list[int] = []
        """Largest resident memory of each run without a fault, in KiB."""
        self.open_files: list[int] = []
        """Most open files seen in each run without a fault."""

    @property
    def feed(self) -> Path:
        """The feed of the section."""
        return self.crawls.output / f"{SECTION}.jsonl"

    def run(self) -> None:
        """Crawl once, with the faults that strike; check everything that must hold after any run."""
        faults = [each for each in FAULTS if self.chance.random() < CHANCE]
        self.struck.update(each.name for each in faults)
        self.history.append(", ".join(each.name for each in faults) or "no fault")
        self.site.publish(self.chance.choice((0, 0, 1, 2)))
        for each in faults:
            each.before(self)
        run, status, memory = self._crawl(faults)
        self._heal()
        try:
            self._check(run.pid, status)
            assert faults or status == Exit.DONE
        except AssertionError as error:
            runs = "\n".join(self.history[-3:])
            raise AssertionError(f"status {status}: {error}; the last runs met:\n{runs}\n{self.log}") from error
        self.ends[status] += 1
        if not faults:
            self.memory.append(memory)

    def finish(self) -> None:
        """Crawl without a fault until everything is published."""
        for _ in range(3):
            run, status, _ = self._crawl([])
            self._check(run.pid, status)
        assert status == Exit.DONE, self.log

    def lines(self) -> list[Line]:
        """Return the whole lines of the feed and its rotated files."""
        content = b""
        for path in self.crawls.output.glob(f"{SECTION}.jsonl*"):
            raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            content += raw[: raw.rfind(b"\n") + 1]
        return [json.loads(line) for line in content.splitlines()]

    def size_beside_feed(self) -> int:
        """Return the bytes of all files but the feed and its rotated files."""
        files = [path for path in self.crawls.output.rglob("*") if path.is_file()]
        return sum(path.stat().st_size for path in files if not path.name.startswith(f"{SECTION}.jsonl"))

    def article(self) -> str:
        """Return one of the articles that are not published yet, if there are any."""
        published = {line["id"] for line in self.lines()}
        ids = sorted(self.site.listed(SECTION))
        return self.chance.choice([each for each in ids if each not in published] or ids)

    # --- Steps

    def _crawl(self, faults: Sequence[Fault]) -> tuple["subprocess.Popen[str]", int, int]:
        settings = dict(SETTINGS)
        for each in faults:
            settings |= each.settings
        words = [*(each.limits for each in faults), "exec", shlex.join(self.crawls.command(SECTION, **settings))]
        command = " ".join([*words, *(each.streams for each in faults)])
        with (self.crawls.output.parent / "log").open("w+") as log:
            run = subprocess.Popen(
                ["bash", "-c", command], cwd=PROJECT, text=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
            late = threading.Timer(LONGEST_SECONDS, run.kill)
            late.start()
            for each in faults:
                each.during(self, run)
            if not faults:
                self.open_files.append(_most_open_files(run.pid))
            _, waited, usage = os.wait4(run.pid, 0)
            run.returncode = os.waitstatus_to_exitcode(waited)
            assert late.is_alive(), "the run does not end"
            late.cancel()
        self.log = (self.crawls.output.parent / "log").read_text(errors="replace")[-6000:]
        return run, run.returncode, usage.ru_maxrss

    def _heal(self) -> None:
        self.site.heal()
        for key in ("*", "/robots.txt", *self.site.listed(SECTION)):
            self.site.spoil(key)
        (self.crawls.output / "ballast").unlink(missing_ok=True)

    def _check(self, pid: int, status: int) -> None:
        seen = [(line["id"], line["revision"]) for line in self.lines()]
        assert len(seen) == len(set(seen)), "an article twice"
        assert not any(MARK in json.dumps(line) for line in self.lines()), "a page that is no article"
        own = [each for each in manifests(self.crawls.output) if each["process"]["pid"] == pid][-1:]
        written = own[0]["verdict"]["status"] if own else None
        if status >= 0 and status != written:
            assert status != Exit.DONE, f"the manifest says {written}"
            assert written is None, f"the manifest says {written}"
        self._check_status()

    def _check_status(self) -> None:
        """Check that ``scrapy status`` shows the last run that did not give way, which may be a second one."""
        verdicts = [each["verdict"]["status"] for each in manifests(self.crawls.output)]
        last = next((each for each in reversed(verdicts) if each != Exit.LOCKED), Exit.LOCKED)
        if last == Exit.LOCKED:
            return
        shown = section_status(OutputDir(self.crawls.output), SECTION, datetime.now(UTC), Limits(stale_hours=24))
        expected = KILLED.status.word if last is None else Exit(last).word
        assert shown.verdict == expected, f"scrapy status says {shown.verdict}, the manifest {expected}"
        assert shown.running_since is None


def manifests(output: Path) -> list[dict[str, Any]]:
    """Return the valid manifests of the section, oldest first."""
    found = []
    for path in sorted((output / "runs" / SECTION).glob("[0-9]*.json")):
        with suppress(ValueError):
            found.append(json.loads(path.read_bytes()))
    return found


def _most_open_files(pid: int) -> int:
    most = 0
    with suppress(OSError):
        while Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z":
            most = max(most, len(os.listdir(f"/proc/{pid}/fd")))  # noqa: PTH208
            time.sleep(0.02)
    return most


# --- Faults of the process


def signalled(*numbers: int, pause: float = 0.1) -> Callable[[Soak, "subprocess.Popen[str]"], None]:
    """Return the sending of signals, from a random moment on."""

    def during(soak: Soak, run: "subprocess.Popen[str]") -> None:
        time.sleep(soak.chance.uniform(0.3, 2.5))
        for number in numbers:
            if os.waitid(os.P_PID, run.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                os.kill(run.pid, number)
                time.sleep(pause)

    return during


def injected(call: str, injection: str) -> Callable[[Soak, "subprocess.Popen[str]"], None]:
    """Return the injection of an error or a delay into a system call, from a random moment on."""

    def during(soak: Soak, run: "subprocess.Popen[str]") -> None:
        time.sleep(soak.chance.uniform(0.3, 2.0))
        with suppress(AssertionError):  # the run has ended
            tracer = traced(run, "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{injection}")
            threading.Thread(target=_hold, args=(tracer,), daemon=True).start()

    return during


def _hold(tracer: Any) -> None:
    with suppress(AssertionError, subprocess.TimeoutExpired), tracer:
        pass


def second_run(soak: Soak, run: "subprocess.Popen[str]") -> None:
    """Start another run of the section meanwhile: it gives way, or takes the place of one that has ended."""
    time.sleep(soak.chance.uniform(0.8, 1.5))
    soak.crawls.run(SECTION, **SETTINGS)


# --- Faults of the disk


def fill_disk(soak: Soak) -> None:
    """Leave little room on the disk of the output folder."""
    if soak.can_fill:
        free = os.statvfs(soak.crawls.output).f_bavail * os.statvfs(soak.crawls.output).f_frsize
        (soak.crawls.output / "ballast").write_bytes(bytes(max(0, free - soak.chance.randrange(300_000))))


def rotate(soak: Soak) -> None:
    """Rename the feed away, and compress the file renamed before."""
    if soak.feed.exists():
        for path in soak.crawls.output.glob(f"{SECTION}.jsonl.[0-9]*"):
            if path.suffix != ".gz":
                path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
                path.unlink()
        soak.feed.rename(f"{soak.feed}.{time.time_ns()}")


def damaged(name: str, content: bytes | None) -> Callable[[Soak], None]:
    """Return the damage of a file below the output folder; None removes it."""

    def before(soak: Soak) -> None:
        for path in soak.crawls.output.glob(name):
            path.unlink() if content is None else path.write_bytes(content)

    return before


def hangs_as(how: str) -> Callable[[Soak], None]:
    """Return the choice of an article at which a pipeline hangs."""

    def before(soak: Soak) -> None:
        os.environ["HANGS_ON"], os.environ["HANGS_AS"] = soak.article(), how

    return before


def _of_site(situation: Situation) -> Fault:
    return Fault(situation.name, lambda soak: situation.arrange(soak.site), situation.settings)


def _faults() -> Iterator[Fault]:
    rows = (*situations.NETWORK, *situations.REFUSED, *situations.CHANGED, *situations.SETTINGS)
    yield from (_of_site(row) for row in rows if not row.options)
    yield Fault("kill -9", during=signalled(signal.SIGKILL))
    yield Fault("SIGTERM", during=signalled(signal.SIGTERM))
    yield Fault("SIGINT twice", during=signalled(signal.SIGINT, signal.SIGINT))
    yield Fault("SIGHUP", during=signalled(signal.SIGHUP, signal.SIGHUP))
    yield Fault("stopped and continued", during=signalled(signal.SIGSTOP, signal.SIGCONT, pause=3))
    yield Fault("a second run", during=second_run)
    for how in ("C code", "sleep"):
        yield Fault(f"hangs in {how}", hangs_as(how), with_pipeline("Hangs"))
    yield Fault("no memory for an article", settings=with_pipeline("Starves"))
    yield Fault("no standard streams", streams="<&- >&- 2>&-")
    yield Fault("standard streams on a full device", streams=">/dev/full 2>&1")
    yield Fault("limited file size", limits="ulimit -f 500;")
    yield Fault("few open files", limits="ulimit -n 30;")
    yield Fault("little memory", limits="ulimit -v 115000;")
    yield Fault("failed syncs", during=injected("fsync", "error=EIO:when=2+"))
    yield Fault("one failed sync", during=injected("fsync", "error=EIO:when=4"))
    yield Fault("stalled syncs", during=injected("fsync,fdatasync", "delay_enter=3000000:when=1..2"))
    yield Fault("failed writes", during=injected("pwrite64", "error=EIO:when=9+"))
    yield Fault("a full disk", fill_disk)
    yield Fault("rotated feed", rotate)
    yield Fault("catalog removed", damaged(f"state/{SECTION}.sqlite*", None))
    yield Fault("catalog damaged", damaged(f"state/{SECTION}.sqlite", bytes(range(256)) * 40))
    yield Fault("crash marker with garbage", damaged(f"state/{SECTION}.crash-marker", b"\xff\xfe?"))
    yield Fault("manifests damaged", damaged(f"runs/{SECTION}/*.json", b"{"))
    yield Fault("state removed", damaged(f"state/{SECTION}.*", None))


FAULTS = tuple(_faults())
