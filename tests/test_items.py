"""Validation of articles: the schema holds for objects that the pages made, too."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from jiji.items import Article, Dateline, Image, withdrawal
from jiji.validation import ARTICLE

MOMENT = "2026-01-27T00:30:00Z"
VALID = Article(
    id="2026012700123", url="https://jen.jiji.com/jc/eng?g=eco&k=2026012700123", section="national",
    headline="Ship Sails Home", published_date="2026-01-27", body="It sailed.", first_seen_at=MOMENT, fetched_at=MOMENT,
    layout="ArticlePage", content_hash="0" * 64, dateline=Dateline("Tokyo, Jan. 27", ["Tokyo"], None, "Jiji Press"),
    images=[Image("https://jen.jiji.com/a.jpg", None, None)],
)  # fmt: skip


def test_complete_article_is_valid() -> None:
    assert ARTICLE.validate_python(VALID, strict=True) == VALID


@pytest.mark.parametrize(
    "change",
    [
        {"id": "20260127"},
        {"headline": ""},
        {"published_date": "27 January"},
        {"content_hash": ""},
        {"content_hash": "F" * 64},
        {"first_seen_at": ""},
        {"fetched_at": "2026-01-27"},
        {"images": [Image("/a.jpg", None, None)]},
        {"dateline": Dateline("Tokyo", [], None, "Jiji Press")},
        {"truncated": "yes"},
    ],
    ids=str,
)
def test_invalid_field_is_an_error(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(change))):
        ARTICLE.validate_python(replace(VALID, **change), strict=True)


def test_withdrawal_keeps_the_last_line() -> None:
    line = ARTICLE.dump_json(VALID)
    gone = withdrawal(line, id=VALID.id, url=VALID.url, headline=None, section="national", now="2026-02-01T00:00:00Z")
    assert gone == replace(VALID, status="withdrawn", fetched_at="2026-02-01T00:00:00Z")


def test_withdrawal_without_a_line_is_valid_once_it_has_its_hash() -> None:
    gone = withdrawal(None, id=VALID.id, url=VALID.url, headline=None, section="national", now=MOMENT)
    assert ARTICLE.validate_python(replace(gone, content_hash="0" * 64), strict=True).status == "withdrawn"
