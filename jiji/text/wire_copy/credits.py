"""Credits: sources of pictures, at the end of a caption or on a line of their own."""

import re

from jiji.text.wire_copy.agencies import JIJI, SOURCE, WIRE
from jiji.text.wire_copy.copyright_lines import SIGN, YEARS, is_publisher_copyright

_LONGEST_CREDIT = 160
_LONGEST_PLAIN_CREDIT = 80

_BRACKETED = re.compile(
    r"\s*(?:[(（](?P<round>(?:[^()（）]|[(（][^()（）]*[)）])*)[)）]|[\[【](?P<square>[^\[\]【】]*)[\]】])\s*[.。]?$"
)
_CLOSING = tuple(bracket + stop for bracket in ")）]】" for stop in ("", ".", " .", "。"))

_PICTURES = r"(?:photos?|photographs?|pictures?|images?|videos?|graphics?|illustrations?|screenshots?)"
_PLACE = r"(?:left|right|top|bottom|upper|lower|cent(?:er|re)|above|below|inset|middle|first|second|third|this|in)"
_CREDITS = (
    # photo by Aki Doi, image: Aki Doi
    rf"(?i:{_PICTURES}(?:,? (?:by|courtesy|taken by|provided|supplied|from|via)\b| ?[:：/]| ?credit\b).*)",
    # courtesy of Ome City, provided
    r"(?i:courtesy (?:of|(?-i:[^\W\d_a-z])).*)",
    r"(?i:(?:courtesy|provided|supplied|contributed|released|handout)(?:$|:| (?:of|by|from|photo|image|via)\b).*)",
    # pool photo, but not the left photo
    rf"(?i:(?!.*\b{_PLACE}\b)(?:[\w.'’/-]+ ){{0,4}}(?:photos?|handout)|pool|file|(?:credit|source) ?[:：].*)",
    # Aki Doi/AFP, AP Photo/Aki Doi, File
    rf"(?:[^()/;|]{{2,60}} ?[/;|] ?){{0,2}}{SOURCE}(?: (?i:{_PICTURES}|file|pool|archive))*(?: ?[/;|] ?[^()]{{2,80}})?"
    r"(?:, (?i:file|pool)(?i: photo)?)?",
    # any agency together with Jiji Press or another one
    rf"[\w .'’-]{{2,40}}[-=＝/]{JIJI}(?i: press)?|[^,]*\bvia {SOURCE}",
    # in Japanese
    r".*(?:時事|提供|写真|撮影|アフロ|ロイター).*",
)
_CREDIT_TEXT = re.compile("|".join(_CREDITS))

_SIGNED = re.compile(
    rf"(?P<sign>(?i:copyright ?)?{SIGN}|(?i:copyright:? )(?=[A-Z\d]))(?P<space>\s*)(?P<owner>{YEARS}?\S.*)"
)
_OWNER = re.compile(rf"{YEARS}?(?:{_CREDIT_TEXT.pattern})")
_NAME = r"[^\W\d_a-z][\w.'’&-]*"
_GLUED_OWNER = re.compile(rf"{YEARS}?{_NAME}(?:[ /,]{{1,2}}(?:{_NAME}|of|the|and|de|van|von)){{0,6}}")
_LONE_OWNER = re.compile(rf"{SIGN} ?{YEARS}?{_NAME}(?: (?:{_NAME}|of|the|and|de|van|von)){{0,6}}")
"""Owner of a picture on a line of its own, in capital letters throughout. A picture stands beside it."""
_BRACKETED_OWNER = re.compile(rf"[(（\[](?P<owner>(?=\w\w){_NAME}(?:[ /,]{{1,2}}(?:{_NAME}|of|the|and)){{0,6}})[)）\]]")
_LIST_MARK = re.compile(r"(?i)[(（][ab][)）]")
_PLAIN_CREDIT = re.compile(rf"(?i){_PICTURES}(?: (?:by|courtesy)\b|:)|courtesy of\b")
_BARE = re.compile(
    rf"(?!(?i:{JIJI}(?: press)?)$)(?:{WIRE}|{SOURCE} ?/ ?.+|.+ ?/ ?{SOURCE})(?: (?i:photos?|images?))?"
    r"(?:/[^()/]{2,60})?"
)
"""Agencies on a line without brackets: ``AFP-Jiji``, ``AP Photo/Aki Doi``. The publisher's own name is no credit."""


def split_credit(caption: str) -> tuple[str, str | None]:
    """Return a caption without the credit at its end, in brackets or behind a copyright sign, and the credit.

    Brackets that do not name the source of a picture belong to the caption.

    >>> split_credit("The new bridge in Ome (Pool photo)"), split_credit("Dawn (Photo by Ome (Tokyo) Museum)")
    (('The new bridge in Ome', 'Pool photo'), ('Dawn', 'Photo by Ome (Tokyo) Museum'))
    >>> split_credit("A boat (EPA=Jiji)"), split_credit("A boat (c)AFP/Aki Doi")
    (('A boat', 'EPA=Jiji'), ('A boat', '(c)AFP/Aki Doi'))
    >>> split_credit("Runner Aki Doi (left)"), split_credit("(a) Osaka (b) Kyoto (c) Nara")
    (('Runner Aki Doi (left)', None), ('(a) Osaka (b) Kyoto (c) Nara', None))
    """
    head, tail = caption[:-_LONGEST_CREDIT], caption[-_LONGEST_CREDIT:]
    match = _BRACKETED.search(tail) if caption.endswith(_CLOSING) else None
    credit = (match["round"] or match["square"] or "").strip() if match else ""
    if match is None or not _is_credit(credit):
        start = _signed_start(caption[-_LONGEST_CREDIT:])
        return (caption, None) if start is None else ((head + tail[:start]).rstrip(), tail[start:].strip())
    return (head + tail[: match.start()]).rstrip(), credit


def lone_credit(text: str) -> str | None:
    """Return the credit if a line is a credit and nothing else, in brackets or not.

    >>> lone_credit("(Pool photo)"), lone_credit("Photo by Aki Doi"), lone_credit("A boat by the pier")
    ('Pool photo', 'Photo by Aki Doi', None)
    >>> lone_credit("(C)AFP-Jiji"), lone_credit("(c) third point"), lone_credit("© 2026 Jiji Press Ltd.")
    ('(C)AFP-Jiji', None, None)
    """
    if len(text) > _LONGEST_CREDIT or is_publisher_copyright(text):
        return None
    rest, credit = split_credit(text)
    if credit:
        return None if rest else credit
    # case: credit-copyright-of-a-city
    patterns = (_BARE.fullmatch, _LONE_OWNER.fullmatch)
    is_credit = len(text) < _LONGEST_PLAIN_CREDIT and (_PLAIN_CREDIT.match(text) or any(one(text) for one in patterns))
    return text if is_credit else None


def credit_beside_picture(text: str) -> str | None:
    """Return the credit if a line beside a picture is a credit and nothing else; of an unknown source in brackets too.

    >>> credit_beside_picture("(Ome Harbor Museum)"), credit_beside_picture("(left)"), credit_beside_picture("(C)")
    ('Ome Harbor Museum', None, None)
    """
    # case: credit-of-an-unknown-source-on-its-own-line
    bracketed = _BRACKETED_OWNER.fullmatch(text)
    return bracketed["owner"] if bracketed else lone_credit(text)


def _is_credit(text: str) -> bool:
    return _CREDIT_TEXT.fullmatch(text) is not None or _is_signed(text)


def _is_signed(text: str) -> bool:
    """Return whether a text is a copyright sign and the owner of a picture, not an item (c) of a list."""
    match = _SIGNED.fullmatch(text)
    if match is None:
        return False
    if _OWNER.fullmatch(match["owner"]) or (match["sign"] in "©ⓒ" and not match["owner"][0].islower()):
        return True
    return not match["space"] and _GLUED_OWNER.fullmatch(match["owner"]) is not None


def _signed_start(text: str) -> int | None:
    """Return the position of a copyright sign and an owner at the end of a text."""
    if _LIST_MARK.search(text):
        return None
    starts = [match.start() for match in re.finditer(SIGN, text)]
    return next((start for start in starts if _is_signed(text[start:])), None)
