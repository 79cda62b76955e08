"""Advertising labels, as the law and custom print them over what was paid for."""

import re

_LABEL = re.compile(
    r"(?i)(?:advert|advertisement|advertising|sponsored(?: content| by .*)?|promoted|pr|ads?)(?:\s*[:：].*)?$"
)


def is_advertising_label(text: str) -> bool:
    """Return whether a line labels the text around it as an advertisement.

    >>> is_advertising_label("ADVERTISEMENT"), is_advertising_label("PR: Noodles since 1951")
    (True, True)
    >>> is_advertising_label("Ads Banned")
    False
    """
    return _LABEL.match(text) is not None
