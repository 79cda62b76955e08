"""Runs ``scrapy`` with names that have the addresses in NAMES (JSON), and with more allowed sites.

SITES lists base URLs that the off-site check allows as well: the site's other hosts are requested on port 443 only,
which a test cannot serve. TRUSTED lists those that may have private addresses.
"""

import json
import os
import socket
from typing import Any
from unittest.mock import patch

from scrapy.cmdline import execute

NAMES: dict[str, list[str]] = json.loads(os.environ.get("NAMES", "{}"))
SITES: list[str] = json.loads(os.environ.get("SITES", "[]"))
TRUSTED: list[str] = json.loads(os.environ.get("TRUSTED", "[]"))

_getaddrinfo = socket.getaddrinfo


def getaddrinfo(host: str, port: Any, *rest: Any, **more: Any) -> list[Any]:
    if host not in NAMES:
        return _getaddrinfo(host, port, *rest, **more)
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0)) for address in NAMES[host]]


if __name__ == "__main__":
    with patch("socket.getaddrinfo", getaddrinfo):
        from jiji.network import resolver
        from jiji.site import urls

        sites = {urls.site_of(site) for site in SITES}
        trusted = {(urls.site_of(site).host, urls.site_of(site).port) for site in TRUSTED}
        original = resolver.PublicAddressResolver.__init__

        def trusting(self: resolver.PublicAddressResolver, timeout: float) -> None:
            original(self, timeout)
            for host, port in trusted:
                self.trust(host, port)

        with (
            patch.object(urls, "_requested", lambda root: {urls.site_of(root), *sites}),
            patch.object(resolver.PublicAddressResolver, "__init__", trusting),
        ):
            execute()
