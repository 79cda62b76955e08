"""Soak of crawls under all faults at once: nothing lost, doubled or torn; files, memory and disk stay bounded.

``make crash`` runs the long form. SOAK_RUNS and SOAK_SEED set its length and its random choices.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.crawls.soak import Soak
from tests.faults import Misbehaving

LARGEST_BESIDE_FEED = 12_000_000
"""Bytes beside the feed: by the settings of the soak 2 MB a kind, and the catalog."""
DISK_BYTES = 48 * 1024 * 1024


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[tuple[Path, bool]]:
    """Yield a folder on a small disk of its own where this user may mount one, and whether it is."""
    folder = tmp_path / "output"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    yield folder, is_mounted
    if is_mounted:
        subprocess.run(["umount", str(folder)], check=True)


def soak(disk: tuple[Path, bool], runs: int, seed: int) -> Soak:
    """Crawl so many times, and check that the feed equals the ledger at the end."""
    print(f"\nsoak: {runs} runs, seed {seed}")
    with Misbehaving(days=4) as site:
        soak = Soak(site, disk[0], seed, can_fill=disk[1])
        for number in range(runs):
            soak.run()
            assert soak.size_beside_feed() < LARGEST_BESIDE_FEED, f"after {number + 1} runs"
        soak.finish()
        newest = {line["id"]: line for line in sorted(soak.lines(), key=lambda line: int(line["revision"]))}
        ledger = site.ledger("sports")
        assert sorted(newest) == sorted(row["id"] for row in ledger)
        for row in ledger:
            assert {name: newest[row["id"]][name] for name in row} == row
    return soak


def test_short_soak(disk: tuple[Path, bool]) -> None:
    soak(disk, 10, seed=15)


@pytest.mark.crash
def test_soak(disk: tuple[Path, bool]) -> None:
    runs, seed = int(os.environ.get("SOAK_RUNS", "500")), int(os.environ.get("SOAK_SEED", "1"))
    done = soak(disk, runs, seed)
    print(
        f"faults: {done.struck.total()} of {len(done.struck)} kinds; exit statuses: {dict(sorted(done.ends.items()))}"
    )
    print(f"articles: {len(done.lines())}; beside the feed: {done.size_beside_feed() / 1e6:.1f} MB")
    for name, values in (("memory in KiB", done.memory), ("open files", done.open_files)):
        third = -(-len(values) // 3)
        early, late = values[:third], values[-third:]
        print(f"{name}: {median(early)} in the first third of {len(values)} healthy runs, {median(late)} in the last")
        assert median(late) <= 1.1 * median(early) + 2
