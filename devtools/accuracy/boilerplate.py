"""Boilerplate of generated pages: navigation, advertisements, forms, boxes of other headlines."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

from markupsafe import Markup, escape

from devtools.accuracy.stories import pick

GROUPS = ("POLITICS", "ECONOMY", "SPORTS", "OTHER")
NAVIGATION = ("HOME", "NATIONAL", "HEADLINES", *GROUPS, "AFP-JIJI PRESS NEWS JOURNAL", "Photos")
PROBABILITY = 0.35


def _read_pieces() -> dict[str, list[str]]:
    text = (Path(__file__).parent / "templates" / "boilerplate.txt").read_text(encoding="utf-8")
    places = (place.partition("]\n") for place in text.removeprefix("[").split("\n["))
    return {name: pieces.strip().split("\n\n") for name, _, pieces in places}


PIECES = _read_pieces()
"""Place on a page → pieces of markup for it."""


class Boilerplate:
    """Boilerplate of one page. `day` is the day of its story."""

    def __init__(self, rng: Random, day: date) -> None:
        self._rng = rng
        self._day = day

    def link(self) -> Markup:
        """Return a link to another story."""
        headline = escape(pick(self._rng, "headline"))
        return Markup(f'<a class="textL" href="{self._address()}">{headline}</a>')

    def some(self, place: str) -> Markup:
        """Return some pieces for a place, or nothing."""
        return Markup("\n").join(self._filled(piece) for piece in PIECES[place] if self._rng.random() < PROBABILITY)

    def one(self, *places: str) -> Markup:
        """Return one piece for any of these places."""
        return self._filled(self._rng.choice([piece for place in places for piece in PIECES[place]]))

    def _filled(self, piece: str) -> Markup:
        for slot, make in (("{link}", self.link), ("{address}", self._address)):
            while slot in piece:
                piece = piece.replace(slot, make(), 1)
        return Markup(piece)

    def _address(self) -> str:
        day = self._day - timedelta(days=self._rng.randrange(3))
        return f"/jc/eng?g=eco&amp;k={day:%Y%m%d}{self._rng.randrange(100_000):05d}"
