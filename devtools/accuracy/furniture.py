"""What stands on a page around a story: nothing of it is the story's, and no reader would think so."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

from markupsafe import Markup, escape

from devtools.accuracy import words
from devtools.accuracy.words import fill

LABELS = ("POLITICS", "ECONOMY", "SPORTS", "OTHER")
NAVIGATION = ("HOME", "NATIONAL", "HEADLINES", *LABELS, "AFP-JIJI PRESS NEWS JOURNAL", "Photos")


def _pieces() -> dict[str, list[str]]:
    """Return the pieces that may stand at each place of a page."""
    text = (Path(__file__).parent / "templates" / "furniture.txt").read_text(encoding="utf-8")
    places = (place.partition("]\n") for place in text.removeprefix("[").split("\n["))
    return {name: pieces.strip().split("\n\n") for name, _, pieces in places}


PIECES = _pieces()
"""Place on a page → what may stand there."""
OFTEN = 0.35


class Furnisher:
    """Makes the furniture of one page; `day` is the day of its story."""

    def __init__(self, rng: Random, day: date) -> None:
        self._rng = rng
        self._day = day

    def link(self) -> Markup:
        """A link to another story."""
        headline = escape(fill(self._rng, self._rng.choice(words.HEADLINES)))
        return Markup(f'<a class="textL" href="{self._address()}">{headline}</a>')

    def some(self, place: str) -> Markup:
        """Some of what may stand at a place, or nothing."""
        return Markup("\n").join(self._made(piece) for piece in PIECES[place] if self._rng.random() < OFTEN)

    def one(self, *places: str) -> Markup:
        """One piece of what may stand at any of some places."""
        return self._made(self._rng.choice([piece for place in places for piece in PIECES[place]]))

    def _made(self, piece: str) -> Markup:
        for slot, make in (("{link}", self.link), ("{address}", self._address)):
            while slot in piece:
                piece = piece.replace(slot, make(), 1)
        return Markup(piece)

    def _address(self) -> str:
        day = self._day - timedelta(days=self._rng.randrange(3))
        return f"/jc/eng?g=eco&amp;k={day:%Y%m%d}{self._rng.randrange(100_000):05d}"
