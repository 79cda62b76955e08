"""Off-site check: hostile pages, redirects and robots.txt lead to tripwires, and no request reaches one."""

import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from html import escape
from typing import cast

import pytest
from aiohttp import web

from devtools.replica import Replica
from tests.conftest import PROJECT, Crawls
from tests.crawls.hostile import Hostile, Tripwire, elsewhere

REDIRECTS = (301, 302, 303, 307, 308)
ELSEWHERE = r"""
http://localhost:{trap}/ http://127.0.0.1:{trap}/jc/eng?g=eco&k=2026010500999 //127.0.0.1:{trap}/ //localhost:{trap}/
http://127.1:{trap}/ http://2130706433:{trap}/ http://0x7f000001:{trap}/ http://0177.0.0.1:{trap}/ http://0:{trap}/
http://[::1]:{trap}/ http://[::ffff:127.0.0.1]:{trap}/ http://[64:ff9b::7f00:1]:{trap}/ http://127.0.0.1.:{trap}/
http://x@127.0.0.1:{trap}/ http://127.0.0.1:{site}@127.0.0.1:{trap}/ https://127.0.0.1:{trap}/ https://127.0.0.1:{site}/trap
http://①②⑦.0.0.1:{trap}/ http://１２７.0.0.1:{trap}/ http://%31%32%37.0.0.1:{trap}/ http://127。0。0。1:{trap}/
http:\\127.0.0.1:{trap}/ \\127.0.0.1:{trap}\ http://127.0.0.1:{trap}\@127.0.0.1:{site}/ http:///127.0.0.1:{trap}/
http://localhost:{site}/trap http://127.0.0.2:{site}/trap http://127.0.0.1:{trap}%2f/ http://[127.0.0.1/ http://127.0.0.1:99999/
file:///etc/passwd data:text/html,x javascript:alert(1) ftp://127.0.0.1:{trap}/ FILE://localhost/etc/passwd
""".split()


def addresses(site: Replica, trap: Tripwire) -> list[str]:
    """Return places that are not the site, each once, however Scrapy spells it."""
    port = site.url.split(":")[2].rstrip("/")
    return [f"{place.format(trap=trap.port, site=port)}?{at}" for at, place in enumerate(ELSEWHERE)]


def sent_away(places: list[str]) -> list[Callable[[], web.Response]]:
    """Return an answer for each place that sends the reader there, by every status and by a page that refreshes."""
    refresh = '<html><head><meta http-equiv="refresh" content="0; url={}"></head><body>Moved</body></html>'
    pages = [refresh.format(escape(f"{place}&again")) for place in places[:4]]
    return [
        *(
            partial(web.Response, status=REDIRECTS[at % 5], headers={"Location": place})
            for at, place in enumerate(places)
        ),
        *(partial(web.Response, text=page, content_type="text/html") for page in pages),
        partial(web.Response, text="Moved", content_type="text/html", headers={"Refresh": f"0; url={places[0]}"}),
    ]


def counted(log: str) -> dict[str, int]:
    """Return blocked requests by cause, and links that lead elsewhere under "links"."""
    found = re.findall(r"'jiji/(?:offsite_requests/|offsite_|gate/)(\w+)': (\d+)", log)
    return {name: int(count) for name, count in found}


def test_redirect_of_an_article_leads_to_no_other_host(hostile: Crawls, trap: Tripwire) -> None:
    site = cast("Hostile", hostile.replica)
    keys = [row["id"] for row in site.ledger("national")]
    site.away = dict(zip(keys, sent_away(addresses(site, trap)), strict=False))
    assert len(site.away) < len(keys)
    run = hostile.run("national")
    assert run.status == 22, run.log
    assert not trap.hits
    assert not [asked for asked in site.requests if "trap" in asked]
    assert {line["id"] for line in hostile.lines("national")} == set(keys[len(site.away) :])
    assert run.log.count("Article not fetched") + run.log.count("Rejected page") == len(site.away)
    assert counted(run.log).keys() >= {"host", "port", "scheme", "user"}
    assert "Traceback" not in run.log
    site.away = {}
    assert hostile.run("national").status == 0
    assert {line["id"] for line in hostile.lines("national")} == set(keys)


def test_tripwire_notices_a_request(hostile: Crawls, trap: Tripwire) -> None:
    site = cast("Hostile", hostile.replica)
    there = f"http://127.0.0.1:{trap.port}/"
    site.away = {site.ledger("photos")[0]["id"]: sent_away([there])[0]}
    assert elsewhere(hostile, {}, [there], trusted=[there], RETRY_ENABLED="False").status
    assert trap.hits


def test_link_leads_to_no_other_host(hostile: Crawls, trap: Tripwire) -> None:
    site = cast("Hostile", hostile.replica)
    ours = ("", f"https{site.url[4:-1]}")  # a link may name the wrong scheme: it is mended
    places = [place for full in addresses(site, trap) if (place := full.rpartition("/")[0]) not in ours]
    links = [
        (f"{place}{path}", text)
        for place in places
        for path, text in (
            ("/jc/list", "NATIONAL"),
            ("/jc/eng?g=eco&k=2026010500999", "Story"),
            ("/jc/list?p=2", "More"),
        )
    ]
    site.lures = "".join(f'<li><a href="{escape(href)}">{text}</a></li>' for href, text in links)
    site.head = f'<link rel="canonical" href="{places[0]}/"><meta property="og:url" content="{places[0]}/">'
    run = hostile.run("national")
    assert run.status == 0, run.log
    assert not trap.hits
    assert not [asked for asked in site.requests if "trap" in asked or "2026010500999" in asked]
    assert counted(run.log)["links"] >= 2 * len(links)
    ids = [line["id"] for line in hostile.lines("national")]
    assert sorted(ids) == sorted(row["id"] for row in site.ledger("national"))


@pytest.mark.parametrize("how", ["redirect", "refresh", "base", "robots.txt"])
def test_home_page_leads_to_no_other_host(hostile: Crawls, trap: Tripwire, how: str) -> None:
    site = cast("Hostile", hostile.replica)
    there = f"http://localhost:{trap.port}/"
    ways = sent_away([there])
    site.home = {"redirect": ways[0], "refresh": ways[1]}.get(how)
    if how == "base":
        site.head = f'<base href="{there}">'
    if how == "robots.txt":
        site.robots = ways[0]
    run = hostile.run("national")
    assert run.status in (0, 20, 21, 22)
    assert "Traceback" not in run.log
    assert not trap.hits
    if how == "redirect":
        assert counted(run.log)["host"] == 1
        assert "Index page not read" in run.log


def test_log_shows_a_blocked_url_in_printable_ascii(hostile: Crawls, trap: Tripwire) -> None:
    site = cast("Hostile", hostile.replica)
    key = site.ledger("photos")[0]["id"]
    there = f"http://localhost:{trap.port}/\u202e\u009b31m%1b" + "x" * 3000
    site.away = {key: partial(web.Response, status=302, headers={"Location": there})}
    run = hostile.run("photos")
    said = [
        line for line in run.log.splitlines() if "Blocked off-site request (host not allowed by JIJI_BASE_URL)" in line
    ]
    assert said
    assert all(line.isascii() and line.isprintable() and len(line) < 500 for line in said)


def test_shell_names_the_setting_that_allows_a_host() -> None:
    command = [sys.executable, "-m", "scrapy", "shell", "-c", "response", "https://other.example/"]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert "Blocked off-site request (host not allowed by JIJI_BASE_URL): https://other.example/" in run.stderr
