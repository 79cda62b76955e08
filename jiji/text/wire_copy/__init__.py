"""Wire copy: grammar of marks, bylines, datelines, credits, copyright lines and subscribe sentences.

Pure functions over one line of normalised text. Source: Jiji Press's public pages (seen), with two hyphens after the
agency. Partners that reprint the copy print a dash instead (seen). Forms of other agencies are guesses.
"""

from jiji.text.wire_copy.bylines import byline_authors, is_byline, read_byline
from jiji.text.wire_copy.copyright_lines import is_publisher_copyright
from jiji.text.wire_copy.credits import credit_beside_picture, lone_credit, split_credit
from jiji.text.wire_copy.datelines import has_dateline, resembles_dateline, split_dateline
from jiji.text.wire_copy.opening_matter import Mark, is_opening_matter, is_same_headline, split_mark
from jiji.text.wire_copy.subscribe import (
    may_ask_to_subscribe,
    may_open_subscribe,
    names_subscribing,
    opens_with_subscribe_sentence,
    subscribe_start,
)

__all__ = [
    "Mark",
    "byline_authors",
    "credit_beside_picture",
    "has_dateline",
    "is_byline",
    "is_opening_matter",
    "is_publisher_copyright",
    "is_same_headline",
    "lone_credit",
    "may_ask_to_subscribe",
    "may_open_subscribe",
    "names_subscribing",
    "opens_with_subscribe_sentence",
    "read_byline",
    "resembles_dateline",
    "split_credit",
    "split_dateline",
    "split_mark",
    "subscribe_start",
]
