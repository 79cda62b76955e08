"""Boilerplate inside an article's box: advertisements, comments and lists of links, by their names and labels."""

import re

from jiji.extract.tree import Element
from jiji.text.advertising import is_advertising_label

_NAMES = frozenset(
    "ad ads adsbygoogle adv advert adverts advertisement advertising banner banners comment comments cookie cookies"
    " discussion disqus feedback footer login newsletter pager pagination popular pr promo promotion ranking recommend"
    " recommended replies reply"
    " related respond share sharing sidebar sns social sponsor sponsored tags tweet twitter".split()
)
"""Words in the class or ID of a box of boilerplate."""
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]+(?![A-Za-z0-9])")
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LABEL = re.compile(
    r"(?i)\W*(?:(?:\d+ )?(?:reader |readers' )?(?:comments?|responses|replies)(?: \(?\d+\)?)?"
    r"|(?:most|also|you may also) (?:read|viewed|popular|like|commented|shared)|related|recommended"
    r"|(?:related|recommended|latest|popular|similar|other|top|more|today's|editor's|sponsored)"
    r" (?:articles?|stories|story|news|headlines?|links?|posts?|topics?|picks?|content|coverage|reading)"
    r"|(?:share|print|e-?mail|tweet|bookmark)(?: (?:this|it|the))?(?: (?:page|article|story))?"
    r"|follow us(?: on \w+)?|newsletters?|discussion|join the (?:discussion|conversation)|what do you think\?"
    r"|feedback|your (?:views|comments|thoughts|say)|what (?:our )?readers (?:say|think)|letters to the editor"
    r"|(?:leave|write|post|add) a (?:comment|reply)"
    r"|(?:this |the )?(?:story |article )?continue[ds]? on (?:the )?(?:next )?page(?: \d+)?|next page"
    r"|back to top|top of page|go back)\W*"
)
"""Headings of boxes of boilerplate, and the words of buttons."""
_WORDING = re.compile(
    r"(?i)(?:already an? (?:subscriber|member)\b|(?:please )?(?:log|sign) ?(?:in|up)\b|we use cookies\b"
    r"|get our\b.*\b(?:newsletter|app)\b|please (?:switch on|enable) javascript\b|(?:please )?share (?:this|it|on)\b"
    r"|follow us\b|subscribe (?:to|now)\b|download our\b|\(c\) ?jiji|click here\b"
    r"|(?:tags?|topics?|keywords?|filed under|categor(?:y|ies)) ?[:：]"
    r"|home ?[>＞›»→]|about us\b|terms of use\b|privacy policy\b|leave a (?:comment|reply)\b)"
)
_RIGHTS = re.compile(r"(?i).{0,60}\ball rights reserved\b")


_TEASER = re.compile(
    r"(?i)\W*+(?:(?:also|see also|read also|also read|read more|read next|more|related|earlier|watch|recommended)"
    r"(?: (?:stories|story|articles?|coverage))?) ?[:：>»→-]"
)


def is_teaser(text: str) -> bool:
    """Return whether a line may lead to another article, as a link behind it shows.

    >>> is_teaser("ALSO READ: Ship Sails Home"), is_teaser("More ships sailed home.")
    (True, False)
    """
    return _TEASER.match(text) is not None


def has_boilerplate_name(element: Element) -> bool:
    """Return whether the class or ID of an element names boilerplate."""
    names = f"{element.get('class')} {element.get('id')}"
    words = (part for word in _WORD.findall(names) for part in _CAMEL_CASE.split(word))
    return any(word.lower() in _NAMES for word in words)


def is_boilerplate_label(text: str) -> bool:
    """Return whether a line is the heading of a box of boilerplate.

    >>> is_boilerplate_label("2 Comments"), is_boilerplate_label("Related stories"), is_boilerplate_label("PR")
    (True, True, True)
    >>> is_boilerplate_label("Related Laws Pass"), is_boilerplate_label("Northern Ports")
    (False, False)
    """
    return is_advertising_label(text) or _LABEL.fullmatch(text) is not None


def is_boilerplate_wording(text: str) -> bool:
    """Return whether a line speaks of the site and not of an article's subject.

    >>> is_boilerplate_wording("Already a subscriber? Log in."), is_boilerplate_wording("The subscribers are glad.")
    (True, False)
    """
    if is_boilerplate_label(text) or _WORDING.match(text):
        return True
    # most lines: no need to try each place at which the words may start
    return "rights reserved" in text.casefold() and _RIGHTS.match(text) is not None
