"""Parquet: one stable schema, as one file or as a folder with a part for each month.

A pyarrow dataset, DuckDB, Polars and Spark read the folder by its hive partitions: ``month=2026-01/part-0.parquet``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
from pyarrow import dataset
from pyarrow import parquet as pq

from jiji.items import Article
from jiji.reader import schema

MONTH = "month"
"""Partition of a folder: YYYY-MM of `published_date`."""
BATCH = 1_000
"""Articles converted at a time: some megabytes."""
_MOMENTS = ("published_at", "modified_at", "first_seen_at", "fetched_at")


def write(articles: Iterable[Article], target: BinaryIO) -> None:
    """Write one file or stream."""
    with pq.ParquetWriter(target, schema.parquet, compression="zstd") as writer:
        for batch in _batches(articles, schema.parquet):
            writer.write_batch(batch)


def write_folder(articles: Iterable[Article], folder: Path) -> None:
    """Write a folder partitioned by month; the months written before are replaced."""
    columns = schema.parquet.append(pa.field(MONTH, pa.string()))
    dataset.write_dataset(
        pa.RecordBatchReader.from_batches(columns, _batches(articles, columns)),
        folder,
        format="parquet",
        partitioning=dataset.partitioning(pa.schema([(MONTH, pa.string())]), flavor="hive"),
        existing_data_behavior="delete_matching",
    )


def row(article: Article) -> dict[str, Any]:
    """Return the values of an article in the types of the schema."""
    values = asdict(article)
    if dateline := values["dateline"]:
        dateline["date"] = _day(dateline["date"])
    moments = {name: datetime.fromisoformat(values[name]) if values[name] else None for name in _MOMENTS}
    day = article.published_date
    return {**values, **moments, "published_date": _day(day), MONTH: day[:7]}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _batches(articles: Iterable[Article], columns: pa.Schema) -> Iterator[pa.RecordBatch]:
    rows = iter(map(row, articles))
    while batch := list(islice(rows, BATCH)):
        yield pa.RecordBatch.from_pylist(batch, schema=columns)
