"""Subscribe sentences: the request to subscribe that ends the free part of a story."""

import re

_S = r"(?:[^.!?\n]|\.(?=\w))"
"""Character of a sentence."""
_READ = (
    r"(?:continue(?: reading| to read)|keep reading|read(?:ing)?(?: on| more| further)?|view|see|access|enjoy|unlock"
    r"|finish(?: reading)?)"
)
_TEXT = r"(?:story|stories|articles?|text|report|version|contents?|news|page|column)"
_PAID = r"(?:subscri|sign(?:ing)?[ -]up|log(?:ging)?[ -]?in|regist|members?\b|membership|paid plan)"
_CALL = (
    r"(?:please|kindly|click|tap|subscribe|sign (?:up|in)|log[ -]?in|register|become|join|you(?:'ll)?|visit|go to|start"
    r"|choose|buy|purchase|upgrade|take out|get|find out|create)"
)
_JOIN = r"(?:subscribe|sign (?:up|in)|log[ -]?in|register|become an? (?:\w+ )?(?:member|subscriber)|join(?: us)?)"
_ASKS = (
    # to read the full article, please subscribe
    rf"(?:in order )?to {_READ}\b(?={_S}{{0,240}}{_PAID}){_S}{{0,100}}?(?:[,:;–—-]+ ?{_CALL}| (?:please|click|subscribe|you))\b",
    # read the full story by subscribing
    rf"(?:you can |please )?(?:continue|keep|read)(?:ing)?\b{_S}{{0,80}}? (?:by|with|after|through|via) (?:an? |your )?"
    r"(?:\w+ )?(?:subscrib|subscription|sign(?:ing)? up|membership)",
    # this article is for subscribers
    rf"(?:this {_TEXT}|(?:the )?(?:rest|remainder|continuation|full (?:text|version|story|article))(?: of (?:the|this) {_TEXT})?)"
    rf" (?:is|are|can be|may be){_S}{{0,60}}?\b(?:for|to|by)(?: (?:paid|paying|our|registered|the|site))*[ -]"
    r"(?:subscribers|members)\b",
    # subscribe to read on
    rf"(?:please )?{_JOIN}(?: or {_JOIN})?"
    rf"(?: (?:now|today|here|for free|for a subscription|with us|to (?:\w+ ){{1,3}}))*,? ?(?:to|and|for) (?:\w+ )?{_READ}\b",
    # please click here to find out how to subscribe
    rf"(?:please )?(?:click|tap) (?:here|below|the \w+)(?: below)? (?:to|and|for){_S}{{0,40}}?\b{_PAID}",
    # want to read more? subscribe
    rf"(?:do you )?(?:want|would you like|wish) to {_READ}\b{_S}{{0,60}}\? ?{_S}{{0,40}}?{_PAID}",
    # for subscribers only
    r"(?:available |exclusive(?:ly)? |reserved )?(?:for|to) (?:paid |paying |our )?(?:subscribers|members)(?: only)?(?=[.!]?$)",
    rf"(?:subscribers?|members?)[ -]only(?: {_TEXT})?(?=[.!]?$)|only (?:paid )?(?:subscribers|members) can {_READ}\b",
    r"not(?: yet)? an? (?:subscriber|member)(?: yet)?\?",
)
_SITE_SENTENCE = r"to read a full story,? please click here to find out how to subscribe"
"""The sentence of the site (seen), which may stand behind anything."""
_OPENING = r"(?:^|(?<=[.!?…。)\]>:»\"”’])\s+)[\s*>»\[(【-]{0,20}"
_SUBSCRIBE = re.compile(rf"(?i)(?:{_OPENING}|\b(?={_SITE_SENTENCE}))(?P<ask>{'|'.join(_ASKS)})")
_MAY_OPEN = re.compile(
    r"(?i)\bread|\bto (?:view|see|access|enjoy|unlock|finish)\b|\bsubscri|\bmembers?\b|\bsign (?:up|in)\b|\blog[ -]?in\b|\bclick\b|\btap\b"
)
_REST = re.compile(rf"{_S}*")
_REPORTED = re.compile(
    r"(?i)[\"”]|\b(?:sa(?:id|ys|ying)|told|according to|wrote|writes|add(?:s|ed)|reported|explained)\b"
)
_QUOTES = re.compile('["“”]')


def may_open_subscribe(text: str) -> bool:
    """Return whether a subscribe sentence may start in a line; a fast test, false for most lines.

    >>> may_open_subscribe("To read a full story,"), may_open_subscribe("Rain fell on Osaka.")
    (True, False)
    """
    return _MAY_OPEN.search(text) is not None


def subscribe_start(text: str) -> int | None:
    """Return the position of the subscribe sentence in a line, None for a line without it.

    The sentence addresses the reader. One between quotation marks or in reported speech belongs to the story. A free
    one in the middle of a story cannot be told from the real one here: the paragraphs behind it decide.

    >>> subscribe_start("Rain fell. To read a full story, please click here to find out how to subscribe.")
    11
    >>> subscribe_start("To read the full article, log in or subscribe."), subscribe_start("Subscribe to read on.")
    (0, 0)
    >>> subscribe_start('The page said, "To read a full story, please click here to find out how to subscribe."') is None
    True
    >>> subscribe_start("To read the full report, members must register, the ministry said.") is None
    True
    """
    quotes = counted = 0
    for match in _SUBSCRIBE.finditer(text):
        start = match.start("ask")
        quotes += len(_QUOTES.findall(text, counted, start))
        counted = start
        rest = _REST.match(text, match.end())
        if quotes % 2 == 0 and not (rest and _REPORTED.search(match["ask"] + rest[0])):
            return start
    return None
