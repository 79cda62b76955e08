"""DNS resolver with SSRF protection: a name with a private address is refused.

aiohttp connects to the addresses that were checked here, without a second look-up. It does not ask the resolver about
literal addresses (``http://10.0.0.1/``); the download handler checks those with `check_addresses`.
"""

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp.abc import AbstractResolver, ResolveResult
from scrapy.exceptions import IgnoreRequest

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


class PrivateAddress(IgnoreRequest):
    """The host has an address that is not public."""

    def __init__(self, host: str, address: str) -> None:
        of_host = "" if host == address else f" of {host}"
        super().__init__(f"the address {address}{of_host} is not public; set JIJI_BASE_URL to crawl this host")


class PublicAddressResolver(AbstractResolver):
    """Resolver of one crawl. Hosts that the user chose, with their ports, may have private addresses."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._trusted: set[tuple[str, int]] = set()

    def trust(self, host: str, port: int) -> None:
        """Allow private addresses for a host and port that the user chose."""
        self._trusted.add((host.lower(), port))

    def check_addresses(self, host: str, port: int, *addresses: str) -> None:
        """Raise PrivateAddress unless all addresses of a host are public, or the user chose the host."""
        private = next((address for address in addresses if not is_public(address)), None)
        if private is not None and (host.lower(), port) not in self._trusted:
            raise PrivateAddress(host, private)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a name, IPv4 and IPv6.

        Raises PrivateAddress if any of them is private, and OSError where none is known within DNS_TIMEOUT.
        """
        try:
            async with asyncio.timeout(self._timeout):
                addresses = await _in_daemon_thread(partial(_look_up, host, port, family))
        except TimeoutError:
            raise socket.gaierror(
                socket.EAI_AGAIN, f"no answer of the name server within {self._timeout:g} s (DNS_TIMEOUT)"
            ) from None
        self.check_addresses(host, port, *(address for address, _ in addresses))
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST)
            for address, kind in addresses
        ]

    async def close(self) -> None:
        """Do nothing: no resource is held."""


def is_public(address: str) -> bool:
    """Return whether an address is a unicast address of the public internet.

    An IPv6 address that stands for an IPv4 address (mapped, NAT64, 6to4) is judged by that one.

    >>> [is_public(text) for text in ("127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "224.0.0.251")]
    [False, False, False, False, False]
    >>> [is_public(text) for text in ("::1", "fe80::1%eth0", "fd00::1", "ff02::fb", "2001:db8::1", "::10.0.0.1")]
    [False, False, False, False, False, False]
    >>> [is_public(text) for text in ("::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "2002:a00:1::1")]
    [False, False, False]
    >>> [is_public(text) for text in ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8")]
    [True, True, True, True]
    """
    known = ip_address(address)
    if isinstance(known, IPv6Address):
        embedded = known.ipv4_mapped or known.sixtofour
        if known in _NAT64:
            embedded = IPv4Address(int(known) & 0xFFFFFFFF)
        if embedded is None:
            return known in _GLOBAL_UNICAST and known.is_global
        known = embedded
    return known.is_global and not known.is_multicast


Addresses = list[tuple[str, int]]
"""Addresses of a name, each with its address family."""


def _look_up(host: str, port: int, family: socket.AddressFamily) -> Addresses:
    found = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((str(where[0]), int(kind)) for kind, _, _, _, where in found))


def _in_daemon_thread(look_up: Callable[[], Addresses]) -> asyncio.Future[Addresses]:
    """Return a look-up's result; a thread of asyncio's executor that hangs would keep the process from exiting."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Addresses] = loop.create_future()

    def run() -> None:
        found: Addresses | None = None
        error: Exception | None = None
        try:
            found = look_up()
        except OSError as cause:
            error = cause
        except Exception as cause:  # UnicodeError: not a host name, for example a label of 64 characters
            error = socket.gaierror(socket.EAI_NONAME, str(cause))
        with suppress(RuntimeError):  # the event loop is closed: the run is over
            loop.call_soon_threadsafe(finish, found, error)

    def finish(found: Addresses | None, error: Exception | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        elif found is not None:
            future.set_result(found)

    threading.Thread(target=run, name="DNS", daemon=True).start()
    return future
