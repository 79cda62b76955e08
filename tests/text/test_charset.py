"""Charset detection: right or an error under any declaration."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiji.text.charset import declarations, decode

JAPANESE = "Tokyo (円安)--The 湯どうふ of 箱根 costs 1,200 yen, 神保町 shops say."
ENGLISH = "Tokyo--“It’s ‘now or never’… so let’s go,” said André—then 27."
NAMES = ["utf-8", "euc_jp", "cp932", "iso2022_jp", "cp1252", "ascii", "iso-8859-1", "koi8-r", ""]


@pytest.mark.parametrize("encoding", ["utf-8", "euc_jp", "iso2022_jp", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("declared", NAMES)
def test_self_proving_charset_is_read_under_any_declaration(encoding: str, declared: str) -> None:
    assert decode(JAPANESE.encode(encoding), declared) == JAPANESE
    assert decode(JAPANESE.encode(encoding)) == JAPANESE


def test_shift_jis_needs_a_declaration() -> None:
    body = JAPANESE.encode("cp932")
    assert decode(body, "shift_jis") == decode(body, "Windows-31J") == decode(body, "iso-8859-1", "x-sjis") == JAPANESE
    for declared in (None, "utf-8", "euc-jp", "iso-8859-1"):
        with pytest.raises(UnicodeError):
            decode(body, declared)


@pytest.mark.parametrize("declared", ["windows-1252", "iso-8859-1", "latin1", "us-ascii"])
def test_windows_1252_needs_a_declaration(declared: str) -> None:
    assert decode(ENGLISH.encode("cp1252"), declared) == ENGLISH
    for other in ("utf-8", "shift_jis", "euc-jp", None):
        with pytest.raises(UnicodeError):
            decode(ENGLISH.encode("cp1252"), other)


@settings(derandomize=True, database=None, deadline=None, max_examples=400)
@given(
    st.sampled_from([JAPANESE, ENGLISH.replace("é", "e"), "Ärger in Malmö", "caf\u00e9", "円", "促", "\u00a0x"]),
    st.sampled_from(["utf-8", "euc_jp", "cp932", "iso2022_jp", "utf-16", "utf-8-sig"]),
    st.sampled_from(NAMES),
    st.integers(0, 80),
)
def test_page_that_is_cut_off_is_read_right_or_an_error(text: str, encoding: str, declared: str, at: int) -> None:
    try:
        body = text.encode(encoding)[:at]
    except UnicodeEncodeError:
        return
    try:
        read = decode(body, declared)
    except UnicodeError:
        return
    is_both = (encoding, text) == ("euc_jp", "促")  # alone, it is valid UTF-8 too; no page is so short
    assert text.startswith(read.rstrip("\x1b")) or is_both


@pytest.mark.parametrize("declared", ["shift_jis", "iso-8859-1", "euc-jp"])
def test_damaged_page_is_an_error_under_any_declaration(declared: str) -> None:
    body = JAPANESE.encode()
    with pytest.raises(UnicodeError):
        decode(body.replace("円".encode(), "円".encode()[:2]), declared)


def test_byte_order_mark_decides() -> None:
    for body in (b"\xef\xbb\xbfcaf\xe9", b"\xff\xfeab\x00", b"\xfe\xff\xd8\x00", b"\xff\xfe\x00\xd8"):
        with pytest.raises(UnicodeError):
            decode(body, "iso-8859-1")


def test_text_too_short_to_prove_its_charset_is_an_error() -> None:
    body = "caf\u00e9".encode()  # is 巽 in EUC-JP
    assert decode(body) == decode(body, "utf-8") == "caf\u00e9"
    with pytest.raises(UnicodeError, match="may be utf-8 or euc_jp"):
        decode(body, "euc-jp")


OTHERS = {
    "euc-kr": ("cp949", "서울에서 회의가 열렸다. 참가자는 삼백 명."),
    "ks_c_5601-1987": ("euc_kr", "서울에서 회의가 열렸다."),
    "windows-949": ("cp949", "서울에서 회의가 열렸다."),
    "EUC_KR": ("euc_kr", "서울"),
    "gb2312": ("gb2312", "会议在北京举行，三百人参加。"),
    "GBK": ("gbk", "会议在北京举行，三百人参加。"),
    "x-gbk": ("gbk", "会议"),
    "gb18030": ("gb18030", "会议在北京举行，三百人参加。"),
    "gb_2312-80": ("gb2312", "会议在北京举行。"),
    "big5": ("big5", "會議在臺北舉行，三百人參加。"),
    "Big5-HKSCS": ("big5hkscs", "會議在臺北舉行。"),
    "x-x-big5": ("big5", "會議"),
    "cn-big5": ("big5", "會議在臺北舉行。"),
    "euc-tw": ("euc_jp", "会議"),
    "johab": ("johab", "서울에서 회의가 열렸다."),
    "iso-2022-kr": ("iso2022_kr", "서울에서 회의가 열렸다."),
    "hz-gb-2312": ("hz", "会议在北京举行。"),
}


@pytest.mark.parametrize("declared", OTHERS)
@pytest.mark.parametrize("more", [(), ("euc-jp",), ("shift_jis",), ("iso-8859-1",), ("utf-8",)])
def test_korean_and_chinese_pages_are_refused(declared: str, more: tuple[str, ...]) -> None:
    encoding, text = OTHERS[declared]
    body = b"<p>Seoul, Jan. 27: " + text.encode(encoding) + b"</p>"
    for declarations_of_page in ((declared, *more), (*more, declared), (declared.upper(), *more)):
        with pytest.raises(UnicodeError):
            decode(body, *declarations_of_page)


@pytest.mark.parametrize("declared", OTHERS)
def test_japanese_bytes_under_a_korean_or_chinese_declaration_are_refused(declared: str) -> None:
    for encoding in ("euc_jp", "cp932", "cp1252"):
        text = ENGLISH if encoding == "cp1252" else JAPANESE
        for more in (None, encoding):
            with pytest.raises(UnicodeError):
                decode(text.encode(encoding), declared, more)


@pytest.mark.parametrize("declared", OTHERS)
def test_certain_charset_is_read_under_a_korean_or_chinese_declaration(declared: str) -> None:
    assert decode(JAPANESE.encode(), declared) == JAPANESE
    assert decode(JAPANESE.encode("utf-8-sig"), declared) == JAPANESE
    assert decode(b"Plain text.", declared) == "Plain text."


@pytest.mark.parametrize(
    ("content_type", "body", "labels"),
    [
        ("text/html;charset=EUC-KR", b"<p>", ["EUC-KR"]),
        ('text/html; charset="gb2312"', b"<meta charset='x-gbk' />", ["gb2312", "x-gbk"]),
        ("text/html", b'<META HTTP-EQUIV=Content-Type CONTENT="text/html;charset=Big5">', ["Big5"]),
        ("text/html", b'<?xml version="1.0" encoding="EUC-JP"?><html>', ["EUC-JP"]),
        ("text/html", b'<meta name="viewport" content="width=1"><meta charset = utf-8>', ["utf-8"]),
        ("text/html", b"<!-- <meta charset=big5> --><p>charset=euc-kr</p>", []),
        ("text/html", b"x" * 9_000 + b"<meta charset=big5>", []),
        ("", b"", []),
    ],
)
def test_declarations_are_read_as_spelled(content_type: str, body: bytes, labels: list[str]) -> None:
    assert declarations(content_type, body) == labels
