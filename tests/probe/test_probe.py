"""Probe: it tells the truth about sites in every state, exits by the contract, is polite, and writes nothing."""

import json
from pathlib import Path

import pytest

from jiji.site.sections import SECTIONS
from tests.conftest import PROJECT
from tests.faults import EVERYTHING, changed, reset, status
from tests.probe.conftest import Site

CAPTCHA = b"<html><head><title>Just a moment...</title></head><body><h1>Verify you are human</h1></body></html>"
MAINTENANCE = b"<html><head><title>System Maintenance</title></head><body><h1>System Maintenance</h1></body></html>"


def article(site: Site, section: str = "national") -> str:
    return str(site.served.ledger(section)[0]["url"])


def test_known_site_is_understood_page_by_page(site: Site) -> None:
    done = site.run("probe", "--json")
    assert (done.status, done.json["status"], done.json["result"]) == (0, 0, "understood"), done.err
    pages = {page["name"]: page for page in done.json["pages"]}
    assert pages.keys() == {"home", *(f"index-{name}" for name in SECTIONS), "article-1", "article-2", "article-3"}
    assert {each["name"]: each["found_by"] for each in pages["home"]["sections"]} == dict.fromkeys(
        SECTIONS, "navigation"
    )
    assert sum(pages["home"]["link_styles"].values()) == pages["home"]["entries"]
    for name in SECTIONS:
        assert pages[f"index-{name}"]["own_section"] == name
        listed = site.served.listed(name)
        assert pages[f"index-{name}"]["entries"] >= min(len(listed), 4)
    ledger = {row["url"]: row for name in SECTIONS for row in site.served.ledger(name)}
    for number in range(1, 4):
        page = pages[f"article-{number}"]
        fields = {field["name"]: field for field in page["fields"]}
        row = ledger[page["url"]]
        assert fields["headline"]["value"] == row["headline"]
        assert fields["headline"]["rule"] in ("certain", "selector")
        assert row["body"].partition("\n")[0] in fields["body"]["value"]
        assert page["charset"] in ("utf-8", "euc_jp", "ascii")
    assert done.json["robots"]["status"] == 200


def test_probe_is_polite(site: Site) -> None:
    assert site.run("probe").status == 0
    assert site.served.asked[0] == "/robots.txt"
    assert site.served.asked[1] == "/"
    assert len(site.served.asked) == len(set(site.served.asked)) == 2 + len(SECTIONS) + 3


def test_delay_between_requests_is_that_of_a_crawl(site: Site) -> None:
    assert site.run("probe", article(site), DOWNLOAD_DELAY="0.5", DOWNLOAD_DELAY_JITTER="0").status == 0
    times = [visit.at for visit in site.served.visits]
    assert len(times) == 2
    assert times[1] - times[0] >= 0.45


def test_probe_writes_nothing(site: Site, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert site.run("probe", FEEDS=json.dumps({str(tmp_path / "x.json"): {"format": "json"}})).status == 0
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("section", ["national", "journal", "photos"])
def test_one_article(site: Site, section: str) -> None:
    done = site.run("probe", article(site, section), "--json")
    assert done.status == 0, done.out
    (page,) = done.json["pages"]
    assert (page["name"], page["kind"]) == ("page", "article")
    assert len(site.served.asked) == 2


def test_one_index_page(site: Site) -> None:
    done = site.run("probe", f"{site.served.url}jc/eng?g=eco", "--json")
    assert (done.status, done.json["pages"][0]["own_section"]) == (0, "national")
    assert len(site.served.asked) == 2


def test_unknown_layout_is_told_though_it_is_read(site: Site) -> None:
    site.served.redesigned = True
    done = site.run("probe", article(site), "--json")
    assert done.status == 21
    (page,) = done.json["pages"]
    fields = {field["name"]: field for field in page["fields"]}
    assert fields["headline"]["value"] == site.served.ledger("national")[0]["headline"]
    assert fields["headline"]["rule"] in ("structure", "wording")
    assert [problem["kind"] for problem in page["problems"]] == ["unknown_layout"]
    assert "docs/how-to/new-layout.md" in page["problems"][0]["todo"]


def test_renamed_section_label_is_told(site: Site) -> None:
    site.served.rename_label("Photos", "Snapshots")
    done = site.run("probe", "--json")
    assert done.status == 21
    assert [problem["kind"] for problem in done.json["problems"]] == ["no_label"]
    assert "PHOTOS" in done.json["problems"][0]["cause"]
    assert "jiji/site/sections.py" in done.json["problems"][0]["todo"]


def test_empty_lists_are_told(site: Site) -> None:
    site.served.lists_are_empty = True
    done = site.run("probe", "--json")
    assert done.status == 21
    found = {page["name"]: {problem["kind"] for problem in page["problems"]} for page in done.json["pages"]}
    lists = {f"index-{name}" for name in SECTIONS} - {"index-journal", "index-photos"}  # these have boxes on all pages
    assert {name for name, kinds in found.items() if "no_entries" in kinds} == lists


@pytest.mark.parametrize(
    ("body", "code", "expected", "kind"),
    [
        (CAPTCHA, 200, 18, "block_page"),
        (CAPTCHA, 403, 18, "block_page"),
        (b"no", 403, 18, "refused"),
        (b"no", 451, 18, "refused"),
        (MAINTENANCE, 200, 21, "maintenance"),
        (MAINTENANCE, 503, 21, "maintenance"),
        (b"<html><body><p>Hello</p></body></html>", 200, 21, "no_entries"),
        (b"<html><body><div id=app></div><script src=/app.js></script></body></html>", 200, 21, "needs_scripts"),
        (b"out of order", 500, 20, "http_error"),
        (b"gone", 404, 20, "http_error"),
        (b"<html><body>\xff\xfe\x80</body></html>", 200, 21, "charset"),
    ],
)
def test_home_in_another_state(site: Site, body: bytes, code: int, expected: int, kind: str) -> None:
    site.served.spoil("/", status(code, body))
    done = site.run("probe", "--json", RETRY_TIMES="0")
    assert (done.status, done.json["status"]) == (expected, expected), done.out
    assert kind in done.kinds()
    assert "/jc/eng?g=eco" not in site.served.asked


def test_captcha_in_the_place_of_articles(site: Site) -> None:
    site.served.spoil(EVERYTHING, changed())
    for row in site.served.ledger("national"):
        site.served.spoil(row["id"], status(200, CAPTCHA))
    done = site.run("probe", "--json")
    assert done.status == 18
    assert done.kinds() >= {"block_page"}


def test_unreachable_host(site: Site) -> None:
    url = site.served.url
    site.served.stop()
    done = site.run("probe", "--json", RETRY_TIMES="0", JIJI_BASE_URL=url)
    assert done.status == 20
    assert done.kinds() == {"robots_unreachable"}


def test_reset_connection(site: Site) -> None:
    site.served.spoil("/", reset())
    done = site.run("probe", "--json", RETRY_TIMES="0")
    assert (done.status, done.kinds()) == (20, {"no_response"})


def test_too_many_requests(site: Site) -> None:
    site.served.spoil("/", status(429, Retry_After="100000"))
    done = site.run("probe", "--json")
    assert done.status == 18
    assert "refused" in done.kinds()


def test_robots_txt_that_disallows_everything(site: Site) -> None:
    site.served.spoil("/robots.txt", status(200, b"User-agent: *\nDisallow: /\n", Content_Type="text/plain"))
    done = site.run("probe", "--json")
    assert (done.status, done.kinds()) == (18, {"disallowed"})
    assert site.served.asked == ["/robots.txt"]


def test_redirect_off_the_site(site: Site) -> None:
    site.served.spoil("/", status(302, Location="http://127.0.0.1:9/"))
    done = site.run("probe", "--json")
    assert (done.status, done.kinds()) == (20, {"offsite"})


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "file:///etc/passwd", "https://jen.jiji.com/", "x"])
def test_url_off_the_site_is_a_usage_error(site: Site, url: str) -> None:
    done = site.run("probe", url)
    assert done.status == 2
    assert "JIJI_BASE_URL" in done.out + done.err
    assert not site.served.asked


def test_two_urls_are_a_usage_error(site: Site) -> None:
    assert site.run("probe", "a", "b").status == 2


@pytest.mark.parametrize(("name", "value"), [("JIJI_BASE_UR", "x"), ("JIJI_MAX_PAGES", "many")])
def test_invalid_setting(site: Site, name: str, value: str) -> None:
    done = site.run("probe", "-s", f"{name}={value}")
    assert done.status == 4
    assert name in done.err
    assert not site.served.asked


def test_kept_pages_are_the_bytes_as_served(site: Site, tmp_path: Path) -> None:
    body = CAPTCHA + b"\r\n\x00"
    site.served.spoil("/", status(200, body))
    assert site.run("probe", "--keep", str(tmp_path / "kept")).status == 18
    assert {path.name for path in (tmp_path / "kept").iterdir()} == {"home.html", "pages.json"}
    assert (tmp_path / "kept" / "home.html").read_bytes() == body


def test_pages_are_not_kept_in_the_output_folder(site: Site) -> None:
    assert site.run("probe", "--keep", str(site.output / "state")).status == 2
    assert not site.output.exists()


def test_escape_sequences_of_the_site_do_not_reach_the_terminal(site: Site) -> None:
    evil = "&#x1b;]0;x&#7;&#x1b;[31m \u202e[bold]red[/bold] :smile:".encode()
    url = article(site)
    site.served.spoil(
        site.served.ledger("national")[0]["id"],
        changed(lambda body: body.replace(b"</h1>", evil + b"</h1>").replace(b"<head>", b"<head><!-- \x1b[2J -->")),
    )
    for options in ((), ("--json",)):
        done = site.run("probe", url, *options)
        assert not [char for char in done.out if not char.isprintable() and char != "\n"]


def test_output_is_plain_without_a_terminal_and_names_the_next_step(site: Site) -> None:
    site.served.redesigned = True
    done = site.run("probe", article(site))
    assert "\x1b" not in done.out
    assert "unknown layout" in done.out
    assert "→ compare with a browser, then teach the new layout: docs/how-to/new-layout.md" in done.out
    assert "layout (21): " in done.out
    assert (PROJECT / "docs" / "how-to" / "new-layout.md").exists()
