"""Copyright lines: of the publisher below a story, and copyright signs in front of a picture's source."""

import re

SIGN = r"(?:©|ⓒ|[(（][cCｃＣ][)）])"
YEARS = r"(?:\d{4}(?: ?[-–,] ?\d{4})? ?)"

_LONGEST_LINE = 300
_RIGHTS = r"(?:all rights reserved|no (?:unauthorized )?(?:reproduction|reprint|republication)\b.*|無断転載.*)"
_JIJI = r"(?:the )?(?:jiji press|時事通信社)"
_COMPANY = r"(?:,? (?:ltd|inc|co|corp|k\.k)\b\.?)+"
_LINE = re.compile(
    rf"(?i)[\[(【]?\s*(?:"
    # cases of one owner: the word, or a year, or the company's full name, or the rights
    rf"copyright[ :]*{SIGN}?[ ,]*{YEARS}?(?:by )?{_JIJI}(?:{_COMPANY})?"
    rf"|{SIGN} ?{YEARS}(?:by )?{_JIJI}(?:{_COMPANY})?"
    rf"|(?:{SIGN} ?)(?:by )?{_JIJI}{_COMPANY}"
    rf"|(?:copyright[ :]*{SIGN}?|{SIGN}) ?{YEARS}?(?:by )?[^.]{{2,60}}\.?(?=[ .,]*{_RIGHTS})"
    rf")(?:[ .,]*{YEARS})?(?:[ .,]*{_RIGHTS})*[ .,]*[\])】]?\.?"
)


def is_publisher_copyright(text: str) -> bool:
    """Return whether a line is the publisher's copyright line, which ends a page's story.

    A copyright sign and an agency alone are a picture's credit.

    >>> is_publisher_copyright("(C)JIJI PRESS LTD., All rights reserved."), is_publisher_copyright("© 2026 Jiji Press")
    (True, True)
    >>> is_publisher_copyright("(C)AFP-Jiji"), is_publisher_copyright("(c) third point")
    (False, False)
    """
    return len(text) <= _LONGEST_LINE and _LINE.fullmatch(text.strip()) is not None
