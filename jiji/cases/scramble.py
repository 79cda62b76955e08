"""Scrambled page: each word of running text is replaced by an invented one of the same shape.

The markup, the wording of the site, dates, datelines and digits stay. A letter is replaced by one of its kind (vowel,
consonant, kana, kanji; upper case stays upper case) that depends on the letters before it in its word. So a word has
one replacement everywhere, and a shortened word stays the beginning of the whole one.
"""

import re
from hashlib import blake2s
from itertools import groupby
from unicodedata import combining, normalize

from jiji.cases.kept_wording import is_kept_whole, kept_spans, subscribe_lines
from jiji.cases.source import Char, Stretch, replaced, stretches
from jiji.text.normalize import normalise

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
_GAP = "\n\n"
_CODE = re.compile(r"\S*\w[-._/#=:]\w\S*")
"""Name or address in a script."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def scramble(source: str, salt: bytes, *, is_block_page: bool = False) -> str:
    r"""Return the source of a page with scrambled words.

    >>> page = "<h1>Rain Falls</h1><p>Tokyo, Jan. 27 (Jiji Press)--Rain <b>fa</b>lls on 3 towns.</p>"
    >>> print(scramble(page, b"1"))
    <h1>Year Dufcr</h1><p>Tokyo, Jan. 27 (Jiji Press)--Year <b>du</b>fcr ut 3 lepwv.</p>
    """
    changes: list[tuple[Char, str]] = []
    for line, kept in _lines(source, is_block_page=is_block_page):
        changes += _scrambled(line, kept, salt)
    return replaced(source, changes)


def surviving_run(source: str, scrambled: str, *, is_block_page: bool = False) -> str | None:
    """Return words in a row of the original text that the scrambled page still holds; None without such a run."""
    lines = list(_lines(source, is_block_page=is_block_page))
    site = _words("\n".join(_marked(line, kept, shown=True) for line, kept in lines))
    text = (line.text for line in stretches(scrambled))
    left = _words("\n".join([*text, re.sub(r"<[^>]*>", "", scrambled), scrambled]))
    for line, kept in lines:
        shown = _marked(line, kept, shown=False)
        for part in (_CODE.sub(_GAP, shown) if line.is_script else shown).split(_GAP):
            words = _words(part).split()
            for run in zip(*(words[start:] for start in range(_FEWEST_WORDS)), strict=False):
                if f" {' '.join(run)} " in left and f" {' '.join(run)} " not in site:
                    return " ".join(run)
    return None


def _lines(source: str, *, is_block_page: bool) -> list[tuple[Stretch, list[bool]]]:
    """Return the text of a page: each stretch, and for each of its characters whether it is kept."""
    lines = list(stretches(source))
    texts = [_collapsed(line)[0] for line in lines]
    printed = {text for line, text in zip(lines, texts, strict=True) if not line.is_script}
    kept = subscribe_lines([text for line, text in zip(lines, texts, strict=True) if line.is_printed and text])
    return [
        (line, [True] * len(line.chars) if text in kept else _kept(line, is_block_page=is_block_page))
        for line, text in zip(lines, texts, strict=True)
        if _is_text(line, printed)
    ]


def _is_text(line: Stretch, printed: set[str]) -> bool:
    """Return whether a stretch is text: no string of a script, or one with several words or a printed line's."""
    text, _ = _collapsed(line)
    has_words = min(len(text.split()), len(_WORD.findall(text))) >= _FEWEST_WORDS
    return not line.is_script or text in printed or has_words


def _scrambled(line: Stretch, kept: list[bool], salt: bytes) -> list[tuple[Char, str]]:
    """Return the changes of a stretch."""
    changes, word = [], ""
    for at, char in enumerate(line.chars):
        if not char.text.isalpha():
            if not normalise(char.text):
                continue  # an invisible character does not end a word
            word = word if char.text and char.text in _JOINERS else ""
            continue
        word += char.text.casefold()
        marks = line.chars[at + 1].text if at + 1 < len(line.chars) else ""
        if marks and combining(marks):
            word = word[:-1] + normalize("NFC", word[-1] + marks)
            continue  # a letter with an accent stays, however it is written
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
            if is_space or normalise(char.text):
                text.append(" " if is_space else char.text)
                places.append(at)
    start = 1 if text[:1] == [" "] else 0
    end = len(text) - (text[-1:] == [" "])
    return "".join(text[start:end]), places[start:end]


def _letter(letter: str, prefix: str, salt: bytes) -> str:
    """Return the replacement of a letter that ends ``prefix``; letters of other alphabets stay."""
    code = ord(letter)
    if 0xFF21 <= code <= 0xFF5A:
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


def _marked(line: Stretch, kept: list[bool], *, shown: bool) -> str:
    """Return the kept characters of a stretch, or the others, with a mark in the place of each of the rest."""
    return "".join(char.text if keep is shown else _GAP for char, keep in zip(line.chars, kept, strict=True))


def _words(text: str) -> str:
    """Return the words of a text in lower case, with a space around each."""
    return f" {' '.join(_WORD.findall(text)).casefold()} "
