"""URLs of the site: article IDs, canonical URLs, and the one decision on what may be requested.

Pure functions over strings. Source of the rules: pages linked in public (``/jc/eng?g=eco&k=…``, ``/jc/i?g=eco&k=…``,
the twin hosts ``jen-k.jiji.com`` and ``jen-f.jiji.com``); the section cannot be read from ``g``, which is ``eco`` on
every known link.
"""

import re
from enum import StrEnum
from functools import cache, lru_cache
from ipaddress import ip_address
from itertools import product
from string import ascii_lowercase
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from jiji.text.dates import day_of_id

HOST = "jen.jiji.com"
DEFAULT_ROOT = f"https://{HOST}/"
ALIASES = frozenset({HOST, *(f"jen-{letter}.jiji.com" for letter in ascii_lowercase)})
"""Hosts of the same pages. A link to any of them is a link to the site. Only ``jen-k`` and ``jen-f`` are seen."""
_REQUESTED_HOSTS = frozenset({HOST, "jen-k.jiji.com"})
"""Hosts that may be asked, beside the root's own."""

ARTICLE_PATHS = frozenset({"/jc/eng", "/jc/i"})
"""Two templates of one article (seen)."""

TRACKING = re.compile(r"utm_\w+|fbclid|gclid|m|rel|ref")
"""Tracking parameters, which do not change the page."""

_LONGEST_URL = 4096
"""Characters of a URL with an article ID. Longer ones would fill the cache."""
_NAMED_ID = re.compile(r"\W*([0-9]{13})\W*")
"""An ID with a space, a dot or a quote that slipped into the link behind it."""
_CANONICAL = re.compile(r"(?P<root>https?://(?P<host>[a-z0-9.-]+)(?::[0-9]+)?/)jc/eng\?g=[a-z]+&k=[0-9]{13}")
"""URL that is canonical already, unless its host has another name."""
PHONE_PATH = "/jc/i?"
"""Path of the template for phones, with the start of its query."""

_LOOSE_ID = re.compile(
    r"(?<!\d)(?<!before.)(?<!after.)(?<!until.)(?<!since.)(?<!older.)([0-9]{13})(?!\d)", re.IGNORECASE
)
"""An ID in a path, not one that only says where a page of a list begins."""
_NAMES_OF_IDS = re.compile(
    r"(?!max|min|since|before|after|until|last|first|from|to_?|end|start|older|newer|next|prev|cursor)"
    r"(?:key|(?:\w+[_-])?(?:no|num|number)|\w*id|article|news|story|entry|item|photo|doc)",
    re.IGNORECASE,
)
"""Parameters besides ``k`` that may hold an ID."""
_SLIPPED_IN = re.compile(r"(?:%20|%E3%80%80|%22|%27|%E2%80%9D|[.'\"])+$", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_CONFUSING = re.compile(r"[\x00-\x20\x7f\\]|^(https?:)?//([/?#]|$)", re.IGNORECASE)
"""Characters with different meanings to different parsers of URLs: dropped, a slash, or part of a name."""
_AUTHORITY = re.compile(
    r"(?P<host>[a-z0-9._-]+|\[[0-9a-f:.]+\])(:(?P<port>[1-9][0-9]{0,4}))?", re.ASCII | re.IGNORECASE
)
"""A host and port that every parser reads alike: no user info, no escapes, no other alphabets, no empty port."""


class OffsiteCause(StrEnum):
    """Part of a URL for which a request is off-site."""

    SCHEME = "scheme"
    HOST = "host"
    PORT = "port"
    USER = "user"
    SPELLING = "spelling"
    ADDRESS = "address"


class UnclearURL(ValueError):
    """The URL is not on the web, or parsers of URLs read it in different ways."""

    def __init__(self, cause: OffsiteCause) -> None:
        super().__init__(cause)
        self.cause = cause


class Site(NamedTuple):
    """Scheme, host and port of a connection."""

    scheme: str
    host: str
    port: int


def site_of(url: str) -> Site:
    """Return scheme, host and port of a URL.

    Raises UnclearURL, with the cause: a scheme that is not on the web, a user, a spelling that not all parsers read
    alike, or an impossible port.

    >>> site_of("https://JEN.jiji.com?k=1")
    Site(scheme='https', host='jen.jiji.com', port=443)
    """
    scheme, _, rest = url.partition(":")
    if scheme.lower() not in _PORTS:
        raise UnclearURL(OffsiteCause.SCHEME)
    authority = re.split("[/?#]", rest[2:], maxsplit=1)[0]
    if "@" in authority:
        raise UnclearURL(OffsiteCause.USER)
    plain = _AUTHORITY.fullmatch(authority)
    if not rest.startswith("//") or not plain or _CONFUSING.search(url):
        raise UnclearURL(OffsiteCause.SPELLING)
    port = int(plain["port"] or _PORTS[scheme.lower()])
    if port > 65535:
        raise UnclearURL(OffsiteCause.PORT)
    return Site(scheme.lower(), plain["host"].lower().strip("[]"), port)


def offsite_cause(url: str, root: str) -> OffsiteCause | None:
    r"""Return the cause for which a request is off-site when crawling the site below ``root``; None if it is not.

    The one decision on requests, for links, redirects, settings and retries alike (SSRF protection). Only what is
    known is let through, so no list of private addresses and of their spellings is needed, which would never be whole.

    >>> root = "https://jen.jiji.com/"
    >>> def causes(*urls):
    ...     return [str(offsite_cause(url, root)) for url in urls]
    >>> causes(root, "https://jen-k.jiji.com:443/jc/i?g=eco", "HTTPS://JEN.JIJI.COM#top")
    ['None', 'None', 'None']
    >>> causes("file:///etc/passwd", "//jen.jiji.com/", "http://jen.jiji.com/")
    ['scheme', 'scheme', 'scheme']
    >>> causes("https://jen.jiji.com.evil.example/", "https://2130706433/", "https://[::1]/")
    ['host', 'host', 'host']
    >>> causes(root + "\\@evil.example", "https://\uff4aen.jiji.com/", "https:/jen.jiji.com/")
    ['spelling', 'spelling', 'spelling']
    >>> causes("https://jen.jiji.com:8443/", "https://jen.jiji.com:x@evil.example/")
    ['port', 'user']
    >>> offsite_cause("http://127.0.0.1:8000/jc/eng", "http://127.0.0.1:8000/") is None
    True
    """
    return _offsite_cause(url, _requested(root))


def _offsite_cause(url: str, sites: frozenset[Site]) -> OffsiteCause | None:
    try:
        site = site_of(url)
    except UnclearURL as error:
        return error.cause
    if site in sites:
        return None
    schemes = {known.scheme for known in sites if known.host == site.host}
    if not schemes:
        return OffsiteCause.HOST
    return OffsiteCause.PORT if site.scheme in schemes else OffsiteCause.SCHEME


def article_id_in(url: str) -> str | None:
    """Return the article ID in a URL: 13 digits, of which the first eight are a day.

    >>> article_id_in("https://jen.jiji.com/jc/eng?g=eco&k=2026012700123")
    '2026012700123'
    >>> article_id_in("/jc/i?k=2026012700123&amp;g=eco#top")
    '2026012700123'
    >>> article_id_in("/jc/photo/2026012700123.html")
    '2026012700123'
    >>> article_id_in("/jc/eng?g=eco&k=2026012700123%20"), article_id_in("/jc/eng?g=eco&k=2026993100123")  # no such day
    ('2026012700123', None)
    >>> [article_id_in(f"/jc/list?{query}") for query in ("c=pol", "before=2026012700123", "c=pol&t=2026012700123")]
    [None, None, None]
    """
    return _article_id_in(url) if len(url) <= _LONGEST_URL else None


@lru_cache(maxsize=4096)
def _article_id_in(url: str) -> str | None:
    try:
        parts = urlsplit(url.replace("&amp;", "&"))
        query = parse_qsl(parts.query)
    except ValueError:
        return None
    found = [value for name, value in query if name == "k"]
    if not found:
        found = _LOOSE_ID.findall(unquote(parts.path))
        found += [value for name, value in query if _NAMES_OF_IDS.fullmatch(name)]
    digits = (match[1] for value in found if (match := _NAMED_ID.fullmatch(value)))
    return next((each for each in digits if day_of_id(each)), None)


def names_article_as_the_site(url: str) -> bool:
    """Return whether a URL names an article in the form that all links of the site have.

    >>> names_article_as_the_site("/jc/eng?g=eco&k=2026012700123"), names_article_as_the_site("/jc/print/2026012700123")
    (True, False)
    """
    return urlsplit(url).path in ARTICLE_PATHS and names_key(url)


def names_key(url: str) -> bool:
    """Return whether a URL has the parameter ``k``."""
    return "k" in dict(parse_qsl(urlsplit(url).query))


def root_of(url: str) -> str:
    """Return the root of the site to crawl, checked and in one spelling.

    Raises ValueError, with what is accepted, for anything but the root of an https host (http for loopback only).

    >>> root_of("https://JEN.jiji.com")
    'https://jen.jiji.com/'
    >>> root_of("http://127.0.0.1:8000/")
    'http://127.0.0.1:8000/'
    >>> root_of("http://jen.jiji.com/")
    Traceback (most recent call last):
    ValueError: 'http://jen.jiji.com/' is not the root of a site: expected https://HOST[:PORT]/, http only for loopback
    """
    try:
        site, parts = site_of(url.strip()), urlsplit(url.strip())
    except ValueError:
        site = None
    if (
        site is None
        or parts.path not in ("", "/")
        or parts.query
        or parts.fragment
        or (site.scheme == "http" and not is_loopback(site.host))
    ):
        raise ValueError(f"{url!r} is not the root of a site: expected https://HOST[:PORT]/, http only for loopback")
    return urlunsplit((parts.scheme, parts.netloc.lower(), "/", "", ""))


def hosts_of(root: str) -> frozenset[str]:
    """Return the hosts that may be asked when crawling the site below ``root``.

    >>> sorted(hosts_of("https://jen.jiji.com/")), sorted(hosts_of("http://127.0.0.1:8000/"))
    (['jen-k.jiji.com', 'jen.jiji.com'], ['127.0.0.1'])
    """
    host = urlsplit(root).hostname or ""
    return _REQUESTED_HOSTS | {host} if host in ALIASES else frozenset({host})


def is_loopback(host: str) -> bool:
    """Say whether a host name means this machine itself.

    >>> is_loopback("localhost"), is_loopback("127.0.0.5"), is_loopback("::1"), is_loopback("10.0.0.1")
    (True, True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_same_site(url: str, root: str) -> bool:
    """Return whether a URL is one of the site below ``root``, by any of its names; ports make no difference.

    >>> is_same_site("https://jen.jiji.com/jc/eng?k=1", "https://jen-k.jiji.com/")
    True
    >>> is_same_site("http://localhost:8000/jc/eng?k=1", "http://127.0.0.1:8970/")
    True
    >>> is_same_site("http://127.0.0.1:8970/jc/eng?k=1", DEFAULT_ROOT)
    False
    """
    host, own = urlsplit(url).hostname or "", urlsplit(root).hostname or ""
    return host == own or {host, own} <= ALIASES or (is_loopback(host) and is_loopback(own))


def locate(href: str, page: str, root: str) -> str | None:
    """Return the URL to request for a link on ``page``; None for a link off the site below ``root``.

    All URLs of one article become one URL. The site's own hosts become ``root``'s.

    >>> root = "https://jen.jiji.com/"
    >>> locate("i?k=2026012700123&amp;g=eco&utm_source=x#top", root + "jc/eng?g=eco", root)
    'https://jen.jiji.com/jc/eng?g=eco&k=2026012700123'
    >>> locate("http://jen-k.jiji.com/jc/list?g=pol&p=2#top", root, root)
    'https://jen.jiji.com/jc/list?g=pol&p=2'
    >>> locate("https://jen-f.jiji.com/jc/i?k=2026012700123", root, root)
    'https://jen.jiji.com/jc/eng?g=eco&k=2026012700123'
    >>> [locate(href, root, root) for href in ("//user@jen.jiji.com/", "//jen.jiji.com.example/", "javascript:void(0)")]
    [None, None, None]
    """
    href = re.sub(r"[\t\r\n]", "", href.strip()).replace("&amp;", "&").replace(" ", "%20")
    try:
        url = urljoin(page, href)
        if _CONFUSING.search(href) or _offsite_cause(url, _linked(root)):
            return None
    except ValueError:
        return None
    parts = urlsplit(url)
    path, query = _plain(parts.path or "/", parts.query, article_id_in(url))
    return on_root(parts._replace(path=path, query=query).geturl(), root)


def canonical(url: str) -> str:
    """Return the canonical URL of an article from any of its URLs.

    >>> canonical("http://jen-k.jiji.com/jc/i?k=2026012700123&g=eco#top")
    'https://jen.jiji.com/jc/eng?g=eco&k=2026012700123'
    """
    plain = _CANONICAL.fullmatch(url)
    if plain and (plain["root"] == DEFAULT_ROOT or plain["host"] not in ALIASES) and article_id_in(url):
        return url  # as most links are
    root = f"https://{HOST}/" if (urlsplit(url).hostname or "") in ALIASES else urljoin(url, "/")
    return locate(url, url, root) or url


def _plain(path: str, query: str, article_id: str | None) -> tuple[str, str]:
    """Return path and query without tracking parameters."""
    if article_id is None:
        return path, query
    wanted = {name: value for name, value in sorted(parse_qsl(query)) if not TRACKING.fullmatch(name)}
    if path in ARTICLE_PATHS:
        return "/jc/eng", urlencode({"g": wanted.get("g", "eco"), "k": article_id})
    return _SLIPPED_IN.sub("", path), urlencode(wanted | ({"k": article_id} if "k" in wanted else {}))


@cache
def _requested(root: str) -> frozenset[Site]:
    """Return what may be connected to: the site below ``root``, and if it is Jiji's, its other hosts."""
    return frozenset({site_of(root), *(Site("https", host, 443) for host in hosts_of(root) & ALIASES)})


@cache
def _linked(root: str) -> frozenset[Site]:
    """Return what a link may name and mean the site below ``root``: any scheme, any alias, a dot at the end."""
    own = site_of(root)
    places = {(own.host, own.port), *product(ALIASES, _PORTS.values())}
    return frozenset(Site(scheme, host + dot, port) for scheme in _PORTS for host, port in places for dot in ("", "."))


def on_root(url: str, root: str) -> str:
    """Return the URL of the same page of the site below ``root``, for a URL stored under another root.

    >>> on_root("https://jen.jiji.com/jc/eng?g=eco&k=2026012700123", "http://127.0.0.1:8000/")
    'http://127.0.0.1:8000/jc/eng?g=eco&k=2026012700123'
    """
    parts = urlsplit(url)
    return urljoin(root, urlunsplit(("", "", re.sub("^/*", "/", parts.path), parts.query, "")))
