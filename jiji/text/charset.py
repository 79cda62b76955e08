"""Charset of a page: strict decoding decides, declarations only choose between possible charsets, doubt is an error.

Pure functions. The charset of the live site is unknown. Its templates come from the time of EUC-JP.
"""

import re
from collections.abc import Callable, Sequence

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SHIFT_JIS = re.compile(r"(?i)shift[-_]?jis|sjis|x-sjis|windows-31j|cp932|ms_kanji|csshiftjis")
_WINDOWS_1252 = re.compile(r"(?i)windows-1252|cp-?1252|x-cp1252|iso[-_]?8859-?1|latin-?1|us-ascii|ascii")
"""Names of windows-1252 for browsers: Latin letters and typographic quotes."""

_UTF_8 = re.compile(r"(?i)utf-?8")
_JAPANESE_NAMES = {
    "euc_jp": re.compile(r"(?i)(?:x-|cs)?euc[-_]?jp|ujis"),
    "cp932": _SHIFT_JIS,
    "cp1252": _WINDOWS_1252,
}

_OTHER_NAMES = {
    "cp949": r"(?:x-|cs)?euc[-_]?kr|ks[-_]?c[-_]?5601.*|(?:windows-|ms|cp)?949|uhc|korean|johab|iso-ir-149"
    r"|.*2022[-_]?kr",
    "gb18030": r"(?:x-|cs)?gb[-_]?(?:k|2312.*|18030.*)|(?:x-)?euc[-_]?cn|(?:cp|ms)?936|chinese|iso-ir-58|hz.*"
    r"|.*2022[-_]?cn.*",
    "big5hkscs": r"(?:x-x-|x-|cs|cn-)?big[-_]?5.*|(?:cp|ms|windows-)?950|(?:x-)?euc[-_]?tw",
    "cp1251": r"(?:windows-|cp)?1251|(?:x-mac-)?cyrillic|iso[-_]?8859-?5",
    "cp874": r"(?:windows-|cp)?874|tis-?620.*|iso[-_]?8859-?11",
    "cp1253": r"(?:windows-|cp)?1253|greek|iso[-_]?8859-?7",
    "cp1255": r"(?:windows-|cp)?1255|hebrew|iso[-_]?8859-?8.*",
    "cp1256": r"(?:windows-|cp)?1256|arabic|iso[-_]?8859-?6.*",
}
_OTHER_CHARSETS = {charset: re.compile(names, re.IGNORECASE) for charset, names in _OTHER_NAMES.items()}
"""Charsets of other scripts. Their bytes may be valid in EUC-JP too."""
_OTHER_ESCAPES = re.compile(rb"\x1b|~\{")
"""Escapes of ISO-2022-KR, ISO-2022-CN and HZ, which are ASCII."""
_NAMES = {**_JAPANESE_NAMES, **_OTHER_CHARSETS}

_ENGLISH_BYTES = re.compile(
    rb"(?:[\x00-\x7f\x80\x85\x91-\x97\x99]|(?<!\xc2)\xa0"
    rb"|(?<![\x80-\x84\x86-\x90\x98-\x9f\xa1-\xff])[\xa1-\xff](?![\x80-\x84\x86-\x90\x98-\x9f\xa1-\xff]))*+"
)
"""English in windows-1252: typographic quotes, dashes, and accented letters that never stand side by side."""
_HEADER_CHARSET = re.compile(r"(?i)(?:^|[;,\s])charset\s*=\s*[\"']?\s*(?P<label>[\w.:-]+)")
_MARKUP_CHARSET = re.compile(
    r"(?i)<(?:meta|\?xml)[\s/][^<>]{0,1000}?\b(?:charset|encoding)\s*=\s*[\"']?\s*(?P<label>[\w.:-]+)"
)
_COMMENT = re.compile(rb"(?s)<!--.*?(?:-->|$)")
_HEAD = 4096
"""Bytes at the start of a page with its declaration."""
_NOT_PRINTED = re.compile("[\ue000-\uf8ff\x80-\xa0]")
"""Private-use and control characters, the mark of a wrong charset."""
_ENOUGH = 4
"""Different characters needed as a proof. Each is valid in UTF-8 and a Japanese charset one time in seven."""


def decode(body: bytes, *declarations: str | None) -> str:
    r"""Return the text of a page; raises UnicodeError if the charset is not certain.

    UTF-8, the escapes of ISO-2022-JP and the byte pairs of EUC-JP are hardly ever valid by chance. Shift_JIS and
    windows-1252 often are, so they need a declaration, and no other charset may be possible. A text that is valid in
    several charsets and too short to prove one is an error. A page that declares a charset of another script, such as a
    Korean one, is an error too, unless it is certainly UTF-8.

    >>> decode("円安.".encode("euc-jp"), "shift_jis-or-so") == decode("円安.".encode(), "euc-jp") == "円安."
    True
    >>> decode(b"\x93Stop,\x94 he said", "iso-8859-1")
    '“Stop,” he said'
    >>> decode(b"caf\xe9")
    Traceback (most recent call last):
    UnicodeError: declared nowhere, may be none that is certain
    """
    return decode_with_charset(body, *declarations)[0]


def decode_with_charset(body: bytes, *declarations: str | None) -> tuple[str, str]:
    r"""Return the text of a page, and Python's name of its charset; raises UnicodeError if the charset is not certain.

    >>> decode_with_charset("円安.".encode("euc-jp"), "euc-jp")
    ('円安.', 'euc_jp')
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body.decode(encoding), encoding
    declared = [label.strip() for label in declarations if label]
    if body.isascii() and not (_declared_others(declared) and _OTHER_ESCAPES.search(body)):
        charset = "iso2022_jp_ext" if re.search(rb"\x1b[$(]", body) else "ascii"
        return body.decode(charset), charset
    if all(map(_UTF_8.fullmatch, declared)) and (text := _decoded(body, "utf-8")) is not None:
        return text, "utf-8"  # most pages: no other charset is declared, so none could make it doubtful
    readings = _readings(body, declared)
    if not readings or _is_doubtful(readings, declared):
        declaration = f"as {' and '.join(declared)}" if declared else "nowhere"
        raise UnicodeError(f"declared {declaration}, may be {' or '.join(readings) or 'none that is certain'}")
    charset, text = next(iter(readings.items()))
    return text, charset


def declarations(content_type: str, body: bytes) -> list[str]:
    """Return the charsets that a page declares, as spelled, in its header and first in its markup.

    >>> declarations("text/html; charset=EUC-JP", b'<meta http-equiv="Content-Type" content="charset=x-gbk">')
    ['EUC-JP', 'x-gbk']
    >>> declarations("text/html", b'<!-- <meta charset="big5"> --><meta charset=utf-8>')
    ['utf-8']
    """
    head = body[:_HEAD]
    if b"<!--" in head:
        head = _COMMENT.sub(b"", head)
    found = _HEADER_CHARSET.search(content_type), _MARKUP_CHARSET.search(head.decode("latin-1"))
    return [match["label"] for match in found if match]


def _readings(body: bytes, declared: Sequence[str]) -> dict[str, str]:
    """Return the possible texts of the bytes by charset, the most certain first."""
    others = _declared_others(declared)
    accepted: dict[str, Callable[[str], bool]] = dict.fromkeys(("utf-8", *(others or ["euc_jp"])), lambda _: True)
    if not others and any(map(_SHIFT_JIS.fullmatch, declared)):
        accepted["cp932"] = lambda text: not _NOT_PRINTED.search(text)
    if not others and any(map(_WINDOWS_1252.fullmatch, declared)):
        accepted["cp1252"] = lambda _: _ENGLISH_BYTES.fullmatch(body) is not None
    readings = {}
    for charset, accepts in accepted.items():
        text = _decoded(body, charset)
        if text is not None and accepts(text):
            readings[charset] = text
    if others and (body.isascii() or "utf-8" not in readings):
        return {}
    weak = readings.keys() & {"cp932", "cp1252"}
    if weak and weak == readings.keys() and any(_is_damaged(body, charset) for charset in ("utf-8", "euc_jp")):
        return {}
    return readings


def _decoded(body: bytes, charset: str) -> str | None:
    """Return the text of the bytes in a charset, None where they are not valid in it."""
    try:
        return body.decode(charset)
    except UnicodeError:
        return None


def _declared_others(declared: Sequence[str]) -> list[str]:
    """Return the charsets of other scripts that a page declares."""
    return [charset for charset, names in _OTHER_CHARSETS.items() if any(map(names.fullmatch, declared))]


def _is_doubtful(readings: dict[str, str], declared: Sequence[str]) -> bool:
    """Return whether a page is too short to prove the most certain charset, and declares another possible one.

    The page is valid in that charset too, or the charset is UTF-8 and the page may be cut off.
    """
    best, *others = readings
    if best != "utf-8" and not readings[best][-1].isascii():
        return True  # a page ends in markup: this one may be cut off inside a character of UTF-8
    rivals = [_NAMES[other] for other in others] + ([_UTF_8] if best != "utf-8" else [])
    is_declared = any(rival.fullmatch(label) for rival in rivals for label in declared)
    return is_declared and len({char for char in readings[best] if ord(char) > 0x7F}) < _ENOUGH


def _is_damaged(body: bytes, charset: str) -> bool:
    """Return whether a page is in a charset and damaged: most bytes above ASCII are valid in it."""
    kept = "".join(char for char in body.decode(charset, errors="ignore") if ord(char) > 0x7F)
    return len(kept.encode(charset)) * 2 >= sum(byte > 0x7F for byte in body)
