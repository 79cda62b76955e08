"""Wording of block pages: captcha, login, access denied, maintenance, soft 404.

Pure functions. Source: pages of common web servers, bot checks and news sites, in English and Japanese.
"""

import re

from jiji.stats import BlockPageKind

_SITE = r"(?:(?:the |this |our |web)?(?:site|service|server|system|page))"
_PAGE = r"(?:page|file|article|story|document|url|content|resource)"
_TITLES = {
    BlockPageKind.BLOCKED: (
        r"(?:(?:http )?error )?(?:401|402|403|429|451|1020)",
        r"(?:(?:http )?(?:error )?(?:401|402|403|429|451)\W+)?(?:forbidden|unauthorized|too many requests"
        r"|payment required|unavailable (?:for|due to) legal reasons)",
        r"access (?:(?:is|was|has been) )?(?:denied|blocked|restricted)",
        r"(?:sorry, )?(?:you (?:are|have been)|(?:your )?request) (?:blocked|rejected)",
        r"attention required|just a moment|one more step|pardon our interruption|checking your browser.*",
        r"security check|captcha|human verification|robot check|ddos.guard|unusual traffic.*",
        r"are you (?:a )?(?:robot|human)\?",
        r"(?:please )?(?:verify|confirm)(?: that)? you are (?:a )?(?:human|not a robot)",
        r"(?:(?:member|subscriber)'?s?'? |please )?(?:log|sign)[ -]?in(?: required| to continue| page)?",
        r"members(?: only| page)?|(?:会員)?ログイン|アクセスが?(?:拒否|制限).*",
    ),
    BlockPageKind.MAINTENANCE: (
        r"(?:(?:http )?error )?503",
        r"(?:(?:http )?(?:error )?503\W+)?service (?:temporarily )?unavailable",
        r"(?:(?:system|site|scheduled|planned|emergency|server) )*maintenance(?: notice| in progress| mode| break)?",
        rf"(?:{_SITE} )?(?:is )?(?:currently )?(?:under|down for|closed for)(?: scheduled| system)? maintenance",
        rf"{_SITE} (?:is )?(?:temporarily |currently )?(?:unavailable|down|closed|suspended|under construction)",
        r"temporarily (?:unavailable|closed|out of service)|under construction",
        r"(?:we'?ll )?be (?:right )?back(?: soon)?|(?:システム)?メンテナンス(?:中|のお知らせ)?.*",
    ),
    BlockPageKind.NOT_FOUND: (
        r"(?:http )?(?:error )?(?:404|410)(?: error)?",
        rf"(?:(?:http )?(?:error )?(?:404|410)\W*)?(?:(?:the )?(?:requested )?{_PAGE} )?"
        r"(?:was |is |has been |could |can )?(?:not (?:be )?found|(?:not|no longer) available|removed|deleted|expired)",
        rf"no such {_PAGE}|(?:the |this )?{_PAGE} (?:unavailable|does not exist)|.*ページ[はが]見つかりません.*",
    ),
}
"""Whole titles and headings, without the site's name."""
_SENTENCES = {
    BlockPageKind.BLOCKED: (
        r"\b(?:verify|confirm|prove|check)(?:ing)?(?: that| if)? you(?:'re| are) (?:a )?(?:human|not a (?:ro)?bot)",
        r"\byou (?:have been|are|were) (?:temporarily )?blocked|unusual traffic from your|complete the security check",
        r"\bautomated (?:access|requests|traffic) (?:to|from|has)|you don'?t have permission to access",
        r"\benable (?:javascript|cookies)(?: and (?:cookies|javascript))? to continue|\bsolve the captcha",
        r"\b(?:not available|unavailable|blocked) in your (?:country|region|location)|\bfor legal reasons\W*$",
        r"\b(?:payment|a paid (?:plan|subscription)) is required to (?:access|view|see) (?:this|the) (?:page|site)",
        r"\b(?:review|check)(?:ing)? the security of your connection|\bchecking your browser before\b",
        r"\byour (?:access|ip address|request) .{0,20}\b(?:denied|blocked|rejected|restricted|limited)",
        r"(?:please|you must|you need to) (?:log|sign)[ -]?in to (?:continue|read|view|access|see)",
        r"\b(?:for|available to|limited to|open to) (?:registered )?(?:members|subscribers) only",
    ),
    BlockPageKind.MAINTENANCE: (
        rf"{_SITE} is (?:currently |temporarily |now )*(?:unavailable|down|closed|suspended|out of service)",
        rf"{_SITE} is (?:currently |temporarily |now )*under(?:going| construction| maintenance)|ただいまメンテナンス",
        r"\b(?:performing|down for|closed for|due to) (?:scheduled |planned |system |emergency )*maintenance",
    ),
    BlockPageKind.NOT_FOUND: (
        rf"\b{_PAGE} .{{0,40}}\b(?:not (?:be )?found|no longer (?:available|exists?|here)|does(?: not|n'?t) exist)",
        rf"\b{_PAGE} .{{0,40}}\b(?:(?:moved|removed) or deleted|(?:been|was) (?:removed|deleted|moved)|has expired)",
        rf"(?:cannot|can'?t|could not|couldn'?t) find (?:the|that|this) {_PAGE}|ページ[はが]見つかりません",
    ),
}
"""Parts of lines."""

_TITLE_PATTERNS = {kind: re.compile("|".join(titles), re.IGNORECASE) for kind, titles in _TITLES.items()}
_TEXT_PATTERNS = {kind: re.compile("|".join(parts), re.IGNORECASE) for kind, parts in _SENTENCES.items()}
_SEPARATOR = re.compile(r"\s+[-–—:]\s+|\s*[|»·<>＞]\s*")
_LONGEST_LINE = 400


def kind_in_title(title: str) -> BlockPageKind | None:
    """Return the kind of block page named by a title or heading; None for a mere mention of such a page.

    >>> [str(kind_in_title(title)) for title in ("404 Not Found | Jiji Press", "Access Denied", "System Maintenance")]
    ['not found', 'blocked', 'maintenance']
    >>> kind_in_title("Access Denied to Flooded Villages"), kind_in_title("Login Service Hacked in Ome")
    (None, None)
    """
    parts = [part.strip(" .!…") for part in _SEPARATOR.split(title[:_LONGEST_LINE])]
    found = (
        kind for kind, pattern in _TITLE_PATTERNS.items() if any(pattern.fullmatch(part) for part in parts if part)
    )
    return next(found, None)


def kind_in_text(text: str) -> BlockPageKind | None:
    """Return the kind of block page with such a line of text; None for any other line, and for a long one.

    >>> str(kind_in_text("Please verify that you are human.")), str(kind_in_text("The article you asked for was removed."))
    ('blocked', 'not found')
    >>> kind_in_text("The mayor said that nobody was blocked.") is None
    True
    """  # noqa: E501
    if len(text) > _LONGEST_LINE:
        return None
    return next((kind for kind, pattern in _TEXT_PATTERNS.items() if pattern.search(text)), None)
