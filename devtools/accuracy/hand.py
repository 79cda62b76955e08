"""The hand that types a page: the same words in the many spellings that a browser shows alike."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from markupsafe import Markup, escape

INDENTS = tuple(Markup(space * 3) for space in ("&nbsp; ", "\u00a0 ", "&#160; "))
ENTITIES = {"&#34;": "&quot;", "é": "&eacute;", "–": "&ndash;", "—": "&mdash;", "…": "&hellip;"}
UNSEEN = ("\u200b", "\u00ad", "\u2060", "&shy;", "&#8203;", "&zwnj;", "<wbr>")
SPACES = ("&nbsp;", "\u00a0", "\u2009", "\n", "\r\n  ", "\t", "&#32;", "&ensp;")
TWINS = str.maketrans("〜—", "～―")
TAGS = ("b", "i", "em", "strong", "span", "font", 'a href="/jc/word"', 'span class="tcy"', "u", "mark")

HABITS = ("entities", "spaces", "unseen", "decomposed", "tagged", "references", "commented", "twins")


@dataclass(frozen=True)
class Hand:
    """How a page's author types; the more habits, the further the source is from the words."""

    rng: Random
    habits: frozenset[str]

    def ink(self, text: str) -> Markup:
        """Return text as markup."""
        return self._type(text, self._word)

    def attribute(self, text: str) -> Markup:
        """Return text as it may stand between an attribute's quotes: no tags, no comments."""
        return Markup(escape(self._spell(text)))

    def headline(self, text: str) -> Markup:
        """Return a headline, now and then over two lines."""
        words = text.split(" ")
        if "tagged" not in self.habits or self.rng.random() < 0.8 or len(words) < 4:
            return self.ink(text)
        return self.ink(" ".join(words[:3])) + Markup("<br>") + self.ink(" ".join(words[3:]))

    def _type(self, text: str, word: Callable[[str], str]) -> Markup:
        typed = word(text.split(" ")[0])
        for next_word in text.split(" ")[1:]:
            space = self.rng.choice(SPACES) if self._feels_like("spaces", 0.1) else " "
            typed += space + word(next_word)
        return Markup(typed)

    def _word(self, word: str) -> str:
        typed = self._escape(self._spell(word))
        if self._feels_like("tagged", 0.04):
            tag = self.rng.choice(TAGS)
            return f"<{tag}>{typed}</{tag.split()[0]}>"
        return typed

    def _spell(self, text: str) -> str:
        text = unicodedata.normalize("NFD", text) if self._feels_like("decomposed", 0.8) else text
        return text.translate(TWINS) if "twins" in self.habits else text

    def _escape(self, word: str) -> str:
        """Return a word as markup, something that nobody sees within it at times."""
        letters = [str(escape(letter)) for letter in word]
        if self._feels_like("references", 0.05):
            letters = [f"&#{ord(letter)};" for letter in word]
        if self._feels_like("unseen", 0.05):
            letters.insert(self.rng.randrange(1, len(letters) + 1), self.rng.choice(UNSEEN))
        if self._feels_like("commented", 0.03):
            letters.insert(self.rng.randrange(1, len(letters) + 1), "<!--es-->")
        typed = "".join(letters)
        if "entities" in self.habits:
            for plain, entity in ENTITIES.items():
                typed = typed.replace(plain, entity)
        return typed

    def _feels_like(self, habit: str, often: float) -> bool:
        return habit in self.habits and self.rng.random() < often
