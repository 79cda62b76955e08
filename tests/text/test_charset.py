"""Charset detection: right or an error under any declaration."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiji.text.charset import decode

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
