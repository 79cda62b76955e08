"""Content codings (gzip, deflate), undone while a body arrives, with proof that nothing of it is missing.

Each coding has an end of its own, gzip and zlib a checksum too. Scrapy's decoders return the part that they could read,
which makes half a page look like a complete one. Memory is bounded by the limit on the plain body.
"""

import re
import zlib
from enum import StrEnum

from scrapy.exceptions import DownloadFailedError

ACCEPTED = "gzip, deflate"
"""Value of Accept-Encoding. Both need nothing but zlib."""

MAX_CODINGS = 2
MAX_MEMBERS = 100
"""Members of one gzip body."""

_GZIP, _ZLIB, _RAW_DEFLATE = 31, 15, -15
_SUPPORTED = {"gzip", "x-gzip", "deflate"}
_UNSUPPORTED = frozenset(
    "br brotli zstd zstandard compress x-compress dcb dcz exi aes128gcm pack200-gzip sdch lzma xz x-xz bzip2 x-bzip2 "
    "lz4 snappy base64 hex rot13 quoted-printable uuencode x-uuencode".split()
)
"""Names of real codings that are not asked for. Any other name (utf-8, none, binary) is no coding."""

_PADDING = b"\0\t\n\r "
"""Bytes that may follow the end of a coded body."""
_COMPRESSED = re.compile(
    rb"\x1f[\x8b\x9d]|x[\x01\x5e\x9c\xda]|\x28\xb5\x2f\xfd|BZh|\xfd7zXZ|PK\x03\x04"  # magic numbers
    rb"|(?!\xff\xfe|\xfe\xff|\0\0\xfe\xff).{0,1000}?[\x00-\x08\x0e-\x1a\x1c-\x1f]",  # or control characters, not UTF-16
    re.DOTALL,
)


class Fault(StrEnum):
    """Kind of an incomplete response."""

    SHORT = "short"
    LONG = "long"
    CUT = "cut"
    CHECKSUM = "checksum"
    CODING = "coding"
    MALFORMED = "malformed"
    TOO_LARGE = "too large"
    HEADERS_TOO_LARGE = "headers too large"


class IncompleteResponse(DownloadFailedError):
    """The response has a missing or damaged part, or is larger than any page. Scrapy's retry middleware retries it."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault
        self.detail = detail


class Decoder:
    """Body without its content codings, fed as it arrives.

    ``codings`` is the value of Content-Encoding, ``limit`` the largest plain body in bytes (0 for no limit). With
    ``truncate`` a longer body ends at the limit instead of being refused. Every method raises IncompleteResponse.

    >>> import gzip
    >>> page = gzip.compress(b"One.") + gzip.compress(b"Two.")
    >>> decode(page, "gzip"), decode(b"One.", "utf-8"), decode(zlib.compress(b"One.")[2:-4], "deflate")
    (b'One.Two.', b'One.', b'One.')
    >>> decode(page[:-1], "gzip")
    Traceback (most recent call last):
    IncompleteResponse: the gzip body ends before its end
    >>> decode(page, "utf-8")
    Traceback (most recent call last):
    IncompleteResponse: the body is compressed, and Content-Encoding: 'utf-8' does not say how
    """

    def __init__(self, codings: str, limit: int = 0, *, truncate: bool = False) -> None:
        names = [name.strip(" \t\"'").lower() for name in codings.split(",")]
        self._name = codings
        self._is_misnamed = any(name not in {*_SUPPORTED, "", "identity"} for name in names)
        if unsupported := _UNSUPPORTED.intersection(names):
            raise IncompleteResponse(Fault.CODING, f"the content coding {min(unsupported)} was not asked for")
        supported = [name for name in names if name in _SUPPORTED]
        if len(supported) > MAX_CODINGS:
            raise IncompleteResponse(Fault.CODING, f"{len(supported)} content codings on top of each other")
        self._stages = [Inflater(name, limit) for name in reversed(supported)]
        self._limit = limit
        self._truncate = truncate
        self._plain: list[bytes] = []
        self.size = 0
        """Bytes of the plain body so far."""
        self.is_truncated = False

    def feed(self, data: bytes) -> None:
        """Take the next part of the body as it was received."""
        for stage in self._stages:
            data = stage.feed(data)
        self.size += len(data)
        self._plain.append(data)
        if self._limit and (self.size > self._limit or any(stage.is_over for stage in self._stages)):
            if not self._truncate:
                raise IncompleteResponse(Fault.TOO_LARGE, f"the body has more than {self._limit} bytes")
            self.is_truncated = True

    @property
    def is_proven(self) -> bool:
        """Whether a checksum proves that the body ends here."""
        return bool(self._stages) and all(stage.is_at_end and stage.has_checksum for stage in self._stages)

    @property
    def is_coded(self) -> bool:
        """Whether the body has a content coding."""
        return bool(self._stages)

    def plain(self) -> bytes:
        """Return the plain body so far."""
        self._plain = [b"".join(self._plain)]
        return self._plain[0][: self._limit] if self.is_truncated else self._plain[0]

    def finish(self) -> bytes:
        """Return the plain body of a response that has ended."""
        if not self.is_truncated:
            for stage in self._stages:
                stage.check_end()
        body = self.plain()
        if self._is_misnamed and _COMPRESSED.match(body):
            name = self._name[:40]
            raise IncompleteResponse(
                Fault.CODING, f"the body is compressed, and Content-Encoding: {name!a} does not say how"
            )
        return body


class Inflater:
    """One content coding, undone part by part; at most ``limit`` bytes come out, and one more."""

    def __init__(self, coding: str, limit: int) -> None:
        self._coding = coding.removeprefix("x-")
        self._limit = limit
        self._size = 0
        self._members = 0
        self._is_in_member = False
        self._stream = zlib.decompressobj(_GZIP)
        self._start = b""
        """First byte of a member. Two are needed to tell zlib's frame from a bare stream."""
        self.has_checksum = True

    def feed(self, data: bytes) -> bytes:
        """Return the plain bytes of the next part of the body."""
        parts = []
        while data and not self.is_over:
            if not self._is_in_member:
                data = self._start + data if self._start or not self._members else data.lstrip(_PADDING)
                self._start = data if len(data) < 2 else b""
                if len(data) < 2:
                    break
                self._begin_member(data)
            plain, data = self._inflate(data)
            parts.append(plain)
        return b"".join(parts)

    @property
    def is_at_end(self) -> bool:
        """Whether the coding's own end was reached, and nothing follows."""
        return self._members > 0 and not self._is_in_member and not self._start

    @property
    def is_over(self) -> bool:
        """Whether the coding holds more than the limit."""
        return bool(self._limit) and self._size > self._limit

    def check_end(self) -> None:
        """Raise IncompleteResponse unless the coding's own end was reached."""
        if not self.is_at_end:
            raise IncompleteResponse(Fault.CUT, f"the {self._coding} body ends before its end")

    def _begin_member(self, data: bytes) -> None:
        if self._members == (MAX_MEMBERS if self._coding == "gzip" else 1):
            raise IncompleteResponse(
                Fault.CODING, f"the {self._coding} body has more than {self._members} members, or ends in other bytes"
            )
        self._members += 1
        self._is_in_member = True
        self.has_checksum = self._coding == "gzip" or _has_zlib_header(data)
        window = _GZIP if self._coding == "gzip" else _ZLIB if self.has_checksum else _RAW_DEFLATE
        self._stream = zlib.decompressobj(window)

    def _inflate(self, data: bytes) -> tuple[bytes, bytes]:
        """Return the plain bytes of a part, and the rest of the part behind the end of the member."""
        try:
            plain = self._stream.decompress(data, self._limit - self._size + 1 if self._limit else 0)
        except zlib.error as error:
            fault = Fault.CODING if "header check" in str(error) else Fault.CHECKSUM
            raise IncompleteResponse(fault, f"the {self._coding} body is damaged: {_cause(error)}") from error
        self._size += len(plain)
        self._is_in_member = not self._stream.eof
        return plain, self._stream.unused_data


def decode(body: bytes, codings: str, limit: int = 0) -> bytes:
    """Return a complete body without its content codings; raises IncompleteResponse."""
    decoder = Decoder(codings, limit)
    decoder.feed(body)
    return decoder.finish()


def _has_zlib_header(body: bytes) -> bool:
    """Return whether a deflate body has zlib's frame, which the name means; some servers send the bare stream."""
    return body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0


def _cause(error: zlib.error) -> str:
    return re.sub(r"^Error -?\d+ while [\w ]+: ", "", str(error))
