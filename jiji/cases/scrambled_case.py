"""Scrambled test case: a page of the live site without its words, proven to parse to the same structure."""

import secrets

from scrapy.http import Response

from jiji.cases.case import Parsed, parse
from jiji.cases.scramble import scramble, surviving_run
from jiji.cases.structure import difference
from jiji.text.charset import declarations, decode_with_charset

_ATTEMPTS = 8
"""Scrambles with other words, in case invented words read as wording of the site."""


class ScrambleError(ValueError):
    """The page cannot be scrambled with the same structure."""


def scrambled_page(response: Response, *, is_index: bool) -> tuple[Response, Parsed]:
    """Return a page with scrambled words, in its own charset, and its result; raises ScrambleError with the reason."""
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    try:
        source, charset = decode_with_charset(response.body, *declarations(content_type, response.body))
    except UnicodeError as error:
        raise ScrambleError(f"its charset is not certain: {error}") from None
    if _encoded(source, charset, response.body) != response.body:
        raise ScrambleError(f"its bytes are not plain {charset}, so they cannot be kept")
    original = parse(response, is_index=is_index)
    is_block_page = bool(original.result.get("block_page"))
    reason = ""
    for _ in range(_ATTEMPTS):
        text = scramble(source, secrets.token_bytes(16), is_block_page=is_block_page)
        page = response.replace(body=_encoded(text, charset, response.body))
        parsed = parse(page, is_index=is_index)
        if not (reason := difference(original, parsed) or ""):
            break
    if reason:
        raise ScrambleError(reason)
    if words := surviving_run(source, text, is_block_page=is_block_page):
        raise ScrambleError(f"the words {words!r} would remain, in a part of the markup that is not text")
    return page, parsed


def _encoded(text: str, charset: str, original: bytes) -> bytes:
    """Return the bytes of a page in its charset, with its byte-order mark."""
    if charset == "utf-16":
        is_little = original.startswith(b"\xff\xfe")
        return original[:2] + text.encode("utf-16-le" if is_little else "utf-16-be")
    return text.encode(charset, errors="xmlcharrefreplace")
