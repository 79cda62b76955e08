"""Formats, each checked by a tool that is not ours."""

import csv
import io
import json
import subprocess
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

import feedparser
import pyarrow.parquet as pq
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from jiji.formats import atom, csv_table, jsonld, ninjs, parquet
from jiji.items import Article
from jiji.reader import schema
from jiji.validation import article_schema
from tests.articles import FULL, HOSTILE, article

HERE = Path(__file__).parent
ARTICLES = [article(1), FULL, article(3, status="withdrawn", revision=2, body="")]
GEOJSON = "https://geojson.org/schema/GeoJSON.json"
"""Named by the schema of ninjs for a key that is never written; no network in tests."""


def written(module: ModuleType, articles: Iterable[Article]) -> bytes:
    target = io.BytesIO()
    module.write(articles, target)
    return target.getvalue()


def lines(module: ModuleType) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(module, ARTICLES).splitlines()]


# --- CSV


def test_csv_is_read_back_by_python() -> None:
    header, *rows = list(csv.reader(io.StringIO(written(csv_table, ARTICLES).decode("utf-8"), newline="")))
    assert len(rows) == 3
    assert {len(row) for row in rows} == {len(header)}
    full = dict(zip(header, rows[1], strict=True))
    assert full["authors"] == "Aki Doi; @Rei Ito"
    assert full["image_urls"] == "https://jen.jiji.com/a.jpg\nhttps://jen.jiji.com/b.jpg"
    assert full["dateline_places"] == "Ome, Tokyo"
    assert full["truncated"] == "true"
    assert dict(zip(header, rows[0], strict=True))["dateline_text"] == ""


def test_no_cell_of_csv_begins_a_formula() -> None:
    rows = csv.reader(io.StringIO(written(csv_table, ARTICLES).decode("utf-8"), newline=""))
    cells = [cell for row in rows for cell in row]
    assert "'" + HOSTILE in cells
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))]


# --- ninjs


@pytest.fixture(scope="module")
def ninjs_schema() -> Draft202012Validator:
    geojson = Resource.from_contents({"$schema": "https://json-schema.org/draft/2020-12/schema"})
    contents = json.loads((HERE / "ninjs-schema_3.1.json").read_text(encoding="utf-8"))
    registry: Registry[Any] = Registry().with_resource(GEOJSON, geojson)
    return Draft202012Validator(contents, registry=registry, format_checker=FormatChecker())


def test_ninjs_agrees_with_the_schema_of_the_iptc(ninjs_schema: Draft202012Validator) -> None:
    for each in lines(ninjs):
        assert not [error.message for error in ninjs_schema.iter_errors(each)]
    wrong = {**lines(ninjs)[0], "headline": "no key of ninjs 3.1"}
    assert list(ninjs_schema.iter_errors(wrong))


def test_ninjs_says_what_is_partial_withdrawn_and_related() -> None:
    _, full, withdrawn = lines(ninjs)
    assert (full["representationType"], withdrawn["pubStatus"]) == ("partial", "canceled")
    related = {each["rel"]: each["uri"] for each in full["associations"] if each["rel"] != "picture"}
    assert related == {
        "updateOf": "tag:jen.jiji.com,2026:2026012700002", "nearDuplicateOf": "tag:jen.jiji.com,2026:2026012700001",
    }  # fmt: skip


# --- JSON-LD


def test_json_ld_has_the_types_of_schema_org(tmp_path: Path, schema_org: Path) -> None:
    (tmp_path / "node_modules").symlink_to(schema_org)
    options = "--noEmit --strict --skipLibCheck --moduleResolution bundler --module esnext --target es2022".split()

    def errors(articles: list[dict[str, Any]]) -> str:
        (tmp_path / "articles.ts").write_text(
            'import type { NewsArticle, WithContext } from "schema-dts";\n'
            f"export const articles: WithContext<NewsArticle>[] = {json.dumps(articles)};\n"
        )
        compiler = [str(schema_org / ".bin" / "tsc"), *options, "articles.ts"]
        return subprocess.run(compiler, cwd=tmp_path, capture_output=True, text=True, check=False).stdout

    assert errors(lines(jsonld)) == ""
    assert "bodyText" in errors([{**lines(jsonld)[0], "bodyText": "no property of schema.org"}])


# --- Atom


def test_atom_is_read_by_feedparser() -> None:
    found = feedparser.parse(written(atom, ARTICLES))
    assert (found.bozo, found.version) == (False, "atom10")
    assert [entry.title for entry in found.entries] == [FULL.headline, "Ferry 1 Runs Again"]
    full = found.entries[0]
    assert (full.id, full.link, full.published) == ("tag:jen.jiji.com,2026:2026012799999", FULL.url, FULL.published_at)
    assert full.content[0].value == HOSTILE
    assert [author.name for author in full.authors] == FULL.authors


def test_atom_holds_the_newest_fifty() -> None:
    many = [article(n, published_date=f"2026-01-{n % 28 + 1:02d}") for n in range(1, 201)]
    found = feedparser.parse(written(atom, many))
    days = sorted((each.published_date for each in many), reverse=True)[:50]
    assert len(found.entries) == 50
    by_id = {each.id: each.published_date for each in many}
    assert [by_id[entry.id.rpartition(":")[2]] for entry in found.entries] == days


def test_atom_drops_characters_that_xml_forbids() -> None:
    found = feedparser.parse(written(atom, [article(1, headline="A\x00B\x1bC\ufffeD")]))
    assert (found.bozo, found.entries[0].title) == (False, "ABCD")


def test_atom_without_articles_is_a_feed() -> None:
    assert feedparser.parse(written(atom, [])).bozo is False


# --- Parquet


def test_parquet_has_one_schema_and_every_value(tmp_path: Path) -> None:
    (tmp_path / "one.parquet").write_bytes(written(parquet, [article(1)]))
    (tmp_path / "two.parquet").write_bytes(written(parquet, [FULL]))
    tables = [pq.read_table(tmp_path / name) for name in ("one.parquet", "two.parquet")]
    assert tables[0].schema.equals(tables[1].schema)
    assert tables[0].schema.equals(schema.parquet)
    (row,) = tables[1].to_pylist()
    assert row["published_at"].isoformat() == "2026-01-27T00:30:00+00:00"
    assert row["images"][0] == {"url": "https://jen.jiji.com/a.jpg", "caption": "-A <ferry>", "credit": "Pool photo"}
    assert str(row["dateline"]["date"]) == "2026-01-27"


def test_parquet_folder_has_a_part_for_each_month_and_may_be_written_again(tmp_path: Path) -> None:
    articles = [article(1, published_date="2025-12-31"), article(2), article(3)]
    for _ in range(2):
        parquet.write_folder(articles, tmp_path / "export")
    assert pq.read_table(tmp_path / "export").num_rows == 3
    assert sorted(each.name for each in (tmp_path / "export").iterdir()) == ["month=2025-12", "month=2026-01"]


# --- JSON Schema


@pytest.mark.parametrize(
    "change",
    [
        {"content_hash": ""}, {"content_hash": "F" * 64}, {"id": "2026130100001"},
        {"published_date": "2026-13-01"},
        {"fetched_at": "2026-01-27T00:30:00+09:00"}, {"more": 1}, {"images": None}, {"dateline": {"text": "Ome"}},
        {"revision": 0}, {"update": -1}, {"near_duplicate_of": "1"}, {"status": "gone"}, {"authors": [1]},
        {"body": None},
    ],
    ids=str,
)  # fmt: skip
def test_json_schema_is_closed_and_strict(change: dict[str, Any]) -> None:
    validator = Draft202012Validator(article_schema(), format_checker=FormatChecker())
    Draft202012Validator.check_schema(article_schema())
    line = asdict(FULL)
    assert validator.is_valid(line)
    assert not validator.is_valid({**line, **change})
    for name in line:
        assert not validator.is_valid({key: value for key, value in line.items() if key != name})
