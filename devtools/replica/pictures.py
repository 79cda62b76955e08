"""Generated photos as PNG files: sky, sun and hills in colours derived from the picture's name."""

import math
import struct
import zlib
from functools import lru_cache
from random import Random

FULL = (240, 160)
THUMB = (72, 48)
SIGNATURE = b"\x89PNG\r\n\x1a\n"
RGB_8_BIT = b"\x08\x02\x00\x00\x00"

Colour = tuple[int, int, int]


@lru_cache(maxsize=512)
def png(name: str, size: tuple[int, int] = FULL) -> bytes:
    """Return the PNG file of a picture. `size` is width and height in pixels."""
    width, height = size
    pixels = b"".join(b"\x00" + row for row in _rows(Random(name), width, height))
    return b"".join(
        (
            SIGNATURE,
            _chunk(b"IHDR", struct.pack(">II", width, height) + RGB_8_BIT),
            _chunk(b"IDAT", zlib.compress(pixels)),
            _chunk(b"IEND", b""),
        )
    )


def _rows(rng: Random, width: int, height: int) -> list[bytes]:
    zenith, horizon, hill = _colour(rng, 40, 140), _colour(rng, 170, 250), _colour(rng, 20, 110)
    phase, waves = rng.uniform(0, 6), rng.uniform(1.2, 3)
    crest = [int(height * (0.68 + 0.14 * math.sin(phase + waves * math.tau * x / width))) for x in range(width)]
    sun_x, sun_y, radius = rng.uniform(0.2, 0.8) * width, rng.uniform(0.15, 0.4) * height, height / 9
    rows = []
    for y in range(height):
        sky = bytes(_mix(zenith, horizon, y / height))
        ground = bytes(_mix(hill, (10, 20, 20), y / height))
        row = [sky if y < crest[x] else ground for x in range(width)]
        reach = radius**2 - (y - sun_y) ** 2
        if reach > 0:
            left, right = int(sun_x - math.sqrt(reach)), int(sun_x + math.sqrt(reach))
            row[left:right] = [b"\xff\xf4\xc8"] * (right - left)
        rows.append(b"".join(row))
    return rows


def _colour(rng: Random, low: int, high: int) -> Colour:
    return rng.randrange(low, high), rng.randrange(low, high), rng.randrange(low, high)


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
