"""What proves a page to be the story that was asked for, and what gives away a block page that looks like an article.

Pure functions. Wire copy tells its headline again in its first sentences, and a list prints the headline that the page
prints. A page that does neither may still be the story, but it may also be one text that a site shows in the place of
every story: that shows only when the text comes again under other keys.
"""

import re

AGREEING = 0.6
"""The part of a listed headline's words that the page's headline must share; lists cut long ones short."""
RETOLD = 0.4
"""The part of a headline's words that the text below it must tell again."""
_LEAD = 1200
"""Characters of the text that retell the headline."""
_STEM = 4
"""Letters by which two forms of a word are one: "Price" and "prices", "Wins" and "winning"."""
_SMALL = frozenset(
    "a an and as at but by for from in into is its it of off on or over s than that the to up via with".split()
)
_WORD = re.compile(r"[^\W_]+")
_TIME = re.compile(r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?")
_HYPHENED = re.compile(r"[\w-]+")
_CODE_LENGTH = 6
_KEY_LENGTH = 10


def proves_itself(headline: str, body: str, listed_as: str | None) -> bool:
    """Say whether a page's words prove that it is the story that a list showed.

    >>> lead = "Rain fell on Osaka for the ninth day on Monday, the weather agency said."
    >>> proves_itself("Rain Falls on Osaka for Ninth Day", lead, "Rain Falls on Osaka for ...")
    True
    >>> proves_itself("Rain Falls on Osaka for Ninth Day", "Members read on.", "Rain Falls on Osaka for Ninth Day")
    False
    >>> proves_itself("Service Notice", "The service rests.", "Rain Falls on Osaka for Ninth Day")
    False
    """
    if not listed_as:
        return False
    shown = listed_as.rstrip(" .…")
    agrees = headline.startswith(shown) or shared(shown, headline) >= AGREEING
    return agrees and shared(headline, body.replace(headline, " ")[:_LEAD]) >= RETOLD


def shared(words: str, text: str) -> float:
    """Return which part of the words that mean something stands in a text, in whatever form.

    >>> shared("Prices of Rice Rise", "The price of rice went up."), shared("of the", "anything")
    (0.6666666666666666, 0.0)
    """
    wanted, there = _stems(words), _stems(text)
    return len(wanted & there) / len(wanted) if wanted else 0.0


def gist(body: str) -> str:
    r"""Return what two printings of one block page have in common: its words, without times and codes of incidents.

    Plain numbers count: two stories of the wire may differ in nothing else.

    >>> gist("Access denied at 10:31. Incident 4f2a77bc.") == gist("ACCESS denied at 9:05.\n\nIncident 90bc12-4d.")
    True
    >>> gist("The dollar stood at 155 yen.") == gist("The dollar stood at 156 yen.")
    False
    """
    told = _HYPHENED.sub(lambda word: "#" if _is_code(word[0]) else word[0], _TIME.sub("#", body.casefold()))
    return " ".join(told.split())


def _is_code(word: str) -> bool:
    """Say whether a word is one of letters and digits together, or a number as long as a key."""
    if word.isdigit():
        return len(word) >= _KEY_LENGTH
    return len(word) >= _CODE_LENGTH and any(map(str.isdigit, word)) and any(map(str.isalpha, word))


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(text.casefold()) if word not in _SMALL}
