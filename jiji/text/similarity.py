"""Similarity of texts: verification of an article against its listing, and block pages in the article layout.

Pure functions, and one table of digests. Wire copy repeats its headline in its first sentences, and an index page
prints the article page's headline. A page without both is either the article or a block page. Only a text repeated
under several article IDs is certainly a block page.
"""

import re
from hashlib import sha256

LISTED_SHARE = 0.6
"""Least share of the listed headline's words in the page's headline. Index pages cut long headlines short."""
LEAD_SHARE = 0.4
"""Least share of the headline's words in the lead."""
MOST_IDS = 3
"""Article IDs kept for one text."""
_LEAD = 1200
"""Characters at the start of a text."""
_STEM = 4
"""Letters by which two forms of a word are one: "Price" and "prices", "Wins" and "winning"."""
_STOP_WORDS = frozenset(
    "a an and as at but by for from in into is its it of off on or over s than that the to up via with".split()
)
_WORD = re.compile(r"[^\W_]+")
_TIME = re.compile(r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?")
_HYPHENATED = re.compile(r"[\w-]+")
_SHORTEST_CODE = 6
_SHORTEST_NUMBER_CODE = 10


def is_verified(headline: str, body: str, listed_headline: str | None) -> bool:
    """Return whether the wording of a page proves it to be the listed article.

    >>> lead = "Rain fell on Osaka for the ninth day on Monday, the weather agency said."
    >>> is_verified("Rain Falls on Osaka for Ninth Day", lead, "Rain Falls on Osaka for ...")
    True
    >>> is_verified("Rain Falls on Osaka for Ninth Day", "Members read on.", "Rain Falls on Osaka for Ninth Day")
    False
    >>> is_verified("Service Notice", "The service rests.", "Rain Falls on Osaka for Ninth Day")
    False
    """
    if not listed_headline:
        return False
    listed = listed_headline.rstrip(" .…")
    agrees = headline.startswith(listed) or shared_words(listed, headline) >= LISTED_SHARE
    return agrees and shared_words(headline, body.replace(headline, " ")[:_LEAD]) >= LEAD_SHARE


def shared_words(words: str, text: str) -> float:
    """Return the share of words, stop words apart, with a form of theirs in a text.

    >>> shared_words("Prices of Rice Rise", "The price of rice went up."), shared_words("of the", "anything")
    (0.6666666666666666, 0.0)
    """
    wanted, found = _stems(words), _stems(text)
    return len(wanted & found) / len(wanted) if wanted else 0.0


def fingerprint_text(body: str) -> str:
    r"""Return the words of a text without times and incident codes, the only differences of two copies of a block page.

    Plain numbers are kept. Two articles of the wire may differ in nothing else.

    >>> one, two = "Access denied at 10:31. Incident 4f2a77bc.", "ACCESS denied at 9:05.\n\nIncident 90bc12-4d."
    >>> fingerprint_text(one) == fingerprint_text(two)
    True
    >>> fingerprint_text("The dollar stood at 155 yen.") == fingerprint_text("The dollar stood at 156 yen.")
    False
    """
    masked = _HYPHENATED.sub(lambda word: "#" if _is_code(word[0]) else word[0], _TIME.sub("#", body.casefold()))
    return " ".join(masked.split())


class RepeatedTexts:
    """Article IDs of each text, with 8-byte digests in the place of the texts.

    >>> texts = RepeatedTexts()
    >>> for number, time in enumerate(("9:05", "9:06", "9:07", "9:08")):
    ...     texts.add(f"202601270000{number}", f"Access denied at {time}.")
    >>> texts.ids("Access denied at 10:31.")
    ('2026012700000', '2026012700001', '2026012700002')
    """

    def __init__(self) -> None:
        self._ids: dict[bytes, tuple[str, ...]] = {}

    def add(self, article_id: str, body: str) -> None:
        """Record a text under an article ID."""
        digest = _digest(body)
        ids = self._ids.get(digest, ())
        if article_id not in ids and len(ids) < MOST_IDS:
            self._ids[digest] = (*ids, article_id)

    def ids(self, body: str) -> tuple[str, ...]:
        """Return the first article IDs recorded for a text, `MOST_IDS` at most."""
        return self._ids.get(_digest(body), ())


def _digest(body: str) -> bytes:
    return sha256(fingerprint_text(body).encode("utf-8")).digest()[:8]


def _is_code(word: str) -> bool:
    """Return whether a word mixes letters and digits, or is a number nearly as long as an article ID."""
    if word.isdigit():
        return len(word) >= _SHORTEST_NUMBER_CODE
    return len(word) >= _SHORTEST_CODE and any(map(str.isdigit, word)) and any(map(str.isalpha, word))


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(text.casefold()) if word not in _STOP_WORDS}
