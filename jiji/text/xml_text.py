"""Text for XML: characters that XML 1.0 forbids, escaped or not."""

import re

_INVALID = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    r"""Return a text without the characters that XML forbids: control characters, surrogates, non-characters.

    >>> xml_text("Rain\x1b[31m in \ud800Ome\ufffe")
    'Rain[31m in Ome'
    """
    return _INVALID.sub("", text)
