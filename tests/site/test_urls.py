"""Off-site check, compared with the URL parsers of yarl, Twisted and browsers."""

from urllib.parse import urldefrag

import ada_url
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scrapy import Request
from twisted.web.client import URI

from jiji.site.urls import article_id_in, canonical, is_same_site, locate, offsite_cause, root_of

LIVE = "https://jen.jiji.com/"
LOCAL = "http://127.0.0.1:8000/"
JIJI = {("https", "jen.jiji.com", 443), ("https", "jen-k.jiji.com", 443)}
ALLOWED = {
    LIVE: JIJI,
    "https://jen-k.jiji.com/": JIJI,
    "https://jen-f.jiji.com/": JIJI | {("https", "jen-f.jiji.com", 443)},
    LOCAL: {("http", "127.0.0.1", 8000)},
    "http://[::1]:8000/": {("http", "::1", 8000)},
    "http://localhost/": {("http", "localhost", 80)},
    "https://news.example:8443/": {("https", "news.example", 8443)},
}
TWINS = {f"jen-{letter}.jiji.com" for letter in "abcdefghijklmnopqrstuvwxyz"}
LINKED = {site[1] for sites in ALLOWED.values() for site in sites} | TWINS

SCHEMES = "https http HTTPS hTTp file data javascript ftp ws wss view-source jar about blob gopher \u0455http".split(
    " "
)
SLASHES = ["://", "://", "://", ":/", ":", ":///", ":\\\\", ":/\\", "//", "", ":// ", ":\t//", "\u2044\u2044", "%3A//"]
USERS = [
    "",
    "",
    "",
    "",
    "a@",
    "a:b@",
    "@",
    ":@",
    "jen.jiji.com@",
    "jen.jiji.com:443@",
    "jen.jiji.com%40",
    "a\\@",
    "\uff20",
]
HOSTS = """
jen-f.jiji.com jen-ff.jiji.com jen-1.jiji.com jen-f.jiji.com.evil.example
jen.jiji.com jen-k.jiji.com JEN.JIJI.COM jen.jiji.com. jen.jiji.com.. .jen.jiji.com jen-jiji.com evil.example
jen.jiji.com.evil.example jiji.com www.jiji.com xjen.jiji.com jen.jiji.co news.example news.example.
jen%2ejiji.com jen.jiji%00.com jen.jiji.com%00.evil.example xn--jn-nlc.jiji.com
\uff4a\uff45\uff4e.jiji.com jen\u3002jiji\u3002com j\u0435n.jiji.com jen.j\u0131ji.com jen.jiji.\u24d2\u24de\u24dc
jen\u00ad.jiji.com jen.jiji.com\u2100evil.example \u212ajen.jiji.com
127.0.0.1 127.0.0.1. 127.1 127.0.1 0 0.0.0.0 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 127.0.0.2
127.000.000.001 %31%32%37.0.0.1 10.0.0.1 192.168.0.1 169.254.169.254 100.64.0.1 224.0.0.1
\u2460\u2461\u2466.0.0.1 \uff11\uff12\uff17.0.0.1 127\u30020\u30020\u30021
[::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [64:ff9b::7f00:1] [64:ff9b::127.0.0.1] [fe80::1]
[fe80::1%25lo] [::1%lo] [ff02::1] [fc00::1] [2002:7f00:1::] [::127.0.0.1] [v1.x] [127.0.0.1] [jen.jiji.com]
::1 [::1 ::1] localhost LOCALHOST localhost. localhost.localdomain ip6-localhost
""".split()
PORTS = [
    *("", "", "", ":", ":443", ":80", ":8000", ":8443", ":22", ":0", ":0443", ":+443", ":4_43", ":-1", ":65979"),
    *(":99999", ":443x", ": 443", ":443 ", ":443:443", ":%34%34%33", ":\uff14\uff14\uff13"),
]
TAILS = [
    *("", "/", "/jc/eng?g=eco&k=2026012700123", "?k=1", "#x", ";x", "?@evil.example/", "#@evil.example/"),
    *("/@evil.example", "\\@evil.example/", "/..//evil.example/", "//evil.example/", "/\r\nHost: evil.example"),
    *(" .evil.example/", "\x00.evil.example/"),
]
NASTY = st.sampled_from(
    [*"\\/@:?#%.;&[]\t\n\r \x00\x0b\x1f\x7f\x85\xa0", "\u2028", "\u3000", "\u200b", "\uff0f", "\u2044", "\ufe56"]
)

plain = st.tuples(*map(st.sampled_from, (SCHEMES, SLASHES, USERS, HOSTS, PORTS, TAILS))).map("".join)
roots = st.sampled_from(sorted(ALLOWED))
good = st.tuples(roots, st.sampled_from(TAILS)).map(lambda parts: parts[0][:-1] + parts[1])


@st.composite
def spoiled(draw: st.DrawFn) -> str:
    """Return a URL with a character or two put in or put in the place of others."""
    url = draw(plain | good)
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(url)))
        url = url[:at] + draw(NASTY) + url[at + draw(st.integers(0, 1)) :]
    return url


def by_twisted(url: str) -> tuple[str, str, int]:
    """Return what Scrapy's downloader connects to."""
    uri = URI.fromBytes(urldefrag(url)[0].encode("ascii"))  # type: ignore[no-untyped-call]
    return uri.scheme.decode(), uri.host.decode().lower(), uri.port


def by_browsers(url: str, base: str | None = None) -> tuple[str, str, int]:
    """Return what a browser connects to; raises ValueError for no URL."""
    told = ada_url.URL(url, base)
    scheme = told.protocol[:-1]
    return scheme, told.hostname.strip("[]"), int(told.port or {"http": 80, "https": 443}.get(scheme, 0))


@settings(max_examples=1500, derandomize=True, deadline=None)
@given(url=spoiled(), root=roots)
def test_what_passes_connects_to_the_site_and_nowhere_else(url: str, root: str) -> None:
    if offsite_cause(url, root) is None:
        assert by_browsers(url) in ALLOWED[root]
    try:
        request = Request(url)
    except ValueError:
        return
    if offsite_cause(request.url, root) is None:
        assert by_twisted(request.url) in ALLOWED[root]
        assert by_browsers(request.url) in ALLOWED[root]


@settings(max_examples=1500, derandomize=True, deadline=None)
@given(href=spoiled() | st.lists(NASTY | st.sampled_from(HOSTS), max_size=5).map("".join), root=roots)
@example(href=LOCAL + "/[evil.example/", root=LOCAL)
@example(href=LOCAL + "/\uff0fevil.example/", root=LOCAL)
@example(href="//?x", root=LOCAL)
def test_what_a_link_becomes_is_on_the_site(href: str, root: str) -> None:
    page = root + "jc/eng?g=eco"
    located = locate(href, page, root)
    if located is None:
        return
    request = Request(located)
    assert offsite_cause(located, root) is None
    assert offsite_cause(request.url, root) is None
    assert by_twisted(request.url) in ALLOWED[root]
    assert by_browsers(href.strip().replace("&amp;", "&"), page)[1].rstrip(".") in LINKED


@pytest.mark.parametrize("root", ALLOWED)
def test_the_site_is_let_through(root: str) -> None:
    for tail in ("", "jc/eng?g=eco&k=2026012700123", "?p=2", "robots.txt", "jc/%E6%97%A5?q=a%20b@c:d//e", "#top"):
        assert offsite_cause(root + tail, root) is None
        assert offsite_cause(Request(root + tail).url, root) is None
        assert locate("/" + tail, root, root)
    assert root_of(root) == root


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://jen.jiji.com/", "scheme"),
        ("ftp://jen.jiji.com/", "scheme"),
        ("data:text/html,jen.jiji.com", "scheme"),
        ("https:jen.jiji.com", "spelling"),
        ("https:///jen.jiji.com/", "spelling"),
        ("https://jen.jiji.com:/", "spelling"),
        ("https://jen.jiji.com:0443/", "spelling"),
        ("https://jen.jiji.com\t/", "spelling"),
        ("https://jen.jiji.com%2f/", "spelling"),
        ("https://reader@jen.jiji.com/", "user"),
        ("https://@jen.jiji.com/", "user"),
        ("https://jen.jiji.com./", "host"),
        ("https://jen-jiji.com/", "host"),
        ("https://jen.jiji.com.evil.example/", "host"),
        ("https://xn--jn-nlc.jiji.com/", "host"),
        ("https://127.1/", "host"),
        ("https://0x7f.0.0.1/", "host"),
        ("https://[::ffff:127.0.0.1]/", "host"),
        ("https://jen.jiji.com:22/", "port"),
        ("https://jen-k.jiji.com:8443/", "port"),
        ("https://jen.jiji.com:65979/", "port"),
    ],
)
def test_the_reason_is_told(url: str, reason: str) -> None:
    assert offsite_cause(url, LIVE) == reason


def test_aliases_are_the_sites_own_only() -> None:
    assert offsite_cause("https://jen-k.jiji.com/", LIVE) is None
    assert offsite_cause("https://jen-k.jiji.com/", LOCAL) == "host"
    assert offsite_cause("https://jen.jiji.com/", LOCAL) == "host"
    assert offsite_cause(LOCAL, LIVE) == "host"


@pytest.mark.parametrize("host", sorted(TWINS))
def test_link_may_name_a_twin_host_and_requests_the_site(host: str) -> None:
    for name in (host, host.upper(), host + "."):
        for scheme in ("https", "http"):
            link = f"{scheme}://{name}/jc/i?k=2026012700123&g=eco"
            assert locate(link, LIVE, LIVE) == LIVE + "jc/eng?g=eco&k=2026012700123"
            assert locate(link, LOCAL, LOCAL) == LOCAL + "jc/eng?g=eco&k=2026012700123"
    assert canonical(f"https://{host}/jc/i?k=2026012700123") == LIVE + "jc/eng?g=eco&k=2026012700123"
    assert is_same_site(f"https://{host}/", LIVE)
    assert (offsite_cause(f"https://{host}/", LIVE) is None) == (host == "jen-k.jiji.com")
    assert offsite_cause(f"https://{host}/", f"https://{host}/") is None


@pytest.mark.parametrize(
    "host",
    """jen-ff.jiji.com jen-1.jiji.com jen-.jiji.com jen--f.jiji.com jen-f.jiji.com.evil.example jen-f-jiji.com
    jenf.jiji.com jen_f.jiji.com jen-é.jiji.com jen-f.jiji.co xjen-f.jiji.com a.jen-f.jiji.com
    jen-f.evil.example""".split(),
)
def test_look_alike_of_a_twin_host_is_refused(host: str) -> None:
    for root in (LIVE, LOCAL, "https://jen-f.jiji.com/"):
        assert locate(f"https://{host}/jc/i?k=2026012700123", root, root) is None
        assert offsite_cause(f"https://{host}/", root) in ("host", "spelling")
        assert not is_same_site(f"https://{host}/", root)


def test_long_url_has_no_article_id() -> None:
    assert article_id_in(f"/jc/eng?k=2026012700123&x={'a' * 3_000}") == "2026012700123"
    assert article_id_in(f"/jc/eng?k=2026012700123&x={'a' * 300_000}") is None


@pytest.mark.parametrize(
    "root", ["https://a@jen.jiji.com/", "https://jen.jiji.com:/", "https://j\u0435n.jiji.com/", "https:///"]
)
def test_a_base_url_that_parsers_read_differently_is_none(root: str) -> None:
    with pytest.raises(ValueError, match="not the root of a site"):
        root_of(root)
