"""Names of test cases: from a table of our own and from IDs, never from text of the site."""

import hashlib
import re

from jiji.cases.case import INDEX, NOT_AN_ARTICLE, Parsed
from jiji.site.urls import article_id_in

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST = 80


def case_name(parsed: Parsed, url: str) -> str:
    """Return the name of a new case: its kind, and the article ID, the section, or a hash of the URL.

    >>> case_name(Parsed("ArticlePage", {}), "https://jen.jiji.com/jc/eng?g=eco&k=2026012700123")
    'article-2026012700123'
    >>> case_name(Parsed("IndexPage", {"own_section": "sports"}), "https://jen.jiji.com/jc/list?g=spo")[:13]
    'index-sports-'
    """
    known = {INDEX: "index", NOT_AN_ARTICLE: "refused"}
    kind = known.get(parsed.kind) or re.sub(r"(?<=.)(?=[A-Z])", "-", parsed.kind.removesuffix("Page")).lower()
    digest = hashlib.sha256(url.encode()).hexdigest()[:8]
    section = parsed.result.get("own_section")
    ending = article_id_in(url) or (f"{section}-{digest}" if section else digest)
    return f"{kind}-{ending}"


def is_case_name(name: str) -> bool:
    """Return whether a name given by the user is one: small letters, digits and hyphens.

    >>> is_case_name("caption-above-picture"), is_case_name("../x"), is_case_name("")
    (True, False, False)
    """
    return len(name) <= _LONGEST and _NAME.fullmatch(name) is not None
