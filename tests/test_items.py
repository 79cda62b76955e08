"""Validation of articles: the schema holds for objects that the pages made, too."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from jiji.items import Article, Dateline, Image, content_hash, picture_identity, withdrawal
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


@pytest.mark.parametrize(
    "url",
    [
        "https://jen.jiji.com/img/a.jpg?t=1",
        "https://jen.jiji.com/img/a.jpg?Expires=9&Signature=x%2By&Key-Pair-Id=K",
        "https://img2.example/img/a.jpg",
        "https://cdn.example/img/a_640x480.jpg",
        "https://cdn.example/img/a-640w.jpg",
        "https://cdn.example/img/a@2x.jpg",
        "https://cdn.example/640x480/img/a.jpg",
        "https://cdn.example/w640/img/a.jpg",
        "https://cdn.example/cdn-cgi/width=640,quality=75/img/a.jpg",
        "https://cdn.example/unsafe/640x0/img/a.jpg",
    ],
)
def test_renditions_of_a_picture_have_one_hash(url: str) -> None:
    changed = replace(VALID, images=[Image(url, None, None)])
    plain = replace(VALID, images=[Image("https://jen.jiji.com/img/a.jpg", None, None)])
    assert content_hash(changed) == content_hash(plain)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("/img/a.jpg", "/img/b.jpg"),
        ("/2026012700123-1.jpg", "/2026012700123-2.jpg"),
        ("/2026012700123-10.jpg", "/2026012700123-11.jpg"),
        ("/2026/01/a.jpg", "/2026/02/a.jpg"),
        ("/picture?id=1", "/picture?id=2"),
        ("/picture?k=2026012700123&n=1", "/picture?k=2026012700123&n=2"),
    ],
)
def test_other_pictures_have_another_identity(one: str, two: str) -> None:
    assert picture_identity(f"https://jen.jiji.com{one}") != picture_identity(f"https://jen.jiji.com{two}")


def test_hash_of_a_plain_picture_is_that_of_earlier_feeds() -> None:
    assert content_hash(VALID) == "cd651aced79b0379163c2f8fb40a6003284475feaf323912d90297ab55b7898c"
