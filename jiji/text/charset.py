"""What a page's bytes say: strict decoding decides, a declaration only between what is possible, and doubt refuses.

Pure functions. The site's templates come from the time of EUC-JP, and nobody has said what it serves today.
"""

import re
from collections.abc import Callable, Sequence

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SHIFT_JIS = re.compile(r"(?i)shift[-_]?jis|sjis|x-sjis|windows-31j|cp932|ms_kanji|csshiftjis")
_WESTERN = re.compile(r"(?i)windows-1252|cp-?1252|x-cp1252|iso[-_]?8859-?1|latin-?1|us-ascii|ascii")
"""Latin letters and typographic quotes; the web reads all of these names as windows-1252."""

_UTF_8 = re.compile(r"(?i)utf-?8")
_NAMES = {
    "euc_jp": re.compile(r"(?i)(?:x-|cs)?euc[-_]?jp|ujis"),
    "cp932": _SHIFT_JIS,
    "cp1252": _WESTERN,
}

_LONE = re.compile(
    rb"(?:[\x00-\x7f\x80\x85\x91-\x97\x99]|(?<!\xc2)\xa0"
    rb"|(?<![\x80-\x84\x86-\x90\x98-\x9f\xa1-\xff])[\xa1-\xff](?![\x80-\x84\x86-\x90\x98-\x9f\xa1-\xff]))*+"
)
"""Bytes of windows-1252 as English prints it: quotes, dashes, and letters that have no other letter beside them."""
_PRIVATE = re.compile("[\ue000-\uf8ff\x80-\xa0]")
"""What no page means: characters without public meaning, and controls, which a wrong encoding makes."""
_FEW = 4
"""So many different characters are not both UTF-8 and a Japanese encoding by chance: each is one time in seven."""


def decode(body: bytes, *declarations: str | None) -> str:
    r"""Return the text of a page; raises UnicodeError where nothing is certain: no rubbish is returned.

    UTF-8 is hardly ever valid by chance, nor are ISO-2022-JP's escapes, nor EUC-JP's pairs; Shift_JIS and windows-1252
    are, so they are believed only where they are declared, and where nothing else could be meant. What is valid in
    several encodings but too short to prove one is not read.

    >>> decode("円安.".encode("euc-jp"), "shift_jis-or-so") == decode("円安.".encode(), "euc-jp") == "円安."
    True
    >>> decode(b"\x93Stop,\x94 he said", "iso-8859-1")
    '“Stop,” he said'
    >>> decode(b"caf\xe9")
    Traceback (most recent call last):
    UnicodeError: uncertain encoding: declared nowhere, may be none that is sure
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding)
    if body.isascii():
        return body.decode("iso2022_jp_ext" if re.search(rb"\x1b[$(]", body) else "ascii")
    declared = [label for label in declarations if label]
    readings = _readings(body, declared)
    if not readings or _doubtful(readings, declared):
        told = " and ".join(declared) or "nowhere"
        raise UnicodeError(
            f"uncertain encoding: declared {told}, may be {' or '.join(readings) or 'none that is sure'}"
        )
    return next(iter(readings.values()))


def _readings(body: bytes, declared: Sequence[str]) -> dict[str, str]:
    """Return what the bytes may mean, by encoding, the surest first."""
    believed: dict[str, Callable[[str], bool]] = {"utf-8": lambda _: True, "euc_jp": lambda _: True}
    if any(map(_SHIFT_JIS.fullmatch, declared)):
        believed["cp932"] = lambda text: not _PRIVATE.search(text)
    if any(map(_WESTERN.fullmatch, declared)):
        believed["cp1252"] = lambda _: _LONE.fullmatch(body) is not None
    readings = {}
    for encoding, is_believed in believed.items():
        try:
            text = body.decode(encoding)
        except UnicodeError:
            continue
        if is_believed(text):
            readings[encoding] = text
    weak = readings.keys() & {"cp932", "cp1252"}
    if weak and weak == readings.keys() and any(_is_nearly(body, strong) for strong in ("utf-8", "euc_jp")):
        return {}
    return readings


def _doubtful(readings: dict[str, str], declared: Sequence[str]) -> bool:
    """Say whether a page is too short to prove what it surely seems, and declares something else.

    That is another encoding in which it is valid as well, or UTF-8, in which it may be cut.
    """
    surest, *others = readings
    if surest != "utf-8" and not readings[surest][-1].isascii():
        return True  # a page ends in markup: this one may be cut in a character of UTF-8
    rivals = [_NAMES[other] for other in others] + ([_UTF_8] if surest != "utf-8" else [])
    is_declared = any(rival.fullmatch(label) for rival in rivals for label in declared)
    return is_declared and len({char for char in readings[surest] if ord(char) > 0x7F}) < _FEW


def _is_nearly(body: bytes, encoding: str) -> bool:
    """Say whether most bytes above ASCII are valid in an encoding: then the page is in it, and damaged."""
    kept = "".join(char for char in body.decode(encoding, errors="ignore") if ord(char) > 0x7F)
    return len(kept.encode(encoding)) * 2 >= sum(byte > 0x7F for byte in body)
