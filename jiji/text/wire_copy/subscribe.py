"""Subscribe sentences: the request to subscribe that ends the free part of a story."""

import re

_S = r"(?:[^.!?\n]|\.(?=\w))"
"""Character of a sentence."""
_TEXT = r"(?:story|stories|articles?|texts?|reports?|versions?|contents?|columns?)"
_READ = (
    r"(?:continue (?:reading|to read)|keep reading|finish reading|read(?:ing)?(?: on| more| further)?"
    rf"|(?:view|see|access|enjoy|unlock) (?:\w+ ){{0,4}}{_TEXT})"
)
_PAID = r"(?:subscri|sign(?:ing)?[ -]up|log(?:ging)?[ -]?in|regist|members?\b|membership|paid plan)"
_CALL = (
    r"(?:please|kindly|click|tap|subscribe|sign (?:up|in)|log[ -]?in|register|become|join|you(?:'ll)?|visit|go to|start"
    r"|choose|buy|purchase|upgrade|take out|get|find out|create)"
)
_JOIN = r"(?:subscribe|sign (?:up|in)|log[ -]?in|register|become an? (?:\w+ )?(?:member|subscriber)|join(?: us)?)"
_MANNER = r"(?: (?:now|today|here|for free|for a subscription|with us|to (?:\w+ ){1,3}))*"
_REST_OF_TEXT = rf"(?:the )?(?:rest|remainder|full (?:text|version|story|article))(?: of (?:the|this) {_TEXT})?"
_ASKS = (
    # to read the full article, please subscribe
    rf"(?:in order )?to {_READ}\b(?={_S}{{0,240}}{_PAID}){_S}{{0,100}}?(?:[,:;–—-]+ ?{_CALL}| (?:please|click|you))\b",
    rf"(?:in order )?to {_READ}\b{_S}{{0,100}}? subscribe\b",
    # read the full story by subscribing
    rf"(?:you can |please )?(?:continue|keep|read)(?:ing)?\b{_S}{{0,80}}? (?:by|with|after|through|via) (?:an? |your )?"
    r"(?:\w+ )?(?:subscrib|subscription|signing up|membership|(?:a )?(?:member|subscriber)\b)",
    # this article is for subscribers
    rf"(?:this {_TEXT}|{_REST_OF_TEXT}) (?:is|are|can be|may be){_S}{{0,60}}?\b(?:for|to|by)"
    r"(?: (?:paid|paying|our|registered|the|site))*[ -](?:subscribers|members)\b",
    # subscribe to read on
    rf"(?:please )?{_JOIN}(?: or {_JOIN})?{_MANNER},? ?(?:to|and|for) (?:\w+ )?{_READ}\b",
    # click here to find out how to subscribe
    r"(?:please )?(?:click|tap) (?:here|below) (?:to|and) (?:find out|learn) how to (?:subscribe|register|sign up)",
    # want to read more? subscribe
    rf"(?:do you )?(?:want|would you like|wish) to {_READ}\b{_S}{{0,60}}\? ?{_S}{{0,40}}?{_PAID}",
    # only subscribers can read this article
    rf"only (?:paid )?(?:subscribers|members) can {_READ}\b",
    # cases: subscribe-paid-members-can-read, subscribe-full-text-for-subscribers
    rf"(?:paid |registered )?(?:subscribers|members) can {_READ} (?:{_REST_OF_TEXT})(?: here)?(?=\W*$)",
    rf"(?:read more|(?:the )?(?:full|whole|entire|complete|remaining) {_TEXT})\W{{1,3}}(?:is |are )?"
    r"(?:only |available |reserved |exclusively )*(?:for |to )?(?:paid |paying |our |the )*"
    r"(?:subscribers|members)(?: only)?(?=\W*$)",
    # for the full story, please subscribe
    rf"for {_REST_OF_TEXT},? (?:please )?{_JOIN}\b",
    # click here to read the full story
    rf"(?:please )?(?:click|tap) (?:here|below) (?:to|and) (?:{_JOIN} and {_READ}"
    rf"|{_READ} {_REST_OF_TEXT})(?=\W*$)",
    # start your free trial to read the full story
    rf"(?:start|get|take out|try|begin|buy) {_S}{{0,60}}\b(?:trial|subscription|membership)\b{_S}{{0,20}} to {_READ}\b",
    rf"(?:you (?:need|must have)|this {_TEXT} (?:needs|requires)) {_S}{{0,20}}\b(?:subscription|membership|account)\b",
    rf"you(?:'ve| have) (?:reached|used)(?: up)? {_S}{{0,40}}\b(?:limit|free {_TEXT})\b",
    rf"unlock (?:this|the) {_TEXT}(?=\W*$)",
    rf"read (?:{_REST_OF_TEXT}|the (?:whole|entire) {_TEXT}) (?:in|on|with) (?:our|the) (?:app|site|paper)\b",
    # if you are a subscriber, log in to read the full story
    rf"if you (?:are|want|wish|would)\b{_S}{{0,80}},? (?:please )?{_JOIN}\b",
    rf"(?:not|already)(?: yet)? an? (?:subscriber|member)\? {_JOIN}{_MANNER},? ?(?:to|and|for) (?:\w+ )?{_READ}\b",
    rf"you can {_READ} {_REST_OF_TEXT} (?:after|by|once|when) {_S}{{0,30}}\b(?:regist|subscri|sign|log|join)",
)
_SITE_SENTENCE = r"to read a full story,? please click here to find out how to subscribe"
"""The sentence of the site (seen), which may stand behind anything."""
_SITE = re.compile(rf"(?i){_SITE_SENTENCE}\.?")
_OPENING = r"(?:^|(?<=[.!?…。)\]>:»\"”’])\s+)[\s*>»\[(【-]{0,20}"
_SUBSCRIBE = re.compile(rf"(?i)(?:{_OPENING}|\b(?={_SITE_SENTENCE}))(?P<ask>{'|'.join(_ASKS)})")
_MAY_OPEN = re.compile(
    r"(?i)\bread|\bto (?:view|see|access|enjoy|unlock|finish)\b|\bsubscri|\bmembers?\b|\bsign (?:up|in)\b"
    r"|\blog[ -]?in\b|\bclick\b|\btap\b|\bunlock\b|\bfree (?:trial|article)|\bfull (?:story|text|version|article)"
)
_LONGEST_REQUEST = 160
_REQUEST = re.compile(
    r"(?i)(?:please )?(?:(?:to )?(?:read|continue|keep reading|view|see|access|unlock|get|enjoy)\b"
    r"|want\b|(?:start|click|tap|if you|for|you (?:need|can|have))\b|(?:paid )?(?:subscribers|members)\b"
    r"|full\b|unlock|subscribe|sign (?:in|up)\b|log ?in\b|register\b|become\b"
    r"|this (?:story|article|report)\b|the (?:rest|full)\b)"
    r".*\b(?:subscri|membership|members?\b(?! of)|log ?in\b|sign (?:in|up)\b"
    r"|(?:full|whole|entire) (?:story|article|text)\b"
    # case: last-paragraph-tells-who-read-a-full-article
    r"(?= ?(?:$|[.,:;!?»>→-]|(?:please|click|tap|here|now|on|in|at|via|visit|go|you|with|by|for|is|are|requires?)\b)))"
)
"""Line that may be a subscribe sentence in unknown words."""
_BUTTON = re.compile(
    r"(?i)\W*(?:(?:continue|keep|go on) reading|continue to read|read on|remaining:? [\d,]+ (?:characters|words)"
    r"|(?:[\d,]+ )?(?:characters|words) (?:remaining|left)|subscribers?[ -]only|members?[ -]only"
    r"|.{0,30}会員.{0,30}|続きを読む)\W*"
)
"""Words of a button that leads to the rest of a story."""
_NEEDED_WORDS = (
    "subscri",
    "sign",
    "log",
    "regist",
    "member",
    "paid",
    "join",
    "unlock",
    "full ",
    "the rest",
    "free ",
    "our ",
)
"""Parts of words of which each subscribe sentence has one. Most lines have none and need no search."""
_REST = re.compile(rf"{_S}*")
_NOT_ASKING = re.compile(
    r"(?i)[\"”]|\b(?:sa(?:id|ys|ying)|told|according to|wrote|writes|add(?:s|ed)|reported|explained)\b"
    r"|\bnewsletter|\binbox\b"
)
"""Words of reported speech, the end of a quotation, and words of a form for a newsletter."""
_QUOTES = re.compile('["“”]')


def may_open_subscribe(text: str) -> bool:
    """Return whether a subscribe sentence may start in a line; a fast test, false for most lines.

    >>> may_open_subscribe("To read a full story,"), may_open_subscribe("Rain fell on Osaka.")
    (True, False)
    """
    return _MAY_OPEN.search(text) is not None


def names_subscribing(text: str) -> bool:
    """Return whether a part of a subscribe sentence may stand in a line; a fast test.

    >>> names_subscribing("click here to find out how to subscribe."), names_subscribing("Rain fell on Osaka.")
    (True, False)
    """
    folded = text.casefold()
    for word in _NEEDED_WORDS:  # noqa: SIM110 - half the time of a generator, and it is asked of each line
        if word in folded:
            return True
    return False


def may_ask_to_subscribe(text: str) -> bool:
    """Return whether a short line tells the reader to subscribe or to read on, also in unknown words.

    >>> may_ask_to_subscribe("Unlock all of it with a membership."), may_ask_to_subscribe("Join 300 members in Ome.")
    (True, False)
    """
    if len(text) > _LONGEST_REQUEST:
        return False
    is_request = _REQUEST.match(text) or _BUTTON.fullmatch(text)
    return is_request is not None and not _NOT_ASKING.search(text)


def subscribe_start(text: str) -> int | None:
    """Return the position of the subscribe sentence in a line, None for a line without it.

    The sentence addresses the reader. One between quotation marks or in reported speech belongs to the story. A free
    one in the middle of a story looks like the real one here. The paragraphs behind it decide.

    >>> subscribe_start("Rain fell. To read a full story, please click here to find out how to subscribe.")
    11
    >>> subscribe_start("To read the full article, log in or subscribe."), subscribe_start("Subscribe to read on.")
    (0, 0)
    >>> subscribe_start('The page said, "To read the full article, please subscribe."') is None
    True
    >>> subscribe_start("To read the full report, members must register, the ministry said.") is None
    True
    """
    if not names_subscribing(text):
        return None
    quotes = counted = 0
    for match in _SUBSCRIBE.finditer(text):
        start = match.start("ask")
        quotes += len(_QUOTES.findall(text, counted, start))
        counted = start
        if quotes % 2 == 0 and not _is_reported(match):
            return start
    return None


def opens_with_subscribe_sentence(text: str) -> bool:
    """Return whether `subscribe_start` is 0, without a search through the line.

    >>> opens_with_subscribe_sentence("Subscribe to read on."), opens_with_subscribe_sentence("Rain. Join us.")
    (True, False)
    """
    if _SITE.fullmatch(text):
        return True  # on most pages
    match = _SUBSCRIBE.match(text)
    return match is not None and match.start("ask") == 0 and not _is_reported(match)


def _is_reported(match: re.Match[str]) -> bool:
    """Return whether the sentence of a match is reported speech, or a form for a newsletter."""
    rest = _REST.match(match.string, match.end())
    return _NOT_ASKING.search(match["ask"] + (rest[0] if rest else "")) is not None
