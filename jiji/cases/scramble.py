"""Scrambled page: each word of running text is replaced by an invented one of the same shape.

The markup, the wording of the site, dates, datelines and digits stay. A letter is replaced by one of its kind (vowel,
consonant, kana, kanji; upper case stays upper case) that depends on the letters before it in its word. So a word has
one replacement everywhere, and a shortened word stays the beginning of the whole one.
"""

import re
from hashlib import blake2s
from itertools import groupby

from jiji.cases.kept_wording import is_kept_whole, kept_spans
from jiji.cases.source import Char, Stretch, replaced, stretches

_POOLS = (
    "aeiou",
    "bcdfghklmnprstvwyjqxz",
    "".join(map(chr, range(0x304B, 0x3063))),
    "".join(map(chr, range(0x30AB, 0x30C3))),
    "山川田村木林森石島谷原野水火土金天空花草池岩岸波",
)
"""Letters of one kind: vowels, consonants, hiragana, katakana, kanji."""
_COMMON = (5, 17, 24, 24, 24)
"""Letters of each pool that stand in replacements."""
_RANGES = (("ぁ", "ゖ", 2), ("ァ", "ヺ", 3), ("一", "鿿", 4))
_FULL_WIDTH = 0xFEE0
_JOINERS = "'’"
_FEWEST_WORDS = 3
"""Words of a string in a script that make it text; also the words in a row that may not survive."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def scramble(source: str, salt: bytes, *, is_block_page: bool = False) -> str:
    r"""Return the source of a page with scrambled words.

    >>> page = "<h1>Rain Falls</h1><p>Tokyo, Jan. 27 (Jiji Press)--Rain <b>fa</b>lls on 3 towns.</p>"
    >>> print(re.sub("[a-z]", "x", scramble(page, b"1")))
    <x1>Rxxx Fxxxx</x1><x>Txxxx, Jxx. 27 (Jxxx Pxxxx)--Rxxx <x>xx</x>xxx xx 3 xxxxx.</x>
    >>> scramble("<p>Rain, rain</p>", b"1").replace("<p>", "")[:4].lower() in scramble("<i>no rain</i>", b"1")
    True
    """
    lines = list(stretches(source))
    printed = {_collapsed(line)[0] for line in lines if not line.is_script}
    changes: list[tuple[Char, str]] = []
    for line in lines:
        if _is_text(line, printed):
            changes += _scrambled(line, salt, is_block_page=is_block_page)
    return replaced(source, changes)


def surviving_run(source: str, scrambled: str, *, is_block_page: bool = False) -> str | None:
    """Return words in a row of the original text that the scrambled page still holds; None without such a run."""
    left = f" {' '.join(_WORD.findall(_plain(scrambled))).casefold()} "
    for line in stretches(source):
        kept = _kept(line, is_block_page=is_block_page)
        text = "".join("\n" if kept[at] else char.text for at, char in enumerate(line.chars))
        for part in text.split("\n\n"):
            words = [word.casefold() for word in _WORD.findall(part)]
            runs = zip(*(words[start:] for start in range(_FEWEST_WORDS)), strict=False)
            if found := next((run for run in runs if f" {' '.join(run)} " in left), None):
                return " ".join(found)
    return None


def _is_text(line: Stretch, printed: set[str]) -> bool:
    """Return whether a stretch is text: no string of a script, or one with several words or a printed line's."""
    text, _ = _collapsed(line)
    return not line.is_script or text in printed or len(_WORD.findall(text)) >= _FEWEST_WORDS


def _scrambled(line: Stretch, salt: bytes, *, is_block_page: bool) -> list[tuple[Char, str]]:
    """Return the changes of a stretch."""
    kept = _kept(line, is_block_page=is_block_page)
    changes, word = [], ""
    for at, char in enumerate(line.chars):
        if not char.text.isalpha():
            word = word if char.text and char.text in _JOINERS else ""
            continue
        word += char.text.casefold()
        if not kept[at] and (new := _letter(char.text, word, salt)) != char.text:
            changes.append((char, new if char.is_plain or new.isascii() else f"&#{ord(new)};"))
    return changes


def _kept(line: Stretch, *, is_block_page: bool) -> list[bool]:
    """Return for each character of a stretch whether it is kept, by the line's wording and by that of each node."""
    kept = [False] * len(line.chars)
    text, places = _collapsed(line)
    for start, end in kept_spans(text, is_block_page=is_block_page):
        for at in range(start, min(end, len(text))):
            kept[places[at]] = True
    for start, end in line.nodes if len(line.nodes) > 1 else ():
        node = " ".join("".join(char.text for char in line.chars[start:end]).split())
        if node and is_kept_whole(node, is_block_page=is_block_page):
            kept[start:end] = [True] * (end - start)
    return kept


def _collapsed(line: Stretch) -> tuple[str, list[int]]:
    """Return the text of a stretch as one line, and the position of each of its characters in the stretch."""
    text, places = [], []
    for is_space, group in groupby(enumerate(line.chars), key=lambda each: not each[1].text.strip()):
        chars = list(group)
        for at, char in chars[:1] if is_space else chars:
            text.append(" " if is_space else char.text)
            places.append(at)
    start = 1 if text[:1] == [" "] else 0
    end = len(text) - (text[-1:] == [" "])
    return "".join(text[start:end]), places[start:end]


def _letter(letter: str, prefix: str, salt: bytes) -> str:
    """Return the replacement of a letter that ends ``prefix``; letters of other alphabets stay."""
    code = ord(letter)
    if 0xFF21 <= code <= 0xFF5A:  # noqa: PLR2004 - full-width letters
        return chr(ord(_letter(chr(code - _FULL_WIDTH), prefix, salt)) + _FULL_WIDTH)
    pool = next((number for first, last, number in _RANGES if first <= letter <= last), None)
    if pool is None:
        pool = next((number for number, letters in enumerate(_POOLS[:2]) if letter.lower() in letters), None)
    if pool is None:
        return letter
    choice = [other for other in _POOLS[pool][: _COMMON[pool]] if other != letter.lower()]
    number = int.from_bytes(blake2s(prefix.encode(), key=salt, digest_size=4).digest(), "big")
    new = choice[number % len(choice)]
    return new.upper() if letter.isupper() else new


def _plain(source: str) -> str:
    """Return the text of a page's source, whether printed or not, without tags inside words."""
    return " ".join(["\n".join(line.text for line in stretches(source)), re.sub(r"<[^>]*>", "", source), source])
