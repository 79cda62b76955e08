"""Runs ``scrapy`` where JSON in NAMES says which addresses a name has, and SITES what else the gate lets through.

The site's other hosts are asked on port 443 only, which a test cannot serve: so a test names its own.
"""

import json
import os
import socket
from typing import Any
from unittest.mock import patch

from scrapy.cmdline import execute

NAMES: dict[str, list[str]] = json.loads(os.environ.get("NAMES", "{}"))
SITES: list[str] = json.loads(os.environ.get("SITES", "[]"))

_getaddrinfo = socket.getaddrinfo


def getaddrinfo(host: str, port: Any, *rest: Any) -> list[Any]:
    if host not in NAMES:
        return _getaddrinfo(host, port, *rest)
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0)) for address in NAMES[host]]


def gethostbyname(host: str) -> str:
    return str(getaddrinfo(host, None, socket.AF_INET)[0][4][0])


if __name__ == "__main__":
    with patch("socket.getaddrinfo", getaddrinfo), patch("socket.gethostbyname", gethostbyname):
        from jiji.site import urls

        more = {urls.site_of(site) for site in SITES}
        with patch.object(urls, "_requested", lambda root: {urls.site_of(root), *more}):
            execute()
