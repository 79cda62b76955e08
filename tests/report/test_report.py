"""The report: content, size, and the page in a real browser with hostile texts."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from jiji.items import Article, Dateline, Image
from jiji.output import OutputDir
from jiji.report.content import gather
from jiji.report.page import render, web_link
from jiji.runs.manifests import Articles, Manifest, ManifestStore, Process, Verdict
from jiji.runs.result import Exit, RunResult
from jiji.runs.status import Limits
from tests.articles import article, write_feed
from tests.conftest import PROJECT

CHROMIUM = shutil.which("chromium")
NOW = datetime(2026, 1, 28, 3, tzinfo=UTC)
ATTACKS = [
    "<script>document.title = 'hacked'</script>",
    '"><img src=http://127.0.0.1:9/x onerror="document.title=\'hacked\'">',
    "</svg></style><script>document.title = 'hacked'</script>", "{{ 7 * 7 }} {% raw %}", "\u202egnp.exe", "<!--", "]]>",
    "javascript:document.title='hacked'", "' onclick=document.title='hacked' x='", "&lt;script&gt;",
    "\x1b[31m", "a\x00b\ufffe",
]  # fmt: skip


def page_of(output: Path, articles: Iterable[Article] = (), sections: Iterable[str] = ("national",)) -> str:
    made = gather(
        OutputDir(output), list(sections), articles, site="https://jen.jiji.com/", now=NOW, limits=Limits(24, 0)
    )
    return render(made)


def write_run(output: Path, started: str, result: RunResult | None = None, **fields: object) -> None:
    """Write the manifest of a run; without a result that of a killed one."""
    verdict = Verdict.of(result) if result else Verdict.running()
    manifest = Manifest(
        run=started.replace(":", "").replace("-", ""), section="national", verdict=verdict, started_at=started,
        ended_at=started if result else None, seconds=1, site="https://jen.jiji.com/",
        process=Process(host="elsewhere" if result else Process.current(None).host, pid=2**22 + 1, born="0"),
    )  # fmt: skip
    ManifestStore(OutputDir(output).runs("national")).end(replace(manifest, **fields))  # type: ignore[arg-type]


DONE = RunResult(Exit.DONE, "everything was read", "")


def test_content(tmp_path: Path) -> None:
    write_run(
        tmp_path,
        "2026-01-27T00:00:00Z",
        DONE,
        articles=Articles(new=3, rejected=2, rejected_by_reason={"page cut off": 2}),
    )
    write_run(
        tmp_path, "2026-01-28T00:00:00Z", RunResult(Exit.BLOCKED, "five block pages", ""), drift={"headline": 0.5}
    )
    write_run(tmp_path, "2025-12-01T00:00:00Z", DONE)  # too old
    articles = [
        article(1, dateline=Dateline("Ome, Jan. 27", ["Ome"], None, "Jiji Press"), truncated=True),
        article(2, revision=2, near_duplicate_of="2026012700001", update_of="2026012700001"),
        article(3, status="withdrawn"),
    ]
    report = gather(OutputDir(tmp_path), ["national"], articles, site="s", now=NOW, limits=Limits(24, 0))
    summary = report.summary
    assert (summary.articles, summary.truncated, summary.revised, summary.withdrawn) == (2, 1, 1, 1)
    assert (summary.near_duplicates, summary.updates, summary.places["Ome"]) == (1, 1, 1)
    assert [(run.result, run.new) for run in report.runs] == [("blocked", 0), ("done", 3)]
    assert report.rejected == [("page cut off", 2)]
    assert report.drift == [("national", "headline", 0.5)]
    assert report.coverage[0][:2] == ("national", 2)
    assert report.sections[0].state == "bad"


def test_killed_run_is_named(tmp_path: Path) -> None:
    write_run(tmp_path, "2026-01-28T00:00:00Z")
    report = gather(OutputDir(tmp_path), ["national"], [], site="s", now=NOW, limits=Limits(24, 0))
    assert [run.status for run in report.runs] == [13]


def test_empty_folder_has_a_report(tmp_path: Path) -> None:
    assert "No articles yet." in page_of(tmp_path)


def test_ten_thousand_articles_stay_under_a_megabyte(tmp_path: Path) -> None:
    articles = (
        article(
            number, published_date=f"2026-{number % 12 + 1:02d}-{number % 28 + 1:02d}", body="Word " * 100,
            dateline=Dateline(f"City {number}, Jan. 27", [f"City {number}"], None, "Jiji Press"),
            images=[Image(f"https://jen.jiji.com/{number}.jpg", "A long caption " * 5, None)] * 3,
        )
        for number in range(10_000)
    )  # fmt: skip
    assert len(page_of(tmp_path, articles).encode("utf-8")) < 1_000_000


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//[", "file:///etc/passwd", "", "JAVASCRIPT:1"]
)
def test_only_web_links_are_links(url: str) -> None:
    assert web_link(url) == ""


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path")
def test_hostile_texts_are_text_in_a_browser(tmp_path: Path) -> None:
    """Every text from the site is an attack; the browser runs none, requests nothing, and logs nothing."""
    articles = [
        article(
            number, headline=f"{text} {number}", category=text,
            url=text if "script:" in text else f"https://jen.jiji.com/{text}",
            dateline=Dateline(text, [text], None, text), images=[Image(text, text, text)], section=text,
        )
        for number, text in enumerate(ATTACKS)
    ]  # fmt: skip
    write_run(
        tmp_path, "2026-01-27T00:00:00Z", RunResult(Exit.LAYOUT, ATTACKS[0], ""), warnings=ATTACKS,
        drift=dict.fromkeys(ATTACKS, 0.5), articles=Articles(rejected_by_reason=dict.fromkeys(ATTACKS, 1)),
        rules={f"{text}/{text}": 1 for text in ATTACKS},
    )  # fmt: skip
    path = tmp_path / "report.html"
    path.write_text(page_of(tmp_path, articles), encoding="utf-8")

    def look() -> tuple[list[str], str, list[str], int, list[int]]:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            events: list[str] = []
            page = browser.new_page(viewport={"width": 360, "height": 800})
            page.on("console", lambda message: events.append(message.text))
            page.on("pageerror", lambda error: events.append(str(error)))
            page.on("dialog", lambda dialog: events.append(dialog.message))
            page.on("request", lambda request: events.append(request.url))
            page.goto(path.as_uri())
            for link in page.locator("li").all()[:3]:
                link.click(position={"x": 2, "y": 2})
            shown = page.locator("ol.newest li a[href^='https://jen.jiji.com/']").all_inner_texts()
            scripts = page.locator("script, iframe, img, [onclick], [onerror]").count()
            scroll = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            found = events, page.title(), shown, scripts, scroll
            browser.close()
            return found

    with ThreadPoolExecutor(1) as executor:  # its synchronous API refuses to run beside the tests' event loop
        events, title, shown, scripts, (scroll, width) = executor.submit(look).result()
    assert events == [path.as_uri()]
    assert "hacked" not in title
    assert f"{ATTACKS[0]} 0" in shown
    assert scripts == 0
    assert scroll <= width  # on a phone nothing but the tables scrolls sideways


def test_command(tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.mkdir()
    write_feed(output / "national.jsonl", [article(1)])

    def report(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "scrapy", "report", "-s", f"JIJI_OUTPUT_DIR={output}", *words]
        return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)

    assert report("-o", str(tmp_path / "report.html")).returncode == 0
    assert "Ferry 1 Runs Again" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert report("-o", "-").stdout.startswith("<!DOCTYPE html>")
    refused = report("-o", str(output / "national.jsonl"))
    assert (refused.returncode, "belongs to the project" in refused.stderr + refused.stdout) == (2, True)
    assert json.loads((output / "national.jsonl").read_text())["id"] == "2026012700001"
    assert report("-s", f"JIJI_OUTPUT_DIR={tmp_path}/missing").returncode == 2
