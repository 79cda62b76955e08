"""What bytes say: right or refused, whatever is declared."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiji.text.charset import decode

JAPANESE = "Tokyo (円安)--The 湯どうふ of 箱根 costs 1,200 yen, 神保町 shops say."
ENGLISH = "Tokyo--“It’s ‘now or never’… so let’s go,” said André—then 27."
NAMES = ["utf-8", "euc_jp", "cp932", "iso2022_jp", "cp1252", "ascii", "iso-8859-1", "koi8-r", ""]


@pytest.mark.parametrize("encoding", ["utf-8", "euc_jp", "iso2022_jp", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("declared", NAMES)
def test_what_proves_itself_is_right_whatever_is_declared(encoding: str, declared: str) -> None:
    assert decode(JAPANESE.encode(encoding), declared) == JAPANESE
    assert decode(JAPANESE.encode(encoding)) == JAPANESE


def test_shift_jis_is_believed_only_where_it_is_declared() -> None:
    body = JAPANESE.encode("cp932")
    assert decode(body, "shift_jis") == decode(body, "Windows-31J") == decode(body, "iso-8859-1", "x-sjis") == JAPANESE
    for declared in (None, "utf-8", "euc-jp", "iso-8859-1"):
        with pytest.raises(UnicodeError):
            decode(body, declared)


@pytest.mark.parametrize("declared", ["windows-1252", "iso-8859-1", "latin1", "us-ascii"])
def test_typographic_quotes_of_windows_are_read_where_they_are_declared(declared: str) -> None:
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
def test_a_cut_page_is_right_up_to_the_cut_or_refused(text: str, encoding: str, declared: str, at: int) -> None:
    try:
        body = text.encode(encoding)[:at]
    except UnicodeEncodeError:
        return
    try:
        read = decode(body, declared)
    except UnicodeError:
        return
    is_both = (encoding, text) == ("euc_jp", "促")  # alone, it is UTF-8 as well: no page is so short
    assert text.startswith(read.rstrip("\x1b")) or is_both


@pytest.mark.parametrize("declared", ["shift_jis", "iso-8859-1", "euc-jp"])
def test_a_damaged_page_is_refused_and_not_read_as_something_else(declared: str) -> None:
    body = JAPANESE.encode()
    with pytest.raises(UnicodeError):
        decode(body.replace("円".encode(), "円".encode()[:2]), declared)


def test_a_mark_decides() -> None:
    for body in (b"\xef\xbb\xbfcaf\xe9", b"\xff\xfeab\x00", b"\xfe\xff\xd8\x00", b"\xff\xfe\x00\xd8"):
        with pytest.raises(UnicodeError):
            decode(body, "iso-8859-1")


def test_too_little_to_prove_one_of_two_is_refused() -> None:
    body = "caf\u00e9".encode()  # is 巽 in EUC-JP
    assert decode(body) == decode(body, "utf-8") == "caf\u00e9"
    with pytest.raises(UnicodeError, match="may be utf-8 or euc_jp"):
        decode(body, "euc-jp")
