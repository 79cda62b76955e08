"""Compressed files: formats that are known by their first bytes or their suffix, and read as plain text."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import lzma
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

CHUNK = 1 << 16
"""Bytes that are decompressed at once."""


class UnreadableFile(Exception):
    """A compressed file that is damaged, cut short, still being written, or of a format without a reader here."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of compressed files."""

    suffix: str
    magic: bytes
    """First bytes of every such file. Empty if the format has none."""
    read: Callable[[BinaryIO], Iterator[bytes]]
    """Yields the plain text of an open file in chunks."""


def format_of(path: Path, magic: bytes) -> Format | None:
    """Return the format of a file by its first bytes, or else by its suffix; None for plain text."""
    by_magic = (each for each in FORMATS if each.magic and magic.startswith(each.magic))
    return next(by_magic, None) or next((each for each in FORMATS if each.suffix == path.suffix), None)


@contextmanager
def open_plain(path: Path, raw: BinaryIO) -> Iterator[BinaryIO]:
    """Yield the plain text of the file `raw`, opened at `path`. Reading it raises UnreadableFile."""
    magic = raw.read(max(len(each.magic) for each in FORMATS))
    raw.seek(0)
    found = format_of(path, magic)
    if found is None or magic.startswith(b"{"):
        yield raw
        return
    with io.BufferedReader(_Chunks(found.read(raw))) as text:
        yield cast("BinaryIO", text)


class _Chunks(io.RawIOBase):
    """The bytes of an iterator as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            try:
                self._rest = next(self._chunks)
            except StopIteration:
                return 0
            except UnreadableFile:
                raise
            except Exception as error:  # each library has classes of its own, some of them OSErrors without a number
                raise UnreadableFile(f"damaged or cut short ({type(error).__name__}: {error})") from error
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def _through(opened: Callable[[BinaryIO], Any]) -> Callable[[BinaryIO], Iterator[bytes]]:
    """Return a reader from a function that wraps a file."""

    def read(raw: BinaryIO) -> Iterator[bytes]:
        with opened(raw) as file:
            while chunk := file.read(CHUNK):
                yield chunk

    return read


def _members(raw: BinaryIO) -> Iterator[bytes]:
    """Yield all files of a ZIP archive, one behind the other."""
    with zipfile.ZipFile(raw) as archive:
        for member in archive.infolist():
            yield from _through(lambda _, name=member: archive.open(name))(raw)  # type: ignore[misc]


def _frames(raw: BinaryIO, decompressor: Callable[[], Any]) -> Iterator[bytes]:
    """Yield the text of frames, each with a decompressor of its own that says where it ends."""
    current: Any = None
    while chunk := raw.read(CHUNK):
        while chunk:
            current = current or decompressor()
            yield current.decompress(chunk)
            chunk = current.unused_data if current.eof else b""
            current = None if current.eof else current
    if current:
        raise EOFError("no end")


def _zstandard(raw: BinaryIO) -> Iterator[bytes]:
    library = _import(("compression.zstd", "backports.zstd", "zstandard"), "zstandard")
    if hasattr(library, "ZstdFile"):
        yield from _through(library.ZstdFile)(raw)
    else:
        yield from _frames(raw, lambda: library.ZstdDecompressor().decompressobj())


def _lz4(raw: BinaryIO) -> Iterator[bytes]:
    yield from _frames(raw, _import(("lz4.frame",), "lz4").LZ4FrameDecompressor)


def _brotli(raw: BinaryIO) -> Iterator[bytes]:
    decompressor = _import(("brotli", "brotlicffi"), "brotli").Decompressor()
    while chunk := raw.read(CHUNK):
        yield decompressor.process(chunk)
    if not decompressor.is_finished():
        raise EOFError("no end")


def _import(modules: Sequence[str], package: str) -> Any:
    for module in modules:
        try:
            return importlib.import_module(module)
        except ImportError:
            continue
    raise UnreadableFile(f"install the package {package} to read it")


FORMATS = (
    Format(".gz", b"\x1f\x8b", _through(lambda raw: gzip.GzipFile(fileobj=raw))),
    Format(".bz2", b"BZh", _through(bz2.BZ2File)),
    Format(".xz", b"\xfd7zXZ\0", _through(lzma.LZMAFile)),
    Format(".zip", b"PK\x03\x04", _members),
    Format(".zst", b"\x28\xb5\x2f\xfd", _zstandard),
    Format(".lz4", b"\x04\x22\x4d\x18", _lz4),
    Format(".br", b"", _brotli),
)
