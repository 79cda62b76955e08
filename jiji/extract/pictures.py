"""Pictures of an article: their addresses, and which ones are icons or advertisements."""

import re
from collections.abc import Iterable, Iterator

from jiji.extract.blocks import Block, Picture
from jiji.extract.tree import Element

_LAZY_SOURCES = ("data-src", "data-original", "data-lazy", "data-lazy-src")
_SOURCE_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_BOILERPLATE_WORDS = frozenset(
    "arrow banner blank btn button dummy favicon icon loading logo noimage pixel placeholder spacer transparent".split()
)
_QUALIFIERS = frozenset(
    "ad ads bg bk black blue bottom c close down en eng f facebook footer g gray grey h header home img image jiji jp l"
    " large left line lite m mail menu middle min mini n next new ogp on off pdf prev press print r red right rss s"
    " search share site small sns sp t text top twitter up v w white x".split()
)
"""Words beside one of a boilerplate's file name. Any other word names a subject."""
_WORD = re.compile(r"[A-Za-z]+")
_GRAPHICS = (".gif", ".svg", ".ico")
_PICTURE_FILE = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#])")
_PIXELS = re.compile(r"\s*(\d+)(?:\.\d+)?\s*(?:px)?\s*")
_SMALLEST = 60
"""Pixels. A picture with a smaller declared width or height is an icon, a rule or a counter."""
_CANDIDATE = re.compile(r"\s*(\S*[^\s,])(?:\s+([\d.]+)([wxh]))?\s*(?:,|$)")
"""Candidate of a ``srcset``: an address, and its width or density."""


def source(picture: Element) -> str:
    """Return the address of an ``img`` element as a browser shows it in the end: what a placeholder is replaced by.

    An empty text for a placeholder and nothing else.
    """
    return next((found for found in _sources(picture) if not is_placeholder(found)), "")


def _sources(element: Element) -> Iterator[str]:
    # cases: image-urls-relative-lazy-base, picture-lazy-data-srcset, picture-element-without-src, picture-srcset-only
    yield from (element.get(name).strip() for name in _LAZY_SOURCES if element.get(name).strip())
    yield from filter(None, (largest_candidate(element.get(name)) for name in _SOURCE_SETS[:2]))
    yield from filter(None, (element.get("src").strip(), largest_candidate(element.get("srcset"))))
    # case: picture-lazy-in-an-unknown-attribute
    yield from (value for name, value in element.attributes.items() if value and _is_lazy_source(name, value.strip()))
    parent = element.parent
    if parent is not None and parent.tag == "picture":
        variants = (variant for variant in parent.children if variant.tag == "source")
        yield from filter(None, (largest_candidate(one.get(name)) for one in variants for name in _SOURCE_SETS))


def _is_lazy_source(name: str, value: str) -> bool:
    return name.startswith(("data-", "lazy")) and " " not in value and is_picture_file(value)


def largest_candidate(candidates: str) -> str:
    """Return the largest picture of a ``srcset``, the first of several of one size.

    >>> largest_candidate("/a-400.jpg 400w, /a-800.jpg 800w"), largest_candidate("/a.jpg"), largest_candidate("")
    ('/a-800.jpg', '/a.jpg', '')
    """
    if not candidates:
        return ""
    found = [(float(size or 1), address) for address, size, _ in _CANDIDATE.findall(candidates)]
    return max(found, key=lambda candidate: candidate[0])[1] if found else ""


def is_placeholder(address: str) -> bool:
    """Return whether an address is a placeholder's, an icon's or an advertisement's, by the words of its file name.

    >>> is_placeholder("/img/spacer.gif"), is_placeholder("data:image/gif;base64,AA"), is_placeholder("/p/sparrow.jpg")
    (True, True, False)
    """
    # cases: icon-above-the-text, picture-file-name-sparrow
    if address.startswith("data:") or not address:
        return True
    name = re.split(r"[?#]", address, maxsplit=1)[0].rpartition("/")[2].lower()
    words = set(_WORD.findall(name.rpartition(".")[0] or name))
    # case: picture-file-name-bannerman
    return not words.isdisjoint(_BOILERPLATE_WORDS) and (
        name.endswith(_GRAPHICS) or words <= _BOILERPLATE_WORDS | _QUALIFIERS
    )


def file_name(address: str) -> str:
    """Return the file name in an address, without its ending.

    >>> file_name("https://cdn.example/large/cat?w=9"), file_name("/photos/cat.jpg"), file_name("/photos/")
    ('cat', 'cat', '')
    """
    name = re.split(r"[?#]", address, maxsplit=1)[0].rpartition("/")[2]
    return name.partition(".")[0].lower()


def without_twins(stream: Iterable[Block | Picture]) -> Iterator[Block | Picture]:
    """Yield a stream without the second of two pictures in a row from one address, as for screen and print."""
    # case: picture-twice-for-screen-and-print
    before: Picture | None = None
    for part in stream:
        if isinstance(part, Picture) and before is not None and source(part.element) == source(before.element):
            continue
        before = part if isinstance(part, Picture) else None
        yield part


def is_small(picture: Picture) -> bool:
    """Return whether a picture's declared size is that of an icon. Percentages say nothing."""
    # case: picture-width-in-percent
    sizes = (_PIXELS.fullmatch(picture.element.get(name)) for name in ("width", "height"))
    return any(size is not None and int(size[1]) < _SMALLEST for size in sizes)


def is_picture_file(href: str) -> bool:
    """Return whether a link leads to a picture, often to the same one in its full size.

    >>> is_picture_file("https://cdn.example/large/cat.jpg?w=1"), is_picture_file("https://ads.example/2")
    (True, False)
    """
    # cases: picture-linked-to-a-cdn, picture-file-name-with-another-id
    return _PICTURE_FILE.search(href) is not None
