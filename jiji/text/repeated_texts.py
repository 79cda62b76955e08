"""Repeated texts: one text under several article IDs, as a block page in the article layout has it.

Two copies of a notice differ in times, incident codes and copies of the article's headline, and in nothing else.
"""

import re
from hashlib import sha256

from jiji.text.retelling import remaining_words

MOST_IDS = 3
"""Article IDs kept for one text."""
_TIME = re.compile(r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?")
_HYPHENATED = re.compile(r"[\w-]+")
_SHORTEST_CODE = 6
_SHORTEST_NUMBER_CODE = 10


def fingerprint_text(headline: str, body: str) -> str:
    r"""Return the words of a text without what two copies of a block page differ in.

    Plain numbers are kept. Two articles of the wire may differ in nothing else.

    >>> one = fingerprint_text("Rain Falls on Osaka", '"Rain Falls on Osaka" is in our app. 10:31, incident 4f2a77bc')
    >>> two = fingerprint_text("Snow Falls on Ome", '"Snow Falls on Ome" is in OUR app.\n\n9:05, incident 90bc12-4d')
    >>> one == two, one
    (True, 'is in our app incident')
    >>> fingerprint_text("", "The dollar stood at 155 yen.") == fingerprint_text("", "The dollar stood at 156 yen.")
    False
    """
    masked = _HYPHENATED.sub(lambda word: " " if _is_code(word[0]) else word[0], _TIME.sub(" ", body))
    return " ".join(remaining_words(headline, masked))


class RepeatedTexts:
    """Article IDs of each text, with 8-byte digests in the place of the texts.

    >>> texts = RepeatedTexts()
    >>> for number, time in enumerate(("9:05", "9:06", "9:07", "9:08")):
    ...     texts.add(f"202601270000{number}", "Rain", f"Access denied at {time}.")
    >>> texts.ids("Snow", "Access denied at 10:31.")
    ('2026012700000', '2026012700001', '2026012700002')
    """

    def __init__(self) -> None:
        self._ids: dict[bytes, tuple[str, ...]] = {}

    def add(self, article_id: str, headline: str, body: str) -> None:
        """Record a text under an article ID."""
        digest = _digest(headline, body)
        ids = self._ids.get(digest, ())
        if article_id not in ids and len(ids) < MOST_IDS:
            self._ids[digest] = (*ids, article_id)

    def ids(self, headline: str, body: str) -> tuple[str, ...]:
        """Return the first article IDs recorded for a text, `MOST_IDS` at most."""
        return self._ids.get(_digest(headline, body), ())


def _digest(headline: str, body: str) -> bytes:
    return sha256(fingerprint_text(headline, body).encode("utf-8")).digest()[:8]


def _is_code(word: str) -> bool:
    """Return whether a word mixes letters and digits, or is a number nearly as long as an article ID."""
    if word.isdigit():
        return len(word) >= _SHORTEST_NUMBER_CODE
    return len(word) >= _SHORTEST_CODE and any(map(str.isdigit, word)) and any(map(str.isalpha, word))
