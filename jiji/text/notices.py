"""The words of notices that stand in a page's place: a check for robots, a login, maintenance, "not found".

Pure functions. Source: the wording of common servers, guards and news sites, in English and Japanese.
"""

import re

BLOCKED, MAINTENANCE, MISSING = "blocked", "maintenance", "missing"

_PLACE = r"(?:(?:the |this |our |web)?(?:site|service|server|system|page))"
_TEXT = r"(?:page|file|article|story|document|url|content|resource)"
_NAMES = {
    BLOCKED: (
        r"(?:(?:http )?error )?(?:401|403|429|1020)",
        r"(?:(?:http )?(?:error )?(?:401|403|429)\W+)?(?:forbidden|unauthorized|too many requests)",
        r"access (?:(?:is|was|has been) )?(?:denied|blocked|restricted)",
        r"(?:sorry, )?(?:you (?:are|have been)|(?:your )?request) (?:blocked|rejected)",
        r"attention required|just a moment|one more step|pardon our interruption|checking your browser.*",
        r"security check|captcha|human verification|robot check|ddos.guard|unusual traffic.*",
        r"are you (?:a )?(?:robot|human)\?",
        r"(?:please )?(?:verify|confirm)(?: that)? you are (?:a )?(?:human|not a robot)",
        r"(?:(?:member|subscriber)'?s?'? |please )?(?:log|sign)[ -]?in(?: required| to continue| page)?",
        r"members(?: only| page)?|(?:会員)?ログイン|アクセスが?(?:拒否|制限).*",
    ),
    MAINTENANCE: (
        r"(?:(?:http )?error )?503",
        r"(?:(?:http )?(?:error )?503\W+)?service (?:temporarily )?unavailable",
        r"(?:(?:system|site|scheduled|planned|emergency|server) )*maintenance(?: notice| in progress| mode| break)?",
        rf"(?:{_PLACE} )?(?:is )?(?:currently )?(?:under|down for|closed for)(?: scheduled| system)? maintenance",
        rf"{_PLACE} (?:is )?(?:temporarily |currently )?(?:unavailable|down|closed|suspended|under construction)",
        r"temporarily (?:unavailable|closed|out of service)|under construction",
        r"(?:we'?ll )?be (?:right )?back(?: soon)?|(?:システム)?メンテナンス(?:中|のお知らせ)?.*",
    ),
    MISSING: (
        r"(?:http )?(?:error )?(?:404|410)(?: error)?",
        rf"(?:(?:http )?(?:error )?(?:404|410)\W*)?(?:(?:the )?(?:requested )?{_TEXT} )?"
        r"(?:was |is |has been |could |can )?(?:not (?:be )?found|(?:not|no longer) available|removed|deleted|expired)",
        rf"no such {_TEXT}|(?:the |this )?{_TEXT} (?:unavailable|does not exist)|.*ページ[はが]見つかりません.*",
    ),
}
"""What such a page is called: all of a title or heading, the site's name apart."""
_SAYINGS = {
    BLOCKED: (
        r"\b(?:verify|confirm|prove|check)(?:ing)?(?: that| if)? you(?:'re| are) (?:a )?(?:human|not a (?:ro)?bot)",
        r"\byou (?:have been|are|were) (?:temporarily )?blocked|unusual traffic from your|complete the security check",
        r"\bautomated (?:access|requests|traffic) (?:to|from|has)|you don'?t have permission to access",
        r"\benable (?:javascript|cookies)(?: and (?:cookies|javascript))? to continue|\bsolve the captcha",
        r"\byour (?:access|ip address|request) .{0,20}\b(?:denied|blocked|rejected|restricted|limited)",
        r"(?:please|you must|you need to) (?:log|sign)[ -]?in to (?:continue|read|view|access|see)",
        r"\b(?:for|available to|limited to|open to) (?:registered )?(?:members|subscribers) only",
    ),
    MAINTENANCE: (
        rf"{_PLACE} is (?:currently |temporarily |now )*(?:unavailable|down|closed|suspended|out of service)",
        rf"{_PLACE} is (?:currently |temporarily |now )*under(?:going| construction| maintenance)|ただいまメンテナンス",
        r"\b(?:performing|down for|closed for|due to) (?:scheduled |planned |system |emergency )*maintenance",
    ),
    MISSING: (
        rf"\b{_TEXT} .{{0,40}}\b(?:not (?:be )?found|no longer (?:available|exists?|here)|does(?: not|n'?t) exist)",
        rf"\b{_TEXT} .{{0,40}}\b(?:(?:moved|removed) or deleted|(?:been|was) (?:removed|deleted|moved)|has expired)",
        rf"(?:cannot|can'?t|could not|couldn'?t) find (?:the|that|this) {_TEXT}|ページ[はが]見つかりません",
    ),
}
"""What such a page says to its reader, somewhere in a line."""

_NAMED = {kind: re.compile("|".join(names), re.IGNORECASE) for kind, names in _NAMES.items()}
_SAID = {kind: re.compile("|".join(sayings), re.IGNORECASE) for kind, sayings in _SAYINGS.items()}
_SEPARATOR = re.compile(r"\s+[-–—:]\s+|\s*[|»·<>＞]\s*")
_LINE = 400
"""Characters of a line that may be a notice."""


def names_barrier(title: str) -> str | None:
    """Return which barrier a title or heading names, None for any other, also for one that merely speaks of it.

    >>> names_barrier("404 Not Found | Jiji Press"), names_barrier("Access Denied"), names_barrier("System Maintenance")
    ('missing', 'blocked', 'maintenance')
    >>> names_barrier("Access Denied to Flooded Villages"), names_barrier("Login Service Hacked in Ome")
    (None, None)
    """
    parts = [part.strip(" .!…") for part in _SEPARATOR.split(title[:_LINE])]
    return next((kind for kind, named in _NAMED.items() if any(named.fullmatch(part) for part in parts if part)), None)


def says_barrier(text: str) -> str | None:
    """Return which barrier a line tells its reader of, None where it tells of none or is too long for a notice.

    >>> says_barrier("Please verify that you are human."), says_barrier("The article you asked for was removed.")
    ('blocked', 'missing')
    >>> says_barrier("The mayor said that nobody was blocked.") is None
    True
    """
    return next((kind for kind, said in _SAID.items() if said.search(text)), None) if len(text) <= _LINE else None


def is_advertisement(text: str) -> bool:
    """Say whether a line tells that what it stands in was paid for.

    >>> is_advertisement("ADVERTISEMENT"), is_advertisement("PR: Noodles since 1951"), is_advertisement("Ads Banned")
    (True, True, False)
    """
    return _PAID.match(text) is not None


_PAID = re.compile(
    r"(?i)(?:advert|advertisement|advertising|sponsored(?: content| by .*)?|promoted|pr|ads?)(?:\s*[:：].*)?$"
)
