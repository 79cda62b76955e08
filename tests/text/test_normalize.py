"""Normalisation of characters: idempotent, and without effect on the content hash of equal texts."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from jiji.items import Article, Image, content_hash
from jiji.text.normalize import line, normalise

ANY = st.text(st.characters(exclude_categories=()), max_size=60)
"""Any code points, lone surrogates, controls, private and unassigned ones included."""
INVISIBLE = list(
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202e\u2066\u2069\u0000\u0007\u001b\u0080\u009f"
)
INVISIBLE += [
    "\ud800",
    "\udfff",
    "\ufffd",
    "\ufffe",
    "\ufdd0",
    "\ue000",
    "\U000e0041",
    "\U0010ffff",
    "\u180e",
    "\u034f",
]
SPACES = list("\u00a0\u1680\u2000\u2003\u2007\u2009\u202f\u205f\u3000\u2028\u2029\u0085\t\v\f\r\u2800\u3164")
SAME = settings(derandomize=True, database=None, deadline=None, max_examples=300)


@SAME
@given(ANY)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert line(once) == line(text)


@SAME
@given(ANY)
def test_no_invisible_character_is_left(text: str) -> None:
    assert not set(normalise(text)) & {*INVISIBLE, *SPACES}
    normalise(text).encode("utf-8")
    assert all(
        unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        for char in normalise(text)
        if char != "\n"
    )


def hash_of(headline: str, body: str, caption: str) -> str:
    """Return the content hash of an article with these texts, normalised."""
    return content_hash(
        Article(
            id="2026012700123", url="https://jen.jiji.com/", section="national", published_date="2026-01-27",
            headline=line(headline), body=line(body), images=[Image("https://jen.jiji.com/a.jpg", line(caption), None)],
            fetched_at="2026-01-27T00:00:00Z", layout="ArticlePage",
        )
    )  # fmt: skip


WORDS = st.text(st.sampled_from("abé１ü\u304cß-—“”'"), min_size=1, max_size=8)


@SAME
@given(
    st.lists(WORDS, min_size=1, max_size=6),
    st.lists(st.sampled_from(INVISIBLE), max_size=6),
    st.lists(st.sampled_from(SPACES), min_size=1, max_size=6),
    st.sampled_from(["NFC", "NFD"]),
)
def test_content_hash_ignores_spacing_and_invisible_characters(
    words: list[str], invisible: list[str], spaces: list[str], form: str
) -> None:
    plain = " ".join(words)
    spelled = "".join(
        char + (invisible[at % len(invisible)] if invisible else "")
        for at, char in enumerate(unicodedata.normalize(form, "".join(spaces).join(words)))  # type: ignore[arg-type]
    )
    assert hash_of(spelled, spelled, spelled) == hash_of(plain, plain, plain)


def test_quotes_dashes_and_full_width_digits_stay() -> None:
    text = '"It\'s" “it’s” - – — １２ ＡＢ ½ ㈱ ① ✈️'
    assert normalise(text) == text


def test_unassigned_code_point_stays() -> None:
    assert normalise("a\U0001fae9b\u0378") == "a\U0001fae9b\u0378"


def test_variants_of_japanese_charsets_are_one_character() -> None:
    for one, other in (("\uff5e", "\u301c"), ("\u2225", "\u2016"), ("\uff0d", "\u2212"), ("\u2015", "\u2014")):
        assert normalise(one) == normalise(other)


def test_combining_marks_beyond_thirty_in_a_row_are_removed() -> None:
    real = "e\u0323\u0301" * 50 + "\u0e01\u0e34\u0e48" * 50
    assert normalise(real) == unicodedata.normalize("NFC", real)
    for mark in ("\u0301", "\u0316", "\u0301\u0316", "\u0344"):
        made = normalise("a" + mark * 600_000 + "b")
        assert made[-1] == "b"
        assert len(made) <= 62
        assert normalise(made) == made
    assert normalise("—" * 100) == "—" * 100
