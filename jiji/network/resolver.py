"""Names are looked up as Scrapy does; those that lead into a private network are refused."""

import logging
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address
from socket import AF_INET, SOCK_STREAM, getaddrinfo
from typing import NoReturn, Self, cast
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver, dnscache
from scrapy.settings import BaseSettings
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import IReactorTime
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from jiji.configuration import Configuration

logger = logging.getLogger(__name__)


class PublicResolver(CachingThreadedResolver):
    """Refuse a name of which any address is not public, unless the user chose it; there is one for the process."""

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.trusted: frozenset[str] = frozenset()
        self.refused: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Return the resolver; it trusts the names that settings and environment give."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.trusted = frozenset(_trusted(crawler.settings))
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """Return the first IPv4 address of a name, from Scrapy's cache or looked up within DNS_TIMEOUT seconds."""
        if name in dnscache:
            return succeed(dnscache[name])
        found = deferToThread(_addresses, name)
        found.addTimeout(self.timeout, cast("IReactorTime", self.reactor))
        return found.addCallbacks(self._judge, _not_found, callbackArgs=(name,), errbackArgs=(name,))

    def _judge(self, addresses: list[str], name: str) -> str:
        private = [address for address in addresses if not is_public(address)]
        if private and name.lower() not in self.trusted:
            self.refused.add(name.lower())
            logger.warning("Refused: %a leads to %s, no public address", name, ", ".join(private))
            raise DNSLookupError(f"{name} leads to {private[0]}, no public address")
        self.refused.discard(name.lower())
        dnscache[name] = addresses[0]
        return addresses[0]


def is_public(address: str) -> bool:
    """Say whether an IPv4 address is one of the open internet's.

    >>> [is_public(address) for address in ("127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "0.0.0.0")]
    [False, False, False, False, False]
    >>> is_public("224.0.0.251"), is_public("203.0.113.7"), is_public("8.8.8.8")
    (False, False, True)
    """
    told = IPv4Address(address)
    return told.is_global and not told.is_multicast


def _addresses(name: str) -> list[str]:
    return [str(where[0]) for *_, where in getaddrinfo(name, None, AF_INET, SOCK_STREAM)]


def _not_found(failure: Failure, name: str) -> NoReturn:
    raise DNSLookupError(f"address {name!r} not found: {failure.getErrorMessage()}")


def _trusted(settings: BaseSettings) -> Iterator[str]:
    """Yield the hosts of the site, the mail server and the proxies; what is no URL is for others to complain of."""
    proxies = getproxies()
    base_url = Configuration.from_settings(settings).base_url
    for url in (base_url, settings["MAIL_HOST"], *(proxies[kind] for kind in proxies if kind != "no")):
        try:
            yield urlsplit(url if "://" in url else f"//{url}").hostname or ""
        except ValueError:
            continue
