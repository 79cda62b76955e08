"""What a Jiji URL means: which article, which page, and whether it may be asked for at all.

Pure functions over strings. Source of the rules: pages linked in public (``/jc/eng?g=eco&k=…``, ``/jc/i?g=eco&k=…``,
the twin host ``jen-k.jiji.com``); the section cannot be read from ``g``, which is ``eco`` on every known link.
"""

import re
from functools import cache, lru_cache
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from jiji.dates import day_of_key

HOST = "jen.jiji.com"
ALIASES = frozenset({HOST, "jen-k.jiji.com"})
"""Hosts that serve the same pages; a link to any of them is a link to the site that is being crawled."""

ARTICLE_PATHS = frozenset({"/jc/eng", "/jc/i"})
"""Two forms of one article page."""

TRACKING = re.compile(r"utm_\w+|fbclid|gclid|m|rel|ref")
"""Parameters that say where a reader came from, not what is shown."""

_LOOSE_KEY = re.compile(r"(?<!\d)\d{13}(?!\d)")
_PORTS = {"http": 80, "https": 443}


@lru_cache(maxsize=4096)
def key_of(url: str) -> str | None:
    """Return the publisher's key in a URL, the article's identity: 13 digits, of which the first eight are a day.

    >>> key_of("https://jen.jiji.com/jc/eng?g=eco&k=2026012700123")
    '2026012700123'
    >>> key_of("/jc/i?k=2026012700123&amp;g=eco#top")
    '2026012700123'
    >>> key_of("/jc/photo/2026012700123.html")
    '2026012700123'
    >>> key_of("/jc/eng?g=eco&k=2026993100123") is None  # no such day
    True
    >>> key_of("/jc/eng?g=eco") is None
    True
    """
    try:
        parts = urlsplit(url.replace("&amp;", "&"))
    except ValueError:
        return None
    named = [value for name, value in parse_qsl(parts.query) if name == "k"]
    loose = _LOOSE_KEY.findall(f"{parts.path}?{parts.query}")
    return next((key for key in named or loose if day_of_key(key)), None)


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
        parts = urlsplit(url.strip())
        site = _site(parts.scheme, parts.netloc)
    except ValueError:
        site = None
    if (
        site is None
        or parts.path not in ("", "/")
        or parts.query
        or parts.fragment
        or (parts.scheme == "http" and not is_loopback(site[0]))
    ):
        raise ValueError(f"{url!r} is not the root of a site: expected https://HOST[:PORT]/, http only for loopback")
    return urlunsplit((parts.scheme, parts.netloc.lower(), "/", "", ""))


def hosts_of(root: str) -> frozenset[str]:
    """Return the hosts that may be asked when crawling the site below ``root``.

    >>> sorted(hosts_of("https://jen.jiji.com/")), sorted(hosts_of("http://127.0.0.1:8000/"))
    (['jen-k.jiji.com', 'jen.jiji.com'], ['127.0.0.1'])
    """
    host = urlsplit(root).hostname or ""
    return ALIASES if host in ALIASES else frozenset({host})


def is_loopback(host: str) -> bool:
    """Say whether a host name means this machine itself.

    >>> is_loopback("localhost"), is_loopback("127.0.0.5"), is_loopback("::1"), is_loopback("10.0.0.1")
    (True, True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def locate(href: str, page: str, root: str) -> str | None:
    """Return the one URL to ask for what a link on ``page`` leads to; None if that is not on the site below ``root``.

    All spellings of one article become one URL; hosts known as the site's own become ``root``'s.

    >>> root = "https://jen.jiji.com/"
    >>> locate("i?k=2026012700123&amp;g=eco&utm_source=x#top", root + "jc/eng?g=eco", root)
    'https://jen.jiji.com/jc/eng?g=eco&k=2026012700123'
    >>> locate("http://jen-k.jiji.com/jc/list?g=pol&p=2#top", root, root)
    'https://jen.jiji.com/jc/list?g=pol&p=2'
    >>> [locate(href, root, root) for href in ("//user@jen.jiji.com/", "//jen.jiji.com.example/", "javascript:void(0)")]
    [None, None, None]
    """
    href = re.sub(r"[\t\r\n]", "", href.strip()).replace("&amp;", "&")
    if re.search(r"[\\\x00-\x1f\x7f]", href):
        return None
    try:
        parts = urlsplit(urljoin(page, href))
        if _site(parts.scheme, parts.netloc) not in _sites(root):
            return None
    except ValueError:
        return None
    path, query = _plain(parts.path or "/", parts.query, key_of(urlunsplit(parts)))
    return on_root(urlunsplit(("", "", path, query, "")), root)


def canonical(url: str) -> str:
    """Return the URL by which an article is known, whatever form of it was asked for.

    >>> canonical("http://jen-k.jiji.com/jc/i?k=2026012700123&g=eco#top")
    'https://jen.jiji.com/jc/eng?g=eco&k=2026012700123'
    """
    root = f"https://{HOST}/" if (urlsplit(url).hostname or "") in ALIASES else urljoin(url, "/")
    return locate(url, url, root) or url


def _plain(path: str, query: str, key: str | None) -> tuple[str, str]:
    """Return path and query without what does not change the page."""
    if key is None:
        return path, query
    wanted = {name: value for name, value in sorted(parse_qsl(query)) if not TRACKING.fullmatch(name)}
    if path in ARTICLE_PATHS:
        return "/jc/eng", urlencode({"g": wanted.get("g", "eco"), "k": key})
    return path, urlencode(wanted)


def _site(scheme: str, netloc: str) -> tuple[str, int] | None:
    """Return host and port; None for another scheme, user info or no host. Raises ValueError for a wrong port."""
    parts = urlsplit(f"//{netloc}")
    if scheme not in _PORTS or "@" in netloc or not parts.hostname:
        return None
    return parts.hostname.rstrip("."), parts.port or _PORTS[scheme]


@cache
def _sites(root: str) -> set[tuple[str, int] | None]:
    """Return host and port of ``root`` and of all that is known to serve the same pages."""
    parts = urlsplit(root)
    own = _site(parts.scheme, parts.netloc)
    return {own, *((alias, port) for alias in ALIASES for port in _PORTS.values())}


def on_root(url: str, root: str) -> str:
    """Return the same page of the site below ``root``: a URL that was written down when the root was another.

    >>> on_root("https://jen.jiji.com/jc/eng?g=eco&k=2026012700123", "http://127.0.0.1:8000/")
    'http://127.0.0.1:8000/jc/eng?g=eco&k=2026012700123'
    """
    parts = urlsplit(url)
    return urljoin(root, urlunsplit(("", "", re.sub("^/*", "/", parts.path), parts.query, "")))
