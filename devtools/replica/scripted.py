"""Scripted pages of the replica: shells that fill themselves with the content of the page."""

import json
import re
from enum import StrEnum
from urllib.parse import quote

from devtools.replica.layouts import render

CONTENT_PATH = "/api/page"
SCRIPT_PATH = "/js/page.js"
SLOW_PATH = "/api/never"
"""Address that never answers."""
FILE_PATH = "/api/file.zip"
ELSEWHERE_PATH = "/api/elsewhere"
"""Address that redirects to another host."""

_BODY = re.compile(r"(?is)<body[^>]*>(.*)</body>")
_TITLE = re.compile(r"(?is)<title>(.*?)</title>")


class Mischief(StrEnum):
    """Hostile or broken behaviour of a page's scripts, beside filling the page."""

    NEVER_ENDS = "never ends"
    """Changes the text for ever."""
    WAITS = "waits"
    """Waits for an answer that never comes."""
    CALLS_ELSEWHERE = "calls elsewhere"
    """Calls other hosts in every way that a page has."""
    LEAVES = "leaves"
    """Leads the reader to another host."""
    DIALOG = "dialog"
    """Opens dialogs."""
    DOWNLOAD = "download"
    """Starts downloads."""
    GREEDY = "greedy"
    """Asks the site for more than a reader would, and for what robots.txt disallows."""
    HANGS = "hangs"
    """Computes for ever."""


def shell(address: str, mischief: Mischief | None, elsewhere: str) -> str:
    """Return the page at an address without its content; ``elsewhere`` is the host and port that it calls."""
    return render(
        "shell.html",
        content=f"{CONTENT_PATH}?of={quote(address, safe='')}",
        script=SCRIPT_PATH,
        mischief=mischief.name if mischief else "",
        elsewhere=elsewhere,
        slow=SLOW_PATH,
        file=FILE_PATH,
        redirect=ELSEWHERE_PATH,
    )


def content(page: bytes) -> bytes:
    """Return the content of a page, from which the script fills the shell."""
    try:
        html = page.decode("utf-8")
    except UnicodeDecodeError:
        html = page.decode("euc-jp")
    title, body = _TITLE.search(html), _BODY.search(html)
    return json.dumps({"title": title[1] if title else "", "body": body[1] if body else html}).encode("ascii")
