"""Takes a body out of its content codings, and proves by their own checksums and ends that nothing of it is missing.

Scrapy's decoders hand on as much as they could read, which makes half a page look like a whole one.
"""

import re
import zlib
from collections.abc import Sequence

from scrapy.exceptions import DownloadFailedError

ACCEPTED = "gzip, deflate"
"""What to ask for: these need nothing but zlib."""

_GZIP, _ZLIB, _RAW = 31, 15, -15
_MOST_CODINGS = 2
_MOST_MEMBERS = 100
"""Parts that one gzip body may consist of; each costs a copy of what follows it."""


class NotWhole(DownloadFailedError):
    """An answer that did not arrive as it was sent, or is larger than any page; worth another try.

    `reason` is one word, under which it is counted: short, cut, checksum, encoding, too_long, headers_too_long.
    """

    def __init__(self, reason: str, told: str) -> None:
        super().__init__(told)
        self.reason = reason


def decoded(body: bytes, codings: Sequence[str], limit: int) -> bytes:
    """Return a body without its content codings, which are named in the order in which they were applied.

    Raises NotWhole for what is cut, damaged, of an unknown coding, or longer than ``limit`` bytes (0: no limit).

    >>> import gzip
    >>> page = gzip.compress(b"One.") + gzip.compress(b"Two.")
    >>> decoded(page, ["gzip"], limit=100)
    b'One.Two.'
    >>> decoded(page[:-1], ["gzip"], limit=100)
    Traceback (most recent call last):
    NotWhole: the gzip body ends before its end
    >>> decoded(zlib.compress(b"One.")[2:-4], ["deflate"], limit=100)  # as some servers send it
    b'One.'
    """
    wanted = [coding.strip().lower() for coding in codings]
    wanted = [coding for coding in wanted if coding not in ("", "identity")]
    if len(wanted) > _MOST_CODINGS:
        raise NotWhole("encoding", f"{len(wanted)} content codings on top of each other")
    for coding in reversed(wanted):
        if coding in ("gzip", "x-gzip"):
            body = _gunzipped(body, limit)
        elif coding == "deflate":
            body, rest = _inflated(body, _ZLIB if _has_zlib_header(body) else _RAW, limit, coding)
            if rest:
                raise NotWhole("encoding", "something follows the end of the deflate body")
        else:
            raise NotWhole("encoding", f"the content coding {coding[:20]!a} was not asked for")
    return body


def _gunzipped(body: bytes, limit: int) -> bytes:
    members: list[bytes] = []
    while body or not members:
        left = limit - sum(map(len, members)) if limit else 0
        member, body = _inflated(body, _GZIP, left, "gzip")
        members.append(member)
        body = body.lstrip(b"\0")  # padding is allowed between and after members
        if len(members) > _MOST_MEMBERS:
            raise NotWhole("encoding", f"the gzip body has more than {_MOST_MEMBERS} parts")
    return b"".join(members)


def _inflated(body: bytes, window: int, limit: int, coding: str) -> tuple[bytes, bytes]:
    """Return the first stream in ``body``, and what follows it."""
    stream = zlib.decompressobj(window)
    try:
        plain = stream.decompress(body, limit + 1 if limit else 0)
    except zlib.error as error:
        fault = "encoding" if "header check" in str(error) else "checksum"
        raise NotWhole(fault, f"the {coding} body is damaged: {_cause(error)}") from error
    if limit and len(plain) > limit:
        raise NotWhole("too_long", f"the {coding} body holds more than {limit} bytes")
    if not stream.eof:
        raise NotWhole("cut", f"the {coding} body ends before its end")
    return plain, stream.unused_data


def _has_zlib_header(body: bytes) -> bool:
    """Tell zlib's frame, which "deflate" means, from the bare stream that some servers send under that name."""
    return len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0


def _cause(error: zlib.error) -> str:
    return re.sub(r"^Error -?\d+ while [\w ]+: ", "", str(error))
