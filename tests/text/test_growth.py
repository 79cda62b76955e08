"""Work on hostile text: linear, and under a second at 300 KB, for every function over text."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest

from jiji.extract.boilerplate import is_boilerplate_wording, is_teaser
from jiji.site.sections import label, section_of
from jiji.site.urls import article_id_in, canonical, locate, offsite_cause, site_of
from jiji.text import wire_copy, zones
from jiji.text.advertising import is_advertising_label
from jiji.text.block_page_wording import kind_in_text, kind_in_title
from jiji.text.charset import declarations, decode
from jiji.text.dates import day_of_id, is_day, is_page_date, page_date
from jiji.text.features import signature
from jiji.text.normalize import line, normalise
from jiji.text.repeated_texts import fingerprint_text
from jiji.text.retelling import told_share

DAY = date(2026, 1, 27)
ROOT = "https://jen.jiji.com/"
SIZE = 25_000
"""Characters of the smaller text; the larger has four times as many."""
MOST_GROWTH = 8
"""Linear work grows by 4, quadratic work by 16."""
NEGLIGIBLE = 0.03
"""CPU seconds too short to compare."""
FUNCTIONS: dict[str, Callable[[str], object]] = {
    "normalise": normalise,
    "line": line,
    "label": label,
    "section_of": section_of,
    "byline_authors": wire_copy.byline_authors,
    "is_byline": wire_copy.is_byline,
    "is_opening_matter": wire_copy.is_opening_matter,
    "split_dateline": lambda text: wire_copy.split_dateline(text, DAY),
    "split_mark": wire_copy.split_mark,
    "is_same_headline": lambda text: wire_copy.is_same_headline(text, text),
    "split_credit": wire_copy.split_credit,
    "lone_credit": wire_copy.lone_credit,
    "is_publisher_copyright": wire_copy.is_publisher_copyright,
    "subscribe_start": wire_copy.subscribe_start,
    "may_open_subscribe": wire_copy.may_open_subscribe,
    "may_ask_to_subscribe": wire_copy.may_ask_to_subscribe,
    "is_teaser": is_teaser,
    "is_boilerplate_wording": is_boilerplate_wording,
    "page_date": lambda text: page_date(text, DAY),
    "is_page_date": is_page_date,
    "is_day": is_day,
    "day_of_id": day_of_id,
    "printed_zone": lambda text: zones.printed_zone(text[:200], text[:200]),
    "decode": lambda text: decode(text.encode("utf-8", "replace"), "euc-jp", "gb2312"),
    "declarations": lambda text: declarations(text, text.encode("utf-8", "replace")),
    "is_advertising_label": is_advertising_label,
    "kind_in_title": kind_in_title,
    "kind_in_text": kind_in_text,
    "signature": lambda text: signature(text, text, published_date="2026-01-27"),
    "fingerprint_text": lambda text: fingerprint_text(text, text),
    "told_share": lambda text: told_share(text, text),
    "article_id_in": article_id_in,
    "locate": lambda text: locate(text, ROOT, ROOT),
    "canonical": lambda text: canonical(ROOT + text.replace("[", "")),
    "offsite_cause": lambda text: offsite_cause(ROOT + text, ROOT),
    "site_of": lambda text: site_of(ROOT + text.translate(dict.fromkeys(range(33), "")).replace("\\", "")),
}
UNITS = {
    "combining-marks": "\u0301\u0316",
    "marks-on-letters": "e" + "\u0301\u0316\u0345" * 40,
    "dots-between-letters": "." * 60_000 + "a",
    "dots": ".",
    "spaces": " ",
    "letters": "a",
    "capitals": "A",
    "words": "Ab ",
    "lines": "A line of a title\n",
    "digits": "2026-01-27 ",
    "times": "21:05 ",
    "months": "Jan. ",
    "brackets": "(",
    "closing-brackets": ")",
    "credits": "(AFP/",
    "signs": "(c) ",
    "slashes": "/",
    "commas": "A B, ",
    "by": "By A B and ",
    "subscribe": "To read the full article, please ",
    "sentences": "To read on. ",
    "quotes": '"Subscribe to read on. ',
    "updates": "(Update ",
    "hyphens": "-",
    "particles": "A de la ",
    "labels": "more » ",
    "wide": "円",
    "codes": "a1",
    "metas": "<meta charset",
    "queries": "k=1&",
    "parents": "../",
}
ENDS = ("", "b (Jiji Press)--Rain. (Pool photo)")


def seconds(function: Callable[[str], object], text: str) -> float:
    """Return the least CPU time of three calls."""
    took = []
    for _ in range(3):
        started = time.process_time()
        with suppress(ValueError):  # the text is refused
            function(text)
        took.append(time.process_time() - started)
        if took[-1] < NEGLIGIBLE:
            break
    return min(took)


def repeated(unit: str, size: int, end: str) -> str:
    """Return a text of a size, from a repeated unit and an end."""
    return (unit * (size // len(unit) + 1))[: size - len(end)] + end


@pytest.mark.parametrize("name", FUNCTIONS)
def test_work_grows_with_the_text(name: str) -> None:
    for unit in UNITS.values():
        for end in ENDS:
            took = seconds(FUNCTIONS[name], repeated(unit, 4 * SIZE, end))
            if took >= NEGLIGIBLE:
                small = seconds(FUNCTIONS[name], repeated(unit, SIZE, end))
                assert took / max(small, NEGLIGIBLE / 8) < MOST_GROWTH, (unit[:20], end)
                assert took < 1, (unit[:20], end)
