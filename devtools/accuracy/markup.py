"""HTML spellings of a text that a browser shows alike."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from markupsafe import Markup, escape

INDENTS = tuple(Markup(space * 3) for space in ("&nbsp; ", "\u00a0 ", "&#160; "))
ENTITIES = {"&#34;": "&quot;", "é": "&eacute;", "–": "&ndash;", "—": "&mdash;", "…": "&hellip;"}
INVISIBLE = ("\u200b", "\u00ad", "\u2060", "&shy;", "&#8203;", "&zwnj;", "<wbr>")
SPACES = ("&nbsp;", "\u00a0", "\u2009", "\n", "\r\n  ", "\t", "&#32;", "&ensp;")
LOOKALIKES = str.maketrans("〜—", "～―")
COMMENTS = ("<!--es-->", "<!-- <wbr> -->", "<!-- a -- b > c -->")
HIDDEN = (
    *('<span style="font-size:0">{} </span>', '<span style="position:absolute;left:-9999px">{} </span>'),
    *('<span style="visibility:hidden">{} </span>', '<span style="display:none">{} </span>'),
)
INLINE_TAGS = ("b", "i", "em", "strong", "span", "font", 'a href="/jc/word"', 'span class="tcy"', "u", "mark")

VARIATIONS = (
    *("entities", "spaces", "invisible", "decomposed"),
    *("inline tags", "references", "comments", "lookalikes", "edits", "hidden words"),
)


@dataclass(frozen=True)
class MarkupWriter:
    """Writer of a page's text as markup, with some of the `VARIATIONS`."""

    rng: Random
    variations: frozenset[str]

    def write(self, text: str) -> Markup:
        """Return a text as markup."""
        return self._words(text, self._word)

    def attribute(self, text: str) -> Markup:
        """Return a text for an attribute's value, without tags and comments."""
        return Markup(escape(self._characters(text)))

    def headline(self, text: str) -> Markup:
        """Return a headline, sometimes over two lines."""
        words = text.split(" ")
        if "inline tags" not in self.variations or self.rng.random() < 0.8 or len(words) < 4:
            return self.write(text)
        return self.write(" ".join(words[:3])) + Markup("<br>") + self.write(" ".join(words[3:]))

    def _words(self, text: str, word: Callable[[str], str]) -> Markup:
        first, *others = text.split(" ")
        markup = word(first)
        for other in others:
            markup += (self.rng.choice(SPACES) if self._varies("spaces", 0.1) else " ") + word(other)
        return Markup(markup)

    def _word(self, word: str) -> str:
        markup = self._escape(self._characters(word))
        if self._varies("inline tags", 0.04):
            tag = self.rng.choice(INLINE_TAGS)
            return f"<{tag}>{markup}</{tag.split()[0]}>"
        if self._varies("edits", 0.04):
            return f"<del>{self.rng.randrange(100)} </del><ins>{markup}</ins>"
        if self._varies("hidden words", 0.04):
            return self.rng.choice(HIDDEN).format(self.rng.randrange(100)) + markup
        return markup

    def _characters(self, text: str) -> str:
        text = unicodedata.normalize("NFD", text) if self._varies("decomposed", 0.8) else text
        return text.translate(LOOKALIKES) if "lookalikes" in self.variations else text

    def _escape(self, word: str) -> str:
        """Return a word as markup, sometimes with an invisible character or a comment within."""
        letters = [str(escape(letter)) for letter in word]
        if self._varies("references", 0.05):
            letters = [f"&#{ord(letter)};" for letter in word]
        if self._varies("invisible", 0.05):
            letters.insert(self.rng.randrange(1, len(letters) + 1), self.rng.choice(INVISIBLE))
        if self._varies("comments", 0.03):
            letters.insert(self.rng.randrange(1, len(letters) + 1), self.rng.choice(COMMENTS))
        markup = "".join(letters)
        if "entities" in self.variations:
            for plain, entity in ENTITIES.items():
                markup = markup.replace(plain, entity)
        return markup

    def _varies(self, variation: str, probability: float) -> bool:
        return variation in self.variations and self.rng.random() < probability
